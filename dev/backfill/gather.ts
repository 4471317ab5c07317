import { readMeterMessage } from "../../src/domain/meter-message.ts";
import type { Reading } from "../../src/domain/reading.ts";

/** As the gate does it on the live road. */
export const THIN_MS = 15 * 60_000;
/** Readings held in memory at once, one a minute of a meter at the most; a larger file is split. */
export const READINGS_MAX = 5_000_000;
const ERRORS_SHOWN_MAX = 20;
const NO_METER = "(no meter)";

export type MeterHistory = {
  meterNumber: string;
  /** Records of the file that name this meter. */
  read: number;
  /** Oldest first, none within 15 minutes of the one kept before it. */
  kept: Reading[];
  /** What the kept ones add up to: their rises. */
  consumedWh: number;
  /** Measured by a clock that was never set. */
  dropped: number;
  errors: number;
};
export type BadRecord = { index: number; meterNumber: string | null; because: string };

type Gathering = { read: number; dropped: number; errors: number; readings: Map<number, Reading> };

/** Takes records one by one, in any order and as often as they come, and knows each meter's history in the end. */
export class Gatherer {
  readonly #meters = new Map<string, Gathering>();
  readonly #utcOffsetMinutes: number;
  readonly bad: BadRecord[] = [];
  records = 0;
  #held = 0;

  constructor(utcOffsetMinutes: number) {
    this.#utcOffsetMinutes = utcOffsetMinutes;
  }

  add(record: unknown): void {
    const index = this.records++;
    const message = readMeterMessage(record, { utcOffsetMinutes: this.#utcOffsetMinutes, source: "s3" });
    const meterNumber = message.kind === "reading" ? message.reading.meterNumber : message.meterNumber;
    const meter = this.#of(meterNumber ?? NO_METER);
    meter.read++;
    if (message.kind === "dropped") meter.dropped++;
    if (message.kind === "rejected") {
      meter.errors++;
      const because = `${message.field || "the record"}: ${message.value}; expected ${message.expected}`;
      if (this.bad.length < ERRORS_SHOWN_MAX) this.bad.push({ index, meterNumber, because });
    }
    if (message.kind !== "reading") return;
    const { reading } = message;
    // Of several within one minute the first of the file counts: their stamps do not tell them apart.
    if (meter.readings.has(reading.readAt)) return;
    meter.readings.set(reading.readAt, reading);
    if (++this.#held > READINGS_MAX) throw new Error(`more than ${READINGS_MAX} readings: split the file`);
  }

  /** By meter number. */
  histories(): MeterHistory[] {
    return [...this.#meters]
      .map(([meterNumber, { readings, ...counts }]) => {
        const kept = thinned([...readings.values()]);
        return { meterNumber, ...counts, kept, consumedWh: risesWh(kept) };
      })
      .toSorted((a, b) => (a.meterNumber < b.meterNumber ? -1 : 1));
  }

  #of(meterNumber: string): Gathering {
    const meter = this.#meters.get(meterNumber) ?? { read: 0, dropped: 0, errors: 0, readings: new Map() };
    this.#meters.set(meterNumber, meter);
    return meter;
  }
}

/** Oldest first; the first one, and then each that is at least 15 minutes after the last that was kept. */
export function thinned(readings: readonly Reading[]): Reading[] {
  const kept: Reading[] = [];
  for (const reading of readings.toSorted((a, b) => a.readAt - b.readAt))
    if (reading.readAt - (kept.at(-1)?.readAt ?? Number.NEGATIVE_INFINITY) >= THIN_MS) kept.push(reading);
  return kept;
}

const risesWh = (kept: readonly Reading[]) =>
  kept.reduce((sum, { registerWh }, i) => sum + Math.max(0, registerWh - (kept[i - 1]?.registerWh ?? registerWh)), 0);

/** A reading as the system takes it: exact, with its units, and with a time that has no zone to guess. */
export function recordOf(reading: Reading): Record<string, string | number> {
  const { meterNumber, readAt, registerWh, powerW, voltageMv, currentMa, frequencyMhz, connected } = reading;
  const thousandth = (value: number) => {
    const digits = String(Math.abs(value)).padStart(4, "0");
    return `${value < 0 ? "-" : ""}${digits.slice(0, -3)}.${digits.slice(-3)}`;
  };
  return {
    meter_id: meterNumber,
    timestamp_unix: readAt / 1_000,
    energy_active: `${registerWh} Wh`,
    ...(powerW === null ? {} : { power_active: `${powerW} W` }),
    ...(voltageMv === null ? {} : { voltage: `${thousandth(voltageMv)} V` }),
    ...(currentMa === null ? {} : { current: `${currentMa} mA` }),
    ...(frequencyMhz === null ? {} : { frequency: `${thousandth(frequencyMhz)} Hz` }),
    ...(connected === null ? {} : { relay: connected ? "1" : "0" }),
  };
}
