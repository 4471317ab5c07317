import type { LedgerRow } from "../../src/domain/ledger.ts";
import type { FeeOrder } from "../../src/ports/accounts.ts";
import { ledger, live, PAID_AT, posted } from "./account-makers.ts";

export const order = (over: Partial<FeeOrder> = {}): FeeOrder => ({
  act: "charge",
  part: "connection",
  id: "order-1",
  amountMinor: 50_100,
  currency: "LSL",
  actor: "registration",
  reason: "registered",
  at: PAID_AT - 86_400_000,
  ...over,
});

export async function entriesOf(account: string): Promise<LedgerRow[]> {
  const rows = await ledger(account).entriesAfter(account, 0, 1_000);
  if (rows === "not_ready") throw new Error("not ready");
  return rows;
}

export async function viewOf(account: string) {
  const view = await ledger(account).view(account);
  if (view === null || view === "not_ready") throw new Error("no view");
  return view;
}

export const owed = async (account: string) =>
  Object.fromEntries((await viewOf(account)).debts.map(({ part, outstandingMinor }) => [part, outstandingMinor]));

export async function owedLines(account: string): Promise<LedgerRow[]> {
  const items = await ledger(account).copyBatch(1_000);
  return items.flatMap(({ row }) => (row.kind === "posting" ? row.rows : []));
}
export const said = (rows: readonly LedgerRow[]) =>
  rows.map(({ entryKey, book, energyWh, amountMinor }) => `${entryKey} ${book} ${energyWh} ${amountMinor}`);
export const sums = (rows: readonly LedgerRow[]) => [
  rows.reduce((sum, { energyWh }) => sum + energyWh, 0),
  rows.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
];

/** An account with light that owes the connection. */
export async function indebted(account: string, over: Parameters<typeof live>[1] = {}) {
  await live(account, over);
  posted(await ledger(account).fee(account, order({ id: account })));
  return account;
}
