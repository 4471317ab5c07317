import type { Country } from "../country.ts";
import type { RowRef } from "./cells.ts";
import type { OldTransaction } from "./transactions.ts";
import { instantOfWall } from "./wall-time.ts";

/** Openings of one call. */
export const OPENINGS_MAX = 200;
/** Ten gigawatt-hours: more than any household ever brings. */
export const OPENING_WH_MAX = 10_000_000_000;

/** What the old books say an account had left, and the row that says it: the document of its opening. */
export type OldOpening = { account: string; balanceWh: number; at: number; document: RowRef };

/** One opening an account: the balance beside its latest transaction that has one. */
export function openingsOf(transactions: readonly OldTransaction[], country: Country): OldOpening[] {
  const latest = new Map<string, OldTransaction & { balanceWh: number }>();
  for (const row of transactions) {
    const { balanceWh } = row;
    if (balanceWh !== null && isLater(row, latest.get(row.account))) latest.set(row.account, { ...row, balanceWh });
  }
  return [...latest.values()]
    .sort((a, b) => (a.account < b.account ? -1 : 1))
    .map(({ account, balanceWh, wallMs, table, id }) => ({
      account,
      balanceWh,
      at: instantOfWall(wallMs, country),
      document: { table, row: String(id) },
    }));
}

/** In one second of one table the later row is the later one: numbers ascend with the time of entry. */
function isLater(row: OldTransaction, than: OldTransaction | undefined): boolean {
  if (than === undefined || row.wallMs !== than.wallMs) return than === undefined || row.wallMs > than.wallMs;
  return row.table === than.table && row.id > than.id;
}
