import type { Clock } from "../ports/clock.ts";

/** The machine's clock, moved by a fixed offset where a laptop or a test asks for it. */
export function machineClock(offsetMs = 0): Clock {
  return { now: () => Date.now() + offsetMs, alarmAt: (instant) => instant - offsetMs };
}
