import { isFeePart } from "../../../src/domain/fees/debt.ts";
import type { LedgerRow } from "../../../src/domain/ledger.ts";
import type { CaseRow } from "../../../src/domain/outbox.ts";
import { buildPosting, isMetered } from "../../../src/domain/posting.ts";
import { planReconcile, type ReconcilePlan } from "../../../src/domain/reconcile.ts";
import type { AccountFacts } from "../../../src/ports/accounts.ts";
import type { OutboxTable } from "../outbox.ts";
import { fileLeftApplied, isReversedIn } from "./apply.ts";
import type { Desks } from "./desks.ts";
import { fileReversal } from "./post.ts";
import { type AccountRestores, RESTORE_PAGE_MAX } from "./restore.ts";
import { type AccountTables, postedAnswer } from "./tables.ts";

/** Entries of one account that are compared; an account pays a few hundred times in its life. */
const RECONCILE_ENTRIES_MAX = 100_000;
const OUTBOX_ROWS_MAX = 100_000;

/** What a comparison with Postgres came to: how many entries were taken over, filed anew and sent again, and readings sent again. */
export type Reconciled =
  | { status: "agree"; adopted: number; refiled: number; resent: number; readings: number }
  | { status: "conflict"; entryKeys: string[]; because?: "other_account" }
  | { status: "not_ready" };

type Agreed = Extract<Reconciled, { status: "agree" }>;

/** All entries that Postgres has of an account. */
export async function recordedEntries(restores: AccountRestores, accountId: number): Promise<LedgerRow[] | "down"> {
  const all: LedgerRow[] = [];
  while (all.length < RECONCILE_ENTRIES_MAX) {
    const page = await restores.accountEntries(accountId, all.at(-1)?.seq ?? 0, RESTORE_PAGE_MAX);
    if (page === "down") return "down";
    all.push(...page);
    if (page.length < RESTORE_PAGE_MAX) break;
  }
  return all;
}

/** Makes the account agree with what Postgres has. Call inside a transaction; every change opens a case. */
export function reconcile(
  { tables, meters, vendorDays, credits }: Pick<Desks, "tables" | "meters" | "vendorDays" | "credits">,
  outbox: OutboxTable,
  facts: AccountFacts,
  recorded: readonly LedgerRow[],
  now: number,
): Exclude<Reconciled, { status: "not_ready" } | { status: "agree" }> | Omit<Agreed, "readings"> {
  const { account, accountId } = facts;
  const plan = planReconcile(tables.entriesAfter(0, RECONCILE_ENTRIES_MAX), recorded);
  const tell = (caseKind: CaseRow["caseKind"], name: string, details: unknown) =>
    outbox.add({
      kind: "case",
      caseKey: `${caseKind}:${account}:${name}`,
      caseKind,
      subject: account,
      detailsJson: JSON.stringify(details),
      state: "open",
      openedAt: now,
      closedAt: null,
      version: 1,
    });
  if (plan.kind === "conflict") {
    tell("copy_conflict", plan.entryKeys[0] ?? "", { entryKeys: plan.entryKeys });
    return { status: "conflict", entryKeys: plan.entryKeys };
  }
  const waiting = clearOutbox(outbox, plan, now);
  const lines = new Map([...plan.refile, ...plan.resend].map((id) => [id, tables.linesOf(id)]));
  for (const postingId of [...plan.refile, ...plan.withdraw]) tables.withdraw(postingId);
  const givenUp: string[] = [];
  for (const row of plan.adopt) {
    if (tables.answer(row.entryKey)?.status === "refused") givenUp.push(row.entryKey);
    tables.adopt(account, row);
    tell("ledger_drift", row.entryKey, { adopted: row.entryKey, seq: row.seq });
  }
  const refiled: LedgerRow[] = [];
  for (const postingId of plan.refile) {
    const rows = refile(tables, accountId, lines.get(postingId) ?? []);
    refiled.push(...rows.filter((line) => line.seq !== null));
    outbox.add({ kind: "posting", account, accountId, postingId, rows });
    for (const row of rows.filter((line) => line.seq !== null)) {
      if (!isMetered(row) && !isFeePart(row)) tables.replaceAnswer(row.entryKey, postedAnswer(account, row));
      tell("refiled_entry", row.entryKey, { entryKey: row.entryKey, seq: row.seq });
    }
  }
  // What this account gave up while it had forgotten it is another's by now: it is taken back.
  for (const entryKey of givenUp) {
    const order = { entryKey, actor: "machine", reason: "given up before it was known again", at: now };
    const { posting } = fileReversal(tables, facts, order, now);
    if (posting !== null) outbox.add({ kind: "posting", account, accountId, ...posting });
  }
  for (const posting of fileLeftApplied(tables, facts, now))
    outbox.add({ kind: "posting", account, accountId, ...posting });
  credits.takeBackReversed(facts, isReversedIn(tables), now);
  meters.giveBackOverlaps(facts, plan.adopt, refiled, now);
  meters.catchUp();
  vendorDays.settleAfter(facts, [...plan.adopt, ...refiled], now);
  const resend = plan.resend.filter((postingId) => !waiting.has(postingId));
  for (const postingId of resend)
    outbox.add({ kind: "posting", account, accountId, postingId, rows: lines.get(postingId) ?? [] });
  if (resend.length > 0) tell("ledger_drift", `resent:${resend[0]}`, { resent: resend });
  return { status: "agree", adopted: plan.adopt.length, refiled: plan.refile.length, resent: resend.length };
}

/** Lets the copy go on, without the postings that are filed anew or withdrawn; returns those that wait in it already. */
function clearOutbox(outbox: OutboxTable, plan: Extract<ReconcilePlan, { kind: "agree" }>, now: number): Set<string> {
  const stale = new Set([...plan.refile, ...plan.withdraw]);
  const waiting = new Set<string>();
  const recorded: number[] = [];
  outbox.resume();
  for (const { id, row } of outbox.waiting(OUTBOX_ROWS_MAX)) {
    if (row.kind !== "posting") continue;
    if (stale.has(row.postingId)) recorded.push(id);
    else waiting.add(row.postingId);
  }
  outbox.close({ recorded, refused: [], stop: null }, now);
  return waiting;
}

/** The same posting after the head: same keys and content, but its own place, balance and link of the chain. */
function refile(tables: AccountTables, accountId: number, rows: readonly LedgerRow[]): LedgerRow[] {
  const [first] = rows;
  if (first === undefined) return [];
  const { posting } = buildPosting(tables.head(), { ...first, accountId }, rows);
  tables.append(posting.rows);
  return posting.rows;
}
