import { BELIEVED_FROM } from "./legacy.ts";
import { err, ok, type Result } from "./result.ts";

/** A table of the old books: which system, and its name there. */
export const OLD_TABLE = /^(access|postgres):[A-Za-z0-9_]{1,63}$/;
/** A meter's number as the records take it. */
export const METER_NUMBER = /^[1-9A-Za-z-][0-9A-Za-z-]{0,39}$/;
const POWER_W_MAX = 2_147_483_647;

/** A reading as the old books have it. It stands for itself: it debits nothing, and no account's object ever hears it. */
export type LegacyReading = {
  /** Without leading zeros. */
  meter: string;
  readAt: number;
  /** Cumulative, as the meter showed it. */
  registerWh: number;
  /** Null: not said. */
  powerW: number | null;
};

/** What a call brings, before anybody has looked at it. */
export type LegacyReadingRow = { meter: unknown; readAt: unknown; registerWh: unknown; powerW?: unknown };

/** Why a row of the old books is not taken. */
export type LegacyReadingRefusal =
  | "meter_unreadable"
  | "instant_unreadable"
  | "before_2010"
  | "in_the_future"
  | "register_unreadable" // no whole watt-hours from 0
  | "power_unreadable" // no whole watts
  | "meter_unknown" // no meter here has this number
  | "after_cut_over" // from then on only what meters send counts
  | "differs"; // this meter has a reading of this instant already, with another register

/** A row by itself; whether its meter is here, and what stands there already, only the database knows. */
export function readLegacyReading(row: LegacyReadingRow, now: number): Result<LegacyReading, LegacyReadingRefusal> {
  const { meter, readAt, registerWh, powerW = null } = row;
  const id = typeof meter === "string" ? meter.trim().replace(/^0+/, "") : "";
  if (!METER_NUMBER.test(id)) return err("meter_unreadable");
  if (!isWhole(readAt)) return err("instant_unreadable");
  if (readAt < BELIEVED_FROM) return err("before_2010");
  if (readAt > now) return err("in_the_future");
  if (!isWhole(registerWh) || registerWh < 0) return err("register_unreadable");
  if (powerW !== null && (!isWhole(powerW) || Math.abs(powerW) > POWER_W_MAX)) return err("power_unreadable");
  return ok({ meter: id, readAt, registerWh, powerW });
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value);
