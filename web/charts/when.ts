import type { Bucket } from "./figure.ts";

const MINUTE_MS = 60_000;

/** A local day and time, read from UTC milliseconds by the country's offset: the browser's own zone never counts. */
function parts(at: number, utcOffsetMinutes: number) {
  const local = new Date(at + utcOffsetMinutes * MINUTE_MS);
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth(),
    day: local.getUTCDate(),
    clock: local.toISOString().slice(11, 16),
  };
}

/** How times are said: twelve short month names, and the order of day and month. */
export type TimeWords = { months: readonly string[]; quarter: string };

/** A place's whole name: "3 Nov 14:00", "3 Nov 2026", "Nov 2026", "Q4 2026". */
export function placeName(
  at: number,
  bucket: Bucket,
  utcOffsetMinutes: number,
  { months, quarter }: TimeWords,
): string {
  const { year, month, day, clock } = parts(at, utcOffsetMinutes);
  switch (bucket) {
    case "instant":
    case "hour":
      return `${day} ${months[month]} ${clock}`;
    case "day":
      return `${day} ${months[month]} ${year}`;
    case "month":
      return `${months[month]} ${year}`;
    case "quarter":
      return `${quarter}${Math.floor(month / 3) + 1} ${year}`;
  }
}

/** Beneath an axis: as short as can be, and the larger unit only where it begins. */
export function tickName(
  at: number,
  before: number | null,
  bucket: Bucket,
  utcOffsetMinutes: number,
  { months, quarter }: TimeWords,
): string {
  const now = parts(at, utcOffsetMinutes);
  const last = before === null ? null : parts(before, utcOffsetMinutes);
  switch (bucket) {
    case "instant":
    case "hour":
      return now.clock === "00:00" || (last !== null && last.day !== now.day)
        ? `${now.clock}\n${now.day} ${months[now.month]}`
        : now.clock;
    case "day":
      return last === null || last.month !== now.month ? `${now.day}\n${months[now.month]}` : String(now.day);
    case "month":
      return last === null || last.year !== now.year ? `${months[now.month]}\n${now.year}` : String(months[now.month]);
    case "quarter":
      return last === null || last.year !== now.year
        ? `${quarter}${Math.floor(now.month / 3) + 1}\n${now.year}`
        : `${quarter}${Math.floor(now.month / 3) + 1}`;
  }
}

/** Local time as a spreadsheet reads it: "2026-11-03T14:00", "2026-11-03", "2026-11", "2026-Q4". */
export function sortable(at: number, bucket: Bucket, utcOffsetMinutes: number): string {
  const iso = new Date(at + utcOffsetMinutes * MINUTE_MS).toISOString();
  switch (bucket) {
    case "instant":
      return iso.slice(0, 19);
    case "hour":
      return iso.slice(0, 16);
    case "day":
      return iso.slice(0, 10);
    case "month":
      return iso.slice(0, 7);
    case "quarter":
      return `${iso.slice(0, 4)}-Q${Math.ceil(Number(iso.slice(5, 7)) / 3)}`;
  }
}

/** "+02:00" */
export function offsetName(utcOffsetMinutes: number): string {
  const size = Math.abs(utcOffsetMinutes);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${utcOffsetMinutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
