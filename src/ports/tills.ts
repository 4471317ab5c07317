import type { Provider } from "../domain/claim.ts";
import type { Currency } from "../domain/country.ts";
import type { ChainSummary } from "../domain/till-chain.ts";

/** A merchant line. */
export type TillFacts = {
  tillId: string;
  name: string;
  currency: Currency;
  /** Senders whose texts are believed, compared without case ("MPESA", "199"). */
  senders: string[];
  caps: { paymentMinorMax: number; accountDayMinorMax: number; tillDayMinorMax: number; chainBreakMinorMax: number };
  utcOffsetMinutes: number;
  version: number;
};

/** A payment about to be claimed, put before its till. */
export type TillQuestion = {
  receipt: string;
  /** Whose wallet the new balance is of: a till may carry several operators, and each keeps its own balance. */
  provider: Provider;
  sender: string;
  amountMinor: number;
  newBalanceMinor: number | null;
  /** The account it would go to; null when it goes to suspense anyway, so that it uses no account cap. */
  account: string | null;
  paidAt: number;
  receivedAt: number;
  /** Paid before cut-over, so that it never credits by itself: it uses no cap of the day it is sent again. */
  isOld: boolean;
};

export type TillVerdict =
  | { allow: true }
  /** Of the text, not of the payment: it is not remembered, and the operator's own is judged as if it came first. */
  | { allow: false; because: "sender"; detail: string }
  | { allow: false; because: "cap" | "chain"; detail: string };

/** A stretch of one operator's chain that does not meet the next. */
export type ChainGap = {
  provider: Provider;
  endMinor: number | null;
  startMinor: number;
  /** By how much the balance moved unseen; null when no stretch ends before it. */
  missingMinor: number | null;
  since: number;
  /** How long it has stood while a phone of the till polled; it stops when the case opens. */
  agedMs: number;
  caseOpen: boolean;
  openedAt: number | null;
};

/** One operator's chain: its links (old ones are joined), the stretches they make, and the newest balance. */
export type ChainView = { provider: Provider; links: number; gaps: ChainGap[] } & ChainSummary;

/**
 * A link of one operator's chain that is no claim: a withdrawal, a reversal, a text without a receipt. Where the text tells no
 * balance, both ends are null: nothing is linked, and the answer says whether the till believes the sender.
 */
export type LinkNotice = {
  provider: Provider;
  /** Of a sender that is not on the till's list nothing is linked: anybody could open gaps. */
  sender: string;
  key: string;
  fromMinor: number | null;
  toMinor: number | null;
  at: number;
  receivedAt: number;
};

/**
 * stranger: the sender is not on the till's list, so nothing was linked. not_ready: the till does not know its senders yet, so
 * that the text has to come again.
 */
export type LinkAnswer = "taken" | "stranger" | "not_ready";

/** A person has looked at the gap that begins at this balance of this operator. */
export type CloseChainCase = { provider: Provider; startMinor: number; actor: string; reason: string; at: number };

export type TillView = {
  facts: TillFacts;
  /** What the local day has counted; `fullest` is the account that has used most of its cap. */
  today: {
    day: string;
    countedMinor: number;
    payments: number;
    fullest: { account: string; countedMinor: number } | null;
  };
  links: number;
  gaps: ChainGap[];
  chains: ChainView[];
};

/** Counts by canonical receipt: a repeat uses no cap twice, and the first verdict on a receipt stays, unless it is `sender`. */
export interface Tills {
  configure(facts: TillFacts): Promise<void>;
  assess(tillId: string, question: TillQuestion): Promise<TillVerdict | "not_ready">;
  link(tillId: string, link: LinkNotice): Promise<LinkAnswer>;
  /** A phone of this till asked for work: open gaps age only while one does. */
  polled(tillId: string, phoneId: string, at: number): Promise<void>;
  closeChainCase(tillId: string, order: CloseChainCase): Promise<boolean>;
  view(tillId: string): Promise<TillView | null>;
}
