/** `npm run vendors:truth`: months at the vendors with every fault on at once, and whether what came of it is the truth. */
import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { COUNTRIES } from "../../src/domain/country.ts";
import type { DemoCountry } from "../demo-platforms.ts";
import { keysIn } from "../keys.ts";
import { migrate } from "../migrate.ts";
import { startPostgres } from "../postgres.ts";
import { clearLine, progressLine } from "../progress-line.ts";
import { dayStart } from "../vendors/energy.ts";
import { faultsIn, reportOf } from "./report.ts";
import { runTruth } from "./run.ts";

const MEMORY = "/dev/shm";

const HELP = `npm run vendors:truth -- [--from 2025-10-01] [--to 2025-12-31] [--countries LS,BJ] [--seed 1] [--pay-every 6]

Lives through these days of the demo world, and two weeks more, with every fault of the vendors' simulators on at once; then
compares each hour of each account, each credit and each wallet with what is true. Red when anything differs.`;

const { values: flags } = parseArgs({
  options: {
    from: { type: "string", default: "2025-10-01" },
    to: { type: "string", default: "2025-12-31" },
    countries: { type: "string", default: "LS,BJ" },
    seed: { type: "string", default: "1" },
    "pay-every": { type: "string", default: "6" },
    help: { type: "boolean", default: false },
  },
});

async function run(): Promise<boolean> {
  const [from, to] = [dayStart(flags.from), dayStart(flags.to)];
  if (from === null || to === null || to < from)
    throw new Error("--from and --to must be days, as 2025-10-01, in order");
  const countries = flags.countries.split(",");
  if (!countries.every((code): code is DemoCountry => code === "LS" || code === "BJ"))
    throw new Error("--countries must be LS, BJ or LS,BJ");
  const folder = join(existsSync(MEMORY) ? MEMORY : tmpdir(), `customer-care-truth-${process.pid}`);
  await mkdir(folder, { recursive: true });
  const database = await startPostgres({ dataDir: join(folder, "postgres"), port: 0, throwaway: true });
  const draw = progressLine();
  try {
    for (const country of countries) {
      await database.createDatabase(nameOf(country));
      await migrate(database.ownerUrl(nameOf(country)), COUNTRIES[country]);
    }
    const truths = await runTruth({
      ...{ countries, from, to, seed: Number(flags.seed), payEveryDays: Number(flags["pay-every"]) },
      keys: await keysIn(folder),
      databaseUrlOf: (country) => database.appUrl(nameOf(country)),
      say: (line) => (process.stderr.isTTY ? draw(() => line) : console.error(line)),
    });
    clearLine();
    console.log(reportOf(truths));
    const faults = truths.flatMap(faultsIn);
    for (const fault of faults) console.error(`FAULT  ${fault}`);
    return faults.length === 0;
  } finally {
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const nameOf = (country: DemoCountry) => `truth_${country.toLowerCase()}`;

if (flags.help) console.log(HELP);
else process.exit((await run()) ? 0 : 1);
