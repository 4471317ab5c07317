import type { Currency, Operator } from "./country.ts";

/**
 * The ways money reaches us. All of them do the same: claim the receipt, post to its holder, write the rows. `legacy` brings
 * none: the move-in claims what the old books already have. `contract_sms`: a text to the merchant number of the contract,
 * whose money pays fees and sells no energy; the road says so wherever the receipt goes, also after an object lost its memory.
 */
export type Road = "sms" | "contract_sms" | "webhook" | "manual" | "statement" | "mirror" | "legacy";

/** Brought by a text message, which a phone sends again until it is answered. */
export const isByText = (road: Road): boolean => road === "sms" || road === "contract_sms";

export type Provider = Operator | "cash";

/** Why a share of a receipt is held. The same word goes to the answer, the row and the screen. */
export type HoldBecause =
  | "no_account_token" // nothing in the text names an account, and no registered phone matches
  | "wrong_token" // an account-shaped token that is no account here
  | "two_accounts"
  | "plot_number" // a token beside "plot" or "stand"
  | "terminated_account"
  | "unknown_account" // the account's object refused: there is no such account
  | "phone_shared" // the payer's number belongs to several accounts
  | "sender" // the sender is not on the till's list
  | "cap"
  | "chain" // the till has an open chain break and the amount is above its cap
  | "date" // the printed date is more than 90 days before or 12 h after server receipt, or impossible
  | "conflict"
  | "second_person" // a likely twin of another payment: a second person decides
  | "reversal" // the operator took it back
  | "before_cutover"
  | "legacy_twin" // undated, and the old books have this amount of this account or payer without a receipt
  | "no_cutover" // the country has no cut-over instant yet: nothing credits by itself
  | "automation_off" // the country's payments do not credit by themselves
  | "fees_channel" // paid to the number of the contract, where the country charges no fees
  | "tariff_unset"
  | "moved" // taken out of an account by hand, or put here by a person
  | "currency";

export type Hints = { accounts: string[]; note: string };

export type Holder =
  | { kind: "account"; account: string }
  | { kind: "suspense"; because: HoldBecause; hints: Hints }
  | { kind: "treasury"; note: string }
  /** It is not with us: the operator gave it back to the payer, or it never came (a forged text). A person said so. */
  | { kind: "returned"; note: string }
  | { kind: "legacy" };

/** A part of a receipt's money. The shares of one generation add up to the receipt's amount. */
export type Share = { share: number; holder: Holder; amountMinor: number };

/** What a road brings: one receipt, as it was seen, and the holder it would give it to. */
export type Claim = {
  receipt: string;
  provider: Provider;
  amountMinor: number;
  currency: Currency;
  /** The payment's instant, UTC ms; fixed for ever at the first claim. */
  paidAt: number;
  payerPhone: string | null;
  till: string | null;
  road: Road;
  /** Names this sighting, so that the same thing seen again is the same sighting: "sms:<phone>:<id>:<hash>", "webhook:<hash>". */
  sightingKey: string;
  seenAt: number;
  holder: Holder;
  /** Who pressed the key, for the manual road; null when a machine brought it. */
  actor: string | null;
  /** True for the key of a mobile-money provider itself, false for the old PHP's: only the former may move money out of suspense. */
  fromProvider: boolean;
  /** The request that brought it, for the log alone: nobody stores it. */
  requestId?: string;
};

/** How far a share's posting has come. Suspense, treasury, what was returned and legacy have nothing to post in an account. */
export type ShareProgress = Share & {
  entryKey: string;
  posting: "none" | "wanted" | "posted" | "refused";
  entry: PostedEntry | null;
};

/** What an account answered to a posting; shown to whoever asks about the receipt. */
export type PostedEntry = {
  account: string;
  /** The id that the account goes under, which it never changes once it has entries; absent in what the release before posted. */
  accountId?: number;
  seq: number;
  energyWh: number;
  balanceAfterWh: number;
  rateE4PerKwh: number;
};

/**
 * settling: old holders are being asked for their final answer and reversed.
 * posting: new holders are being posted. recording: Postgres does not have all rows yet. closed: it has.
 */
export type ReceiptPhase = "settling" | "posting" | "recording" | "closed";

export type ReceiptState = {
  receipt: string;
  provider: Provider;
  amountMinor: number;
  currency: Currency;
  paidAt: number;
  generation: number;
  phase: ReceiptPhase;
  /** The operator reversed it: nothing of it may be assigned until a person closes the case. */
  blocked: boolean;
  shares: ShareProgress[];
};

export type ClaimAnswer =
  | { status: "new" | "same" | "conflict"; state: ReceiptState }
  /** A webhook, or the whole of a text that came cut, moved it out of suspense, where the only reason was that no token named an account. */
  | { status: "moved"; state: ReceiptState }
  | { status: "not_ready" };

export type Move = {
  receipt: string;
  expectedGeneration: number;
  newShares: { holder: Holder; amountMinor: number }[];
  actor: string;
  reason: string;
  at: number;
};

export type MoveAnswer =
  | { status: "moved"; state: ReceiptState }
  | { status: "stale"; state: ReceiptState }
  | { status: "refused"; because: MoveRefusal; state: ReceiptState | null }
  | { status: "not_ready" };

export type MoveRefusal =
  | "unknown_receipt"
  | "held_by_legacy"
  | "shares_do_not_add_up"
  | "too_many_shares"
  | "share_not_positive"
  | "blocked_by_reversal"
  | "same_person"
  | "moving"; // an earlier move of this receipt has not ended yet

/** The key of a share's entry in its account: `receipt:QK7…#2.1`. */
export const entryKeyOf = (receipt: string, generation: number, share: number) =>
  `receipt:${receipt}#${generation}.${share}`;
export const reversalKeyOf = (entryKey: string) => `${entryKey}:reversal`;
