import { draw } from "./draw.ts";
import type { Spelling } from "./wire.ts";
import { USUAL } from "./wire.ts";

/** What goes wrong with meters, one at a time a reading. */
export const FAULTS = [
  "duplicate", // sent twice
  "late", // sent after the next one
  "short_id", // 8 digits instead of 12
  "comma", // decimals behind a comma
  "no_units", // bare numbers
  "reset", // the register begins at zero
  "reboot", // the second counter begins at zero
  "clock_1970", // the clock was never set
  "clock_ahead", // the clock is hours ahead
  "offline", // no network for a while; what was measured is sent afterwards
] as const;
export type Fault = (typeof FAULTS)[number];

export const isFault = (name: unknown): name is Fault => FAULTS.some((fault) => fault === name);

/** Of a hundred thousand readings. */
const RATE: Record<Fault, number> = {
  duplicate: 5_000,
  late: 2_000,
  short_id: 6_000,
  comma: 2_000,
  no_units: 2_000,
  reset: 30,
  reboot: 300,
  clock_1970: 300,
  clock_ahead: 150,
  offline: 250,
};

/** What is planted in one reading of one meter, by seed: the same run has the same faults. */
export function scheduledFault(seed: number, meterNumber: string, slot: number): Fault | null {
  let drawn = draw(100_000, seed, meterNumber, "fault", slot);
  for (const fault of FAULTS) {
    drawn -= RATE[fault];
    if (drawn < 0) return fault;
  }
  return null;
}

export function spellingOf(fault: Fault | null): Spelling {
  if (fault === "short_id") return { ...USUAL, id: "short" };
  if (fault === "comma") return { ...USUAL, decimals: "," };
  return fault === "no_units" ? { ...USUAL, units: false } : USUAL;
}
