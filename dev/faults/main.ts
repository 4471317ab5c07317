/** `npm run faults`: seeds of payments under faults, and what must be true of each of them in the end. */
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { COUNTRIES } from "../../src/domain/country.ts";
import { keysIn } from "../keys.ts";
import { bundle } from "../lab.ts";
import { migrate } from "../migrate.ts";
import { startPostgres } from "../postgres.ts";
import { type Outcome, runBatch, SPEED } from "./batch.ts";
import { Lane } from "./lane.ts";
import { makeCountry } from "./set-up.ts";
import { storyOf } from "./story.ts";
import { Table } from "./table.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** Kept in memory where there is one: a killed process loses nothing of it, and no disk slows the run down. */
const MEMORY = "/dev/shm";
const REDS = join(ROOT, ".data", "faults");
const LANES_MAX = 2;
const BATCH = 12;
/** Batches that share a world: the operators' routes ask every phone there is. */
const BATCHES_PER_WORLD = 2;
const TEMPLATE = "faults_template";

const HELP = `npm run faults -- [--seeds N] [--from K] [--seed K] [--batch N] [--lanes N] [--port N] [--speed N]

  --seeds N   so many seeds (200)          --from K   beginning with this one (1)
  --seed K    this one alone               --batch N  seeds that play at once in one workerd (${BATCH})
  --lanes N   workerd processes (${LANES_MAX})        --port N   the first port (25787)
  --speed N   how much faster the clock runs (${SPEED}); less on a machine that is busy with other work

Drawn from the seed, and so the same each time: texts, receipts, amounts, accounts, who brings what in which order, the
other roads, what staff do, which step of which object fails and how, and the weather of the world (drawn from the first
seed of a batch). Not the same each time: who of two that run at the same moment comes first, and so which call is the
n-th; account numbers, which follow the place in the run. To meet a red seed again run its whole batch, as its story says.`;

const { values: flags } = parseArgs({
  options: {
    seeds: { type: "string" },
    from: { type: "string" },
    seed: { type: "string" },
    batch: { type: "string" },
    lanes: { type: "string" },
    port: { type: "string" },
    speed: { type: "string" },
    keep: { type: "boolean" },
    help: { type: "boolean" },
  },
});

async function run(): Promise<boolean> {
  const only = flags.seed === undefined ? null : Number(flags.seed);
  const from = only ?? Number(flags.from ?? 1);
  const count = only === null ? Number(flags.seeds ?? 200) : 1;
  const batchSize = Number(flags.batch ?? BATCH);
  const batches = Array.from({ length: Math.ceil(count / batchSize) }, (_, n) =>
    Array.from({ length: Math.min(batchSize, count - n * batchSize) }, (__, index) => from + n * batchSize + index),
  );
  const folder = join(existsSync(MEMORY) ? MEMORY : tmpdir(), `customer-care-faults-${process.pid}`);
  await mkdir(folder, { recursive: true });
  const table = new Table();
  const [database] = await Promise.all([
    startPostgres({ dataDir: join(folder, "postgres"), port: 0, throwaway: true }),
    bundle(join(folder, "bundle"), "dev/faults/worker.mjs", ["--minify"]),
  ]);
  await database.createDatabase(TEMPLATE);
  await migrate(database.ownerUrl(TEMPLATE), COUNTRIES.LS);
  const keys = await keysIn(folder);
  const clock = { zeroAt: Date.now(), speed: Number(flags.speed ?? SPEED) };
  const lanes = Math.min(Number(flags.lanes ?? LANES_MAX), batches.length);
  const waiting = [...batches];
  await Promise.all(
    Array.from({ length: lanes }, async (_, n) => {
      const lane = await Lane.open({
        name: `lane_${n}`,
        port: Number(flags.port ?? 25_787) + n,
        bundle: join(folder, "bundle"),
        folder,
        database,
        template: TEMPLATE,
        keys,
        clock,
      });
      for (let done = 0, next = waiting.shift(); next !== undefined; done++, next = waiting.shift()) {
        const round = done % BATCHES_PER_WORLD;
        if (round === 0) {
          await lane.freshWorld();
          await makeCountry(lane);
        }
        const result = await runBatch(lane, next, round * batchSize);
        table.add(result, lane);
        const reds = result.outcomes.filter((outcome) => outcome.reds.length > 0);
        for (const outcome of reds) console.log(storyOf(outcome, next));
        await keep(reds, lane);
        console.log(table.line(), result.seconds);
      }
      await lane.close();
    }),
  );
  await database.stop();
  if (flags.keep !== true) await rm(folder, { recursive: true, force: true });
  console.log(table.text(count));
  return table.isGreen(count);
}

/** All that was seen of a red seed, for whoever looks for the cause. */
async function keep(reds: readonly Outcome[], lane: Lane) {
  await mkdir(REDS, { recursive: true });
  for (const { seed, reds: broken, snapshot, script } of reds) {
    const all = JSON.stringify({ broken, snapshot, script, logs: lane.logs }, null, 1);
    await writeFile(join(REDS, `red-${seed}.json`), all);
  }
}

if (flags.help === true) console.log(HELP);
else process.exit((await run()) ? 0 : 1);
