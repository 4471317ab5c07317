import type { PostedEntry, Provider, Road } from "./claim.ts";
import { type Currency, minorDigitsOf } from "./country.ts";
import { energyForMoney } from "./energy.ts";
import { isSamePerson } from "./person.ts";
import { type Rate, rateAt } from "./tariff.ts";

/** The books of the double entry. Each posting adds up to zero in watt-hours and in each currency. */
export type Book =
  | "customer_energy"
  | "customer_fees"
  | "clearing" // what the operators hold for us, per provider
  | "suspense"
  | "treasury"
  | "revenue"
  | "energy_sold"
  | "energy_used"
  | "corrections"
  | "opening";

export type EntryKind = "payment" | "consumption" | "fee" | "advance" | "correction" | "opening" | "reversal";

/** One line of the ledger. Appended, never changed. The customer's side carries account and sequence; our own books carry neither. */
export type LedgerRow = {
  entryKey: string;
  postingId: string;
  book: Book;
  kind: EntryKind;
  /** Credit to the customer positive. */
  energyWh: number;
  amountMinor: number;
  currency: Currency;
  provider: Provider | null;
  accountId: number | null;
  seq: number | null;
  balanceAfterWh: number | null;
  tariffId: number | null;
  rateE4PerKwh: number | null;
  receipt: string | null;
  actor: string | null;
  reason: string | null;
  /** Chain over the account's rows (hex); null in our own books. */
  hash: string | null;
  occurredAt: number;
  acceptedAt: number;
};

/** All lines that belong together, copied in one transaction. */
export type Posting = { postingId: string; rows: LedgerRow[] };

/** A share of a receipt, to be credited to an account. */
export type PaymentPost = {
  entryKey: string;
  receipt: string;
  provider: Provider;
  road: Road;
  amountMinor: number;
  currency: Currency;
  paidAt: number;
  payerPhone: string | null;
  /** Where the money comes from: the operator's clearing (first generation) or suspense (after a move). */
  contra: "clearing" | "suspense";
  actor: string | null;
  /** A second person has looked at the twin and wants both. */
  twinAllowed: boolean;
  /** The request that it is posted for, for the log alone: nobody stores it. */
  requestId?: string;
};

export type RefusedBecause =
  | "unknown_account"
  | "terminated_account"
  | "tariff_unset"
  | "twin" // same amount, same account, another receipt within 48 h, one of the two not seen by SMS
  | "currency"
  | "moved"; // a move asked first: this key will never be posted

/** An account answers a key once and for ever. */
export type PostAnswer =
  | { status: "posted"; entry: PostedEntry }
  | { status: "refused"; because: RefusedBecause; twinReceipt: string | null }
  | { status: "not_ready" };

/** Of an opening: it stands before everything else, so an account that has entries takes none. */
export type OpeningAnswer = PostAnswer | { status: "has_entries" };

/** An answer that never changes again. */
export type FinalAnswer = Exclude<PostAnswer, { status: "not_ready" }>;

export type AccountStatus = "live" | "postpaid" | "terminated" | "unknown";

/** Two payments further apart than this are not taken for one. */
export const TWIN_WINDOW_MS = 48 * 3_600_000;

/** Roads on which a person or an old list names the receipt, so that one payment can come in under two names. */
const RETOLD: ReadonlySet<Road> = new Set<Road>(["manual", "mirror", "statement"]);

/** What an account knows of a payment it holds. Reversed ones are not held any more and are no twins. */
export type HeldPayment = Pick<PaymentPost, "receipt" | "provider" | "road" | "amountMinor" | "paidAt" | "actor">;

/**
 * Two payments of cash are two payments. One that the mirror brought is paid in cash at the vendor's console, and may well
 * be what somebody has recorded here, too.
 */
const isCashAtTheTill = (one: HeldPayment, other: HeldPayment) =>
  (one.provider === "cash" || other.provider === "cash") && one.road !== "mirror" && other.road !== "mirror";

/** The earlier payment that this one is likely to be once more; null: none. */
export function findTwin(held: readonly HeldPayment[], payment: HeldPayment): HeldPayment | null {
  return (
    held.find(
      (other) =>
        other.receipt !== payment.receipt &&
        !isCashAtTheTill(other, payment) &&
        other.amountMinor === payment.amountMinor &&
        Math.abs(other.paidAt - payment.paidAt) <= TWIN_WINDOW_MS &&
        (RETOLD.has(other.road) || RETOLD.has(payment.road)),
    ) ?? null
  );
}

const isRetoldBy = (held: HeldPayment, actor: string | null) =>
  RETOLD.has(held.road) && isSamePerson(held.actor, actor);

/** What the decision needs to know of the account; null: there is no such account. */
export type PostFacts = { status: Exclude<AccountStatus, "unknown">; currency: Currency; rates: readonly Rate[] };

export type PostDecision =
  /** The key was answered before: this is the answer, and nothing else happens. */
  | { decided: "answered"; answer: FinalAnswer }
  | { decided: "refuse"; because: RefusedBecause; twinReceipt: string | null }
  | { decided: "post"; energyWh: number; rate: Rate & { rateE4PerKwh: number } };

const refuse = (because: RefusedBecause, twinReceipt: string | null = null): PostDecision => ({
  decided: "refuse",
  because,
  twinReceipt,
});

/** What posting a payment means. The order of the guards is the order of precedence. */
export function decidePost(
  facts: PostFacts | null,
  answered: FinalAnswer | null,
  held: readonly HeldPayment[],
  payment: PaymentPost,
): PostDecision {
  if (answered !== null) return { decided: "answered", answer: answered };
  if (!Number.isSafeInteger(payment.amountMinor) || payment.amountMinor <= 0)
    throw new RangeError(`${payment.entryKey}: an amount is whole and positive`);
  if (facts === null) return refuse("unknown_account");
  if (facts.status === "terminated") return refuse("terminated_account");
  if (facts.currency !== payment.currency) return refuse("currency");
  const rate = rateAt(facts.rates, payment.paidAt);
  if (rate === null || rate.rateE4PerKwh === null) return refuse("tariff_unset");
  // Who recorded one of two twins is no second person for the other, whichever of them was held.
  const doubtful = payment.twinAllowed ? held.filter((other) => isRetoldBy(other, payment.actor)) : held;
  const twin = findTwin(doubtful, payment);
  if (twin !== null) return refuse("twin", twin.receipt);
  const energyWh = energyForMoney(payment.amountMinor, minorDigitsOf(facts.currency), rate.rateE4PerKwh);
  return { decided: "post", energyWh, rate: { ...rate, rateE4PerKwh: rate.rateE4PerKwh } };
}
