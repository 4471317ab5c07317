/**
 * `npm run simulate -- --seeds 20 --minutes 20` (or `--seed 7`, `--hours 24`): the whole Worker with its objects, queues, database,
 * meters, phones and the old system in one thread, by a clock of its own. How far the same seed is the same run: docs/faults.md. A red one prints a story as
 * short as it still is red. `--forever` goes on until it is stopped; `--mutant "ack on error"` puts a mistake of dev/heart-mutants in. `--peace-hours 4`
 * waits less long for what is owed for ever. `--within 60` is red where not every seed was played in so many minutes, and says which one was not done.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Order, Told } from "./simulate/block.ts";
import { makeGround } from "./simulate/ground.ts";
import { RULES } from "./simulate/invariants.ts";
import { Tally } from "./simulate/tally.ts";

/** Seeds of one process: its memory is given back after so many. */
const BLOCK_SEEDS = 50;
/** So many red seeds are enough: no further ones are begun. */
const RED_MAX = 5;
/** Minutes that `--within` may give. */
const WITHIN_MAX = 1_440;
/** Processes beside each other: each has a PostgreSQL in its memory. */
const AT_ONCE_MAX = 4;
const BLOCK = fileURLToPath(new URL("./simulate/block.ts", import.meta.url));

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    from: { type: "string", default: "1" },
    seeds: { type: "string", default: "20" },
    minutes: { type: "string", default: "20" },
    hours: { type: "string" },
    forever: { type: "boolean", default: false },
    mutant: { type: "string" },
    "until-red": { type: "boolean", default: false },
    loud: { type: "boolean", default: false },
    "at-once": { type: "string", default: String(Math.min(AT_ONCE_MAX, availableParallelism())) },
    "no-story": { type: "boolean", default: false },
    within: { type: "string" },
    "peace-hours": { type: "string", default: "24" },
  },
});
const whole = (
  name: "seed" | "from" | "seeds" | "hours" | "minutes" | "at-once" | "within" | "peace-hours",
  max: number,
) => {
  const n = Number(values[name]);
  if (!Number.isInteger(n) || n < 1 || n > max) {
    console.error(`--${name} ${values[name]}: a whole number from 1 to ${max}`);
    process.exit(2);
  }
  return n;
};
/** All that was owed is paid within a day of peace; a mistake need not be waited for as long. */
const peaceHours = whole("peace-hours", 24);
const minutes = values.hours === undefined ? whole("minutes", 7 * 1_440) : 60 * whole("hours", 24 * 7);
const atOnce = whole("at-once", AT_ONCE_MAX);
const first = values.seed === undefined ? whole("from", 1e9) : whole("seed", 1e9);
const count = values.forever ? Number.POSITIVE_INFINITY : values.seed === undefined ? whole("seeds", 1e6) : 1;
const redMax = values["until-red"] ? 1 : RED_MAX;
const withinMinutes = values.within === undefined ? null : whole("within", WITHIN_MAX);
const block = Math.min(BLOCK_SEEDS, Math.ceil(count / atOnce));

const folder = await mkdtemp(join(tmpdir(), "simulate-"));
const began = performance.now();
let played = 0;
let red = 0;
let simulated = 0;
let deeds = 0;
let rssMb = 0;
let next = first;
let firstRed: number | null = null;
/** What is played now, by the process that plays it. */
const playing = new Map<ChildProcess, number>();
/** Of what was played when the time was over. */
let late: number[] | null = null;
const isOver = () => red >= redMax || late !== null;
const tally = new Tally();

function say({ seed, broken, deeds: planned, events, hours, trace, story, heapMb, ...more }: Told) {
  played += 1;
  tally.add(more);
  simulated += hours;
  deeds += planned;
  rssMb = Math.max(rssMb, heapMb);
  console.log(
    `seed ${seed}: ${broken.length === 0 ? "green" : "RED"}, ${planned} deeds, ${events} events, ${hours.toFixed(1)} h, ${trace.slice(0, 12)}`,
  );
  if (broken.length === 0) return;
  red += 1;
  firstRed = Math.min(firstRed ?? seed, seed);
  for (const { sentence, by } of broken) console.log(`  not true: ${sentence}\n    ${by}`);
  if (story.length === 0) return;
  console.log(`  the shortest story that is still red, ${story.length} of ${planned} deeds:`);
  for (const line of story) console.log(`    ${line}`);
}

/** Throws where a process ends before it has told all its seeds. */
async function playBlock(from: number, seeds: number): Promise<void> {
  const order: Order = {
    ground: folder,
    from,
    count: seeds,
    minutes,
    isLoud: values.loud,
    hasStory: !values["no-story"],
    peaceMsMax: peaceHours * 3_600_000,
  };
  const child = spawn(process.execPath, [BLOCK, JSON.stringify(order)], { stdio: ["ignore", "pipe", "inherit"] });
  let told = 0;
  playing.set(child, from);
  for await (const line of createInterface({ input: child.stdout })) {
    say(JSON.parse(line) as Told);
    told += 1;
    playing.set(child, from + told);
    if (red >= redMax) child.kill();
  }
  playing.delete(child);
  if (told < seeds && !isOver())
    throw new Error(`the process of seeds ${from} to ${from + seeds - 1} ended after ${told}`);
}

/** The command that plays one seed of this run again. */
function again(seed: number): string {
  const length = values.hours === undefined ? `--minutes ${minutes}` : `--hours ${values.hours}`;
  const mistake = values.mutant === undefined ? "" : ` --mutant "${values.mutant}"`;
  return `npm run simulate -- --seed ${seed} ${length}${mistake}`;
}

function endLate() {
  late = [...playing.values()];
  for (const child of playing.keys()) child.kill();
}

const end = withinMinutes === null ? undefined : setTimeout(endLate, withinMinutes * 60_000);
try {
  await makeGround(folder, values.mutant ?? null);
  const readyMs = performance.now() - began;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (next < first + count && !isOver()) {
        const from = next;
        next = Math.min(first + count, from + block);
        await playBlock(from, next - from);
      }
    }),
  );
  const seconds = (performance.now() - began - readyMs) / 1_000;
  console.log(
    `${played - red} of ${played} seeds green: ${deeds} deeds in ${simulated.toFixed(0)} simulated hours, ${seconds.toFixed(0)} s after ${(readyMs / 1_000).toFixed(0)} s of bundling, ${Math.round(simulated / (seconds / 60))} h a minute, ${rssMb} MB a process at most`,
  );
  for (const line of tally.lines(RULES.length)) console.log(line);
  for (const fault of tally.missing()) console.log(`RED: no fault of the kind "${fault}" struck in ${played} seeds`);
  if (firstRed !== null) console.log(`the first red one again: ${again(firstRed)}`);
  if (late !== null) console.log(`RED: ${played} of ${count} seeds were done within ${withinMinutes} minutes`);
  for (const seed of late ?? []) console.log(`not done: ${again(seed)}`);
} finally {
  clearTimeout(end);
  await rm(folder, { recursive: true, force: true });
}
process.exit(red === 0 && late === null && tally.missing().length === 0 ? 0 : 1);
