import type { Bucket } from "./figure.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Steps of a time axis that people count in, and how their ticks are named. */
const STEPS: readonly { ms: number; bucket: Bucket }[] = [
  ...[1, 5, 15, 30].map((minutes) => ({ ms: minutes * MINUTE_MS, bucket: "hour" as const })),
  ...[1, 2, 3, 6, 12].map((hours) => ({ ms: hours * HOUR_MS, bucket: "hour" as const })),
  ...[1, 2, 7, 14].map((days) => ({ ms: days * DAY_MS, bucket: "day" as const })),
];
/** Longer than that: whole months. */
const MONTHS = [1, 2, 3, 6, 12, 24, 60] as const;
const MONTH_MS = 30.44 * DAY_MS;

/** Ticks of a time axis at local hours, days or months; at most `most` of them. */
export function timeTicks(
  from: number,
  to: number,
  most: number,
  utcOffsetMinutes: number,
): { at: number[]; bucket: Bucket } {
  const span = Math.max(1, to - from);
  const step = STEPS.find(({ ms }) => span / ms <= most);
  if (step === undefined) return { at: monthTicks(from, to, most, utcOffsetMinutes), bucket: "month" };
  const shift = utcOffsetMinutes * MINUTE_MS;
  // Weeks begin on Monday: the epoch was a Thursday.
  const anchor = step.ms % (7 * DAY_MS) === 0 ? 4 * DAY_MS : 0;
  const first = Math.ceil((from + shift - anchor) / step.ms) * step.ms + anchor - shift;
  const at = [];
  for (let tick = first; tick <= to; tick += step.ms) at.push(tick);
  return { at, bucket: step.bucket };
}

function monthTicks(from: number, to: number, most: number, utcOffsetMinutes: number): number[] {
  const months = MONTHS.find((count) => (to - from) / (count * MONTH_MS) <= most) ?? 120;
  const shift = utcOffsetMinutes * MINUTE_MS;
  const begin = new Date(from + shift);
  const at = [];
  let month = Math.floor((begin.getUTCFullYear() * 12 + begin.getUTCMonth()) / months) * months;
  for (; at.length <= most + 1; month += months) {
    const tick = Date.UTC(Math.floor(month / 12), month % 12, 1) - shift;
    if (tick > to) break;
    if (tick >= from) at.push(tick);
  }
  return at;
}

/**
 * Every so manieth place, so that at most `most` names stand beneath the axis. `anchor` is among them if it is seen: local
 * midnight, or else the newest place, which is the one that is looked for.
 */
export function placeTicks(from: number, to: number, most: number, anchor?: number): number[] {
  const first = Math.max(0, Math.ceil(from));
  const last = Math.floor(to);
  const count = last - first + 1;
  if (count <= 0) return [];
  const step = niceStep(Math.ceil(count / Math.max(1, most)));
  const phase = (((anchor ?? last) % step) + step) % step;
  const at = [];
  for (let place = first + ((phase - (first % step) + step) % step); place <= last; place += step) at.push(place);
  return at;
}

const NICE = [1, 2, 3, 4, 6, 7, 12, 14, 24, 28, 30];
const niceStep = (least: number) => NICE.find((step) => step >= least) ?? Math.ceil(least / 30) * 30;
