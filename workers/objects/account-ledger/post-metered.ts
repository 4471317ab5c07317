import type { Posting } from "../../../src/domain/ledger.ts";
import { buildPosting, consumptionLines, storable } from "../../../src/domain/posting.ts";
import type { Debit } from "../../../src/domain/register.ts";
import { rateAt } from "../../../src/domain/tariff.ts";
import type { AccountFacts } from "../../../src/ports/accounts.ts";
import type { AccountTables } from "./tables.ts";

export type By = { actor: string | null; reason: string | null };
export const NOBODY: By = { actor: null, reason: null };

/** What an account's own posting owes Postgres. */
export type PostingRow = {
  kind: "posting";
  account: string;
  accountId: number;
  postingId: string;
  rows: Posting["rows"];
};
type Host = { tables: AccountTables; owe: (row: PostingRow) => void };

/** Posts metered energy under a key that is not posted yet, and owes it to Postgres. Call inside a transaction. */
export function postMetered(
  { tables, owe }: Host,
  facts: AccountFacts,
  entryKey: string,
  debit: Debit,
  now: number,
  by: By,
) {
  const { account, accountId, currency } = facts;
  const rate = rateAt(facts.rates, debit.readAt);
  const { posting } = buildPosting(
    tables.head(),
    {
      accountId,
      postingId: entryKey,
      currency,
      provider: null,
      tariffId: rate?.tariffId ?? null,
      rateE4PerKwh: rate?.rateE4PerKwh ?? null,
      receipt: null,
      actor: by.actor === null ? null : storable(by.actor),
      reason: by.reason === null ? null : storable(by.reason),
      occurredAt: debit.readAt,
      acceptedAt: now,
    },
    consumptionLines(entryKey, debit),
  );
  tables.append(posting.rows);
  owe({ kind: "posting", account, accountId, ...posting });
}
