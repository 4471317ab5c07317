/**
 * `npm run simulate -- --seeds 20 --minutes 20` (or `--seed 7`, `--hours 24`): the whole Worker with its objects, queues, database,
 * meters, phones and the old system in one thread, by a clock of its own. How far the same seed is the same run: docs/faults.md. A red one prints a story as
 * short as it still is red. `--forever` goes on until it is stopped; `--mutant "ack on error"` puts a mistake of dev/heart-mutants in.
 */
import { spawn } from "node:child_process";
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
  },
});
const whole = (name: "seed" | "from" | "seeds" | "hours" | "minutes" | "at-once", max: number) => {
  const n = Number(values[name]);
  if (!Number.isInteger(n) || n < 1 || n > max) {
    console.error(`--${name} ${values[name]}: a whole number from 1 to ${max}`);
    process.exit(2);
  }
  return n;
};
const minutes = values.hours === undefined ? whole("minutes", 7 * 1_440) : 60 * whole("hours", 24 * 7);
const atOnce = whole("at-once", AT_ONCE_MAX);
const first = values.seed === undefined ? whole("from", 1e9) : whole("seed", 1e9);
const count = values.forever ? Number.POSITIVE_INFINITY : values.seed === undefined ? whole("seeds", 1e6) : 1;
const redMax = values["until-red"] ? 1 : RED_MAX;
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
const tally = new Tally();

function say({ seed, broken, deeds: planned, events, hours, trace, story, heapMb, struck, looked }: Told) {
  played += 1;
  tally.add({ struck, looked });
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
  };
  const child = spawn(process.execPath, [BLOCK, JSON.stringify(order)], { stdio: ["ignore", "pipe", "inherit"] });
  let told = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    say(JSON.parse(line) as Told);
    told += 1;
    if (red >= redMax) child.kill();
  }
  if (told < seeds && red < redMax)
    throw new Error(`the process of seeds ${from} to ${from + seeds - 1} ended after ${told}`);
}

try {
  await makeGround(folder, values.mutant ?? null);
  const readyMs = performance.now() - began;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (next < first + count && red < redMax) {
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
  if (firstRed !== null) {
    const length = values.hours === undefined ? `--minutes ${minutes}` : `--hours ${values.hours}`;
    const mistake = values.mutant === undefined ? "" : ` --mutant "${values.mutant}"`;
    console.log(`the first red one again: npm run simulate -- --seed ${firstRed} ${length}${mistake}`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.exit(red === 0 && tally.missing().length === 0 ? 0 : 1);
