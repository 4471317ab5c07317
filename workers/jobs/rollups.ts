import { neonRollups } from "../../src/adapters/neon/rollups.ts";
import { log } from "../../src/ports/log.ts";
import { refreshMonthHours, refreshRollups } from "../../src/services/refresh-rollups.ts";
import type { Env } from "../env.ts";
import { clockOf, countryOf, databaseOf } from "../ports.ts";
import type { Job } from "./job.ts";

/** Every five minutes: the days and months of reports in which something has changed, some days a message. */
export const rollupsJob: Job = async (env) => {
  const { days, changed, more } = await refreshRollups(rollupsOf(env), countryOf(env).utcOffsetMinutes);
  if (changed > 0) log.info("rollups", { days, changed });
  return more ? { next: null } : null;
};

/** Every quarter of an hour: the months of load curves in which an hour has changed, one a message; the running one every three hours. */
export const rollupHoursJob: Job = async (env) => {
  const { months, changed, more } = await refreshMonthHours(rollupsOf(env), {
    now: clockOf(env).now(),
    utcOffsetMinutes: countryOf(env).utcOffsetMinutes,
  });
  if (changed > 0) log.info("rollup-hours", { months, changed });
  return more ? { next: null } : null;
};

export const rollupsOf = (env: Env) => neonRollups(databaseOf(env), countryOf(env).timeZone);
