import { line } from "../report-lines.ts";
import type { Asked, Difference, Found } from "./compare.ts";
import type { Expected } from "./expected.ts";

/** Differences printed; all of them are counted. */
const SHOWN_MAX = 100;
const ORPHANS_SHOWN_MAX = 10;

export type Orphan = { account: string | null; rows: number };
export type Partition = { name: string; bounds: string; rows: number };

export function validateLines(
  expected: Expected | null,
  found: Found,
  more: { asked: readonly Asked[]; orphans: readonly Orphan[]; partitions: readonly Partition[] },
  differences: readonly Difference[],
): string[] {
  const { counts, sums, readings } = found;
  const { asked, orphans, partitions } = more;
  const rows = sums.reduce((sum, each) => sum + each.rows, 0);
  return [
    line("customers", counts.customersOfAccess + counts.customersOfPostgres, ""),
    line("accounts", counts.accounts, ""),
    line("meters", counts.meters, `${counts.metersPlaced} placed on accounts that moved in`),
    line("transactions", rows, ""),
    line(
      "readings",
      readings.reduce((sum, each) => sum + each.rows, 0),
      "",
    ),
    line("openings", counts.openings, `${counts.openingsWh} Wh`),
    line("accounts asked", asked.length, "each by its own object, the books, and the old system"),
    line("partitions", partitions.length, ""),
    line("accounts not here", orphans.length, "that the history names"),
    ...orphans.slice(0, ORPHANS_SHOWN_MAX).map(({ account, rows: of }) => `    ${account ?? "no account"}: ${of} rows`),
    ...(expected === null ? [] : explainedLines(expected)),
    "",
    ...(differences.length === 0
      ? [expected === null ? "nothing differs within these books" : `nothing differs from ${expected.name}`]
      : [`${differences.length} differences`]),
    ...differences.slice(0, SHOWN_MAX).map(({ what, old, here }) => `  ${what}: there ${old}, here ${here}`),
    ...(differences.length > SHOWN_MAX ? [`  and ${differences.length - SHOWN_MAX} more`] : []),
  ];
}

/** Why there are more rows there than here: nothing of it is a difference. */
const explainedLines = ({ explained, oldRows }: Expected): string[] => [
  "",
  "explained: rows that are there and must not be here",
  ...explained.map(({ table, reason, rows }) =>
    line(`  ${table}`, rows, oldRows[table] === undefined ? reason : `${reason}, of ${oldRows[table]} rows`),
  ),
];
