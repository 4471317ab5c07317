import { type Command, type Flags, need } from "./command.ts";
import { call, type Door } from "./door.ts";
import { clearLine, progressLine } from "./progress-line.ts";

/** Months that a command goes through at most. */
const MONTHS_MAX = 240;

type Verified = { from: string; to: string; tables: { table: string; differ: number }[]; written: number | null };

/** Commands about what reports add up. */
export const ROLLUP_COMMANDS: Record<string, Command> = {
  "rollups:verify": {
    help: "--from 2025-01-01 --to 2026-11-30 [--write --actor NAME]   the sums of reports beside the rows they are made of, month by month; exit 1 where they differ; --write puts them right",
    run: verify,
  },
};

async function verify(door: Door, flags: Flags) {
  const write = flags.write === "true";
  const parts = monthsBetween(need(flags, "from"), need(flags, "to"));
  const differ = new Map<string, number>();
  let written = 0;
  const draw = progressLine();
  for (const [nth, { from, to }] of parts.entries()) {
    draw(() => `${from} (${nth + 1} of ${parts.length})`);
    const page: Verified = await call(
      door,
      "POST",
      "/rollups/verify",
      { from, to, write },
      flags.actor ?? "rollups:verify",
    );
    for (const each of page.tables) differ.set(each.table, (differ.get(each.table) ?? 0) + each.differ);
    written += page.written ?? 0;
  }
  clearLine();
  for (const [table, rows] of differ) console.log(`${table.padEnd(24)} ${rows} rows differ`);
  if (write) console.log(`${written} rows written`);
  else if ([...differ.values()].some((rows) => rows > 0)) process.exitCode = 1;
}

function monthsBetween(from: string, to: string): { from: string; to: string }[] {
  const parts: { from: string; to: string }[] = [];
  for (let start = from; start <= to && parts.length < MONTHS_MAX; ) {
    const end = new Date(Date.UTC(Number(start.slice(0, 4)), Number(start.slice(5, 7)), 0)).toISOString().slice(0, 10);
    parts.push({ from: start, to: end < to ? end : to });
    start = new Date(Date.parse(end) + 86_400_000).toISOString().slice(0, 10);
  }
  return parts;
}
