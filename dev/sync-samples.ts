/** `npm run sync:samples -- --env ls`: brings over now what the bridge stored in its own table, meter by meter. */
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { SyncStep } from "../workers/jobs/sync-step.ts";
import { type Door, doorOf, knock } from "./door.ts";

const PAGES_MAX = 1_000_000;
const TRIES_MAX = 10;
const PAUSE_MS = 3_000;

const { values: flags } = parseArgs({
  options: {
    env: { type: "string" },
    country: { type: "string" },
    actor: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

if (flags.help) console.log("npm run sync:samples -- --env local|ls|bj|zm [--country BJ] [--actor NAME]");
else await main(doorOf(flags)).catch(fail);

async function main(door: Door) {
  const total: Record<string, number> = {};
  let cursor: string | null = null;
  let read = 0;
  for (let page = 0; page < PAGES_MAX; page++) {
    const step: SyncStep = await insisted(door, cursor);
    if (!step.configured)
      return console.log("There is no table to sync with: DYNAMODB_TABLE and DYNAMODB_REGION are not set.");
    read += step.read;
    for (const [status, count] of Object.entries(step.counts)) total[status] = (total[status] ?? 0) + count;
    if (step.read > 0) console.log(`${step.meter}: ${step.read} samples ${JSON.stringify(step.counts)}`);
    if (step.next === null) break;
    cursor = step.next;
  }
  console.log(`${read} samples in all ${JSON.stringify(total)}`);
  return undefined;
}

async function insisted(door: Door, cursor: string | null): Promise<SyncStep> {
  for (let tries = 1; ; tries++) {
    const answer = await knock(door, "POST", "/sync/samples", { cursor }, flags.actor);
    if (answer.ok) return JSON.parse(answer.text) as SyncStep;
    if (answer.status < 500 || tries >= TRIES_MAX)
      throw new Error(`${door.where} answered ${answer.status}: ${answer.text}`);
    await wait(PAUSE_MS);
  }
}

function fail(thrown: unknown) {
  console.error(thrown instanceof Error ? thrown.message : String(thrown));
  process.exit(1);
}
