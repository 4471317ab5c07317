/** `npm run bench:sms`: prints what the money path does on this machine, as Markdown. Red when a cent is not where it belongs. */
import { parseArgs } from "node:util";
import { bytesTable, runBytes } from "./bytes.ts";
import { connectTable, runConnect } from "./connect.ts";
import { COUNTED_ENTRY, countsTable } from "./counts.ts";
import { floorsTable, runFloors } from "./floors.ts";
import { LOAD_ACCOUNTS, type LoadResult, loadTable, runLoad } from "./load.ts";
import { OLD_ENDPOINT_MODES, type OldEndpointMode } from "./old-endpoint.ts";
import { outageTable, runOutage } from "./outage.ts";
import { partsTable, runParts, topTable } from "./parts.ts";
import { MEMORY, note, runBench } from "./run.ts";

const PARTS = ["load", "connect", "outage", "bytes", "floors"] as const;
/** Only when it is asked for: three loads and their floors. */
const MORE_PARTS = ["parts"] as const;

const { values: flags } = parseArgs({
  options: {
    /** Parts, separated by commas. */
    only: { type: "string", default: PARTS.join(",") },
    sms: { type: "string", default: "10000" },
    /** Of the load. Fewer are opened sooner, and are woken less often. */
    accounts: { type: "string", default: String(LOAD_ACCOUNTS) },
    /** SMS before the clock starts. */
    warm: { type: "string", default: "500" },
    /** Where objects keep their files. */
    objects: { type: "string", default: MEMORY },
    /** Moods of the old endpoint. */
    old: { type: "string", default: OLD_ENDPOINT_MODES.join(",") },
    /** SMS while the database is down: an hour at ten a second. */
    outage: { type: "string", default: "36000" },
    /** A file for a CPU profile of the Worker under the (last) load. */
    profile: { type: "string" },
    /** Also prints what an SMS asks of the platform. Counting costs time, so the other figures are not to be believed. */
    count: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (flags.help) {
  console.log(
    `npm run bench:sms -- [--only ${[...PARTS, ...MORE_PARTS].join(",")}] [--sms 10000] [--accounts 1500] [--warm 500] [--old ${OLD_ENDPOINT_MODES.join(",")}] [--outage 36000] [--objects /dev/shm] [--profile out.cpuprofile] [--count]   (PORT moves the first port)`,
  );
  process.exit(0);
}

const parts = new Set(flags.only.split(","));
const firstPort = Number(process.env.PORT ?? 26787);
const { objects, profile } = flags;
const entry = flags.count ? COUNTED_ENTRY : undefined;

await runBench({ name: "bench", firstPort, objects, profile, entry }, async (bench, faults) => {
  if (parts.has("load")) {
    const results: LoadResult[] = [];
    for (const mode of flags.old.split(",") as OldEndpointMode[]) {
      note(`load, old endpoint ${mode}`);
      const sizes = [Number(flags.sms), Number(flags.warm)] as const;
      const result = await runLoad(bench, mode, ...sizes, flags.count, Number(flags.accounts));
      note(`stages, ms: ${JSON.stringify(result.reached)}`);
      results.push(result);
      faults.push(...result.complaints.map((line) => `load (${mode}): ${line}`));
    }
    console.log(`\n${loadTable(results)}`);
    for (const { counts, sms } of results) if (counts !== null) console.log(`\n${countsTable(counts, sms)}`);
  }
  if (parts.has("connect")) {
    note("ten SMS a second");
    const result = await runConnect(bench);
    faults.push(...result.faults.map((line) => `connect: ${line}`));
    console.log(`\n${connectTable(result)}`);
    if (result.counts !== null)
      console.log(`\n${countsTable(result.counts, result.sms, "a payment that comes alone, to a dark house,")}`);
  }
  if (parts.has("outage")) {
    note(`${flags.outage} SMS without a database`);
    const result = await runOutage(bench, Number(flags.outage));
    faults.push(...result.complaints.map((line) => `outage: ${line}`));
    console.log(`\n${outageTable(result)}`);
  }
  if (parts.has("bytes")) {
    note("bytes of objects");
    console.log(`\n${bytesTable(await runBytes(bench))}`);
  }
  if (parts.has("parts")) {
    note("parts of an SMS");
    const result = await runParts(bench, Number(flags.sms), Number(flags.warm));
    faults.push(...result.complaints.map((line) => `parts: ${line}`));
    console.log(`\n${partsTable(result)}\n\n${topTable(result)}`);
  }
  if (parts.has("floors")) {
    note("floors");
    console.log(`\n${floorsTable(await runFloors(bench))}`);
  }
});
