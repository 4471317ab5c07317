/** CPU seconds of processes, from /proc; zero where there is none. */
import { readdirSync, readFileSync } from "node:fs";

/** USER_HZ is 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

export type Cpu = { worker: number; postgres: number; simulators: number };

export function secondsOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    // utime, stime, and those of children that ended.
    return [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at] ?? 0), 0) / TICKS_PER_SECOND;
  } catch {
    return 0;
  }
}

function postgresPids(port: number): number[] {
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const parents = new Map<number, number>();
  let root = 0;
  for (const name of all) {
    try {
      const pid = Number(name);
      parents.set(pid, Number(readFileSync(`/proc/${name}/stat`, "utf8").split(") ").at(-1)?.split(" ")[1]));
      const line = readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0");
      const isServer = line[0]?.endsWith("/postgres") === true;
      if (isServer && line.includes(String(port))) root = pid;
    } catch {
      // It ended while we looked.
    }
  }
  return root === 0 ? [] : [root, ...[...parents].filter(([, parent]) => parent === root).map(([pid]) => pid)];
}

/** What each has used until now. Subtract two of them. */
export function cpuNow(workerPid: number | null, postgresPort: number): Cpu {
  const own = process.cpuUsage();
  return {
    worker: workerPid === null ? 0 : secondsOf(workerPid),
    postgres: postgresPids(postgresPort).reduce((sum, pid) => sum + secondsOf(pid), 0),
    simulators: (own.user + own.system) / 1e6,
  };
}

export const cpuBetween = (from: Cpu, to: Cpu): Cpu => ({
  worker: to.worker - from.worker,
  postgres: to.postgres - from.postgres,
  simulators: to.simulators - from.simulators,
});
