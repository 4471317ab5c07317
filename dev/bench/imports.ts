/**
 * `npm run bench:imports`: prints what a vendor's site-day costs on this machine, as Markdown. Red when a watt-hour is not where
 * it belongs, or a day takes longer of our own time than it may.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { DAY_MS } from "../vendors/energy.ts";
import type { Bench } from "./bench.ts";
import { grouped, percentile, seconds, table } from "./figures.ts";
import { cpuOf, type ImportCountry, openImportCountry, type UnitCost } from "./imports/country.ts";
import { type BenchVendor, benchKoios, benchThunderCloud, dayAt } from "./imports/vendors.ts";
import { MEMORY, note, runBench } from "./run.ts";

const PARTS = ["report", "history", "parquet", "year"] as const;
const SITES = ["MAT", "KET", "SHG", "SEH", "TOS", "LEB"];
/** Our own time is the CPU of the Worker and of PostgreSQL: what the platform takes, and its pace, is not ours. */
const OWN_SECONDS_MAX = { report: 3, history: 3, parquet: 5 } as const;
/** A run is cut into as many parts, to see whether the last costs more than the first. */
const STRETCHES = 10;
/** By so much the last part may cost more than the first, in CPU a unit and in memory. */
const GROWTH_MAX = 1.2;
const DAYS_OF_A_YEAR = 365;
const HOURS = 24;

