/** `npm run migrate:validate -- --env ls --from postgres://…`: what moved in, held against where it came from and against itself. */
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { expectedOf as expectedOfAccess, ReadingTally } from "./access/expected.ts";
import { readAccess } from "./access/migrate.ts";
import { call, doorOf } from "./door.ts";
import { drawFrom } from "./faults/seeded.ts";
import { countryNamed } from "./moving-in/country-named.ts";
import { instantNamed } from "./moving-in/openings.ts";
import { drawnProgress } from "./moving-in/progress.ts";
import { askAccounts, askFigures } from "./moving-in/validate/ask.ts";
import { compareMove, isCopied } from "./moving-in/validate/compare.ts";
import type { Expected } from "./moving-in/validate/expected.ts";
import { validateLines } from "./moving-in/validate/lines.ts";
import { expectedOf } from "./old-postgres/expected.ts";
import { readPostgres } from "./old-postgres/migrate.ts";
import { OldPostgres } from "./old-postgres/source.ts";
import { clearLine, fail } from "./progress-line.ts";

/** Accounts that are asked one by one. */
const ASKED = 50;
const LOOKS_MAX = 6;
const LOOK_PAUSE_MS = 5_000;

const HELP = `npm run migrate:validate -- --env local|ls|bj|zm [--from postgres://… | --access FILE] [options]
  --from URL        the old PostgreSQL system's database
  --cutover INSTANT of it the instant that the openings were posted with; without it they are not compared
  --access FILE     the old Access database; --derived FILE its totals
  --as-of DAY       the day it was moved in with
  --country LS      with --env local (LS)
  --seed N          which accounts are asked (1)
  --report FILE     where every difference goes, as JSON (validate.json)
Without an old database the books are held against themselves alone. It ends with 1 when anything differs.`;

const { values: flags } = parseArgs({
  options: {
    from: { type: "string" },
    access: { type: "string" },
    env: { type: "string" },
    country: { type: "string" },
    cutover: { type: "string" },
    derived: { type: "string" },
    "as-of": { type: "string" },
    seed: { type: "string", default: "1" },
    report: { type: "string", default: "validate.json" },
    help: { type: "boolean", default: false },
  },
});

if (flags.help || flags.env === undefined || (flags.from !== undefined && flags.access !== undefined)) {
  console.log(HELP);
  process.exitCode = flags.help ? 0 : 2;
} else await main().catch(fail);

async function main() {
  const door = doorOf(flags);
  const country = countryNamed(door.country);
  const ask = <T>(method: string, at: string, body?: unknown) => call<T>(door, method, at, body);
  const progress = drawnProgress();
  const expected =
    flags.from !== undefined
      ? await ofPostgres(flags.from)
      : flags.access !== undefined
        ? ofAccess(flags.access)
        : null;
  clearLine();
  const oldOpenings = expected?.openings
    ? new Map(expected.openings.map(({ account, balanceWh }) => [account, balanceWh]))
    : null;
  const look = async () => {
    const { found, orphans, partitions } = await askFigures(ask);
    const { accounts } = await ask<{ accounts: string[] }>("GET", "/move-in/figures/accounts");
    const draw = drawFrom(Number(flags.seed));
    const asked = accounts.length === 0 ? [] : await askAccounts(ask, accounts, { draw, times: ASKED, oldOpenings });
    return { found, orphans, partitions, asked, differences: compareMove(expected, found, asked) };
  };
  let seen = await look();
  // What objects have accepted is in the books some seconds later: that is no difference, unless it stays one.
  for (let looks = 1; looks < LOOKS_MAX && seen.differences.some(isCopied); looks++) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_PAUSE_MS));
    seen = await look();
  }
  const { found, orphans, partitions, asked, differences } = seen;
  for (const line of validateLines(expected, found, { asked, orphans, partitions }, differences)) console.log(line);
  await writeFile(
    flags.report,
    `${JSON.stringify({ differences, expected, found, asked, orphans, partitions }, null, 1)}\n`,
  );
  if (differences.length > 0) process.exitCode = 1;

  function ofAccess(path: string): Expected {
    const tally = new ReadingTally(country);
    const plan = { main: path, derived: flags.derived, country, asOf: flags["as-of"], now: Date.now() };
    const moved = readAccess(plan, progress, { onReading: tally.onReading, onTotal: () => undefined });
    return expectedOfAccess(moved, tally, country);
  }

  async function ofPostgres(url: string): Promise<Expected> {
    const old = await OldPostgres.open(url);
    try {
      const cutoverAt = flags.cutover === undefined ? null : instantNamed("cutover", flags.cutover);
      const { cutoverAt: knownCutoverAt } = await ask<{ cutoverAt: number | null }>("GET", "/move-in/figures/counts");
      const plan = { country, now: Date.now(), cutoverAt, sinceAt: null, knownCutoverAt };
      return expectedOf(await readPostgres(old, plan, progress), country);
    } finally {
      await old.close();
    }
  }
}
