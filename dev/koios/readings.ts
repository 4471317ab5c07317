import { DAY_MS, INTERVAL_MS, mixed } from "../vendors/energy.ts";
import { hasGap } from "../vendors/gaps.ts";
import type { VendorCustomer } from "../vendors/people.ts";
import { type KoiosSite, names, type OrgState } from "./org.ts";

export type ReadingRow = {
  customer: VendorCustomer;
  startAt: number;
  tenthsWh: number;
  /** The customer code as this row has it; null: missing. */
  code: string | null;
  /** The whole site's own meter, which nobody pays for. */
  isTotal: boolean;
};

/** 1.66e12 kWh, as it was seen. */
const GARBAGE_TENTHS_WH = 1.66e16;
const FRESHNESS_DAYS_BACK_MAX = 60;

/** What Koios has of a site's UTC day at this moment, with every defect that is switched on. */
export function siteDay(org: OrgState, site: KoiosSite, dayAt: number, purpose: "historical" | "report"): ReadingRow[] {
  const { board, clock } = org;
  const now = clock.now();
  if (now < org.lateUntil(site.code, dayAt)) return [];
  const seenTo = now - org.lagMs();
  if (seenTo < dayAt + INTERVAL_MS) return [];
  const customers = org.metered(site.code);
  if (isDaily(org, site, dayAt, purpose))
    return customers.map((customer) => row(org, customer, dayAt, dayTenths(org, customer, dayAt), dayAt));
  const rows: ReadingRow[] = [];
  const isFlat = board.strikes("flat_records", site.code, dayAt) !== null;
  const gaps = new Map(customers.map(({ serial }) => [serial, board.strikes("gaps", String(serial), dayAt)]));
  for (let at = dayAt; at < dayAt + DAY_MS && at + INTERVAL_MS <= seenTo; at += INTERVAL_MS) {
    let total = 0;
    for (const customer of customers) {
      if (hasGap(gaps.get(customer.serial) ?? null, String(customer.serial), at)) continue;
      const tenths = org.wallets.energyOf(customer)?.writtenTenthsWh(at) ?? 0;
      total += tenths;
      rows.push(row(org, customer, at, tenths, dayAt));
    }
    const [first] = customers;
    if (isFlat && purpose === "historical" && first !== undefined)
      rows.push({ customer: first, startAt: at, tenthsWh: total, code: null, isTotal: true });
  }
  return duplicated(org, site, dayAt, spoiled(org, site, dayAt, rows));
}

function row(org: OrgState, customer: VendorCustomer, startAt: number, tenthsWh: number, dayAt: number): ReadingRow {
  const missing = org.board.strikes("missing_code", String(customer.serial), dayAt) !== null;
  const code = !missing ? customer.code : mixed(org.seed, startAt / INTERVAL_MS) % 2 === 0 ? null : "None";
  return { customer, startAt, tenthsWh, code, isTotal: false };
}

function isDaily(org: OrgState, site: KoiosSite, dayAt: number, purpose: "historical" | "report"): boolean {
  const { board, clock } = org;
  const degraded = board.strikes("degraded", site.code, dayAt);
  if (degraded !== null && !isHealed(Number(degraded.healsAfterHours), dayAt, clock.now())) return true;
  const short = purpose === "historical" ? board.on("short_history") : null;
  return short !== null && dayAt + DAY_MS < clock.now() - Number(short.days) * DAY_MS;
}

/** Whether the vendor has put a day right by now; hours after its end, 0: it never does. */
export const isHealed = (hours: number, dayAt: number, now: number) =>
  hours > 0 && now >= dayAt + DAY_MS + hours * 3_600_000;

function dayTenths(org: OrgState, customer: VendorCustomer, dayAt: number): number {
  const energy = org.wallets.energyOf(customer);
  let sum = 0;
  for (let at = dayAt; at < dayAt + DAY_MS; at += INTERVAL_MS) sum += energy?.writtenTenthsWh(at) ?? 0;
  return sum;
}

function spoiled(org: OrgState, site: KoiosSite, dayAt: number, rows: ReadingRow[]): ReadingRow[] {
  const garbage = org.board.strikes("garbage", site.code, dayAt);
  if (garbage === null || isHealed(Number(garbage.healsAfterHours), dayAt, org.clock.now())) return rows;
  return rows.flatMap((each, index) => {
    if (each.isTotal || mixed(org.seed + index, dayAt / DAY_MS) % 1_000 >= Number(garbage.perMille)) return [each];
    const impossible = { ...each, tenthsWh: GARBAGE_TENTHS_WH };
    if (garbage.instead === true) return [impossible];
    return index % 2 === 0 ? [impossible, each] : [each, impossible];
  });
}

function duplicated(org: OrgState, site: KoiosSite, dayAt: number, rows: ReadingRow[]): ReadingRow[] {
  const duplicates = org.board.strikes("duplicates", site.code, dayAt);
  if (duplicates === null) return rows;
  const times = Math.max(1, Number(duplicates.times));
  // 2.6 times: some rows twice, some three times.
  return rows.flatMap((each, index) => {
    const more = (mixed(index, 7) % 1_000) / 1_000 < times % 1 ? 1 : 0;
    return Array.from({ length: Math.floor(times) + more }, () => each);
  });
}

/** The start of the newest reading of a site; null: it has none, or Koios does not say. */
export function freshness(org: OrgState, site: KoiosSite): number | null {
  const isNamed = names(String(org.board.on("freshness_null")?.sites), site.code);
  if (isNamed && org.board.once("freshness_null") !== null) return null;
  if (org.metered(site.code).length === 0) return null;
  const newest = Math.floor((org.clock.now() - org.lagMs()) / INTERVAL_MS) * INTERVAL_MS - INTERVAL_MS;
  const today = Math.floor(newest / DAY_MS) * DAY_MS;
  for (let back = 0; back < FRESHNESS_DAYS_BACK_MAX; back++) {
    const dayAt = today - back * DAY_MS;
    if (org.clock.now() >= org.lateUntil(site.code, dayAt)) return Math.min(newest, dayAt + DAY_MS - INTERVAL_MS);
  }
  return null;
}
