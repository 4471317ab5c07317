import type { AllocationRow, OutboxItem, OutboxRow, PaymentRow } from "../../../src/domain/outbox.ts";

type HeldRow = ({ kind: "payment" } & PaymentRow) | ({ kind: "allocation" } & AllocationRow);

const isHeld = (row: OutboxRow): row is HeldRow =>
  (row.kind === "payment" || row.kind === "allocation") && row.account !== null;

/**
 * What a shard owes, with the ids that accounts have said to go under since: a database that was set back may have given an
 * account's number to somebody else, and the number alone does not tell. An account that has not posted has said none.
 */
export function withHolderIds(sql: SqlStorage, items: readonly OutboxItem[]): OutboxItem[] {
  const receipts = new Set(items.flatMap(({ row }) => (isHeld(row) ? [row.receipt] : [])));
  if (receipts.size === 0) return [...items];
  const ids = new Map(
    sql
      .exec<{ receipt: string; account: string; id: number }>(
        `SELECT receipt, account, json_extract(entry, '$.accountId') AS id FROM entries
        WHERE receipt IN (SELECT value FROM json_each(?)) AND json_extract(entry, '$.accountId') IS NOT NULL`,
        JSON.stringify([...receipts]),
      )
      .toArray()
      .map(({ receipt, account, id }) => [`${receipt} ${account}`, id]),
  );
  return items.map((item) => {
    const accountId = isHeld(item.row) ? ids.get(`${item.row.receipt} ${item.row.account}`) : undefined;
    return accountId === undefined ? item : { ...item, row: { ...item.row, accountId } as HeldRow };
  });
}
