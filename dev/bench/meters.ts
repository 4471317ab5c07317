/**
 * `npm run bench:meters`: prints what readings cost on this machine, as Markdown. Red when a watt-hour is not where it
 * belongs.
 */
import { parseArgs } from "node:util";
import { dayTable, faultsOf, runDay } from "./meters/day.ts";
import { MEMORY, note, runBench } from "./run.ts";

const PARTS = ["day"] as const;

const { values: flags } = parseArgs({
  options: {
    /** Parts, separated by commas. */
    only: { type: "string", default: PARTS.join(",") },
    meters: { type: "string", default: "2000" },
    /** Where objects keep their files. */
    objects: { type: "string", default: MEMORY },
    /** A file for a CPU profile of the Worker under the (last) load. */
    profile: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (flags.help) {
  console.log(
    `npm run bench:meters -- [--only ${PARTS.join(",")}] [--meters 2000] [--objects /dev/shm] [--profile out.cpuprofile]   (PORT moves the first port)`,
  );
  process.exit(0);
}

const parts = new Set(flags.only.split(","));
const meters = Number(flags.meters);
const firstPort = Number(process.env.PORT ?? 27787);
const { objects, profile } = flags;

await runBench({ name: "bench-meters", firstPort, objects, profile }, async (bench, faults) => {
  if (parts.has("day")) {
    note(`a day of ${meters} meters`);
    const result = await runDay(bench, meters);
    note(`answers: ${JSON.stringify([...result.posted.outcomes])}`);
    faults.push(...faultsOf(result));
    console.log(`\n${dayTable([result])}`);
  }
});
