/**
 * `npm run simulate -- --seeds 20 --minutes 20` (or `--seed 7`, `--hours 24`; `--help` has all): the whole Worker with its objects, queues, database,
 * meters, phones and the old system in one thread, by a clock of its own. How far the same seed is the same run: docs/faults.md. A red one prints a story as
 * short as it still is red.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Order, Told } from "./simulate/block.ts";
import { againSeed, type Flags, HELP, readFlags } from "./simulate/flags.ts";

import { RULES } from "./simulate/invariants.ts";
import { Tally } from "./simulate/tally.ts";

/** Seeds of one process: its memory is given back after so many. */
const BLOCK_SEEDS = 50;
const BLOCK = fileURLToPath(new URL("./simulate/block.ts", import.meta.url));

const flags = given();
if (flags.isHelp) {
  console.log(HELP);
  process.exit(0);
}
const { first, count, minutes, mutant, redMax, peaceHours, hasStory, withinMinutes, atOnce, isLoud } = flags;
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
    `seed ${seed}: ${broken.length === 0 ? "green" : "RED"}, ${planned} deeds, ${events} events, ${hours.toFixed(1)} h, peace ${Math.round(more.peaceMs / 60_000)} min, ${trace.slice(0, 12)}`,
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
    isLoud,
    hasStory,
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

/** A word that is no flag, or a value that is none, ends it here. */
function given(): Flags {
  try {
    return readFlags(process.argv.slice(2), availableParallelism());
  } catch (thrown) {
    console.error(thrown instanceof Error ? thrown.message : thrown);
    process.exit(2);
  }
}

function endLate() {
  // Where the Worker was still being bundled, that is the first one.
  late = playing.size === 0 ? [next] : [...playing.values()];
  for (const child of playing.keys()) child.kill();
}

const end = withinMinutes === null ? undefined : setTimeout(endLate, withinMinutes * 60_000);
try {
  // Loaded here: what bundles a Worker takes seconds to load, and a word that is no flag, or `--help`, is answered at once.
  const { makeGround } = await import("./simulate/prepare.ts");
  await makeGround(folder, mutant);
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
  if (firstRed !== null) console.log(`the first red one again: ${againSeed(firstRed, flags)}`);
  if (late !== null) console.log(`RED: ${played} of ${count} seeds were done within ${withinMinutes} minutes`);
  for (const seed of late ?? []) console.log(`not done: ${againSeed(seed, flags)}`);
} finally {
  clearTimeout(end);
  await rm(folder, { recursive: true, force: true });
}
process.exit(red === 0 && late === null && tally.missing().length === 0 ? 0 : 1);