const { values: flags } = parseArgs({
  options: {
    only: { type: "string", default: PARTS.join(",") },
    /** Of a site-day. */
    meters: { type: "string", default: "250" },
    /** Of the year. */
    accounts: { type: "string", default: "1500" },
    days: { type: "string", default: "365" },
    objects: { type: "string", default: MEMORY },
    profile: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (flags.help) {
  console.log(
    `npm run bench:imports -- [--only ${PARTS.join(",")}] [--meters 250] [--accounts 1500 --days 365] [--objects /dev/shm] [--profile out.cpuprofile]   (PORT moves the first port; a year takes the vendor's own pace: an hour and more)`,
  );
  process.exit(0);
}
const parts = new Set(flags.only.split(","));
const firstPort = Number(process.env.PORT ?? 27887);
const vendorPort = firstPort + 25;
const meters = Number(flags.meters);

await runBench(
  { name: "bench-imports", firstPort, objects: flags.objects, profile: flags.profile },
  async (bench, faults) => {
    const rows: string[][] = [];
    if (parts.has("report"))
      rows.push(
        await oneDay(
          bench,
          faults,
          "report",
          `Koios, one report, ${meters} meters`,
          "koios_report",
          await benchKoios(vendorPort, ["MAT"], meters),
        ),
      );
    if (parts.has("history"))
      rows.push(
        await oneDay(
          bench,
          faults,
          "history",
          `Koios, history in pages, ${meters} meters`,
          "koios",
          await benchKoios(vendorPort, ["MAT"], meters),
        ),
      );
    if (parts.has("parquet"))
      rows.push(
        await oneDay(
          bench,
          faults,
          "parquet",
          "ThunderCloud, one parquet, 209 meters",
          "thundercloud",
          await benchThunderCloud(vendorPort, "MAK", 209),
        ),
      );
    const head = [
      ...["a site's day", "intervals", "requests", "in all", "the platform", "our own: CPU of Worker + PostgreSQL"],
      ...["with the copy to Postgres", "there after", "energy"],
    ];
    if (rows.length > 0) console.log(`\n${table(head, rows)}`);
    if (parts.has("year")) await year(bench, faults, Number(flags.accounts), Number(flags.days));
  },
);

/** The first day warms up; the second is told. */
async function oneDay(
  bench: Bench,
  faults: string[],
  limit: keyof typeof OWN_SECONDS_MAX,
  name: string,
  source: string,
  vendor: BenchVendor,
) {
  note(name);
  const country = await openImportCountry(bench, `bench_${source}`, vendor);
  try {
    // Yesterday's file is not there before noon.
    const [from, to] = [dayAt(3), dayAt(2)];
    const units = await country.units(source, nameOf(from), nameOf(to));
    const [first, last] = units.toReversed().map((unit) => ({ ...unit, source }));
    if (first === undefined || last === undefined) throw new Error("two days are needed");
    await country.run(first);
    await country.reached(vendor.customers.length * HOURS);
    const before = country.cpu();
    const cost = await country.run(last);
    const there = await country.reached(vendor.customers.length * HOURS * 2);
    const after = country.cpu();
    const whole = { worker: after.worker - before.worker, postgres: after.postgres - before.postgres };
    const truthWh = vendor.truthWh(from, to + DAY_MS);
    const isRight = there.sumWh === truthWh && there.debitedWh === truthWh;
    if (!isRight) faults.push(`${name}: ${there.sumWh} Wh in hours, ${there.debitedWh} Wh debited, ${truthWh} Wh used`);
    const own = cpuOf(cost);
    if (own > OWN_SECONDS_MAX[limit])
      faults.push(`${name}: ${own.toFixed(1)} s of our own time, more than ${OWN_SECONDS_MAX[limit]} s`);
    return [
      name,
      grouped(vendor.customers.length * 96),
      String(cost.requests),
      seconds(cost.wallMs),
      seconds(cost.vendorMs),
      `${own.toFixed(1)} s (${cost.workerCpu.toFixed(1)} + ${cost.postgresCpu.toFixed(1)})`,
      `${(whole.worker + whole.postgres).toFixed(1)} s`,
      seconds(there.tookMs),
      isRight ? "right" : "WRONG",
    ];
  } finally {
    await country.country.close();
    await vendor.close();
  }
}

/** Many days of many sites, and whether the last cost what the first did. */
async function year(bench: Bench, faults: string[], accounts: number, days: number) {
  note(`${accounts} accounts, ${days} days`);
  const vendor = await benchKoios(vendorPort, SITES, Math.floor(accounts / SITES.length));
  const country = await openImportCountry(bench, "bench_year", vendor);
  try {
    const [from, to] = [dayAt(days + 3), dayAt(4)];
    const units = (await country.units("koios_report", nameOf(from), nameOf(to))).toReversed();
    const size = Math.ceil(units.length / STRETCHES);
    const rows: string[][] = [];
    const parts: { cpu: number; memory: number; wallMs: number }[] = [];
    for (let at = 0; at < units.length; at += size) {
      const costs: UnitCost[] = [];
      for (const unit of units.slice(at, at + size)) costs.push(await country.run(unit));
      const memory = memoryMb(country);
      parts.push({
        cpu: percentile(costs.map(cpuOf), 0.5) ?? 0,
        memory,
        wallMs: costs.reduce((total, { wallMs }) => total + wallMs, 0) / costs.length,
      });
      const sum = (of: (cost: UnitCost) => number) => costs.reduce((total, cost) => total + of(cost), 0) / costs.length;
      rows.push([
        `${at + 1} to ${at + costs.length}`,
        `${(percentile(costs.map(cpuOf), 0.5) ?? 0).toFixed(1)} s`,
        `${(percentile(costs.map(cpuOf), 0.95) ?? 0).toFixed(1)} s`,
        `${sum(({ workerCpu }) => workerCpu).toFixed(2)} / ${sum(({ postgresCpu }) => postgresCpu).toFixed(2)}`,
        String(costs.reduce((total, { requests }) => total + requests, 0)),
        `${grouped(memory)} MB`,
      ]);
      note(rows.at(-1)?.join("  ") ?? "");
    }
    const there = await country.reached(vendor.customers.length * HOURS * days);
    const truthWh = vendor.truthWh(from, to + DAY_MS);
    const isRight = there.sumWh === truthWh && there.debitedWh === truthWh;
    if (!isRight) faults.push(`year: ${there.sumWh} Wh in hours, ${there.debitedWh} Wh debited, ${truthWh} Wh used`);
    console.log(
      `\n${table(["site-days", "our own p50", "p95", "CPU s a site-day: Worker / PostgreSQL", "requests", "Worker's memory"], rows)}`,
    );
    console.log(`\n${growthOf(parts, vendor.customers.length, faults)}`);
    console.log(
      `\n${grouped(there.hours)} hourly values, energy ${isRight ? "right" : "WRONG"}; the last of it was in Postgres ${seconds(there.tookMs)} after the last day`,
    );
  } finally {
    await country.country.close();
    await vendor.close();
  }
}

/** The last part beside the second (the first fills the objects' memory), and what a year would come to at that cost. */
function growthOf(
  parts: readonly { cpu: number; memory: number; wallMs: number }[],
  accounts: number,
  faults: string[],
): string {
  const [, early, late] = [parts[0], parts[1] ?? parts[0], parts.at(-1)];
  if (early === undefined || late === undefined) return "";
  const ratio = { cpu: late.cpu / early.cpu, memory: late.memory / Math.max(1, early.memory) };
  for (const [what, grown] of Object.entries(ratio))
    if (grown > GROWTH_MAX)
      faults.push(`year: ${what} of the last tenth is ${grown.toFixed(2)} times that of the second`);
  const units = SITES.length * DAYS_OF_A_YEAR;
  const values = grouped(accounts * DAYS_OF_A_YEAR * HOURS);
  return `the last tenth beside the second: CPU a unit ${ratio.cpu.toFixed(2)}, memory ${ratio.memory.toFixed(2)}; a year of these accounts (${units} units, ${values} hourly values) would take ${((units * late.cpu) / 60).toFixed(0)} min of CPU and ${((units * late.wallMs) / 3_600_000).toFixed(1)} h as it went here`;
}

function nameOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

function memoryMb({ country }: ImportCountry): number {
  try {
    const status = readFileSync(`/proc/${country.worker.pid}/status`, "utf8");
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024;
  } catch {
    return 0;
  }
}
