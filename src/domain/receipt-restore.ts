import type { Hints, Holder, PostedEntry } from "./claim.ts";
import { reversalKeyOf } from "./claim.ts";
import type { AllocationRow, OutboxRow, PaymentRow } from "./outbox.ts";
import { postingsOf } from "./receipt-postings.ts";
import type { EntryState, ShareEntry, StoredReceipt, StoredShare } from "./receipt-state.ts";

export type Recorded = {
  payment: PaymentRow;
  shares: readonly (AllocationRow & { hints: Hints | null; openedAt: number | null })[];
  lines: readonly { entryKey: string; entry: PostedEntry | null }[];
};

export type Recovered = {
  receipt: StoredReceipt;
  shares: StoredShare[];
  entries: (ShareEntry & { recorded: boolean; reversalRecorded: boolean })[];
  /** Postings of our own books that were lost before Postgres had them. */
  missing: OutboxRow[];
};

/**
 * A receipt from what Postgres has of it. What is recorded is believed; what is not is asked of the accounts again, which
 * answer a key once and for ever.
 */
export function recoverReceipt({ payment, shares: rows, lines }: Recorded): Recovered {
  const known = new Map(lines.map((line) => [line.entryKey, line.entry]));
  const shares = rows.map(
    (row): StoredShare => ({
      share: row.share,
      holder: holderOf(row),
      amountMinor: row.amountMinor,
      generation: row.generation,
      entryKey: row.entryKey,
      openedAt: row.openedAt ?? row.at,
      words: { actor: row.actor, reason: row.reason, at: row.at },
    }),
  );
  const present = new Set(
    rows.filter(({ generation }) => generation === payment.generation).map(({ entryKey }) => entryKey),
  );
  const entries = new Map<string, Recovered["entries"][number]>();
  for (const row of rows) {
    if (row.holderKind !== "account" || row.account === null || entries.has(row.entryKey)) continue;
    const entry = known.get(row.entryKey) ?? null;
    const reversalRecorded = known.has(reversalKeyOf(row.entryKey));
    const last = rows.findLast(({ entryKey }) => entryKey === row.entryKey)?.generation ?? row.generation;
    const gone = rows.find(({ generation }) => generation === last + 1);
    entries.set(row.entryKey, {
      entryKey: row.entryKey,
      receipt: payment.receipt,
      account: row.account,
      amountMinor: row.amountMinor,
      contra: row.generation === 1 ? "clearing" : "suspense",
      twinAllowed: wasDecided(rows, row.generation),
      actor: row.actor,
      state: stateOf(
        present.has(row.entryKey),
        entry !== null,
        reversalRecorded,
        known.has(`${row.entryKey}/suspense`),
      ),
      entry,
      retired: gone === undefined ? null : { actor: gone.actor, reason: gone.reason, at: gone.at },
      recorded: entry !== null,
      reversalRecorded,
    });
  }
  const states = [...entries.values()].map(({ state }) => state);
  const phase = states.includes("settling") ? "settling" : states.includes("wanted") ? "posting" : "recording";
  const receipt: StoredReceipt = {
    receipt: payment.receipt,
    provider: payment.provider,
    amountMinor: payment.amountMinor,
    currency: payment.currency,
    paidAt: payment.paidAt,
    payerPhone: payment.payerPhone,
    till: payment.tillId,
    road: payment.road,
    recordedBy: rows.find(({ generation }) => generation === 1)?.actor ?? null,
    generation: payment.generation,
    version: payment.version,
    phase,
    blocked: payment.blocked,
    claimedAt: payment.claimedAt,
    changedAt: Math.max(payment.claimedAt, ...rows.map(({ at }) => at)),
  };
  const missing = postingsOf(receipt, shares, [...entries.values()]).filter((posting) =>
    posting.rows.some(({ entryKey }) => !known.has(entryKey)),
  );
  return { receipt, shares, entries: [...entries.values()], missing };
}

/** A second person has let this generation's shares out of the hold that waited for one. */
const wasDecided = (rows: Recorded["shares"], generation: number): boolean => {
  const waits = (of: number) => rows.some((row) => row.generation === of && row.because === "second_person");
  return waits(generation - 1) && !waits(generation);
};

function stateOf(present: boolean, posted: boolean, reversed: boolean, arrivedInSuspense: boolean): EntryState {
  if (present) return posted ? "posted" : "wanted";
  if (reversed) return "reversed";
  // A first-generation share whose money went to suspense by our own posting was refused for ever.
  return !posted && arrivedInSuspense ? "settled" : "settling";
}

function holderOf(row: Recorded["shares"][number]): Holder {
  switch (row.holderKind) {
    case "account":
      // Checked in Postgres: an account's share names its account.
      return { kind: "account", account: row.account ?? "" };
    case "suspense":
      return {
        kind: "suspense",
        because: row.because ?? "moved",
        hints: row.hints ?? { accounts: [], note: "" },
      };
    case "treasury":
      return { kind: "treasury", note: row.reason ?? "" };
    case "returned":
      return { kind: "returned", note: row.reason ?? "" };
    case "legacy":
      return { kind: "legacy" };
  }
}
