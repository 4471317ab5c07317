import type { AccountFacts } from "../../src/ports/accounts.ts";
import type { Restores } from "../../src/ports/restores.ts";
import type { AccountTables } from "./account-ledger-tables.ts";

/** Entries that are loaded from Postgres at once. */
export const RESTORE_PAGE_MAX = 5_000;
/** Pages of one account in one call; an account with more goes on with the next call. */
const RESTORE_PAGES_MAX = 200;

type Transaction = <T>(closure: () => T) => T;

/**
 * Loads an account from Postgres, page by page, each page in one transaction: a crash goes on where it was. "unknown"
 * means that Postgres answered and has no such account; then nothing has been written.
 */
export async function restoreAccount(
  tables: AccountTables,
  restores: Restores,
  account: string,
  transaction: Transaction,
): Promise<"ready" | "not_ready" | "unknown"> {
  const facts = tables.meta()?.facts ?? (await restores.accountFacts(account));
  if (facts === "down") return "not_ready";
  if (facts === null) return "unknown";
  for (let page = 0; page < RESTORE_PAGES_MAX; page++) {
    const after = tables.head().seq;
    const rows = await restores.accountEntries(facts.accountId, after, RESTORE_PAGE_MAX);
    if (rows === "down") return "not_ready";
    const last = rows.length < RESTORE_PAGE_MAX;
    transaction(() => {
      tables.putFacts(facts);
      for (const row of rows) tables.adopt(facts.account, row);
      if (last) tables.setRestored(tables.head().seq);
    });
    if (last) return "ready";
  }
  return "not_ready";
}

/** Facts of an account that was just created, or not seen since its object lost its memory. Only the first may start empty. */
export const isNewborn = (facts: AccountFacts) => facts.version <= 1;
