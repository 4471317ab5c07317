/**
 * `npm run bench:meters`: prints what readings cost on this machine, as Markdown. Red when a watt-hour is not where it
 * belongs.
 */
import { parseArgs } from "node:util";
import { COUNTED_ENTRY, countsTable } from "./counts.ts";
import { perSecond, table } from "./figures.ts";
import { floorsTable } from "./floors.ts";
import { backfillTable, runBackfill } from "./meters/backfill.ts";
import { type DayResult, dayTable, faultsOf, runDay, runLive } from "./meters/day.ts";
import { EXISTING_RATE, EXISTING_SYSTEM, runLiveFloor, runMeterFloors } from "./meters/floors.ts";
import { growthTable, runGrowth } from "./meters/growth.ts";
import { lookTable, runLook } from "./meters/look.ts";
import { MEMORY, note, runBench } from "./run.ts";

const PARTS = ["day", "live", "look", "backfill", "growth", "floors"] as const;

const { values: flags } = parseArgs({
  options: {
    /** Parts, separated by commas. */
    only: { type: "string", default: PARTS.join(",") },
    /** Of `day`, `live` and `floors`. */
    meters: { type: "string", default: "2000" },
    /** Where objects keep their files. */
    objects: { type: "string", default: MEMORY },
    /** A file for a CPU profile of the Worker under the (last) load. */
    profile: { type: "string" },
    /** Also prints what a reading asks of the platform. Counting costs time, so the other figures are not to be believed. */
    count: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (flags.help) {
  console.log(
    `npm run bench:meters -- [--only ${PARTS.join(",")}] [--meters 2000] [--objects /dev/shm] [--profile out.cpuprofile] [--count]   (PORT moves the first port)`,
  );
  process.exit(0);
}

const parts = new Set(flags.only.split(","));
const meters = Number(flags.meters);
const firstPort = Number(process.env.PORT ?? 27787);
const { objects, profile } = flags;

const entry = flags.count ? COUNTED_ENTRY : undefined;

await runBench({ name: "bench-meters", firstPort, objects, profile, entry }, async (bench, faults) => {
  const loaded = (result: DayResult) => {
    note(`answers: ${JSON.stringify([...result.posted.outcomes])}`);
    faults.push(...faultsOf(result));
    console.log(`\n${dayTable([result])}`);
    if (result.counts !== null) console.log(`\n${countsTable(result.counts, result.plan.readings, "a reading")}`);
  };
  if (parts.has("day")) {
    note(`a day of ${meters} meters`);
    loaded(await runDay(bench, meters));
  }
  if (parts.has("live")) {
    note(`${meters} meters, one reading each a POST`);
    const live = await runLive(bench, meters);
    loaded(live);
    const floor = await runLiveFloor(bench, meters);
    const share = floor.ms / floor.count / (live.posted.tookMs / live.plan.readings);
    const rates = [perSecond(live.plan.readings, live.posted.tookMs), perSecond(floor.count, floor.ms)];
    console.log(
      `\n${table(["live, acknowledged", floor.name, "share of it"], [[...rates, `${Math.round(share * 100)} %`]])}`,
    );
  }
  if (parts.has("look")) {
    note("accounts run out, and are looked at twice, five minutes apart");
    const result = await runLook(bench);
    faults.push(...result.complaints.map((line) => `look: ${line}`));
    console.log(`\n${lookTable(result)}`);
  }
  if (parts.has("backfill")) {
    note("a dump of raw records");
    const result = await runBackfill(bench);
    faults.push(...result.verified.complaints.map((line) => `backfill: ${line}`));
    console.log(`\n${backfillTable(result)}`);
  }
  if (parts.has("growth")) {
    note("three weeks of readings");
    const result = await runGrowth(bench);
    faults.push(...result.verified.complaints.map((line) => `growth: ${line}`));
    console.log(`\n${growthTable(result)}`);
  }
  if (parts.has("floors")) {
    note("floors");
    const floors = await runMeterFloors(bench, meters);
    console.log(`\n${floorsTable(floors)}\n| ${EXISTING_SYSTEM} | ${EXISTING_RATE} |`);
  }
});
