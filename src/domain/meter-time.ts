const MS_PER_SECOND = 1_000;
const MS_PER_MINUTE = 60_000;
/** A clock that was never set says 1970 or 2000: no meter of ours is older than this. */
const YEAR_MIN = 2020;
const UNIX_SECONDS_MAX = 100_000_000_000;

const WALL = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?$/;
const ISO = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(?:[Zz]|([+-])(\d{2}):?(\d{2}))$/;

export const WALL_EXPECTED = "YYYYMMDDHHMM of the country's clock, or ISO 8601 with Z or an offset";
export const UNIX_EXPECTED = "whole seconds since 1970";

/** UTC ms in whole seconds. `clock`: a real date, but of a clock that was never set. `impossible`: no date at all. */
export type DeviceTime = number | "clock" | "impossible";

/**
 * When a meter says that it measured: its wall clock has no zone, so it is the country's, converted once. Text that has
 * its own offset goes by that.
 */
export function wallTime(text: string, utcOffsetMinutes: number): DeviceTime {
  const wall = WALL.exec(text);
  if (wall !== null) return instant(wall.slice(1, 7), utcOffsetMinutes);
  const [, year, month, day, hour, minute, second, sign, offsetHours = "0", offsetMinutes = "0"] = ISO.exec(text) ?? [];
  if (year === undefined || Number(offsetHours) > 14 || Number(offsetMinutes) > 59) return "impossible";
  const offset = (sign === "-" ? -1 : 1) * (Number(offsetHours) * 60 + Number(offsetMinutes));
  return instant([year, month, day, hour, minute, second], offset);
}

export function unixTime(text: string): DeviceTime {
  const seconds = /^\d{1,12}$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY;
  if (seconds >= UNIX_SECONDS_MAX) return "impossible";
  return seconds * MS_PER_SECOND < Date.UTC(YEAR_MIN, 0, 1) ? "clock" : seconds * MS_PER_SECOND;
}

function instant(parts: readonly (string | undefined)[], utcOffsetMinutes: number): DeviceTime {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map((part) => Number(part ?? 0));
  if (year < YEAR_MIN) return "clock";
  const at = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const real = at.getUTCMonth() === month - 1 && at.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return real ? at.getTime() - utcOffsetMinutes * MS_PER_MINUTE : "impossible";
}
