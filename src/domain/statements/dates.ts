import type { Country } from "../country.ts";

/**
 * One order of day and month a layout, never tried another way round: what does not fit refuses the file. That is how rows
 * once came to lie in other months, and in the future.
 */
export type DateForm = { expected: string; pattern: RegExp };

export const DAY_FIRST: DateForm = {
  expected: "a time as 10-04-2026 17:57:03, day first",
  pattern: /^(?<d>\d{2})-(?<m>\d{2})-(?<y>\d{4}) (?<h>\d{2}):(?<min>\d{2}):(?<s>\d{2})$/,
};
export const ISO: DateForm = {
  expected: "a time as 2026-04-10 17:57:03",
  pattern:
    /^(?<y>\d{4})-(?<m>\d{2})-(?<d>\d{2})[T ](?<h>\d{2}):(?<min>\d{2})(?::(?<s>\d{2})(?:\.\d{1,6})?)?(?<zone>Z|[+-]\d{2}:?\d{2})?$/,
};
export const MONTH_FIRST: DateForm = {
  expected: "a date as 4/10/2026 or 4/10/2026 17:57, month first",
  pattern: /^(?<m>\d{1,2})\/(?<d>\d{1,2})\/(?<y>\d{4})(?: (?<h>\d{1,2}):(?<min>\d{2})(?::(?<s>\d{2}))?)?$/,
};

/** UTC ms of a time in the country's zone, or in the zone that it says; null: not of this form, or no such time. */
export function readDate(
  text: string,
  { pattern }: DateForm,
  country: Pick<Country, "utcOffsetMinutes">,
): number | null {
  const groups = pattern.exec(text)?.groups;
  if (groups === undefined) return null;
  const [year, month, day, hour, minute, second] = ["y", "m", "d", "h", "min", "s"].map((name) =>
    Number(groups[name] ?? 0),
  ) as [number, number, number, number, number, number];
  const wall = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const isReal =
    wall.getUTCFullYear() === year && wall.getUTCMonth() === month - 1 && wall.getUTCDate() === day && hour < 24;
  if (!isReal || minute > 59 || second > 59) return null;
  return wall.getTime() - offsetMinutes(groups.zone, country) * 60_000;
}

function offsetMinutes(zone: string | undefined, country: Pick<Country, "utcOffsetMinutes">): number {
  if (zone === undefined) return country.utcOffsetMinutes;
  if (zone === "Z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return zone.startsWith("-") ? -minutes : minutes;
}
