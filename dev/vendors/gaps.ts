import { draw } from "../iot/draw.ts";
import { DAY_MS } from "./energy.ts";
import type { FaultParams } from "./faults.ts";

const HOUR_MS = 3_600_000;

/** Whether an interval is in the hours that a meter's day has lost; `gaps` as it strikes that day. */
export function hasGap(gaps: FaultParams | null, serial: string, startAt: number): boolean {
  if (gaps === null || !isNamed(String(gaps.meters), serial)) return false;
  const hours = Math.min(24, Number(gaps.hours));
  const first = draw(25 - hours, "gap", serial, Math.floor(startAt / DAY_MS));
  const hour = Math.floor((startAt % DAY_MS) / HOUR_MS);
  return hour >= first && hour < first + hours;
}

/** An empty list names all. */
const isNamed = (meters: string, serial: string) => meters.trim() === "" || meters.split(/[\s,]+/).includes(serial);
