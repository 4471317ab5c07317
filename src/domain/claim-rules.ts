import { type Claim, type Holder, isByText, type ReceiptState } from "./claim.ts";
import type { SightingRow } from "./outbox.ts";
import { accountOf, namedAccounts, type StoredReceipt } from "./receipt-state.ts";

/** Most accounts that are remembered as hints of one share. */
export const HINTS_MAX = 20;

export type ClaimDecision =
  | { kind: "create"; holder: Holder; blocked: boolean }
  /** Seen again: nothing moves. `hints` are accounts that this sighting names for money that waits. */
  | { kind: "sighting"; verdict: "same" | "held"; hints: string[] }
  /** Another amount or currency under the same receipt: nothing moves, a person looks. */
  | { kind: "conflict" }
  | { kind: "move"; holder: Holder & { kind: "account" } };

/** How a receipt was seen before: what its first claim fixed, and every sighting since, the first among them. */
export type Seen = Pick<StoredReceipt, "road" | "till"> & {
  sightings: readonly Pick<SightingRow, "sightingKey" | "account" | "verdict">[];
};

/**
 * What a claim does, given what is known of its receipt. Same content means amount and currency, nothing else: another
 * provider's name is only a sighting. Order matters: content first, then who may never move, then who may.
 */
export function decideClaim(
  existing: ReceiptState | null,
  claim: Claim,
  /** The operator's reversal came before the payment and nobody has closed its case. */
  reversalWaits: boolean,
  /** Asked only where money waits that a text may release. */
  seen: () => Seen,
): ClaimDecision {
  if (existing === null) {
    if (!reversalWaits || claim.holder.kind === "legacy")
      return { kind: "create", holder: claim.holder, blocked: reversalWaits };
    return { kind: "create", holder: heldByReversal(claim.holder), blocked: true };
  }
  if (existing.amountMinor !== claim.amountMinor || existing.currency !== claim.currency) return { kind: "conflict" };
  if (existing.shares.some(({ holder }) => holder.kind === "legacy"))
    return { kind: "sighting", verdict: "same", hints: [] };
  const held = existing.shares.filter(({ holder }) => holder.kind === "suspense");
  if (held.length === 0) return { kind: "sighting", verdict: existing.blocked ? "held" : "same", hints: [] };
  const waits = existing.blocked ? null : waitsAlone(existing);
  if (waits !== null && claim.holder.kind === "account") {
    const { holder } = claim;
    if (claim.road === "webhook" && claim.fromProvider && waits === "no_account_token") return { kind: "move", holder };
    if (isByText(claim.road) && isWholeText(existing, claim, holder.account, seen(), waits))
      return { kind: "move", holder };
  }
  return { kind: "sighting", verdict: "held", hints: namedAccounts([claim]) };
}

/**
 * Why the whole amount is in suspense, where the operator's text may say whose it is: no text named an account, or an earlier
 * release claimed it for whoever wrote first (`sender`), which this one never does. Null: it waits for a person, or not at all.
 */
function waitsAlone({ phase, shares: [share, ...others] }: ReceiptState): "no_account_token" | "sender" | null {
  if (share?.holder.kind !== "suspense" || others.length > 0) return null;
  if (phase !== "recording" && phase !== "closed") return null;
  const { because } = share.holder;
  return because === "no_account_token" || because === "sender" ? because : null;
}

/**
 * Whether this text says of a text that came before what was cut off it: whose the money is. It comes by the same road to
 * the same till; nobody has decided anything yet; no other sighting names anybody else or another amount; and it was not
 * seen before, as the same text read again tells nothing new; but for one whose sender the till believes by now.
 */
function isWholeText(
  state: ReceiptState,
  claim: Claim,
  account: string,
  seen: Seen,
  waits: "no_account_token" | "sender",
): boolean {
  return (
    state.generation === 1 &&
    claim.road === seen.road &&
    claim.till === seen.till &&
    namedAccounts(state.shares).every((named) => named === account) &&
    seen.sightings.every(
      (one) =>
        (one.sightingKey !== claim.sightingKey || waits === "sender") &&
        one.verdict !== "conflict" &&
        (one.account === null || one.account === account),
    )
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

/** The holder with more hints, {@link HINTS_MAX} at most; the same object when they add nothing. */
export function withHints(holder: Holder, named: readonly string[]): Holder {
  if (holder.kind !== "suspense") return holder;
  const { accounts, note } = holder.hints;
  const more = named
    .filter((account) => !accounts.includes(account))
    .slice(0, Math.max(0, HINTS_MAX - accounts.length));
  return more.length === 0 ? holder : { ...holder, hints: { accounts: [...accounts, ...more], note } };
}

/** True when all of it is held by accounts other than the one named: a webhook answers 409 to this and nothing moves. */
export const heldByAnother = (state: ReceiptState, account: string): boolean =>
  state.shares.every(({ holder }) => holder.kind === "account" && holder.account !== account);
