import { neonSteamaProgress } from "../../src/adapters/neon/steama-progress.ts";
import { log } from "../../src/ports/log.ts";
import type { SteamaMeter } from "../../src/ports/steama.ts";
import { recordReadings } from "../../src/services/record-readings.ts";
import { type SteamaPorts, type SteamaSynced, syncSteama } from "../../src/services/sync-steama.ts";
import type { Env } from "../env.ts";
import { clockOf, databaseOf, recordPortsOf } from "../ports.ts";
import { steamaOf } from "../vendors.ts";
import type { Job } from "./job.ts";

/** At 00, 06, 12 and 18 h; the job is called more often, so that a run that was missed comes soon after. */
const EVERY_MS = 6 * 3_600_000;
const MESSAGES_MAX = 100;

/** Null: this country has no clinics there. */
function portsOf(env: Env): SteamaPorts | null {
  const steama = steamaOf(env);
  if (steama === null) return null;
  return {
    steama,
    progress: neonSteamaProgress(databaseOf(env)),
    record: (readings) => recordReadings(recordPortsOf(env), readings, clockOf(env).now()),
    now: () => clockOf(env).now(),
  };
}

/** Four times a day: a message a clinic's meter. What is refused is asked for again by the next run, from where it was. */
export const syncSteamaJob: Job = async (env, page) => {
  const ports = portsOf(env);
  if (ports === null) return null;
  if (typeof page === "object" && page !== null && "meter" in page) return syncOne(ports, page.meter as SteamaMeter);
  const now = ports.now();
  const last = await neonSteamaProgress(databaseOf(env)).lastRun();
  if (last !== null && Math.floor(last / EVERY_MS) === Math.floor(now / EVERY_MS)) return null;
  const found = await ports.steama.meters();
  if ("refused" in found) {
    log.warn("sync-steama", { ...found });
    return null;
  }
  for (let from = 0; from < found.meters.length; from += MESSAGES_MAX)
    await env.JOBS.sendBatch(
      found.meters.slice(from, from + MESSAGES_MAX).map((meter) => ({ body: { job: "sync-steama", page: { meter } } })),
    );
  await neonSteamaProgress(databaseOf(env)).ran(now);
  return null;
};

async function syncOne(ports: SteamaPorts, meter: SteamaMeter) {
  const synced = await syncSteama(ports, meter);
  if (synced.status === "later") throw new Error(`not all readings of meter ${meter.meterNumber} could be stored`);
  log.info("sync-steama", { meter: meter.meterNumber, ...synced });
  return synced.status === "done" && synced.hasMore ? { next: { meter } } : null;
}

/** By hand: all meters now, one after the other. Null: this country has no clinics there. */
export async function syncSteamaNow(
  env: Env,
): Promise<{ meters: Record<string, SteamaSynced>; refused: string | null } | null> {
  const ports = portsOf(env);
  if (ports === null) return null;
  const found = await ports.steama.meters();
  if ("refused" in found) return { meters: {}, refused: found.detail };
  const meters: Record<string, SteamaSynced> = {};
  for (const meter of found.meters) meters[meter.meterNumber] = await syncSteama(ports, meter);
  return { meters, refused: null };
}
