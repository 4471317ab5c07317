import type { AccountFacts } from "../../../src/ports/accounts.ts";
import type { AnswerRestores } from "../../../src/ports/answer-restores.ts";
import type { CreditRestores } from "../../../src/ports/credit-restores.ts";
import type { ReadingRestores } from "../../../src/ports/reading-restores.ts";
import type { Restores } from "../../../src/ports/restores.ts";
import { fileLeftApplied, isReversedIn } from "./apply.ts";
import type { Desks } from "./desks.ts";
import { restoreCredits } from "./restore-credits.ts";
import { restoreMeters } from "./restore-meters.ts";

/** Entries that are loaded from Postgres at once. */
export const RESTORE_PAGE_MAX = 5_000;
/** Pages of one account in one call; an account with more goes on with the next call. */
const RESTORE_PAGES_MAX = 200;

export type AccountRestores = Omit<Restores, "accountsFacts"> & AnswerRestores & ReadingRestores & CreditRestores;

type Transaction = <T>(closure: () => T) => T;

/**
 * Loads an account from Postgres, page by page, each page in one transaction: a crash goes on where it was. "unknown"
 * means that Postgres answered and has no such account; then nothing has been written. "not_ready" also while Postgres has the
 * id that it knows for another account, or for none.
 */
export async function restoreAccount(
  desks: Desks,
  restores: AccountRestores,
  account: string,
  now: number,
  transaction: Transaction,
): Promise<"ready" | "not_ready" | "unknown"> {
  const { tables } = desks;
  const own = tables.meta()?.facts ?? null;
  // Learnt before a stop: a database that was set back since may have given the id to another, whose entries are not its own.
  if (own !== null && (await restores.isAccountsId(account, own.accountId)) !== true) return "not_ready";
  const facts = own ?? (await restores.accountFacts(account));
  if (facts === "down") return "not_ready";
  if (facts === null) return "unknown";
  const entries = await everyPage(async () => {
    const rows = await restores.accountEntries(facts.accountId, tables.head().seq, RESTORE_PAGE_MAX);
    if (rows === "down") return "down";
    transaction(() => {
      tables.putFacts(facts);
      for (const row of rows) tables.adopt(facts.account, row);
    });
    return rows.length;
  });
  if (!entries) return "not_ready";
  let after = "";
  const refusals = await everyPage(async () => {
    const keys = await restores.refusedKeys(facts.accountId, after, RESTORE_PAGE_MAX);
    if (keys === "down") return "down";
    transaction(() => {
      for (const { entryKey } of keys) if (tables.answer(entryKey) === null) tables.fixRefusal(entryKey, "moved");
    });
    after = keys.at(-1)?.entryKey ?? after;
    return keys.length;
  });
  if (!refusals) return "not_ready";
  if ((await restoreMeters(desks, restores, facts, now, transaction)) === null) return "not_ready";
  if ((await restoreCredits(desks, restores, facts, now, transaction)) === "down") return "not_ready";
  transaction(() => {
    settleReversed(desks, tables.meta()?.facts ?? facts, now);
    tables.setRestored(tables.head().seq);
  });
  return "ready";
}

/** The copy may have been cut between a payment's reversal and what goes with it. */
function settleReversed(desks: Desks, facts: AccountFacts, now: number) {
  const { account, accountId } = facts;
  const postings = fileLeftApplied(desks.tables, facts, null);
  for (const posting of postings) desks.owe({ kind: "posting", account, accountId, ...posting });
  desks.credits.takeBackReversed(facts, isReversedIn(desks.tables), now);
  if (postings.length > 0) desks.afterDebit(facts, now);
}

/** True when the last page came; false when Postgres went away, or there is more than one call may load. */
async function everyPage(load: () => Promise<number | "down">): Promise<boolean> {
  for (let page = 0; page < RESTORE_PAGES_MAX; page++) {
    const rows = await load();
    if (rows === "down") return false;
    if (rows < RESTORE_PAGE_MAX) return true;
  }
  return false;
}

/** Versions that Postgres gives start far above: these facts come from whoever just made the account, and nobody else. */
export const isNewborn = (facts: AccountFacts) => facts.version <= 1;
