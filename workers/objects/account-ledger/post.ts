import { reversalKeyOf } from "../../../src/domain/claim.ts";
import { correctionKeyOf, correctionOf } from "../../../src/domain/correction.ts";
import type { Country } from "../../../src/domain/country.ts";
import { energyForMoney } from "../../../src/domain/energy.ts";
import { debtsOf, owesNothing } from "../../../src/domain/fees/debt.ts";
import { type SplitPart, splitPayment } from "../../../src/domain/fees/split.ts";
import {
  decidePost,
  type FinalAnswer,
  type HeldPayment,
  type LedgerRow,
  type PaymentPost,
  type Posting,
  TWIN_WINDOW_MS,
} from "../../../src/domain/ledger.ts";
import { MACHINE_ACTOR } from "../../../src/domain/person.ts";
import {
  buildPosting,
  correctionLines,
  type DebtPart,
  openingLines,
  paymentLines,
  reversalLines,
  storable,
} from "../../../src/domain/posting.ts";
import { rateAt } from "../../../src/domain/tariff.ts";
import type { AccountFacts, CorrectOrder, OpeningOrder } from "../../../src/ports/accounts.ts";
import { termsOf } from "./fees.ts";
import { type AccountTables, postedAnswer } from "./tables.ts";
import type { EchoedCredit } from "./vendor-credits.ts";

/** What filing something came to: the answer, the posting when something new was filed, and what was filed after it. */
export type Filed = { answer: FinalAnswer; posting: Posting | null; after?: Posting[] };

export type ReverseOrder = { entryKey: string; actor: string; reason: string; at: number };

/**
 * Decides on a payment and files the outcome. `echoed`: credits of ours that it may be the echo of, whatever they carried
 * and whenever that was paid. Call inside a transaction.
 */
export function filePayment(
  tables: AccountTables,
  facts: AccountFacts,
  payment: PaymentPost,
  echoed: readonly EchoedCredit[],
  now: number,
  country: Pick<Country, "fees" | "features" | "minorDigits">,
): Filed {
  const held = [
    ...tables.heldNear(payment.amountMinor, payment.paidAt, TWIN_WINDOW_MS),
    ...echoed.map((credit) => heldAs(tables, credit, payment)),
  ];
  const decision = decidePost(facts, tables.answer(payment.entryKey), held, payment);
  if (decision.decided === "answered") return { answer: decision.answer, posting: null };
  if (decision.decided === "refuse")
    return { answer: tables.fixRefusal(payment.entryKey, decision.because, decision.twinReceipt), posting: null };
  const split = splitHere(tables, facts, payment, country);
  const { posting } = buildPosting(
    tables.head(),
    {
      accountId: facts.accountId,
      postingId: payment.entryKey,
      currency: payment.currency,
      provider: payment.provider,
      tariffId: decision.rate.tariffId,
      rateE4PerKwh: decision.rate.rateE4PerKwh,
      receipt: payment.receipt,
      actor: payment.actor,
      // The road is kept on the entry, so that a restored account still knows which payments were told twice.
      reason: payment.road,
      occurredAt: payment.paidAt,
      acceptedAt: now,
    },
    split === null
      ? paymentLines(payment, decision.energyWh)
      : paymentLines(payment, energyOf(split, country, decision.rate), debtPartsOf(split)),
  );
  tables.append(posting.rows);
  tables.addPayment(payment);
  return { answer: tables.fixAnswer(payment.entryKey, postedAnswer(facts.account, customerRow(posting))), posting };
}

/**
 * How a payment is split by what the account owes; null: it owes nothing that a payment pays, and all of it is energy. What was
 * paid to the number of the contract sells no energy, whatever is owed.
 */
function splitHere(
  tables: AccountTables,
  facts: AccountFacts,
  payment: PaymentPost,
  { fees, features, minorDigits }: Pick<Country, "fees" | "features" | "minorDigits">,
): SplitPart[] | null {
  // What was paid on a vendor's platform is energy in its wallet already.
  if (!features.fees || payment.road === "mirror") return null;
  const channel = payment.road === "contract_sms" ? "fees" : "electricity";
  const debts = debtsOf(tables.standings(), termsOf(facts));
  if (owesNothing(debts) && channel === "electricity") return null;
  return splitPayment({
    amountMinor: payment.amountMinor,
    minorDigits,
    channel,
    isCommissioned: facts.commissioned,
    // What a person has moved is not taken for a price; what came late because its first text was cut is.
    recognises: payment.contra === "clearing" || payment.actor === MACHINE_ACTOR,
    prices: fees,
    debts,
  });
}

const debtPartsOf = (split: readonly SplitPart[]): DebtPart[] =>
  split.flatMap(({ to, amountMinor }) => (to === "energy" ? [] : [{ to, amountMinor }]));

const energyOf = (
  split: readonly SplitPart[],
  { minorDigits }: Pick<Country, "minorDigits">,
  rate: { rateE4PerKwh: number },
) => energyForMoney(split.find(({ to }) => to === "energy")?.amountMinor ?? 0, minorDigits, rate.rateE4PerKwh);

