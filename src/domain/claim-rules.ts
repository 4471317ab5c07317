import type { Claim, Holder, ReceiptState } from "./claim.ts";
import { accountOf } from "./receipt-state.ts";

/** Most accounts that are remembered as hints of one share. */
export const HINTS_MAX = 20;

export type ClaimDecision =
  | { kind: "create"; holder: Holder; blocked: boolean }
  /** Seen again: nothing moves. `hint` is an account that this sighting names for money that waits. */
  | { kind: "sighting"; verdict: "same" | "held"; hint: string | null }
  /** Another amount or currency under the same receipt: nothing moves, a person looks. */
  | { kind: "conflict" }
  | { kind: "move"; holder: Holder & { kind: "account" } };

/**
 * What a claim does, given what is known of its receipt. Same content means amount and currency, nothing else: another
 * provider's name is only a sighting. Order matters: content first, then who may never move, then who may.
 */
export function decideClaim(
  existing: ReceiptState | null,
  claim: Claim,
  /** The operator's reversal came before the payment and nobody has closed its case. */
  reversalWaits: boolean,
): ClaimDecision {
  if (existing === null) {
    if (!reversalWaits || claim.holder.kind === "legacy")
      return { kind: "create", holder: claim.holder, blocked: reversalWaits };
    return { kind: "create", holder: heldByReversal(claim.holder), blocked: true };
  }
  if (existing.amountMinor !== claim.amountMinor || existing.currency !== claim.currency) return { kind: "conflict" };
  if (existing.shares.some(({ holder }) => holder.kind === "legacy"))
    return { kind: "sighting", verdict: "same", hint: null };
  const held = existing.shares.filter(({ holder }) => holder.kind === "suspense");
  if (held.length === 0) return { kind: "sighting", verdict: existing.blocked ? "held" : "same", hint: null };
  if (
    !existing.blocked &&
    claim.road === "webhook" &&
    claim.fromProvider &&
    claim.holder.kind === "account" &&
    waitsForTokenOnly(existing)
  )
    return { kind: "move", holder: claim.holder };
  return { kind: "sighting", verdict: "held", hint: accountOf(claim.holder) };
}

/** The whole amount is in suspense and the one reason is that no text named an account. */
function waitsForTokenOnly(state: ReceiptState): boolean {
  const [share, ...others] = state.shares;
  return (
    share !== undefined &&
    others.length === 0 &&
    share.holder.kind === "suspense" &&
    share.holder.because === "no_account_token" &&
    (state.phase === "recording" || state.phase === "closed")
  );
}

function heldByReversal(wanted: Holder): Holder {
  const hinted = wanted.kind === "suspense" ? wanted.hints.accounts : [];
  const account = accountOf(wanted);
  return {
    kind: "suspense",
    because: "reversal",
    hints: { accounts: account === null ? hinted : [account], note: "the operator's reversal came before the payment" },
  };
}

/** The holder with one more hint; the same object when it adds nothing. */
export function withHint(holder: Holder, account: string): Holder {
  if (holder.kind !== "suspense") return holder;
  const { accounts, note } = holder.hints;
  if (accounts.includes(account) || accounts.length >= HINTS_MAX) return holder;
  return { ...holder, hints: { accounts: [...accounts, account], note } };
}

/** True when all of it is held by accounts other than the one named: a webhook answers 409 to this and nothing moves. */
export const heldByAnother = (state: ReceiptState, account: string): boolean =>
  state.shares.every(({ holder }) => holder.kind === "account" && holder.account !== account);
