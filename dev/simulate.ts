/**
 * `npm run simulate -- --seeds 20 --hours 3` (or `--seed 7`): the whole Worker with its objects, queues, database, meters, phones and the
 * old system in one process and one thread, by a clock of its own. The same seed is the same run. A red one prints a story as short as
 * it still is red. `--forever` goes on until it is stopped; `--mutant "no dedupe of entries"` puts a mistake of dev/heart-mutants in.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { COUNTRIES } from "../src/domain/country.ts";
import { bundle } from "./lab.ts";
import { drawPlan, sayDeed } from "./simulate/plan.ts";
import { plant } from "./simulate/planted.ts";
import { type Ground, playSeed, START_AT } from "./simulate/play.ts";
import { SimulatedPostgres } from "./simulate/postgres.ts";
import { shrunken } from "./simulate/shrink.ts";
import { loadWorker } from "./simulate/world.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    from: { type: "string", default: "1" },
    seeds: { type: "string", default: "20" },
    hours: { type: "string", default: "3" },
    forever: { type: "boolean", default: false },
    mutant: { type: "string" },
    loud: { type: "boolean", default: false },
    "no-story": { type: "boolean", default: false },
  },
});
const CONFIG = fileURLToPath(new URL("../wrangler.toml", import.meta.url));
const whole = (name: "from" | "seeds" | "hours", max: number) => {
  const n = Number(values[name]);
  if (!Number.isInteger(n) || n < 1 || n > max) {
    console.error(`--${name} ${values[name]}: a whole number from 1 to ${max}`);
    process.exit(2);
  }
  return n;
};
const hours = whole("hours", 24 * 7);
const first = values.seed === undefined ? whole("from", 1e9) : Number(values.seed);
const last = values.forever
  ? Number.POSITIVE_INFINITY
  : values.seed === undefined
    ? first + whole("seeds", 1e6) - 1
    : first;
const { warn, error, log } = console;
// What a Worker says of faults that were ordered is no news.
if (!values.loud) Object.assign(console, { warn: () => undefined, error: () => undefined, log: () => undefined });

const folder = await mkdtemp(join(tmpdir(), "simulate-"));
let red = 0;
try {
  if (values.mutant === undefined) await bundle(folder);
  else await bundle(folder, await plant(join(folder, "source"), values.mutant), ["--config", CONFIG]);
  const country = COUNTRIES.LS;
  const ground: Ground = {
    load: () => loadWorker(join(folder, "index.js")),
    postgres: await SimulatedPostgres.open(country),
    country,
  };
  const began = performance.now();
  let simulated = 0;
  for (let seed = first; seed <= last; seed++) {
    const plan = drawPlan(seed, hours, START_AT);
    const { broken, trace, events, hours: took } = await playSeed(ground, seed, plan);
    simulated += took;
    const perMinute = simulated / ((performance.now() - began) / 60_000);
    log(
      `seed ${seed}: ${broken.length === 0 ? "green" : "RED"}, ${plan.length} deeds, ${events} events, ${took.toFixed(1)} h, ${trace.slice(0, 12)}, ${Math.round(perMinute)} h a minute`,
    );
    if (broken.length === 0) continue;
    red += 1;
    for (const { sentence, by } of broken) log(`  not true: ${sentence}\n    ${by}`);
    if (values["no-story"]) continue;
    const sentences = new Set(broken.map(({ sentence }) => sentence));
    const story = await shrunken(plan, async (some) =>
      (await playSeed(ground, seed, some)).broken.some(({ sentence }) => sentences.has(sentence)),
    );
    log(`  the shortest story that is still red, ${story.length} of ${plan.length} deeds:`);
    for (const deed of story) log(`    ${sayDeed(deed)}`);
  }
} finally {
  Object.assign(console, { warn, error, log });
  await rm(folder, { recursive: true, force: true });
}
process.exit(red === 0 ? 0 : 1);
