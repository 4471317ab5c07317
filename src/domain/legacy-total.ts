import type { Country, Currency } from "./country.ts";
import { BELIEVED_FROM } from "./legacy.ts";
import { oldAccount, oldMeter } from "./moving-in/names.ts";
import { err, ok, type Result } from "./result.ts";

export const TOTAL_KINDS = ["consumption", "sales"] as const;
export const TOTAL_PERIODS = ["month", "hour"] as const;
const NAME_CHARS_MAX = 80;
const COUNT_MAX = 2_147_483_647;

/** What the old system had added up of one account and meter, by month or hour. To compare with; no balance is made of it. */
export type LegacyTotal = {
  kind: (typeof TOTAL_KINDS)[number];
  period: (typeof TOTAL_PERIODS)[number];
  /** UTC ms of the hour's begin; of a month, of its first local midnight. */
  startsAt: number;
  account: string | null;
  meter: string | null;
  /** By which road the old system had it, in its own word; empty where it did not say. */
  source: string;
  energyWh: number | null;
  amountMinor: number | null;
  currency: Currency | null;
  transactions: number | null;
  /** Its number in the table that it stood in. */
  originId: string;
};

/** What a call brings, before anybody has looked at it. */
export type LegacyTotalRow = {
  id: unknown;
  startsAt: unknown;
  account?: unknown;
  meter?: unknown;
  source?: unknown;
  energyWh?: unknown;
  amountMinor?: unknown;
  transactions?: unknown;
};

/** Why a total of the old books is not taken. */
export type LegacyTotalRefusal =
  | "id_unreadable"
  | "name_unreadable" // an account, meter or source that is no text, or too long
  | "nobody_named" // neither an account nor a meter
  | "instant_unreadable"
  | "not_a_month" // no first local midnight of a month
  | "before_2010"
  | "in_the_future"
  | "number_unreadable" // energy, money or a count that is not whole
  | "differs"; // it is here already and says something else

/** A row by itself; what is there already, only the database knows. */
export function readLegacyTotal(
  row: LegacyTotalRow,
  { kind, period }: Pick<LegacyTotal, "kind" | "period">,
  country: Country,
  now: number,
): Result<LegacyTotal, LegacyTotalRefusal> {
  const { id, startsAt, energyWh = null, amountMinor = null, transactions = null } = row;
  const originId = typeof id === "number" ? String(id) : textOf(id);
  if (!originId) return err("id_unreadable");
  const [account, meter, source] = [textOf(row.account), textOf(row.meter), textOf(row.source)];
  if (account === undefined || meter === undefined || source === undefined) return err("name_unreadable");
  if (account === null && meter === null) return err("nobody_named");
  if (!isWhole(startsAt)) return err("instant_unreadable");
  if (startsAt < BELIEVED_FROM - country.utcOffsetMinutes * 60_000) return err("before_2010");
  if (startsAt > now) return err("in_the_future");
  if (period === "month" && !beginsMonth(startsAt, country)) return err("not_a_month");
  if (!isWholeOrNull(energyWh) || !isWholeOrNull(amountMinor) || !isWholeOrNull(transactions))
    return err("number_unreadable");
  if (transactions !== null && (transactions < 0 || transactions > COUNT_MAX)) return err("number_unreadable");
  const [number, meterNumber] = [oldAccount(account), oldMeter(meter)];
  const currency = amountMinor === null ? null : country.currency;
  return ok({
    ...{ kind, period, startsAt, account: number, meter: meterNumber, source: source ?? "" },
    ...{ energyWh, amountMinor, currency, transactions, originId },
  });
}

function beginsMonth(at: number, { utcOffsetMinutes }: Country): boolean {
  const wall = new Date(at + utcOffsetMinutes * 60_000);
  return wall.getTime() === Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth(), 1);
}

/** Null: none. Undefined: no text that can be kept. */
function textOf(value: unknown): string | null | undefined {
  if (value === null || value === undefined) return null;
  if (typeof value !== "string" || value.length > NAME_CHARS_MAX) return undefined;
  if (value.includes("\u0000") || !value.isWellFormed()) return undefined;
  return value.trim() === "" ? null : value.trim();
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value);
const isWholeOrNull = (value: unknown): value is number | null => value === null || isWhole(value);
