import type { OutboxTable } from "../outbox.ts";

/** Rows that are looked through; an account whose debt is longer tells some of it twice, which changes nothing. */
const OUTBOX_ROWS_MAX = 100_000;

/** What of an account's meters waits in its outbox: it is not lost, and telling it once more helps nobody. */
export type OnItsWay = {
  /** Meter and instant. */
  readings: ReadonlySet<string>;
  /** The newest version, by meter and day. */
  days: ReadonlyMap<string, number>;
  /** The newest version, by its own id. */
  credits: ReadonlyMap<string, number>;
};

export const readingKey = (meterNumber: string, readAt: number) => `${meterNumber}@${readAt}`;
export const dayKey = (meterNumber: string, day: string) => `${meterNumber} ${day}`;

export function onItsWay(outbox: OutboxTable): OnItsWay {
  const readings = new Set<string>();
  const [days, credits] = [new Map<string, number>(), new Map<string, number>()];
  for (const { row } of outbox.waiting(OUTBOX_ROWS_MAX)) {
    if (row.kind === "meter_readings")
      for (const { readAt } of row.readings) readings.add(readingKey(row.meterNumber, readAt));
    if (row.kind === "vendor_day") keepNewest(days, dayKey(row.meterNumber, row.day), row.version);
    if (row.kind === "vendor_credit") keepNewest(credits, row.externalId, row.version);
  }
  return { readings, days, credits };
}

/** Keeps the higher of the versions of one key. */
export function keepNewest(versions: Map<string, number>, key: string, version: number) {
  versions.set(key, Math.max(versions.get(key) ?? 0, version));
}
