import type { Country } from "../country.ts";

/** No utility of ours is older; an earlier date is an empty cell of some program, 1970 most of all. */
export const BELIEVED_FROM_WALL = Date.UTC(2010, 0, 1);

const MS_PER_DAY = 86_400_000;

/** The instant, UTC ms, of a wall time in the country. None of the countries has summer time. */
export const instantOfWall = (wallMs: number, country: Country): number => wallMs - country.utcOffsetMinutes * 60_000;

export const yearOfWall = (wallMs: number): number => new Date(wallMs).getUTCFullYear();

/** "2023-03-12 15:14:50" */
export const wallText = (wallMs: number): string => new Date(wallMs).toISOString().slice(0, 19).replace("T", " ");

/** The same wall time with day and month changed places; null where that is no date, or the same one. */
export function withDayAndMonthSwapped(wallMs: number): number | null {
  const date = new Date(wallMs);
  const [day, month] = [date.getUTCDate(), date.getUTCMonth() + 1];
  if (day > 12 || day === month) return null;
  const timeOfDay = ((wallMs % MS_PER_DAY) + MS_PER_DAY) % MS_PER_DAY;
  return Date.UTC(date.getUTCFullYear(), day - 1, month) + timeOfDay;
}

/** Why a date cannot be believed; null: it can. `untilWall` is where the data end: nothing true is later. */
export function whyNotBelieved(
  wallMs: number | null,
  untilWall: number,
): "date_missing" | "date_before_2010" | "date_future" | null {
  if (wallMs === null) return "date_missing";
  if (wallMs < BELIEVED_FROM_WALL) return "date_before_2010";
  return wallMs > untilWall ? "date_future" : null;
}
