import { readFileSync } from "node:fs";
import type { Memory } from "./figures.ts";

const LOOK_MS = 250;

/** Resident memory of a process in whole megabytes, from /proc; 0 where there is none. */
function residentMb(pid: number | null): number {
  try {
    const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
    return Math.round(kilobytes / 1024);
  } catch {
    return 0;
  }
}

/** Looks again and again; stopped, it says how much it was at first and at most. */
export function watchMemory(pid: number | null): { stop(): Memory } {
  const firstMb = residentMb(pid);
  let mostMb = firstMb;
  const timer = setInterval(() => {
    mostMb = Math.max(mostMb, residentMb(pid));
  }, LOOK_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return { firstMb, mostMb };
    },
  };
}
