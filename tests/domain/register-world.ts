import type { Reading } from "../../src/domain/reading.ts";
import { type ReadingFacts, type Register, type StoredPoint, unpostedWh } from "../../src/domain/register.ts";
import { type Release, releaseReading } from "../../src/domain/release-reading.ts";
import { takeReading } from "../../src/domain/take-reading.ts";

/** A meter whose readings are taken one after the other. */

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const T0 = Date.UTC(2026, 10, 24, 8, 0);

export const at = (minutes: number, registerWh: number, over: Partial<Reading> = {}): Reading => ({
  meterNumber: "23099001",
  readAt: T0 + minutes * MINUTE,
  registerWh,
  powerW: null,
  voltageMv: null,
  currentMa: null,
  frequencyMhz: null,
  connected: null,
  source: "iot",
  ...over,
});

/** A meter's life in memory: what the object keeps, without the object. */
export class Meter {
  register: Register | null = null;
  stored: StoredPoint[] = [];
  debits: { kind: string; wh: number }[] = [];
  facts: Partial<ReadingFacts> = {};

  take(reading: Reading) {
    const taken = takeReading(this.register, reading, this.factsAt(reading.readAt));
    this.keep(taken);
    return taken.verdict;
  }

  keep(taken: Pick<ReturnType<typeof takeReading>, "register" | "store" | "debits">) {
    this.register = taken.register ?? this.register;
    for (const { readAt, registerWh, begins } of taken.store)
      this.stored.push(begins === true ? { readAt, registerWh, begins } : { readAt, registerWh });
    this.stored.sort((a, b) => a.readAt - b.readAt);
    this.debits.push(...taken.debits.map(({ kind, fromWh, toWh }) => ({ kind, wh: toWh - fromWh })));
  }

  release(reading: Reading, how: Release, now: number) {
    const taken = releaseReading(this.register, reading, how, this.factsAt(now));
    if (taken === null) throw new Error("it can only be discarded");
    this.keep(taken);
  }

  factsAt(now: number): ReadingFacts {
    return {
      now,
      placement: { role: "primary", from: 0, baseRegisterWh: null, ratingW: null },
      billFrom: 0,
      isLastHour: false,
      beside: (readAt) => ({
        before: this.stored.findLast((point) => point.readAt < readAt) ?? null,
        same: this.stored.find((point) => point.readAt === readAt) ?? null,
        after: this.stored.find((point) => point.readAt > readAt) ?? null,
      }),
      ...this.facts,
    };
  }

  get debitedWh() {
    return this.debits.reduce((sum, { wh }) => sum + wh, 0);
  }
  /** Debited, and metered but not debited yet. */
  get usedWh() {
    return this.debitedWh + (this.register === null ? 0 : unpostedWh(this.register));
  }
}

export const meterOf = (...readings: Reading[]) => {
  const meter = new Meter();
  for (const reading of readings) meter.take(reading);
  return meter;
};
