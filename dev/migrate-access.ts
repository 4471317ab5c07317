/**
 * `npm run migrate:access -- --env ls --main old.accdb --derived derived_data.accdb`: reads the old Microsoft Access files,
 * says what moves in, and of every row that does not, why, and writes it through the operators' door.
 */
import { parseArgs } from "node:util";
import { type MovePlan, readAccess } from "./access/migrate.ts";
import { reportLines } from "./access/report.ts";
import { AccessSpools } from "./access/spools.ts";
import { toWrite } from "./access/to-write.ts";
import { call, type Door, doorOf } from "./door.ts";
import { countryNamed } from "./moving-in/country-named.ts";
import { instantNamed } from "./moving-in/openings.ts";
import { drawnProgress } from "./moving-in/progress.ts";
import { writeReport } from "./moving-in/report-file.ts";
import { writeMove } from "./moving-in/write.ts";
import { clearLine, fail } from "./progress-line.ts";

const HELP = `npm run migrate:access -- --env local|ls|bj|zm --main FILE [--derived FILE] [options]
  --main FILE       the old database, .accdb or .mdb
  --derived FILE    its file of monthly and hourly totals
  --dry-run         reads and reports; writes nothing but the report
  --actor NAME      who does it; needed to write
  --country LS      with --env local or --dry-run: whose clock and money the file has (LS)
  --as-of DAY       the last day of the main file's data, as 2025-10-16; a later date is parked (today)
  --cutover INSTANT when the old books end, as 2026-12-01T00:00:00+02:00: the time of every opening (each one's own row)
  --report FILE     where the whole report goes, as JSON (report.json)`;

const { values: flags } = parseArgs({
  options: {
    main: { type: "string" },
    derived: { type: "string" },
    env: { type: "string" },
    actor: { type: "string" },
    country: { type: "string" },
    "as-of": { type: "string" },
    cutover: { type: "string" },
    report: { type: "string", default: "report.json" },
    "dry-run": { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

if (flags.help || flags.main === undefined || !(flags["dry-run"] || (flags.env && flags.actor))) {
  console.log(HELP);
  process.exitCode = flags.help ? 0 : 2;
} else await main(flags.main).catch(fail);

async function main(path: string) {
  const door = flags["dry-run"] ? null : doorOf(flags);
  const envCountry = flags.env === undefined || flags.env === "local" ? undefined : flags.env;
  const country = countryNamed(door?.country ?? flags.country ?? envCountry ?? "LS");
  const plan = { main: path, derived: flags.derived, country, asOf: flags["as-of"], now: Date.now() };
  const cutoverAt = flags.cutover === undefined ? null : instantNamed("cutover", flags.cutover);
  const spools = door === null ? null : new AccessSpools(flags.report);
  process.once("SIGINT", () => {
    spools?.remove();
    process.exit(130);
  });
  try {
    await readAndWrite(plan, cutoverAt, door, spools);
  } finally {
    spools?.remove();
  }
}

/** Without a door nothing is written but the report. */
async function readAndWrite(plan: MovePlan, cutoverAt: number | null, door: Door | null, spools: AccessSpools | null) {
  const began = performance.now();
  const seconds = () => ((performance.now() - began) / 1_000).toFixed(1);
  const { country } = plan;
  const bar = drawnProgress();
  const moved = readAccess(plan, bar, spools ?? { onReading: () => undefined, onTotal: () => undefined });
  clearLine();
  for (const line of reportLines(moved.report, country)) console.log(line);
  await writeReport(flags.report, moved.report);
  console.log(`\n${flags.report} has every row, read in ${seconds()} s`);
  if (door === null || spools === null) return console.log("dry run: nothing was written");
  const ask = <T>(method: string, at: string, body?: unknown) => call<T>(door, method, at, body, flags.actor);
  const print = (line: string) => {
    clearLine();
    console.log(line);
  };
  const written = await writeMove(ask, toWrite(moved, spools, country), { country, cutoverAt }, print, bar);
  await writeReport(flags.report, { ...moved.report, written });
  print(`written to ${door.where}, ${seconds()} s in all`);
}
