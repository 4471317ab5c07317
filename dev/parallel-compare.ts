/** `npm run parallel:compare -- --env ls --old postgres://…`: what the old and the new system say of each account and day. */
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { call, doorOf } from "./door.ts";
import { countryNamed } from "./moving-in/country-named.ts";
import { oldDays } from "./old-postgres/days.ts";
import { OldPostgres } from "./old-postgres/source.ts";
import { booksSaid } from "./parallel/books.ts";
import { differingDays } from "./parallel/compare.ts";
import { parallelLines } from "./parallel/lines.ts";
import { fail } from "./progress-line.ts";

const DAY_MS = 86_400_000;
const DAYS_MAX = 31;
const DAYS = 7;
const SHOWN = 50;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

const HELP = `npm run parallel:compare -- --env local|ls|bj|zm --old postgres://… [options]
  --old URL       the old system's database; it is read and never written
  --from DAY      the first local day, as 2026-12-01 (${DAYS} days before the last)
  --to DAY        the last one (yesterday); at most ${DAYS_MAX} days in all
  --country LS    with --env local (LS)
  --top N         how many of the largest differences are printed (${SHOWN})
  --report FILE   where all of them go, as JSON`;

const { values: flags } = parseArgs({
  options: {
    old: { type: "string" },
    env: { type: "string" },
    country: { type: "string" },
    from: { type: "string" },
    to: { type: "string" },
    top: { type: "string", default: String(SHOWN) },
    report: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

if (flags.help || flags.old === undefined || flags.env === undefined) {
  console.log(HELP);
  process.exitCode = flags.help ? 0 : 2;
} else await main(flags.old).catch(fail);

async function main(url: string) {
  const door = doorOf(flags);
  const country = countryNamed(door.country);
  const yesterday = Date.now() + country.utcOffsetMinutes * 60_000 - DAY_MS;
  const days = daysOf(flags.from, flags.to ?? dayText(yesterday));
  const shown = Number(flags.top);
  if (!Number.isSafeInteger(shown) || shown < 1) throw new Error(`--top ${flags.top} is no number from 1`);
  const here = await booksSaid((method, path) => call(door, method, path), days);
  const old = await OldPostgres.open(url);
  try {
    const there = await oldDays(old, { country, days });
    const found = differingDays(days, there, here);
    for (const line of parallelLines(found, { days, accounts: here.size, shown, country })) console.log(line);
    if (flags.report !== undefined) await writeFile(flags.report, `${JSON.stringify(found, null, 1)}\n`);
  } finally {
    await old.close();
  }
}

function daysOf(from: string | undefined, to: string): string[] {
  const last = dayNamed("to", to);
  const first = from === undefined ? last - (DAYS - 1) * DAY_MS : dayNamed("from", from);
  const count = (last - first) / DAY_MS + 1;
  if (count < 1 || count > DAYS_MAX) throw new Error(`--from ${from} to ${to}: expected 1 to ${DAYS_MAX} days`);
  return Array.from({ length: count }, (_, nth) => dayText(first + nth * DAY_MS));
}

function dayNamed(flag: string, text: string): number {
  const at = DAY.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(at) || dayText(at) !== text) throw new Error(`--${flag} ${text} is no day; a day is 2026-12-01`);
  return at;
}

function dayText(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
