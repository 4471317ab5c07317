import type { Claim, ClaimAnswer, HoldBecause, Holder, Provider, ReceiptState, Road } from "../domain/claim.ts";
import type { Country } from "../domain/country.ts";
import { asksOldBooks, automationOff, beforeCutover, type Hold, LEGACY_TWIN } from "../domain/hold.ts";
import { paidAtOf } from "../domain/paid-at.ts";
import { err, ok, type Result } from "../domain/result.ts";
import type { Accounts } from "../ports/accounts.ts";
import type { Lookups } from "../ports/lookups.ts";
import type { Receipts } from "../ports/receipts.ts";
import type { Tills } from "../ports/tills.ts";

export type ReceivePorts = {
  country: Country;
  accounts: Pick<Accounts, "status">;
  receipts: Pick<Receipts, "claim">;
  tills: Pick<Tills, "assess">;
  lookups: Pick<Lookups, "inOldBooks">;
  cutoverAt(): Promise<number | null>;
};

/** A payment that somebody states with its account: a provider's webhook, the old PHP, a person at the till, or a vendor's list. */
export type StatedPayment = {
  receipt: string;
  provider: Provider;
  amountMinor: number;
  account: string;
  payerPhone: string | null;
  /** null: none stated, server receipt stands in. "impossible": one was stated and makes no sense. */
  statedAt: number | null | "impossible";
  road: Extract<Road, "webhook" | "manual" | "mirror">;
  actor: string | null;
  fromProvider: boolean;
  sightingKey: string;
  receivedAt: number;
};

export type Received =
  | { status: "credited" | "duplicate"; state: ReceiptState }
  | { status: "held"; because: HoldBecause; state: ReceiptState }
  /** Accepted and safe; its account has not answered yet. */
  | { status: "pending"; state: ReceiptState };

export type ReceiveError =
  | { kind: "amount_differs"; state: ReceiptState }
  | { kind: "held_by_another"; state: ReceiptState }
  | { kind: "not_ready" };

/** The till that counts the caps of payments which no merchant phone brought. */
export const ROAD_TILL = {
  webhook: "road-webhook",
  manual: "road-manual",
  statement: "road-statement",
  mirror: "road-mirror",
} as const;

/** Claims a stated payment. Nothing is refused that is money: what cannot be credited is held with its reason. */
export async function receivePayment(
  ports: ReceivePorts,
  payment: StatedPayment,
): Promise<Result<Received, ReceiveError>> {
  const status = await ports.accounts.status(payment.account);
  if (status === "not_ready") return err({ kind: "not_ready" });
  const paidAt = paidAtOf(payment.statedAt, payment.receivedAt);
  const cutoverAt = await ports.cutoverAt();
  const early = beforeCutover(cutoverAt, paidAt);
  const till = await ports.tills.assess(ROAD_TILL[payment.road], {
    receipt: payment.receipt,
    provider: payment.provider,
    sender: payment.road,
    amountMinor: payment.amountMinor,
    newBalanceMinor: null,
    account: payment.account,
    paidAt: paidAt.at,
    receivedAt: payment.receivedAt,
    isOld: early !== null,
  });
  if (till === "not_ready") return err({ kind: "not_ready" });
  const hold = ((): Hold | null => {
    const off = payment.road === "manual" ? null : automationOff(ports.country);
    if (off !== null) return off;
    if (!paidAt.inWindow) return { because: "date", note: "the stated time is impossible, or too far from receipt" };
    if (early !== null) return early;
    if (!till.allow) return { because: till.because, note: till.detail };
    if (status === "unknown") return { because: "wrong_token", note: `${payment.account} is no account here` };
    if (status === "terminated") return { because: "terminated_account", note: `${payment.account} is terminated` };
    return null;
  })();
  const twin = hold === null && asksOldBooks(cutoverAt, paidAt) ? await ports.lookups.inOldBooks(payment) : false;
  if (twin === "down") return err({ kind: "not_ready" });
  const stop = hold ?? (twin ? LEGACY_TWIN : null);
  const holder: Holder =
    stop === null
      ? { kind: "account", account: payment.account }
      : { kind: "suspense", because: stop.because, hints: { accounts: [payment.account], note: stop.note } };
  const { statedAt: _statedAt, account: _account, receivedAt, ...named } = payment;
  const claim: Claim = {
    ...named,
    currency: ports.country.currency,
    paidAt: paidAt.at,
    till: ROAD_TILL[payment.road],
    seenAt: receivedAt,
    holder,
  };
  return judge(payment.account, await ports.receipts.claim(claim));
}

/** What a claim's answer means for a caller who named an account. */
export function judge(account: string, answer: ClaimAnswer): Result<Received, ReceiveError> {
  if (answer.status === "not_ready") return err({ kind: "not_ready" });
  const { state, status } = answer;
  if (status === "conflict") return err({ kind: "amount_differs", state });
  const holders = state.shares.map((share) => share.holder);
  const held = holders.find((holder) => holder.kind === "suspense");
  if (held?.kind === "suspense") return ok({ status: "held", because: held.because, state });
  if (holders.some((holder) => holder.kind === "legacy")) return ok({ status: "duplicate", state });
  const isHolder = holders.some((holder) => holder.kind === "account" && holder.account === account);
  if (!isHolder) return err({ kind: "held_by_another", state });
  if (status === "same") return ok({ status: "duplicate", state });
  const posted = state.shares.every((share) => share.posting === "posted");
  return ok({ status: posted ? "credited" : "pending", state });
}
