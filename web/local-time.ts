/** What a person types as a local day and minute, and the instant it means; on the country's clock, not the device's. */

const MINUTE_MS = 60_000;
const TYPED = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/;

/** "2026-11-03T14:00", as an input of local time wants it. */
export const localOf = (at: number, utcOffsetMinutes: number): string =>
  new Date(at + utcOffsetMinutes * MINUTE_MS).toISOString().slice(0, 16);

/** Null: it is no local time. */
export function instantOf(typed: string, utcOffsetMinutes: number): number | null {
  if (!TYPED.test(typed)) return null;
  const at = Date.parse(`${typed}:00Z`);
  return Number.isNaN(at) ? null : at - utcOffsetMinutes * MINUTE_MS;
}
