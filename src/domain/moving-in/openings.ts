import type { RowRef } from "./cells.ts";
import type { TakenTransaction } from "./transactions.ts";

/** What the old books say an account had left, and the row that says it: the document of its opening. */
export type OldOpening = { account: string; balanceWh: number; at: number; document: RowRef };

/** One opening an account: the balance beside its latest transaction that has one. */
export function openingsOf(transactions: readonly TakenTransaction[]): OldOpening[] {
  const latest = new Map<string, OldOpening>();
  for (const { account, balanceWh, paidAt, source, sourceId } of transactions) {
    if (account === null || balanceWh === null || paidAt === null) continue;
    const before = latest.get(account);
    // In one second the later row is the later one: numbers ascend with the time of entry.
    const isLater =
      before === undefined ||
      paidAt > before.at ||
      (paidAt === before.at && source === before.document.table && Number(sourceId) > Number(before.document.row));
    if (isLater) latest.set(account, { account, balanceWh, at: paidAt, document: { table: source, row: sourceId } });
  }
  return [...latest.values()].sort((a, b) => (a.account < b.account ? -1 : 1));
}
