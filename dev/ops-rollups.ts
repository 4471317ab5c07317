import { type Command, type Flags, need } from "./command.ts";
import { call, type Door } from "./door.ts";
import { clearLine, progressLine } from "./progress-line.ts";

/** Months that a command goes through at most, and days that it names of a table. */
const MONTHS_MAX = 240;
const DAYS_NAMED_MAX = 40;

type Day = { day: string; differ: number; isWaiting: boolean };
type Verified = { from: string; to: string; tables: { table: string; days: Day[] }[]; written: number | null };

/** Commands about what reports add up. */
export const ROLLUP_COMMANDS: Record<string, Command> = {
  "rollups:verify": {
    help: "--from 2025-01-01 --to 2026-11-30 [--write --actor NAME]   the sums of reports beside the rows they are made of, month by month; exit 1 where they differ though nothing of the day waits to be added up; --write puts them right",
    run: verify,
  },
};

async function verify(door: Door, flags: Flags) {
  const write = flags.write === "true";
  const parts = monthsBetween(need(flags, "from"), need(flags, "to"));
  const found = new Map<string, Day[]>();
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
    for (const { table, days } of page.tables) found.set(table, [...(found.get(table) ?? []), ...days]);
    written += page.written ?? 0;
  }
  clearLine();
  for (const line of differences(found)) console.log(line);
  if (write) console.log(`${written} rows written`);
  else if ([...found.values()].some((days) => days.some(({ isWaiting }) => !isWaiting))) process.exitCode = 1;
}

/** Of each table how many rows differ, and of which days; those that only wait for the job apart. */
export function differences(found: ReadonlyMap<string, readonly Day[]>): string[] {
  const rows = (days: readonly Day[]) => days.reduce((sum, { differ }) => sum + differ, 0);
  const named = (what: string, days: readonly Day[]) =>
    days.length === 0
      ? []
      : [
          `  ${what}: ${days
            .slice(0, DAYS_NAMED_MAX)
            .map(({ day, differ }) => `${day} (${differ})`)
            .join(", ")}${days.length > DAYS_NAMED_MAX ? `, and ${days.length - DAYS_NAMED_MAX} more` : ""}`,
        ];
  return [...found].flatMap(([table, days]) => {
    const waiting = days.filter(({ isWaiting }) => isWaiting);
    const wrong = days.filter(({ isWaiting }) => !isWaiting);
    const waits = waiting.length === 0 ? "" : `, and ${rows(waiting)} wait to be added up`;
    return [
      `${table.padEnd(24)} ${rows(wrong)} rows differ${waits}`,
      ...named("differ", wrong),
      ...named("wait", waiting),
    ];
  });
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
