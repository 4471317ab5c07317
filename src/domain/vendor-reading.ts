import { canonicalAccount } from "./account.ts";
import { wholeUnits } from "./decimal.ts";
import type { VendorInterval } from "./vendor.ts";
import { vendorInstant } from "./vendor-time.ts";

/** What stands in one row of a vendor's readings, as it was found. */
export type VendorRow = {
  serial: string | number | null | undefined;
  code: string | null | undefined;
  /** Text, or UTC ms. */
  at: string | number | null | undefined;
  /** `start` of the interval, or its `end`: 15 minutes later. */
  atIs: "start" | "end";
  kwh: string | number | bigint | null | undefined;
  isTotalizer: boolean;
};

/** Why a row is left out. */
export const LEFT_OUT = ["totalizer", "unreadable", "no_energy", "nameless", "future", "other_day"] as const;
export type LeftOut = (typeof LEFT_OUT)[number];

const INTERVAL_MS = 15 * 60_000;
const DAY_MS = 86_400_000;
/** Clocks of base stations are wrong by minutes; what lies further ahead is no reading. */
const AHEAD_MS_MAX = DAY_MS;
/** Watt-hours in a kWh have three decimals. */
const WH_DECIMALS = 3;
const NAME_CHARS_MAX = 60;

/** Both platforms write Python's "None" where there is nobody. */
const named = (text: string | number | null | undefined): string | null => {
  const clean = String(text ?? "").trim();
  return clean === "" || clean.length > NAME_CHARS_MAX || /^(none|null|nan)$/i.test(clean) ? null : clean;
};

/** The account that a vendor's customer code names; null: none, the serial decides. */
export function accountOfCode(code: string | null | undefined): string | null {
  const text = named(code);
  const account = text === null ? null : canonicalAccount(text);
  return account?.ok ? account.value : null;
}

/**
 * One interval, in whole watt-hours: each reading is rounded here, once, half to even, from the decimal that the vendor
 * wrote. In JSON that is the shortest text of the double, so 0.0421 kWh is 42.1 Wh and not 42.0999…
 */
export function readInterval(row: VendorRow, now: number): VendorInterval | LeftOut {
  if (row.isTotalizer) return "totalizer";
  const serial = named(row.serial)?.toUpperCase() ?? null;
  const customerCode = accountOfCode(row.code);
  if (serial === null && customerCode === null) return "nameless";
  const at = typeof row.at === "string" ? vendorInstant(row.at) : (row.at ?? null);
  if (at === null || !Number.isSafeInteger(at)) return "unreadable";
  if (row.kwh === null || row.kwh === undefined || row.kwh === "") return "no_energy";
  const kwh = typeof row.kwh === "bigint" ? String(row.kwh) : row.kwh;
  const energyWh = typeof kwh === "number" && !Number.isFinite(kwh) ? null : wholeUnits(kwh, WH_DECIMALS);
  if (energyWh === null) return "unreadable";
  if (at > now + AHEAD_MS_MAX) return "future";
  return { serial, customerCode, startAt: row.atIs === "end" ? at - INTERVAL_MS : at, energyWh };
}

/** Intervals of one UTC day, and how many rows were left out, by reason. */
export class DayReader {
  readonly intervals: VendorInterval[] = [];
  readonly leftOut: Partial<Record<LeftOut, number>> = {};
  readonly #from: number;
  readonly #now: number;

  constructor(day: string, now: number) {
    this.#from = Date.parse(`${day}T00:00:00Z`);
    this.#now = now;
  }

  add(row: VendorRow) {
    const read = readInterval(row, this.#now);
    if (typeof read === "string") return this.leave(read);
    // A row of another day would be counted with the wrong one, and again with its own.
    if (read.startAt < this.#from || read.startAt >= this.#from + DAY_MS) return this.leave("other_day");
    this.intervals.push(read);
  }

  leave(because: LeftOut) {
    this.leftOut[because] = (this.leftOut[because] ?? 0) + 1;
  }
}
