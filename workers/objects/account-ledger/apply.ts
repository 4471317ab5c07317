import { reversalKeyOf } from "../../../src/domain/claim.ts";
import { minorDigitsOf } from "../../../src/domain/country.ts";
import { energyForMoney } from "../../../src/domain/energy.ts";
import { UNALLOCATED } from "../../../src/domain/fees/debt.ts";
import {
  appliedKeyOf,
  appliedOf,
  decideApply,
  newestSaleAt,
  type Unallocated,
  unallocatedOf,
} from "../../../src/domain/fees/unallocated.ts";
import type { Posting } from "../../../src/domain/ledger.ts";
import { MACHINE_ACTOR } from "../../../src/domain/person.ts";
import { appliedLines, buildPosting, storable } from "../../../src/domain/posting.ts";
import { rateAt } from "../../../src/domain/tariff.ts";
import type { AccountFacts, ApplyAnswer, ApplyOrder } from "../../../src/ports/accounts.ts";
import { customerRow, fileReversal, type ReverseOrder } from "./post.ts";
import { type AccountTables, postedAnswer } from "./tables.ts";

type FiledApply = { answer: Exclude<ApplyAnswer, { status: "not_ready" }>; posting: Posting | null };

/** What nothing took of the account's payments to the number of the contract. Few accounts ever have any. */
export const restsOf = (tables: AccountTables): Unallocated[] =>
  tables.standings().some(({ part }) => part === UNALLOCATED) ? unallocatedOf(tables.feeLines()) : [];

/** When the account last bought energy: by a payment, or later for what nothing took of one. Null: it never did. */
export function lastBoughtAt(tables: AccountTables): number | null {
  const paidAt = tables.lastPaymentAt();
  if (!tables.standings().some(({ part }) => part === UNALLOCATED)) return paidAt;
  const soldAt = newestSaleAt(tables.feeLines());
  return soldAt === null ? paidAt : Math.max(soldAt, paidAt ?? soldAt);
}

/**
 * Sells energy for what is left of a payment, once a picture of it: the entry is named by the payment and by what was left. A
 * refusal is not kept. Call inside a transaction.
 */
export function fileApply(tables: AccountTables, facts: AccountFacts, order: ApplyOrder, now: number): FiledApply {
  const { paymentKey, leftMinor, amountMinor, at } = order;
  const entryKey = appliedKeyOf(paymentKey, leftMinor);
  const before = tables.answer(entryKey);
  if (before?.status === "posted" && tables.answer(reversalKeyOf(entryKey)) === null) {
    if (tables.entry(entryKey)?.amountMinor === amountMinor) return { answer: before, posting: null };
    return { answer: { status: "refused", because: "stale" }, posting: null };
  }
  const rest = restsOf(tables).find((each) => each.paymentKey === paymentKey);
  const rate = rateAt(facts.rates, at);
  const rateE4PerKwh = rate?.rateE4PerKwh ?? null;
  const energyWh =
    rateE4PerKwh === null ? null : energyForMoney(amountMinor, minorDigitsOf(facts.currency), rateE4PerKwh);
  const because = decideApply(rest, order, { status: facts.status, energyWh });
  if (because !== null || energyWh === null)
    return { answer: { status: "refused", because: because ?? "tariff_unset" }, posting: null };
  const { posting } = buildPosting(
    tables.head(),
    {
      accountId: facts.accountId,
      postingId: entryKey,
      currency: facts.currency,
      provider: tables.entry(paymentKey)?.provider ?? null,
      tariffId: rate?.tariffId ?? null,
      rateE4PerKwh,
      // The receipt's shard counts what names it: of its payment nothing has changed.
      receipt: null,
      actor: storable(order.actor),
      reason: storable(order.reason),
      occurredAt: at,
      acceptedAt: now,
    },
    appliedLines(entryKey, energyWh, amountMinor),
  );
  tables.append(posting.rows);
  return { answer: tables.fixAnswer(entryKey, postedAnswer(facts.account, customerRow(posting))), posting };
}

/**
 * Takes back the energy that was sold for what a payment left, once that payment is taken back: its money is another's then.
 * Returns what was filed, by the entry that it takes back. Call inside a transaction, after the payment's own reversal.
 */
export function fileUnapplied(tables: AccountTables, facts: AccountFacts, order: ReverseOrder, now: number) {
  if (tables.answer(reversalKeyOf(order.entryKey))?.status !== "posted") return [];
  return liveApplied(tables).flatMap(({ entryKey, paymentKey }) => {
    if (paymentKey !== order.entryKey) return [];
    const { posting } = fileReversal(tables, facts, { ...order, entryKey }, now);
    return posting === null ? [] : [{ entryKey, posting }];
  });
}

/**
 * The same for every payment that was taken back already: an account that was set back, or lost its memory, may know its payment's
 * reversal and the energy, and not that the one took the other along. Named after the payment's reversal. `acceptedAt` null: accepted with
 * it, so that what was filed with it and is on its way to Postgres is the same entry. Call inside a transaction.
 */
export function fileLeftApplied(tables: AccountTables, facts: AccountFacts, acceptedAt: number | null): Posting[] {
  return liveApplied(tables).flatMap(({ entryKey, paymentKey }) => {
    const reversal = tables.entry(reversalKeyOf(paymentKey));
    if (reversal === null) return [];
    const { actor, reason, occurredAt: at } = reversal;
    const order = { entryKey, actor: actor ?? MACHINE_ACTOR, reason: reason ?? "its payment was taken back", at };
    const { posting } = fileReversal(tables, facts, order, acceptedAt ?? reversal.acceptedAt);
    return posting === null ? [] : [posting];
  });
}

/** Whether an entry of the account was taken back. */
export const isReversedIn = (tables: AccountTables) => (entryKey: string) =>
  tables.entry(reversalKeyOf(entryKey)) !== null;

const liveApplied = (tables: AccountTables) =>
  tables.standings().some(({ part }) => part === UNALLOCATED) ? appliedOf(tables.feeLines()) : [];
