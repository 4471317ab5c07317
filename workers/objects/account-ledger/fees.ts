import type { Country } from "../../../src/domain/country.ts";
import { accrualIdOf, accrualsDue } from "../../../src/domain/fees/accrual.ts";
import { type DebtName, type DebtTerms, feeKeyOf, UNALLOCATED } from "../../../src/domain/fees/debt.ts";
import { decideFee } from "../../../src/domain/fees/order.ts";
import type { Posting } from "../../../src/domain/ledger.ts";
import { buildPosting, feeLines, storable } from "../../../src/domain/posting.ts";
import type { AccountFacts, FeeAnswer, FeeOrder } from "../../../src/ports/accounts.ts";
import { customerRow } from "./post.ts";
import { type AccountTables, postedAnswer } from "./tables.ts";

type Refused = Extract<FeeAnswer, { status: "refused" }>;
/** Beside the key of the entry: what Postgres has of an entry is never given up for a refusal. */
const refusedKeyOf = (entryKey: string) => `${entryKey}:refused`;

type FiledFee = { answer: Exclude<FeeAnswer, { status: "not_ready" }>; posting: Posting | null };

/**
 * What an account owes is charged, written off or paid back, once an order. A refusal is kept as well: of two calls for one
 * order with a payment between them the second is told the same, or the order would end as refused and be posted. Call inside
 * a transaction.
 */
export function fileFee(tables: AccountTables, facts: AccountFacts, order: FeeOrder, now: number): FiledFee {
  const { act, part, id, amountMinor } = order;
  const entryKey = feeKeyOf(act, part, id);
  const before = tables.answer(entryKey);
  if (before?.status === "posted") return { answer: before, posting: null };
  const refused = tables.answer<Refused>(refusedKeyOf(entryKey));
  if (refused !== null) return { answer: refused, posting: null };
  const because =
    facts.currency === order.currency ? decideFee(tables.standings(), order, facts.status) : ("currency" as const);
  if (because !== null) {
    const answer: Refused = { status: "refused", because };
    return { answer: tables.fixAnswer(refusedKeyOf(entryKey), answer), posting: null };
  }
  const lines =
    act === "charge"
      ? feeLines(entryKey, amountMinor)
      : act === "writeoff"
        ? feeLines(entryKey, -amountMinor)
        : [
            ...feeLines(entryKey, amountMinor, "clearing"),
            // What was paid back is not owed again.
            ...(part === UNALLOCATED ? [] : feeLines(feeKeyOf("cancel", part, id), -amountMinor)),
          ];
  const { posting } = buildPosting(
    tables.head(),
    {
      accountId: facts.accountId,
      postingId: entryKey,
      currency: facts.currency,
      provider: act === "refund" ? "cash" : null,
      tariffId: null,
      rateE4PerKwh: null,
      receipt: null,
      actor: storable(order.actor),
      reason: storable(order.reason),
      occurredAt: order.at,
      acceptedAt: now,
    },
    lines,
  );
  tables.append(posting.rows);
  return { answer: tables.fixAnswer(entryKey, postedAnswer(facts.account, customerRow(posting))), posting };
}

/** Facts that an older release wrote know of no agreements. */
export const termsOf = (facts: AccountFacts): DebtTerms[] => facts.terms ?? [];

/**
 * Adds to a debt what its agreement says and has become due: each month or penalty once, under a key that names it. An account
 * that has ended owes no more than it did. Null: no terms of this debt are known here. Call inside a transaction.
 */
export function fileAccruals(
  tables: AccountTables,
  facts: AccountFacts,
  part: DebtName,
  { utcOffsetMinutes }: Pick<Country, "utcOffsetMinutes">,
  now: number,
): Posting[] | null {
  const terms = termsOf(facts).find((each) => each.part === part);
  if (terms === undefined) return null;
  if (facts.status === "terminated") return [];
  const due = accrualsDue(tables.feeLines(), terms, { now, utcOffsetMinutes });
  return due.map(({ act, period, amountMinor, at }) => {
    const entryKey = feeKeyOf(act, part, accrualIdOf(facts.account, period));
    const { posting } = buildPosting(
      tables.head(),
      {
        accountId: facts.accountId,
        postingId: entryKey,
        currency: facts.currency,
        provider: null,
        tariffId: null,
        rateE4PerKwh: null,
        receipt: null,
        actor: "machine",
        reason: `${act} of ${period}`,
        occurredAt: at,
        acceptedAt: now,
      },
      feeLines(entryKey, amountMinor),
    );
    tables.append(posting.rows);
    tables.fixAnswer(entryKey, postedAnswer(facts.account, customerRow(posting)));
    return posting;
  });
}
