const MINUTE_MS = 60_000;
const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The day at a place whose clocks are so many minutes ahead of UTC, as "2026-11-03". */
export const localDay = (at: number, utcOffsetMinutes: number): string =>
  new Date(at + utcOffsetMinutes * MINUTE_MS).toISOString().slice(0, 10);

/** The instant (UTC ms) at which a local day begins. */
export const dayStart = (day: string, utcOffsetMinutes: number): number =>
  Date.parse(`${day}T00:00:00Z`) - utcOffsetMinutes * MINUTE_MS;

/** Whether a text is a day of the calendar: "2026-02-30" is none. */
export function isDay(text: string): boolean {
  if (!DAY.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text;
}
