import type { Fault } from "../dev/iot/faults.ts";
import type { MeterSpec } from "../dev/iot/meter.ts";
import { plant, startRun, tick } from "../dev/iot/run.ts";
import type { RawReading } from "../dev/iot/wire.ts";

/** A simulated meter, and what it has sent. */

/** The simulated meters are what every story about energy trusts: here they are held to physics and to the firmware. */

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** Wednesday 25 November 2026, midnight in Maseru. */
export const MIDNIGHT = Date.UTC(2026, 10, 24, 22);

export const spec = (over: Partial<MeterSpec> = {}): MeterSpec => ({
  thing: "MAK-GW-0007",
  meterNumber: "23099001",
  country: "LS",
  kind: "household",
  seed: 1,
  utcOffsetMinutes: 120,
  registerWh: 412_370,
  connected: true,
  ...over,
});

/** A meter's messages from midnight on, with the faults that are planted in its first readings. */
export function lived(faults: Fault[], hours = 6, over: Partial<MeterSpec> = {}) {
  const of = spec(over);
  const run = startRun(of, MIDNIGHT);
  for (const fault of faults) plant(run, fault, 1);
  const { messages } = tick(of, run, MIDNIGHT + hours * HOUR_MS, { faults: false });
  return { of, run, messages };
}
export const times = (messages: RawReading[]) => messages.map(({ Time }) => Time);
export const ascending = (messages: RawReading[]) => times(messages).toSorted();
