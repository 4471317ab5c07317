import { BYTE_ORDER_MARK, csvLine, endLine, harmless } from "../../src/domain/export/csv.ts";
import { dayAfter } from "../../src/domain/metrics/periods.ts";
import type { Reader } from "../../src/ports/reader.ts";
import { ACCOUNTS_A_PAGE, daysAPage, type HourOf, hourAccounts, hourRuns } from "../../src/queries/reports/hours.ts";

/** A Worker may make a thousand calls: two years of 2,000 accounts. */
const CALLS_MAX = 900;
const HEADS = ["hour (UTC)", "account", "meter", "site", "type", "energy Wh", "estimated"];
const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;

export type HourOrder = HourOf & { from: string; to: string; timeZone: string };

/**
 * Every known hour of accounts as lines of a CSV: 2,000 accounts after another, of these some days after others. No more than a page is
 * ever kept, however many rows there are; the last line says how many.
 */
export async function* hourLines(db: Reader, order: HourOrder): AsyncGenerator<string> {
  const clockOf = clock();
  let count = 0;
  let calls = 0;
  const called = () => {
    if (++calls > CALLS_MAX) throw new RangeError(`more than ${CALLS_MAX} calls: ask for one site, or for less time`);
  };
  yield `${BYTE_ORDER_MARK}${csvLine(HEADS)}`;
  for (let after: number | null = 0; after !== null; ) {
    called();
    const accounts = await hourAccounts(db, order, after);
    const who = new Map(accounts.map((each) => [each.accountId, each]));
    const days = daysAPage(accounts.length);
    for (let from = order.from; from <= order.to && accounts.length > 0; from = dayAfter(from, days)) {
      called();
      const last = dayAfter(from, days - 1);
      const [to = last] = [last, order.to].toSorted();
      const lines: string[] = [];
      for (const { accountId, meters, hours } of await hourRuns(db, { ...order, from, to }, accounts)) {
        const { account = "", site = "", type = null } = who.get(accountId) ?? {};
        const of = csvLine(
          [account, meters, site, type].map((text) => (text === null ? null : harmless(text))),
        ).trimEnd();
        for (const told of hours.split(",")) {
          const [hour, wh, estimated] = told.split(" ");
          lines.push(`${clockOf(Number(hour))},${of},${wh},${estimated === "1" ? "yes" : "no"}\r\n`);
        }
      }
      count += lines.length;
      if (lines.length > 0) yield lines.join("");
    }
    after = accounts.length < ACCOUNTS_A_PAGE ? null : (accounts.at(-1)?.accountId ?? null);
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
