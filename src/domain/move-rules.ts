import type { HoldBecause, Holder, Move, MoveRefusal, ReceiptState, Share } from "./claim.ts";
import { entryKeyOf } from "./claim.ts";
import type { RefusedBecause } from "./ledger.ts";
import { isSamePerson } from "./person.ts";
import type { ShareEntry, StoredReceipt, StoredShare, Words } from "./receipt-state.ts";

/** Most parts a receipt may be split into. */
export const SHARES_MAX = 20;

export type MoveDecision =
  | { kind: "move"; twinAllowed: boolean }
  | { kind: "stale" }
  | { kind: "refused"; because: MoveRefusal };

const refused = (because: MoveRefusal): MoveDecision => ({ kind: "refused", because });

/** May this move be made? The generation is compared before anything the mover could have got wrong. */
export function decideMove(state: ReceiptState | null, recordedBy: string | null, move: Move): MoveDecision {
  if (state === null) return refused("unknown_receipt");
  if (state.shares.some(({ holder }) => holder.kind === "legacy")) return refused("held_by_legacy");
  if (state.generation !== move.expectedGeneration) return { kind: "stale" };
  if (state.phase === "settling") return refused("moving");
  const { newShares } = move;
  // Money the operator took back may leave an account and wait, or leave our books; it reaches nobody until a person has closed the case.
  if (state.blocked && newShares.some(({ holder }) => holder.kind !== "suspense" && holder.kind !== "returned"))
    return refused("blocked_by_reversal");
  if (newShares.length > SHARES_MAX) return refused("too_many_shares");
  if (newShares.some(({ amountMinor }) => !Number.isSafeInteger(amountMinor) || amountMinor <= 0))
    return refused("share_not_positive");
  if (newShares.reduce((sum, { amountMinor }) => sum + amountMinor, 0) !== state.amountMinor)
    return refused("shares_do_not_add_up");
  if (newShares.some(({ holder }) => holder.kind === "legacy")) return refused("held_by_legacy");
  const decidesTwin = movesSecondPersonShare(state, newShares);
  if (decidesTwin && isSamePerson(recordedBy, move.actor)) return refused("same_person");
  return { kind: "move", twinAllowed: decidesTwin };
}

/** Any change to a share that waits for a second person is that person's decision, also a detour through another hold. */
function movesSecondPersonShare(state: ReceiptState, newShares: Move["newShares"]): boolean {
  const waits = (share: { holder: Holder }) =>
    share.holder.kind === "suspense" && share.holder.because === "second_person";
  const kept = newShares.filter(waits).map(({ amountMinor }) => amountMinor);
  for (const { amountMinor } of state.shares.filter(waits)) {
    const at = kept.indexOf(amountMinor);
    if (at < 0) return true;
    kept.splice(at, 1);
  }
  return false;
}

/** Entries that a move would take away from their accounts: shares of which none keeps its account and its amount. */
export function leavingEntries(
  present: readonly (Share & { entryKey: string })[],
  newShares: Move["newShares"],
): { account: string; entryKey: string }[] {
  const left = [...present];
  for (const { holder, amountMinor } of newShares) {
    const keptAt = left.findIndex((old) => old.amountMinor === amountMinor && sameHolder(old.holder, holder));
    if (keptAt >= 0) left.splice(keptAt, 1);
  }
  return left.flatMap(({ holder, entryKey }) =>
    holder.kind === "account" ? [{ account: holder.account, entryKey }] : [],
  );
}

/** What an account's refusal makes of the share: money that waits, with the account as a hint. */
export function holdAfterRefusal(
  receipt: Pick<StoredReceipt, "receipt" | "blocked">,
  account: string,
  because: RefusedBecause,
  twinReceipt: string | null,
): Holder {
  const reasons = {
    unknown_account: "unknown_account",
    terminated_account: "terminated_account",
    tariff_unset: "tariff_unset",
    twin: "second_person",
    currency: "currency",
    moved: "moved",
  } as const satisfies Record<RefusedBecause, HoldBecause>;
  const reason = receipt.blocked && because === "moved" ? "reversal" : reasons[because];
  const note =
    because === "twin" ? `likely the same money as ${twinReceipt ?? "another payment"}: ${receipt.receipt}` : "";
  return { kind: "suspense", because: reason, hints: { accounts: [account], note } };
}

/** Everything that changes when a receipt passes to its next generation. */
export type Generation = {
  shares: StoredShare[];
  /** Entries that the accounts are still to be asked for. */
  wanted: Omit<ShareEntry, "state" | "entry" | "retired">[];
  /** Entries that are taken away: settled, and reversed where they were posted, before anything new is posted. */
  retiring: string[];
  /** Shares of our own books that end, in the treasury or returned: their money goes back through suspense. */
  leavingOwn: StoredShare[];
  /** Suspense shares that end: their cases are closed. */
  leavingSuspense: StoredShare[];
};

/**
 * The next generation. A share that keeps its account (or our own book) and its amount keeps its entry: nothing is taken
 * away only to be given again. All else goes through suspense.
 */
export function planGeneration(
  receipt: StoredReceipt,
  present: readonly StoredShare[],
  entries: readonly ShareEntry[],
  newShares: Move["newShares"],
  words: Words,
  twinAllowed: boolean,
): Generation {
  const generation = receipt.generation + 1;
  const alive = new Set(
    entries.filter(({ state }) => state === "wanted" || state === "posted").map(({ entryKey }) => entryKey),
  );
  const left = present.filter(({ holder, entryKey }) => holder.kind !== "account" || alive.has(entryKey));
  const shares: StoredShare[] = [];
  const wanted: Generation["wanted"] = [];
  newShares.forEach(({ holder, amountMinor }, index) => {
    const share = index + 1;
    const ownKey = entryKeyOf(receipt.receipt, generation, share);
    const keptAt = left.findIndex((old) => old.amountMinor === amountMinor && sameHolder(old.holder, holder));
    const [kept] = keptAt < 0 ? [] : left.splice(keptAt, 1);
    const entryKey = kept === undefined || holder.kind === "suspense" ? ownKey : kept.entryKey;
    shares.push({ share, holder, amountMinor, generation, entryKey, openedAt: kept?.openedAt ?? words.at, words });
    if (holder.kind === "account" && kept === undefined)
      wanted.push({
        entryKey,
        receipt: receipt.receipt,
        account: holder.account,
        amountMinor,
        contra: "suspense",
        twinAllowed,
        actor: words.actor,
      });
  });
  return {
    shares,
    wanted,
    retiring: left.filter(({ holder }) => holder.kind === "account").map(({ entryKey }) => entryKey),
    leavingOwn: left.filter(({ holder }) => isOwnBook(holder)),
    leavingSuspense: present.filter(({ holder }) => holder.kind === "suspense"),
  };
}

/** Held by a book of ours, whose postings the receipt writes itself. */
export const isOwnBook = ({ kind }: Holder): boolean => kind === "treasury" || kind === "returned";

const sameHolder = (old: Holder, next: Holder): boolean => {
  if (old.kind === "account") return next.kind === "account" && next.account === old.account;
  if (old.kind === "suspense") return next.kind === "suspense" && next.because === old.because;
  return old.kind === next.kind;
};
