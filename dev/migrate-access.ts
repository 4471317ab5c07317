/**
 * `npm run migrate:access -- --main old.accdb --derived derived_data.accdb --dry-run`: reads the old Microsoft Access files
 * and says what moves in, and of every row that does not, why.
 */
import { parseArgs } from "node:util";
import { countryNamed, readAccess } from "./access/migrate.ts";
import { reportLines, writeReport } from "./access/report.ts";
import { progressBar } from "./backfill/report.ts";

const DRAW_MS = 200;
const HELP = `npm run migrate:access -- --main FILE [--derived FILE] --dry-run [options]
  --main FILE       the old database, .accdb or .mdb
  --derived FILE    its file of monthly and hourly totals
  --dry-run         reads and reports; writes nothing but the report
  --country LS      whose clock and money the file has (LS)
  --as-of DAY       the last day of the main file's data, as 2025-10-16; a later date is parked (today)
  --report FILE     where the whole report goes, as JSON (report.json)`;

const { values: flags } = parseArgs({
  options: {
    main: { type: "string" },
    derived: { type: "string" },
    country: { type: "string", default: "LS" },
    "as-of": { type: "string" },
    report: { type: "string", default: "report.json" },
    "dry-run": { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

if (flags.help || flags.main === undefined) {
  console.log(HELP);
  process.exitCode = flags.help ? 0 : 2;
} else await main(flags.main).catch(fail);

async function main(path: string) {
  const began = performance.now();
  const country = countryNamed(flags.country);
  const plan = { main: path, derived: flags.derived, country, asOf: flags["as-of"], now: Date.now() };
  const { report } = readAccess(plan, progress(), () => undefined);
  clearLine();
  for (const line of reportLines(report, country)) console.log(line);
  await writeReport(flags.report, report);
  console.log(`\n${flags.report} has every row, read in ${((performance.now() - began) / 1_000).toFixed(1)} s`);
}

/** Draws a line over itself, not too often, and only where somebody sees it. */
function progress() {
  let drawnAt = 0;
  return (what: string, done: number, of: number) => {
    if (!process.stderr.isTTY || performance.now() - drawnAt < DRAW_MS) return;
    drawnAt = performance.now();
    process.stderr.write(`\r\u001b[K${progressBar(done, of, what)}`);
  };
}

function clearLine() {
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
}

function fail(thrown: unknown) {
  clearLine();
  console.error(thrown instanceof Error ? thrown.message : String(thrown));
  process.exit(1);
}
