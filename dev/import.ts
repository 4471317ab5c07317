/**
 * `npm run import -- --env ls --source koios --from 2025-10-01 --to 2025-12-31`: fetches site-days of a vendor here and now, step by
 * step. What is in is skipped, what was begun goes on where it was: it can be stopped at any moment and started again.
 */
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { ImportStep } from "../src/services/import-step.ts";
import { progressBar } from "./backfill/report.ts";
import { call, type Door, doorOf, knock } from "./door.ts";
import { clearLine, fail, progressLine } from "./progress-line.ts";

const IN_FLIGHT = 2;
const TRIES_MAX = 5;
const PAUSE_MS = 3_000;
/** A unit that can be gone on with so soon is waited for, so often; the rest is left to the next run. */
const LATER_MAX = 200;
const LATER_MS_MAX = 60_000;
const LATER_MS_MIN = 500;
/** Units that are told one by one in the report; the rest is counted. */
const NAMED_MAX = 20;
const HELP = `npm run import -- --env local|ls|bj|zm --source koios|koios_report|thundercloud --from DAY --to DAY [options]
  --source NAME     koios takes each day from whichever of its sources has it
  --site MAK        one site; else all of the source's vendor
  --again           also days that are complete
  --country BJ      with --env local
  --in-flight N     units at once (${IN_FLIGHT})
  --reason TEXT     why (default: a range was asked for)
  --actor NAME      who does it`;

const { values: flags } = parseArgs({
  options: {
    env: { type: "string" },
    source: { type: "string" },
    from: { type: "string" },
    to: { type: "string" },
    site: { type: "string" },
    country: { type: "string" },
    actor: { type: "string" },
    reason: { type: "string", default: "a range was asked for" },
    "in-flight": { type: "string", default: String(IN_FLIGHT) },
    again: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

type Step = ImportStep & { waitMs: number | null };
type Unit = { site: string; day: string; source: string; complete: boolean };

if (flags.help || !flags.source || !flags.from || !flags.to) {
  console.log(HELP);
  process.exitCode = flags.help ? 0 : 2;
} else await main(doorOf(flags)).catch(fail);

async function main(door: Door) {
  const began = performance.now();
  const { source, from, to, site, again, reason } = flags;
  const order = { source, from, to, site: site ?? null, again, reason, queue: false };
  const { units } = await call<{ units: Unit[] }>(door, "POST", "/imports/fetch", order, flags.actor);
  const waiting = units.filter(({ complete }) => !complete);
  const ended = new Map<string, ImportStep>();
  const draw = progressLine();
  let isStopping = false;
  process.once("SIGINT", () => {
    isStopping = true;
    console.error("\nstopping after the steps that are under way; the same command goes on from there");
  });
  const queue = waiting.values();
  const work = async () => {
    for (const unit of queue) {
      if (isStopping) return;
      const last = await runToEnd(door, unit, () => isStopping);
      ended.set(`${unit.site} ${unit.day}`, last);
      draw(() => progressBar(ended.size, waiting.length, `site-days, now ${unit.day} ${unit.site}: ${last.detail}`));
    }
  };
  const inFlight = Math.max(1, Math.floor(Number(flags["in-flight"])) || IN_FLIGHT);
  await Promise.all(Array.from({ length: inFlight }, work));
  clearLine();
  for (const line of report(units.length - waiting.length, waiting.length, ended)) console.log(line);
  console.log(`${((performance.now() - began) / 1_000).toFixed(1)} s`);
  if (isStopping || [...ended.values()].some(({ is }) => is !== "done")) process.exitCode = 1;
}

async function runToEnd(door: Door, unit: Unit, isStopping: () => boolean): Promise<Step> {
  const { complete: _complete, ...name } = unit;
  for (let later = 0; ; ) {
    const step = await insisted(door, name);
    if (step.is === "done" || isStopping()) return step;
    if (step.is === "more") continue;
    const waitMs = step.waitMs ?? Number.POSITIVE_INFINITY;
    if (waitMs > LATER_MS_MAX || later++ >= LATER_MAX) return step;
    await wait(Math.max(LATER_MS_MIN, waitMs));
  }
}

async function insisted(door: Door, unit: object): Promise<Step> {
  for (let tries = 1; ; tries++) {
    const answer = await knock(door, "POST", "/imports/step", unit, flags.actor).catch(() => null);
    if (answer?.ok) return JSON.parse(answer.text) as Step;
    if ((answer !== null && answer.status < 500) || tries >= TRIES_MAX)
      throw new Error(`${door.where} answered ${answer?.status ?? "nothing"}: ${answer?.text ?? ""}`);
    await wait(PAUSE_MS);
  }
}

function report(before: number, asked: number, ended: Map<string, ImportStep>): string[] {
  const count = (is: ImportStep["is"]) => [...ended.values()].filter((step) => step.is === is).length;
  const open = [...ended].filter(([, { is }]) => is !== "done");
  return [
    `${before} site-days were in; ${asked} asked for: ${count("done")} taken, ${count("later") + count("more")} to be gone on with, ${count("busy")} in other hands, ${asked - ended.size} not begun`,
    ...open.slice(0, NAMED_MAX).map(([name, { is, detail }]) => `${name}: ${is}, ${detail}`),
    ...(open.length > NAMED_MAX ? [`and ${open.length - NAMED_MAX} more`] : []),
    "npm run import:map shows what each day lacks",
  ];
}
