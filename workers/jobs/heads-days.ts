const DAY_MS = 86_400_000;
/** What Postgres does not have after so long is no lag any more: a person has to know. */
export const LAG_MS_MAX = 3_600_000;

/** The UTC day of an instant, as "2026-11-03". */
export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

export const dayAfter = (day: string): string => dayOf(Date.parse(day) + DAY_MS);

/** True when all of a day is older than what lag may be. */
export const isLongPast = (day: string, now: number): boolean => Date.parse(day) + DAY_MS + LAG_MS_MAX < now;

export const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && dayOf(Date.parse(text)) === text;
