import { said } from "../words.ts";

/** What a debt is called, by its name in the books; a plan by the first signs of its own, too. `room`: whose words it is in. */
export const debtName = (room: string, part: string): string =>
  part.startsWith("financing.")
    ? `${said(room, "part", "financing")} ${part.slice("financing.".length).slice(0, 6)}`
    : said(room, "part", part);
