import type { AccountFacts, KeptAccount } from "../../../src/ports/accounts.ts";
import type { Desks } from "./desks.ts";

/** What an account has of which Postgres has nothing, if it was set back since. */
export function keptOf(
  sql: SqlStorage,
  { tables }: Desks,
  facts: AccountFacts,
  copy: KeptAccount["copy"],
): KeptAccount {
  const { balanceWh, seq } = tables.head();
  const { paidMinor } = sql
    .exec<{ paidMinor: number }>("SELECT coalesce(sum(amount_minor), 0) AS paidMinor FROM payments WHERE reversed = 0")
    .one();
  return { facts, balanceWh, seq, paidMinor, copy };
}
