import { entryKeyOf, type PostedEntry, reversalKeyOf } from "./claim.ts";
import type { ShareEntry, StoredReceipt, StoredShare, Words } from "./receipt-state.ts";

/** A ledger line that names the receipt; `entry` is null in our own books. */
export type Line = { entryKey: string; entry: PostedEntry | null; amountMinor: number };

/** What accounts' entries say about a receipt whose moves were lost on both sides. */
export type Evidence = {
  /** Beyond every key that an account has answered, so that no later share gets one of them again. */
  generation: number;
  entries: (ShareEntry & { recorded: boolean; reversalRecorded: boolean })[];
  /** The present holders, as shares of a generation; what no account holds waits. */
  sharesOf(generation: number): StoredShare[];
};

const REVERSAL = reversalKeyOf("");

/**
 * Who holds a receipt by what accounts have posted and taken back. Null: the shard knows all of it; or some of it is on
 * its way; or the entries are more than the receipt's money, which a person has to look at.
 */
export function evidenceOf(
  receipt: StoredReceipt,
  known: readonly (ShareEntry & { recorded: boolean })[],
  lines: readonly Line[],
  at: number,
): Evidence | null {
  const isAtRest = known.every(({ state, recorded }) => (state === "posted" ? recorded : REST.has(state)));
  if (!isAtRest || (receipt.phase !== "recording" && receipt.phase !== "closed")) return null;
  const words: Words = { actor: null, reason: "as the accounts' entries say", at };
  const taken = new Set(lines.map(({ entryKey }) => entryKey).filter((key) => key.endsWith(REVERSAL)));
  const posted = wholeOf(lines).filter(({ entryKey }) => !entryKey.endsWith(REVERSAL));
  const stateOf = (entryKey: string) => (taken.has(reversalKeyOf(entryKey)) ? "reversed" : "posted");
  const states = new Map(known.map(({ entryKey, state }) => [entryKey, state]));
  if (posted.every(({ entryKey }) => states.get(entryKey) === stateOf(entryKey))) return null;
  const present = posted.filter(({ entryKey }) => stateOf(entryKey) === "posted");
  const rest = receipt.amountMinor - present.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  if (rest < 0) return null;
  const generation = Math.max(receipt.generation + 1, ...posted.map(({ entryKey }) => generationOf(entryKey)));
  return {
    generation,
    entries: posted.map(({ entryKey, entry, amountMinor }) => ({
      entryKey,
      receipt: receipt.receipt,
      account: entry.account,
      amountMinor,
      contra: generationOf(entryKey) === 1 ? "clearing" : "suspense",
      twinAllowed: true,
      actor: null,
      state: stateOf(entryKey),
      entry,
      retired: stateOf(entryKey) === "posted" ? null : words,
      recorded: true,
      reversalRecorded: stateOf(entryKey) === "reversed",
    })),
    sharesOf: (of) => {
      const shared = { generation: of, openedAt: at, words };
      const held = present.map(
        ({ entryKey, entry, amountMinor }, index): StoredShare => ({
          ...shared,
          share: index + 1,
          holder: { kind: "account", account: entry.account },
          amountMinor,
          entryKey,
        }),
      );
      if (rest === 0) return held;
      const share = held.length + 1;
      const hints = { accounts: [...new Set(posted.map(({ entry }) => entry.account))], note: words.reason ?? "" };
      const entryKey = entryKeyOf(receipt.receipt, of, share);
      const holder = { kind: "suspense", because: "moved", hints } as const;
      return [...held, { ...shared, share, holder, amountMinor: rest, entryKey }];
    },
  };
}

/**
 * Accounts' postings, each whole: what of a payment paid a debt is a line beside the payment's own, and no holding of its own. Taken for
 * one it would be taken back twice.
 */
function wholeOf(lines: readonly Line[]): { entryKey: string; entry: PostedEntry; amountMinor: number }[] {
  const whole = new Map<string, { entryKey: string; entry: PostedEntry; amountMinor: number }>();
  const parts: Line[] = [];
  for (const { entryKey, entry, amountMinor } of lines)
    if (FEE_PART.test(entryKey)) parts.push({ entryKey, entry, amountMinor });
    else if (entry !== null) whole.set(entryKey, { entryKey, entry, amountMinor });
  for (const { entryKey, entry, amountMinor } of parts) {
    const of = whole.get(entryKey.replace(FEE_PART, "$1"));
    if (entry !== null && of !== undefined) of.amountMinor += amountMinor;
  }
  return [...whole.values()];
}

/** `receipt:R#1.1/fee.connection`, `receipt:R#1.1/fee.connection:reversal`. */
const FEE_PART = /\/fee\.[a-z0-9.-]+(:reversal)?$/;

const REST = new Set(["refused", "reversed", "settled"]);

/** `receipt:R#2.1` is of the second generation. */
const generationOf = (entryKey: string) => Number(/#(\d+)\.\d+$/.exec(entryKey)?.[1] ?? 1);