/** A credit in the wallet beside the entry that it carries there. Who ordered a correction is no second person for its echo. */
function heldAs(tables: AccountTables, { externalId, at }: EchoedCredit, { amountMinor }: PaymentPost): HeldPayment {
  const entry = tables.entry(externalId);
  const provider = entry?.provider ?? "cash";
  return {
    receipt: entry?.receipt ?? externalId,
    provider,
    road: "manual",
    amountMinor,
    paidAt: at,
    actor: entry?.actor ?? null,
  };
}

/** Takes back what was posted under a key, once; a key never seen is refused from now on. Call inside a transaction. */
export function fileReversal(tables: AccountTables, facts: AccountFacts, order: ReverseOrder, now: number): Filed {
  const reversalKey = reversalKeyOf(order.entryKey);
  const before = tables.answer(reversalKey);
  if (before !== null) return { answer: before, posting: null };
  const answer = settleKey(tables, order.entryKey);
  const posted = tables.entry(order.entryKey);
  if (answer.status === "refused" || posted === null) return { answer, posting: null };
  const { posting } = buildPosting(
    tables.head(),
    {
      accountId: facts.accountId,
      postingId: reversalKey,
      currency: posted.currency,
      provider: posted.provider,
      tariffId: posted.tariffId,
      rateE4PerKwh: posted.rateE4PerKwh,
      receipt: posted.receipt,
      actor: storable(order.actor),
      reason: storable(order.reason),
      occurredAt: order.at,
      acceptedAt: now,
    },
    partsOf(tables, posted).flatMap(reversalLines),
  );
  tables.append(posting.rows);
  tables.reversePayment(order.entryKey);
  return { answer: tables.fixAnswer(reversalKey, postedAnswer(facts.account, customerRow(posting))), posting };
}

/** The account's lines that are taken back together: of a payment each part, so that the debts it paid are owed again. */
const partsOf = (tables: AccountTables, posted: LedgerRow): LedgerRow[] =>
  posted.kind === "payment" ? tables.linesOf(posted.postingId).filter(({ seq }) => seq !== null) : [posted];

/** One opening an account, for ever: the same document again is answered as before, whatever it says by then. */
export const openingKeyOf = (account: string) => `opening:${account}`;

/** True when the account has begun without the old books: a person has to put that right by a correction. */
export const isTooLateToOpen = (tables: AccountTables, account: string) =>
  tables.head().seq > 0 && tables.answer(openingKeyOf(account)) === null;

/** What an account brings from the old books, once. Call inside a transaction. */
export function fileOpening(tables: AccountTables, facts: AccountFacts, order: OpeningOrder, now: number): Filed {
  const entryKey = openingKeyOf(facts.account);
  const before = tables.answer(entryKey);
  if (before !== null) return { answer: before, posting: null };
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
      actor: storable(order.actor),
      reason: storable(order.document),
      occurredAt: order.at,
      acceptedAt: now,
    },
    openingLines(entryKey, order.energyWh),
  );
  tables.append(posting.rows);
  return { answer: tables.fixAnswer(entryKey, postedAnswer(facts.account, customerRow(posting))), posting };
}

/** Puts a balance right, once an order: its energy, or its money at the rate of the order's instant. Call inside a transaction. */
export function fileCorrection(
  tables: AccountTables,
  facts: AccountFacts,
  order: CorrectOrder,
  now: number,
): Filed & { walletMinor: number } {
  const entryKey = correctionKeyOf(order.id);
  const before = tables.answer(entryKey);
  if (before !== null) return { answer: before, posting: null, walletMinor: 0 };
  const rate = rateAt(facts.rates, order.at);
  const corrected = correctionOf(order.corrected, facts.currency, rate?.rateE4PerKwh ?? null);
  if (corrected === null) return { answer: tables.fixRefusal(entryKey, "tariff_unset"), posting: null, walletMinor: 0 };
  const { posting } = buildPosting(
    tables.head(),
    {
      accountId: facts.accountId,
      postingId: entryKey,
      currency: facts.currency,
      provider: null,
      tariffId: rate?.tariffId ?? null,
      rateE4PerKwh: rate?.rateE4PerKwh ?? null,
      receipt: null,
      actor: storable(order.actor),
      reason: storable(order.reason),
      occurredAt: order.at,
      acceptedAt: now,
    },
    correctionLines(entryKey, corrected.energyWh, corrected.amountMinor),
  );
  tables.append(posting.rows);
  const answer = tables.fixAnswer(entryKey, postedAnswer(facts.account, customerRow(posting)));
  return { answer, posting, walletMinor: corrected.walletMinor };
}

/** The final answer for a key; one never seen is refused for ever. Call inside a transaction. */
export const settleKey = (tables: AccountTables, entryKey: string): FinalAnswer =>
  tables.answer(entryKey) ?? tables.fixRefusal(entryKey, "moved");

export function customerRow(posting: Posting): LedgerRow {
  const row = posting.rows.find((line) => line.seq !== null);
  if (row === undefined) throw new Error(`${posting.postingId} has no line of the account`);
  return row;
}
