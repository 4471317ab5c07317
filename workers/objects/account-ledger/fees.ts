import { feeKeyOf, UNALLOCATED } from "../../../src/domain/fees/debt.ts";
import { decideFee } from "../../../src/domain/fees/order.ts";
import type { Posting } from "../../../src/domain/ledger.ts";
import { buildPosting, feeLines, storable } from "../../../src/domain/posting.ts";
import type { AccountFacts, FeeAnswer, FeeOrder } from "../../../src/ports/accounts.ts";
import { customerRow } from "./post.ts";
import { type AccountTables, postedAnswer } from "./tables.ts";

type FiledFee = { answer: Exclude<FeeAnswer, { status: "not_ready" }>; posting: Posting | null };

/**
 * What an account owes is charged, written off or paid back, once an order. A refusal is not kept: the order that gets it is
 * ended where it was given. Call inside a transaction.
 */
export function fileFee(tables: AccountTables, facts: AccountFacts, order: FeeOrder, now: number): FiledFee {
  const { act, part, id, amountMinor } = order;
  const entryKey = feeKeyOf(act, part, id);
  const before = tables.answer(entryKey);
  if (before?.status === "posted") return { answer: before, posting: null };
  if (facts.currency !== order.currency) return { answer: { status: "refused", because: "currency" }, posting: null };
  const because = decideFee(tables.standings(), order, facts.status);
  if (because !== null) return { answer: { status: "refused", because }, posting: null };
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
