import { dayStart, localDay } from "./local-day.ts";
import { err, ok, type Result } from "./result.ts";

/**
 * The Odyssey standard as a funder's platform pulls it: payments and meters' days of a programme, a window of hours and a page
 * at a time. Field names and their order are the platform's, and so are its decimals: amounts in units of the currency, energy in
 * kWh. Both are quotients of whole numbers, made here and computed with nowhere.
 */
export const WINDOW_HOURS_MAX = 25;
export const PAGE_SIZE = { common: 500, max: 1_000 } as const;
/** With the largest page ten million rows: nobody's window has more. */
export const PAGE_MAX = 10_000;
export const VERSION = "1.0";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** UTC ms, from included, to not. */
export type Window = { from: number; to: number };
export type WindowFault = { field: "from" | "to"; value: string | null; expected: string };

const INSTANT = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+ -]\d{2}:?\d{2})?)?$/i;

/** An instant in ISO 8601; UTC where it names no zone. A "+" that an address turned into a space is one again. Null: it is none. */
export function readInstant(text: string): number | null {
  if (!INSTANT.test(text)) return null;
  const [, day = "", time = "00:00", zone = "Z"] =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?))?(Z|[+ -]\d{2}:?\d{2})?$/i.exec(text) ?? [];
  const offset =
    zone.toUpperCase() === "Z" ? "Z" : `${zone.slice(0, 1).replace(" ", "+")}${zone.slice(1, 3)}:${zone.slice(-2)}`;
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // "2026-02-30" would become a day of March.
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day) return null;
  const at = Date.parse(`${day}T${time}${offset}`);
  return Number.isNaN(at) ? null : at;
}

/** The window that was asked for, or which end of it is wrong. */
export function readWindow(from: string | undefined, to: string | undefined): Result<Window, WindowFault> {
  const expected = "an instant in ISO 8601, as 2026-11-03T00:00:00Z";
  const [start, end] = [readInstant(from ?? ""), readInstant(to ?? "")];
  if (start === null) return err({ field: "from", value: from ?? null, expected });
  if (end === null) return err({ field: "to", value: to ?? null, expected });
  if (end <= start) return err({ field: "to", value: to ?? null, expected: "an instant after from" });
  if (end - start > WINDOW_HOURS_MAX * HOUR_MS)
    return err({ field: "to", value: to ?? null, expected: `at most ${WINDOW_HOURS_MAX} hours after from` });
  return ok({ from: start, to: end });
}

export type PaymentType = "mobile_money" | "cash" | "manual" | "system" | "other";

/** A share of a receipt that an account of the programme holds, or held before it was moved away. */
export type PaymentShare = {
  /** Names the payment: its receipt, or "txn-" and its number in the old books, which knew some without. */
  receipt: string;
  /** The operator's receipt; null: nobody knows one. */
  reference: string | null;
  share: number;
  /** False: by now nobody of the programme holds it. */
  isHeld: boolean;
  paidAt: number;
  amountMinor: number;
  currency: string;
  provider: string | null;
  road: string | null;
  /** What it bought; null: not known yet. */
  energyWh: number | null;
} & Whose;

/** An account as the platform names it. */
type Whose = {
  account: string;
  site: string;
  customerId: number;
  name: string;
  phone: string | null;
  meter: string | null;
  latitude: number | null;
  longitude: number | null;
};

/** How the platform calls the way in which it was paid. */
export function paymentType(provider: string | null, road: string | null): PaymentType {
  if (provider === "cash") return "cash";
  if (road === "manual") return "manual";
  if (road === "mirror") return "system";
  return provider === null ? "other" : "mobile_money";
}

/** The first share of a receipt is named by the receipt, so that it keeps its name when the rest of it is moved. */
const shareId = ({ receipt, share }: PaymentShare) => (share === 1 ? receipt : `${receipt}~${share}`);

/**
 * A payment in the platform's fields. One that was moved away keeps its name and counts nothing: a platform that takes the row of
 * that name again has the right sum.
 */
export function paymentRecord(share: PaymentShare, minorDigits: 0 | 2) {
  const id = shareId(share);
  return {
    external_id: id,
    transaction_id: id,
    timestamp: new Date(share.paidAt).toISOString(),
    amount: share.isHeld ? share.amountMinor / 10 ** minorDigits : 0,
    currency: share.currency,
    kwh_value: share.isHeld ? kWh(share.energyWh) : 0,
    payment_type: paymentType(share.provider, share.road),
    source: share.road,
    payment_reference: share.reference,
    agent_id: null,
    customer_id: share.customerId,
    customer_name: share.name,
    customer_phone: share.phone === null ? null : `+${share.phone}`,
    account_number: share.account,
    meter_serial: share.meter,
    site_id: share.site,
    latitude: share.latitude,
    longitude: share.longitude,
  };
}
export type PaymentRecord = ReturnType<typeof paymentRecord>;

/** What an account used on a local day, by the meter that bills; `hours` 0: nothing was heard of it. */
export type MeteredDay = { day: string; startsAt: number; energyWh: number | null; hours: number } & Whose;

/** A meter's day in the platform's fields. What is not known is null, never 0. */
export const metricRecord = (day: MeteredDay) => ({
  external_id: `${day.meter ?? day.account}-${day.day}`,
  timestamp: new Date(day.startsAt).toISOString(),
  interval: "P1D" as const,
  kwh_delivered: kWh(day.energyWh),
  reading_count: day.hours,
  error_type: day.hours > 0 ? ("normal" as const) : ("offline" as const),
  meter_serial: day.meter,
  account_number: day.account,
  site_id: day.site,
  customer_id: day.customerId,
  customer_name: day.name,
  latitude: day.latitude,
  longitude: day.longitude,
});
export type MetricRecord = ReturnType<typeof metricRecord>;

const kWh = (energyWh: number | null) => (energyWh === null ? null : energyWh / 1_000);

/** The local days that begin in the window and are over: a day that still goes on would be told short. */
export function daysOf(
  { from, to }: Window,
  now: number,
  utcOffsetMinutes: number,
): { day: string; startsAt: number }[] {
  const days: { day: string; startsAt: number }[] = [];
  for (let at = dayStart(localDay(from, utcOffsetMinutes), utcOffsetMinutes); at < to; at += DAY_MS)
    if (at >= from && at + DAY_MS <= now) days.push({ day: localDay(at, utcOffsetMinutes), startsAt: at });
  return days;
}
