import { BYTE_ORDER_MARK, csvLine, endLine, harmless } from "../../src/domain/export/csv.ts";
import type { Reader } from "../../src/ports/reader.ts";
import { hourPage } from "../../src/queries/reports/hours.ts";
import type { ProfileOrder } from "../../src/queries/reports/profile-sql.ts";

/** A Worker may make a thousand calls: 7,200 accounts. */
const PAGES_MAX = 900;
const HEADS = ["hour (UTC)", "account", "meter", "site", "type", "energy Wh", "estimated"];
const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;

/**
 * Every known hour of every account as lines of a CSV, account after account. No more than a page of accounts is ever kept, however many
 * rows there are; the last line says how many.
 */
export async function* hourLines(db: Reader, order: Omit<ProfileOrder, "by">): AsyncGenerator<string> {
  yield `${BYTE_ORDER_MARK}${csvLine(HEADS)}`;
  const clockOf = clock();
  let count = 0;
  let after: number | null = 0;
  for (let pages = 0; after !== null; pages++) {
    if (pages === PAGES_MAX) throw new RangeError(`more than ${PAGES_MAX} pages of accounts: ask for one site`);
    const page = await hourPage(db, order, after);
    for (const { account, meters, site, type, hours } of page.runs) {
      const who = csvLine(
        [account, meters, site, type].map((text) => (text === null ? null : harmless(text))),
      ).trimEnd();
      const lines = hours.map(
        ([hour, wh, estimated]) => `${clockOf(hour)},${who},${wh},${estimated === 1 ? "yes" : "no"}\r\n`,
      );
      count += lines.length;
      yield lines.join("");
    }
    after = page.last;
  }
  yield endLine(count);
}

/** Of hours since 1970, as text. A date is made once for its 24 hours. */
function clock() {
  let [of, date] = [Number.NaN, ""];
  return (hour: number): string => {
    const day = Math.floor(hour / DAY_HOURS);
    if (day !== of) [of, date] = [day, new Date(day * DAY_HOURS * HOUR_MS).toISOString().slice(0, 11)];
    return `${date}${String(hour - day * DAY_HOURS).padStart(2, "0")}:00:00Z`;
  };
}
