import { dynamoSamples } from "../../src/adapters/dynamodb/samples.ts";
import { neonSampleProgress } from "../../src/adapters/neon/sample-progress.ts";
import { log } from "../../src/ports/log.ts";
import type { SampledMeter, SampleProgress } from "../../src/ports/samples.ts";
import { type SyncPorts, syncSamples } from "../../src/services/sync-samples.ts";
import type { Env } from "../env.ts";
import { clockOf, countryOf, databaseOf } from "../ports.ts";
import { countsOf, takeReadings } from "../take-readings.ts";
import type { Job } from "./job.ts";
import type { SyncStep } from "./sync-step.ts";

/** Meters that one message sends on their way, and messages in one call. */
const METERS_MAX = 500;
const MESSAGES_MAX = 100;
/** Pages of one meter in one run: half a million samples. The next run goes on behind them. */
const PAGES_MAX = 1_000;

const progressOf = (env: Env): SampleProgress => neonSampleProgress(databaseOf(env));

/** Null: there is no table to sync with. */
function portsOf(env: Env): SyncPorts | null {
  const { DYNAMODB_TABLE: table, DYNAMODB_REGION: region, DYNAMODB_ENDPOINT: endpoint } = env;
  if (!table || !region) return null;
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  return {
    samples: dynamoSamples({ table, region, accessKeyId, secretAccessKey, endpoint }),
    progress: progressOf(env),
    record: async (samples) => {
      const items = await takeReadings(env, samples, "dynamodb");
      return Array.isArray(items) ? countsOf(items) : "later";
    },
    utcOffsetMinutes: countryOf(env).utcOffsetMinutes,
    now: () => clockOf(env).now(),
  };
}

type Page = { metersAfter: number } | { meter: SampledMeter; after: string | null; pages: number };

/**
 * Every quarter of an hour: what the bridge stored in its table and did not bring here. A message sends meters on their
 * way, each with messages of its own, a page of its samples in each.
 */
export const syncSamplesJob: Job = async (env, page) => {
  const ports = portsOf(env);
  if (ports === null) {
    log.info("sync-samples", { skipped: "DYNAMODB_TABLE and DYNAMODB_REGION are not set" });
    return null;
  }
  const at = (page ?? { metersAfter: 0 }) as Page;
  if ("metersAfter" in at) return sendMeters(env, at.metersAfter);
  const done = await syncSamples(ports, at.meter, at.after);
  if (done === "later") throw new Error(`not all samples of meter ${at.meter.meterNumber} could be stored`);
  if (done.next === null || at.pages + 1 >= PAGES_MAX) return null;
  return { next: { meter: at.meter, after: done.next, pages: at.pages + 1 } satisfies Page };
};

async function sendMeters(env: Env, after: number) {
  const meters = await progressOf(env).metersAfter(after, METERS_MAX);
  for (let from = 0; from < meters.length; from += MESSAGES_MAX)
    await env.JOBS.sendBatch(
      meters.slice(from, from + MESSAGES_MAX).map((meter) => ({
        body: { job: "sync-samples", page: { meter, after: null, pages: 0 } satisfies Page },
      })),
    );
  const last = meters.length === METERS_MAX ? meters.at(-1) : undefined;
  return last === undefined ? null : { next: { metersAfter: last.id } satisfies Page };
}

const CURSOR = /^(\d{1,15})(?::(\d{1,14}))?$/;

/**
 * By hand, a page a call: the caller brings the cursor back until there is none. A cursor is the id of the last meter that
 * is done, and how far the one after it has come.
 */
export async function syncStep(env: Env, cursor: string | null): Promise<SyncStep | "later" | "bad_cursor"> {
  const [, done, after] = CURSOR.exec(cursor ?? "0") ?? [];
  if (done === undefined) return "bad_cursor";
  const ports = portsOf(env);
  if (ports === null) return { configured: false, next: null };
  const [meter] = await progressOf(env).metersAfter(Number(done), 1);
  if (meter === undefined) return { configured: true, meter: null, read: 0, counts: {}, next: null };
  const page = await syncSamples(ports, meter, after ?? null);
  if (page === "later") return "later";
  const next = page.next === null ? String(meter.id) : `${done}:${page.next}`;
  return { configured: true, meter: meter.meterNumber, read: page.read, counts: page.counts, next };
}
