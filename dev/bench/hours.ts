/**
 * `npm run bench:hours`: a year of raw hours as a file, as the Worker sends it: rows, seconds, and the most memory that was in use in each
 * quarter of it. Red when memory grows with the rows, or a row is missing.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { withClient } from "../database-server.ts";
import { migrate } from "../migrate.ts";
import { startNeonBridge } from "../neon.ts";
import { startPostgres } from "../postgres.ts";
import { loadYears } from "./analytics/load.ts";
import { grouped, perSecond, seconds, table } from "./figures.ts";
import type { Exported, ExportOrder } from "./hours-thread.ts";
import { machineLine } from "./machine.ts";

const { values: flags } = parseArgs({
  options: {
    /** How many have a year of hours, one size after the other. */
    accounts: { type: "string", default: "50,200" },
  },
});
const YEAR_HOURS = 8_760;
/** What the heap of whoever exports may come to: a Worker has 128 MB for everything. */
const HEAP_MB_MAX = 64;
/** The last quarter may need so much more than the first: what the collector has not taken yet. */
const GROWTH_MB_MAX = 16;
const MB = 1024 * 1024;

const note = (line: string) => console.error(`${new Date().toISOString().slice(11, 19)}  ${line}`);
const faults: string[] = [];
const told: string[][] = [];
let machine = "";

const exported = (order: ExportOrder) =>
  new Promise<Exported>((settle, refuse) => {
    const thread = new Worker(new URL("./hours-thread.ts", import.meta.url), {
      workerData: order,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX },
    });
    thread.once("message", settle).once("error", refuse);
  });

for (const accounts of flags.accounts.split(",").map(Number)) {
  const dataDir = await mkdtemp(join(tmpdir(), "cc-bench-hours-"));
  const server = await startPostgres({ dataDir, port: 0, throwaway: true });
  const bridge = await startNeonBridge({ port: 0 });
  try {
    await server.createDatabase("bench");
    await migrate(server.ownerUrl("bench"));
    const hours = accounts * YEAR_HOURS;
    note(`loading ${grouped(hours)} hours of ${grouped(accounts)} accounts`);
    await withClient(server.superUrl("bench"), (client) =>
      loadYears(client, { accounts, hours, transactions: 1, laid: "hour" }, note),
    );
    machine = await machineLine(server.superUrl("bench"));
    note("exporting");
    const made = await exported({ databaseUrl: server.appUrl("bench"), sqlUrl: bridge.url, rows: hours });
    if (made.rows !== hours || made.end !== `# end of file: ${hours} rows`)
      faults.push(`${made.rows} rows of ${hours}, and the last line is "${made.end}"`);
    const [first = 0, last = 0] = [made.heapBytes[0], made.heapBytes.at(-1)];
    if (last - first > GROWTH_MB_MAX * MB) faults.push(`the heap grew from ${mb(first)} to ${mb(last)}`);
    told.push([
      ...[
        grouped(accounts),
        grouped(made.rows),
        mb(made.bytes),
        seconds(made.tookMs),
        perSecond(made.rows, made.tookMs),
      ],
      made.heapBytes.map(mb).join(", "),
    ]);
  } finally {
    await bridge.close();
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

console.log(`**Machine:** ${machine}. Heap of whoever exports: at most ${HEAP_MB_MAX} MB.\n`);
console.log(table(["accounts", "rows", "file", "took", "rows", "most heap in use, by quarter of the file"], told));
if (faults.length > 0) {
  console.error(`\n${faults.join("\n")}`);
  process.exitCode = 1;
}

function mb(bytes: number): string {
  return `${(bytes / MB).toFixed(0)} MB`;
}
