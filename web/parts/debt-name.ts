import { SHELL, said } from "../words.ts";

/** What a debt is called, by its name in the books; a plan by the first signs of its own, too. */
export const debtName = (part: string): string =>
  part.startsWith("financing.")
    ? `${said(SHELL, "part", "financing")} ${part.slice("financing.".length).slice(0, 6)}`
    : said(SHELL, "part", part);
