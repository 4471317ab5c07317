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
  sender: string;
  amountMinor: number;
  newBalanceMinor: number | null;
  /** The account it would go to; null when it goes to suspense anyway, so that it uses no account cap. */
  account: string | null;
  paidAt: number;
  receivedAt: number;
};

export type TillVerdict = { allow: true } | { allow: false; because: "sender" | "cap" | "chain"; detail: string };

/** A stretch of the chain that does not meet the next. */
export type ChainGap = { endMinor: number | null; startMinor: number; since: number; caseOpen: boolean };

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
  /** A link of the chain that is no payment to us: a withdrawal, a transfer out. */
  link(
    tillId: string,
    link: { key: string; fromMinor: number; toMinor: number; at: number; receivedAt: number },
  ): Promise<void>;
  /** A phone of this till asked for work: open gaps age only while one does. */
  polled(tillId: string, phoneId: string, at: number): Promise<void>;
  closeChainCase(
    tillId: string,
    order: { startMinor: number; actor: string; reason: string; at: number },
  ): Promise<boolean>;
  view(tillId: string): Promise<TillView | null>;
}
