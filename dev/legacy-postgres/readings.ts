import type { KeyMaker } from "./key.ts";
import type { OldAccountFacts, Row } from "./people.ts";
import { DAY_MS, instantText, type LegacyPlan, UNTIL_WALL } from "./plan.ts";

export const READING_COLUMNS = [
  "meter_id",
  "account_number",
  "reading_time",
  "wh_reading",
  "power_kw",
  "community",
  "source",
];
export const HOUR_COLUMNS = ["account_number", "meter_id", "reading_hour", "kwh", "community", "source"];
const HOUR_MS = 3_600_000;
const SPAN_DAYS = 400;
const DEFECT_EVERY = 401;
/** In turn, one after every so many readings. */
const DEFECTS = ["twin", "other_spelling", "garbage", "meter_unknown", "date_1970", "date_future", "differs"] as const;

/** Readings of the meters in use, in the order of time. A reading has no number: meter and instant name it. */
export function* makeReadings(
  plan: LegacyPlan,
  key: KeyMaker,
  accounts: readonly OldAccountFacts[],
  inUse: readonly string[],
  taken: { count: number; byYear: Map<number, number> },
): Generator<Row> {
  const each = Math.max(1, Math.ceil((plan.readings * 0.998) / inUse.length));
  const stepMs = Math.floor((SPAN_DAYS * DAY_MS) / each / 60_000) * 60_000;
  let [n, rows] = [0, 0];
  for (let at = 0; at < each; at++)
    for (const [index, meter] of inUse.entries()) {
      const { account } = accounts[index] as OldAccountFacts;
      const wallMs = UNTIL_WALL - SPAN_DAYS * DAY_MS + at * stepMs + (index % 15) * 60_000;
      // Every fiftieth meter counts from zero again after half of its life, as one that was reset.
      const wh =
        40_000 + index * 1_000 + (index % 50 === 7 && at > each / 2 ? at - each / 2 : at) * 10 * (1 + (index % 9));
      const row = (over: { meter?: string; wall?: number; wh?: number }): Row => [
        over.meter ?? meter,
        account,
        instantText(over.wall ?? wallMs),
        Math.floor(over.wh ?? wh),
        (index % 40) / 100,
        account.slice(-3),
        "iot",
      ];
      if (rows >= plan.readings) return;
      rows++;
      yield row({});
      taken.count++;
      const year = new Date(wallMs).getUTCFullYear();
      taken.byYear.set(year, (taken.byYear.get(year) ?? 0) + 1);
      if (++n % DEFECT_EVERY !== 0) continue;
      rows++;
      const kind = DEFECTS[(n / DEFECT_EVERY) % DEFECTS.length];
      key.plant(`reading_${kind}`, `${meter} ${instantText(wallMs)}`);
      if (kind === "twin") yield row({});
      else if (kind === "other_spelling") yield row({ meter: `0000${meter}` });
      else if (kind === "garbage") yield row({ wall: wallMs + 60_000, wh: 1.66e15 });
      else if (kind === "meter_unknown") yield row({ meter: "29999999" });
      else if (kind === "date_1970") yield row({ wall: n * 1_000 });
      else if (kind === "date_future") yield row({ wall: UNTIL_WALL + (400 + n / DEFECT_EVERY) * DAY_MS });
      else yield row({ wh: wh + 5 });
    }
}

/** What the platforms say was used in each hour; the same hour under two spellings, and what no house can use. */
export function* makeHours(
  plan: LegacyPlan,
  key: KeyMaker,
  accounts: readonly OldAccountFacts[],
  inUse: readonly string[],
): Generator<Row> {
  const each = Math.max(1, Math.floor((plan.hours * 0.99) / inUse.length));
  let n = 0;
  for (let at = 0; at < each; at++)
    for (const [index, meter] of inUse.entries()) {
      const { account } = accounts[index] as OldAccountFacts;
      const wh = 10 * (1 + ((index * 7 + at * 3) % 40));
      const hour = instantText(UNTIL_WALL - (each - at) * HOUR_MS);
      const row = (of: string, kwh: number, source: string): Row => [account, of, hour, kwh, account.slice(-3), source];
      yield row(meter, wh / 1_000, "koios");
      key.balance(account, -wh);
      if (++n % DEFECT_EVERY === 0) yield row(`0000${meter}`, wh / 1_000, "koios");
      // The prototype beside the platform's meter counts the same energy: one of the two.
      if (n % DEFECT_EVERY === 100) yield row(`${meter}p`, (wh + 5) / 1_000, "iot");
      if (n % DEFECT_EVERY === 200) yield row(`${meter}g`, 1.66e9, "koios");
    }
}
