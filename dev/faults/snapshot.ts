/** Everything that can be seen of one seed from outside when all is quiet: plain data, for the invariants. */

import type { Post } from "./old-endpoint.ts";
import type { Acked, Said } from "./players.ts";
import type { Expected } from "./script.ts";
import type { Did, Note } from "./told.ts";

export type Share = { kind: string; account: string | null; amountMinor: number; entryKey: string; posting: string };
/** A receipt as its ReceiptBook says. */
export type Book = {
  receipt: string;
  amountMinor: number;
  generation: number;
  phase: string;
  blocked: boolean;
  shares: Share[];
};
export type PaymentSeen = {
  receipt: string;
  amountMinor: number;
  holderKind: string;
  account: string | null;
  generation: number;
  blocked: boolean;
};
export type AllocationSeen = {
  receipt: string;
  generation: number;
  share: number;
  holderKind: string;
  account: string | null;
  amountMinor: number;
};
export type EntrySeen = {
  entryKey: string;
  postingId: string;
  book: string;
  kind: string;
  energyWh: number;
  amountMinor: number;
  currency: string;
  account: string | null;
  seq: number | null;
  balanceAfterWh: number | null;
  receipt: string | null;
  hash: string | null;
};
/** An account as its object says, and as Postgres does. */
export type AccountSeen = {
  account: string;
  thing: string | null;
  seq: number;
  balanceWh: number;
  copyWaiting: number;
  entries: { entryKey: string; seq: number; energyWh: number; amountMinor: number; hash: string | null }[];
  connects: number;
  /** Connect commands that reached the meter. */
  published: number;
  recorded: { seq: number; balanceWh: number } | null;
};
/** A credit for the vendor's wallet: as its account says, as Postgres does. */
export type CreditSeen = {
  account: string;
  externalId: string;
  amountMinor: number;
  state: string;
  because: string | null;
  recorded: string | null;
};
/** A payment in a wallet at the vendor. */
export type WalletSeen = {
  account: string;
  externalId: string | null;
  amountMinor: number;
  isProcessed: boolean;
  isReversed: boolean;
};
export type SmsSeen = { phoneId: string; id: string | null; text: string; quarantined: boolean };
export type ResultSeen = { phoneId: string; id: string | null; outcome: string; receipt: string | null };
export type PhoneSeen = {
  phoneId: string;
  unprocessed: number;
  forwardWaiting: number;
  forwardParked: number;
  copyWaiting: number;
  copyRefused: number;
};
export type CaseSeen = { kind: string; subject: string; state: string };
export type SuspenseSeen = { caseKey: string; receipt: string | null; amountMinor: number; state: string };

export type Snapshot = {
  seed: number;
  till: string;
  expected: Expected[];
  textLost: boolean;
  books: Book[];
  payments: PaymentSeen[];
  allocations: AllocationSeen[];
  entries: EntrySeen[];
  accounts: AccountSeen[];
  /** Accounts whose meter and wallet are the vendor's. */
  atVendor: string[];
  credits: CreditSeen[];
  wallets: WalletSeen[];
  acked: Acked[];
  mirrored: string[];
  sms: SmsSeen[];
  results: ResultSeen[];
  phones: PhoneSeen[];
  phonesWaiting: number;
  /** POSTs at the old endpoint, in order. */
  posts: Post[];
  notes: Note[];
  /** Faults that were injected into this seed's Mailboxes, or into everything; machine instants. */
  disturbances: number[];
  mpesaGaps: number;
  cases: CaseSeen[];
  suspense: SuspenseSeen[];
  said: Said[];
  did: Did[];
  headsDifferences: string[];
  /** Depths that did not come down in time; empty: all is quiet. */
  stuck: string[];
};
