import type { Provider } from "../domain/claim.ts";
import type { Currency } from "../domain/country.ts";

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
};

export type TillVerdict = { allow: true } | { allow: false; because: "sender" | "cap" | "chain"; detail: string };

/** A stretch of one operator's chain that does not meet the next. */
export type ChainGap = {
  provider: Provider;
  endMinor: number | null;
  startMinor: number;
  since: number;
  caseOpen: boolean;
};

/** A link of one operator's chain that is no payment to us: a withdrawal, a transfer out. */
export type LinkNotice = {
  provider: Provider;
  key: string;
  fromMinor: number;
  toMinor: number;
  at: number;
  receivedAt: number;
};

/** A person has looked at the gap that begins at this balance of this operator. */
export type CloseChainCase = { provider: Provider; startMinor: number; actor: string; reason: string; at: number };

export type TillView = {
  facts: TillFacts;
  today: { day: string; countedMinor: number; payments: number };
  links: number;
  gaps: ChainGap[];
};

/** Counts by canonical receipt: a repeat uses no cap twice, and the first verdict on a receipt stays. */
export interface Tills {
  configure(facts: TillFacts): Promise<void>;
  assess(tillId: string, question: TillQuestion): Promise<TillVerdict | "not_ready">;
  link(tillId: string, link: LinkNotice): Promise<void>;
  /** A phone of this till asked for work: open gaps age only while one does. */
  polled(tillId: string, phoneId: string, at: number): Promise<void>;
  closeChainCase(tillId: string, order: CloseChainCase): Promise<boolean>;
  view(tillId: string): Promise<TillView | null>;
}
