/**
 * `npm run migrate:postgres -- --env ls --from postgres://…`: reads the existing PostgreSQL system, says what moves in, and of
 * every row that does not, why, and writes it through the operators' door.
 */
import { parseArgs } from "node:util";
import { call, type Door, doorOf } from "./door.ts";
import { countryNamed } from "./moving-in/country-named.ts";
import { instantNamed } from "./moving-in/openings.ts";
import { drawnProgress } from "./moving-in/progress.ts";
import { writeReport } from "./moving-in/report-file.ts";
import { writeMove } from "./moving-in/write.ts";
import { readPostgres } from "./old-postgres/migrate.ts";
import { postgresReportLines } from "./old-postgres/report.ts";
import { OldPostgres } from "./old-postgres/source.ts";
import { toWrite } from "./old-postgres/to-write.ts";
import { clearLine, fail } from "./progress-line.ts";

const HELP = `npm run migrate:postgres -- --env local|ls|bj|zm --from postgres://… [options]
  --from URL        the old system's database; it is read in one snapshot and never written
  --dry-run         reads and reports; writes nothing but the report
  --actor NAME      who does it; needed to write
  --country LS      with --env local or --dry-run: whose clock and money the database has (LS)
  --cutover INSTANT when the old books end, as 2026-12-01T00:00:00+02:00: openings are what was left then. Without it: none
  --since INSTANT   of the history only what was dated or entered since; opens only accounts that are new
  --report FILE     where the whole report goes, as JSON (report.json)`;

const { values: flags } = parseArgs({
  options: {
    from: { type: "string" },
    env: { type: "string" },
    actor: { type: "string" },
    country: { type: "string" },
    cutover: { type: "string" },
    since: { type: "string" },
    report: { type: "string", default: "report.json" },
    "dry-run": { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

if (flags.help || flags.from === undefined || !(flags["dry-run"] || (flags.env && flags.actor))) {
  console.log(HELP);
  process.exitCode = flags.help ? 0 : 2;
} else await main(flags.from).catch(fail);

async function main(from: string) {
  const began = performance.now();
  const seconds = () => ((performance.now() - began) / 1_000).toFixed(1);
  const door = flags["dry-run"] ? null : doorOf(flags);
  const envCountry = flags.env === undefined || flags.env === "local" ? undefined : flags.env;
  const country = countryNamed(door?.country ?? flags.country ?? envCountry ?? "LS");
  const now = Date.now();
  const cutoverAt = flags.cutover === undefined ? null : instantNamed("cutover", flags.cutover);
  const sinceAt = flags.since === undefined ? null : instantNamed("since", flags.since);
  if (cutoverAt !== null && cutoverAt > now)
    throw new Error(`--cutover ${flags.cutover} has not come yet: until then the old books go on`);
  const progress = drawnProgress();
  const knownCutoverAt = door === null ? null : await cutoverHere(door);
  const old = await OldPostgres.open(from);
  try {
    const moved = await readPostgres(old, { country, now, cutoverAt, sinceAt, knownCutoverAt }, progress);
    clearLine();
    for (const line of postgresReportLines(moved.report, country)) console.log(line);
    await writeReport(flags.report, moved.report);
    console.log(`\n${flags.report} has every row, read in ${seconds()} s`);
    if (door === null) return console.log("dry run: nothing was written");
    const ask = <T>(method: string, at: string, body?: unknown) => call<T>(door, method, at, body, flags.actor);
    const print = (line: string) => {
      clearLine();
      console.log(line);
    };
    const written = await writeMove(
      ask,
      await toWrite(old, moved, { country, now, sinceAt }),
      { country, cutoverAt },
      print,
      progress,
    );
    if (cutoverAt === null) print("openings  none: they come with --cutover, when the old books have ended");
    await writeReport(flags.report, { ...moved.report, written });
    print(`written to ${door.where}, ${seconds()} s in all`);
  } finally {
    await old.close();
  }
}

/** The cut-over that the new system was told; null: none yet. */
async function cutoverHere(door: Door): Promise<number | null> {
  return (await call<{ cutoverAt: number | null }>(door, "GET", "/move-in/figures/counts")).cutoverAt;
}
