import type { Visit } from "./browser.ts";

/** Accounts that are looked at while they change, and that nobody else's journey touches. */
export const WATCHED = "0101MAT";
export const SWITCHED = "0115MAK";

/** The page of an account is told what happens to it. */
export const isLive = ({ page }: Pick<Visit, "page">) =>
  page.getByRole("status").getByText("live", { exact: true }).waitFor();
