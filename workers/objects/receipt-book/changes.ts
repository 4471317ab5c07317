import {
  type Claim,
  entryKeyOf,
  type Holder,
  type Move,
  type PostedEntry,
  type ReceiptState,
} from "../../../src/domain/claim.ts";
import { withHints } from "../../../src/domain/claim-rules.ts";
import type { RefusedBecause } from "../../../src/domain/ledger.ts";
import { holdAfterRefusal, isOwnBook, planGeneration } from "../../../src/domain/move-rules.ts";
import type { SightingRow } from "../../../src/domain/outbox.ts";
import { evidenceOf, type Line } from "../../../src/domain/receipt-evidence.ts";
import {
  arrivesInSuspense,
  arrivesInTreasury,
  entersOwn,
  leavesOwn,
  postingsOf,
} from "../../../src/domain/receipt-postings.ts";
import type { Recovered } from "../../../src/domain/receipt-restore.ts";
import { allocationRow, paymentRow, suspenseCaseRow } from "../../../src/domain/receipt-rows.ts";
import {
  namedAccounts,
  type ShareEntry,
  type StoredReceipt,
  type StoredShare,
  stateOf,
  type Words,
} from "../../../src/domain/receipt-state.ts";
import type { HeldMoney } from "../../../src/ports/gate.ts";
import { type DebtTable, ON_ITS_WAY } from "./debts.ts";
import type { ReceiptTable } from "./table.ts";

/**
 * Every change of a receipt, as the body of one transaction: the state and the rows that tell it stand or fall together.
 * Nothing here awaits.
 */
export class ReceiptChanges {
  readonly #table: ReceiptTable;
  readonly #debts: DebtTable;
  readonly #shard: () => number;

  constructor(table: ReceiptTable, debts: DebtTable, shard: () => number) {
    this.#table = table;
    this.#debts = debts;
    this.#shard = shard;
  }

  state(receipt: string): ReceiptState | null {
    const found = this.#table.find(receipt);
    if (found === null) return null;
    return stateOf(found, this.#table.shares(receipt, found.generation), this.#table.entries(receipt));
  }

  create(claim: Claim, holder: Holder, blocked: boolean, at: number) {
    const { receipt, amountMinor } = claim;
    const entryKey = entryKeyOf(receipt, 1, 1);
    const stored: StoredReceipt = {
      receipt,
      provider: claim.provider,
      amountMinor,
      currency: claim.currency,
      paidAt: claim.paidAt,
      payerPhone: claim.payerPhone,
      till: claim.till,
      road: claim.road,
      recordedBy: claim.actor,
      generation: 1,
      version: 1,
      phase: holder.kind === "account" ? "posting" : "recording",
      blocked,
      claimedAt: at,
      changedAt: at,
    };
    const words = { actor: claim.actor, reason: null, at };
    const share: StoredShare = {
      share: 1,
      holder,
      amountMinor,
      generation: 1,
      entryKey,
      openedAt: claim.seenAt,
      words,
    };
    this.#table.put(stored);
    this.#table.putShare(receipt, share);
    this.#tell(stored, [share]);
    if (holder.kind === "account")
      this.#table.addEntry({
        entryKey,
        receipt,
        account: holder.account,
        amountMinor,
        contra: "clearing",
        twinAllowed: false,
        actor: claim.actor,
      });
    if (holder.kind === "suspense") this.#debts.owe(receipt, arrivesInSuspense(stored, entryKey, amountMinor, words));
    if (holder.kind === "treasury") this.#debts.owe(receipt, arrivesInTreasury(stored, entryKey, amountMinor, words));
  }

  /** The next generation, whoever wants it: a person, a provider, or an account that refused. */
  pass(stored: StoredReceipt, newShares: Move["newShares"], words: Words, twinAllowed: boolean) {
    const { receipt } = stored;
    const present = this.#table.shares(receipt, stored.generation);
    const plan = planGeneration(stored, present, this.#table.entries(receipt), newShares, words, twinAllowed);
    const next = this.#changed(stored, words.at, {
      generation: stored.generation + 1,
      phase: plan.retiring.length > 0 ? "settling" : "posting",
    });
    for (const entryKey of plan.retiring) this.#table.retire(entryKey, words);
    for (const share of plan.shares) this.#table.putShare(receipt, share);
    for (const entry of plan.wanted) this.#table.addEntry(entry);
    for (const share of plan.leavingSuspense) {
      const closed = suspenseCaseRow(next, share, words.at);
      if (closed !== null) this.#debts.owe(receipt, closed);
    }
    this.#tell(next, plan.shares);
    for (const share of plan.leavingOwn) this.#debts.owe(receipt, leavesOwn(next, share, words));
    if (next.phase === "posting") this.#beginPosting(next);
  }

  /** Accounts that a sighting names for money that waits. */
  hint(stored: StoredReceipt, accounts: readonly string[], at: number) {
    const shares = this.#table.shares(stored.receipt, stored.generation);
    const hinted = shares.map((share) => ({ ...share, holder: withHints(share.holder, accounts) }));
    if (hinted.every(({ holder }, index) => holder === shares[index]?.holder)) return;
    const next = this.#changed(stored, at, {});
    for (const share of hinted) {
      this.#table.putShare(stored.receipt, share);
      const row = suspenseCaseRow(next, share, null);
      if (row !== null) this.#debts.owe(stored.receipt, row);
    }
    this.#debts.owe(stored.receipt, paymentRow(next, hinted, this.#shard()));
    this.#hold(next, hinted);
  }

  setBlocked(stored: StoredReceipt, blocked: boolean, at: number): StoredReceipt {
    const next = this.#changed(stored, at, { blocked });
    const shares = this.#table.shares(stored.receipt, stored.generation);
    this.#debts.owe(stored.receipt, paymentRow(next, shares, this.#shard()));
    const key = reversalHoldKey(stored.receipt);
    if (blocked) this.#debts.hold(stored.receipt, heldMoney(key, next, shares, at));
    else this.#debts.release(key);
    return next;
  }

  /** What `turn` would return where it has no step to take before; null: it has to be asked. */
  asksAtOnce(receipt: string): ShareEntry | null {
    if (this.#table.find(receipt)?.phase !== "posting") return null;
    const entries = this.#table.entries(receipt);
    if (entries.some(({ state }) => state === "settling" || state === "reversing")) return null;
    return entries.find(({ state }) => state === "wanted") ?? null;
  }

  /**
   * Takes the steps that need nobody else, and returns the entry that an account has to be asked about next; null when
   * nobody has to be asked, or only those in `skipped`.
   */
  turn(receipt: string, skipped: ReadonlySet<string>): ShareEntry | null {
    const stored = this.#table.find(receipt);
    if (stored === null) return null;
    const entries = this.#table.entries(receipt);
    const leaving = entries.filter(({ state }) => state === "settling" || state === "reversing");
    if (leaving.length > 0) return leaving.find(({ entryKey }) => !skipped.has(entryKey)) ?? null;
    if (stored.phase === "settling") this.#beginPosting(stored);
    const wanted = entries.filter(({ state }) => state === "wanted");
    if (wanted.length > 0) return wanted.find(({ entryKey }) => !skipped.has(entryKey)) ?? null;
    if (stored.phase === "settling" || stored.phase === "posting") this.#beginRecording(stored);
    return null;
  }

  /** Accounts did not answer: until they do, the gate knows that money is on its way to them. */
  holdWanted(receipt: string) {
    const stored = this.#table.find(receipt);
    const wanted = this.#table.entries(receipt).filter(({ state }) => state === "wanted");
    if (stored === null || wanted.length === 0) return;
    const shares = wanted.map(({ account }) => ({ holder: { kind: "account" as const, account } }));
    this.#debts.hold(
      receipt,
      heldMoney(`${ON_ITS_WAY}${receipt}#${stored.generation}`, stored, shares, stored.changedAt),
    );
  }

  posted(entry: ShareEntry, answer: PostedEntry) {
    if (entry.state === "wanted") this.#table.stepEntry(entry.entryKey, "wanted", "posted", answer);
    if (entry.state === "settling") this.#table.stepEntry(entry.entryKey, "settling", "reversing", answer);
    if (entry.state === "reversing") this.#table.stepEntry(entry.entryKey, "reversing", "reversed", null);
  }

  /** It never was and never will be posted. Of a share that was wanted, the money now waits: a generation like any other. */
  refused(entry: ShareEntry, because: RefusedBecause, twinReceipt: string | null, at: number) {
    const wanted = entry.state === "wanted";
    if (!this.#table.stepEntry(entry.entryKey, entry.state, wanted ? "refused" : "settled", null)) return;
    const stored = this.#table.find(entry.receipt);
    if (stored === null) return;
    const words = entry.retired ?? { actor: null, reason: `refused: ${because}`, at };
    this.#table.setRetired(entry.entryKey, words);
    if (entry.contra === "clearing")
      this.#debts.owe(entry.receipt, arrivesInSuspense(stored, entry.entryKey, entry.amountMinor, words));
    if (!wanted) return;
    const holder = holdAfterRefusal(stored, entry.account, because, twinReceipt);
    const shares = this.#table.shares(entry.receipt, stored.generation).map((share) => ({
      holder: share.entryKey === entry.entryKey ? holder : share.holder,
      amountMinor: share.amountMinor,
    }));
    this.pass(stored, shares, words, false);
  }

  /** An account had posted it, has forgotten it, as Postgres has, and will not post it anew: the money waits. */
  lost(entry: ShareEntry, because: RefusedBecause, twinReceipt: string | null, at: number) {
    const isPresent = entry.state === "posted";
    if (!this.#table.loseEntry(entry.entryKey, entry.state, isPresent ? "wanted" : "settling")) return;
    this.refused({ ...entry, state: isPresent ? "wanted" : "settling" }, because, twinReceipt, at);
    const stored = this.#table.find(entry.receipt);
    if (stored !== null) this.reopen(stored);
  }

  /** Postgres has lost these entries of accounts: the receipt is open until it has them again. Unknown keys change nothing. */
  entriesLost(receipt: string, keys: ReadonlySet<string>): boolean {
    const stored = this.#table.find(receipt);
    const lost = this.#table.recordedKeys(receipt).filter((key) => keys.has(key));
    for (const key of lost) this.#table.setLost(key);
    if (stored !== null && lost.length > 0) this.reopen(stored);
    return lost.length > 0;
  }

  /**
   * A receipt that was loaded from Postgres: its rows are there, what is not answered is asked again. False when this
   * shard knows it and is as far: a shard that was set back takes over what came after.
   */
  adopt({ receipt, shares, entries, missing }: Recovered): boolean {
    const known = this.#table.find(receipt.receipt);
    if (known !== null && known.generation >= receipt.generation) return false;
    this.#table.put(receipt);
    for (const share of shares) this.#table.putShare(receipt.receipt, share);
    for (const entry of entries) this.#table.adoptEntry(entry);
    for (const row of missing) this.#debts.owe(receipt.receipt, row);
    const present = shares.filter(({ generation }) => generation === receipt.generation);
    if (known !== null) this.#debts.releaseOthers(receipt.receipt, []);
    this.#hold(receipt, present);
    if (receipt.blocked)
      this.#debts.hold(
        receipt.receipt,
        heldMoney(reversalHoldKey(receipt.receipt), receipt, present, receipt.changedAt),
      );
    if (receipt.phase !== "recording") this.#table.setDue(receipt.receipt, receipt.changedAt, 0);
    this.close(receipt.receipt);
    return true;
  }

  /** The holders that accounts' entries show, where both sides have lost who moved it. False: nothing new is shown. */
  adoptEntries(receipt: string, lines: readonly Line[], at: number): boolean {
    let stored = this.#table.find(receipt);
    if (stored === null) return false;
    const recorded = new Set(this.#table.recordedKeys(receipt));
    const known = this.#table.entries(receipt).map((entry) => ({ ...entry, recorded: recorded.has(entry.entryKey) }));
    const evidence = evidenceOf(stored, known, lines, at);
    if (evidence === null) return false;
    for (const entry of evidence.entries) this.#table.adoptEntry(entry);
    while (stored.generation < evidence.generation) {
      const leaving = this.#table.shares(receipt, stored.generation);
      stored = this.#changed(stored, at, { generation: stored.generation + 1, phase: "recording" });
      const shares = evidence.sharesOf(stored.generation);
      for (const share of shares) this.#table.putShare(receipt, share);
      for (const share of leaving) {
        const closed = suspenseCaseRow(stored, share, at);
        if (closed !== null) this.#debts.owe(receipt, closed);
      }
      this.#tell(stored, shares);
    }
    this.#beginRecording(stored);
    return true;
  }

  /** Everything of a receipt once more, the same in every line: Postgres is found to lack some of it. */
  resend(receipt: string, sightings: readonly SightingRow[]): "sent" | "waits" | "unknown" {
    const stored = this.#table.find(receipt);
    if (stored === null) return "unknown";
    if (this.#debts.owesMoney(receipt)) return "waits";
    for (const sighting of sightings) this.#debts.owe(receipt, { kind: "sighting", ...sighting });
    const shares = this.#table.shares(receipt, null);
    const present = shares.filter(({ generation }) => generation === stored.generation);
    this.#debts.owe(receipt, paymentRow(stored, present, this.#shard()));
    for (const share of shares) {
      const next = shares.find(({ generation }) => generation === share.generation + 1);
      this.#debts.owe(receipt, allocationRow(stored, share));
      const waits = suspenseCaseRow(stored, share, next?.words.at ?? null);
      if (waits !== null) this.#debts.owe(receipt, waits);
    }
    for (const posting of postingsOf(stored, shares, this.#table.entries(receipt))) this.#debts.owe(receipt, posting);
    this.reopen(stored);
    return "sent";
  }

  /** Closed: all answered, and Postgres has everything. */
  close(...receipts: string[]) {
    const paid = receipts.filter((receipt) => !this.#debts.isOwing(receipt));
    if (paid.length === 0) return;
    this.#debts.write();
    this.#table.closeRecorded(paid);
  }

  /** A row more is owed, so it is not closed any more. */
  reopen(stored: StoredReceipt) {
    if (stored.phase === "closed") this.#table.setPhase(stored.receipt, "recording");
  }

  #changed(
    stored: StoredReceipt,
    at: number,
    change: Partial<Pick<StoredReceipt, "generation" | "phase" | "blocked">>,
  ): StoredReceipt {
    const phase = stored.phase === "closed" ? "recording" : stored.phase;
    const next = { ...stored, phase, ...change, version: stored.version + 1, changedAt: at };
    this.#table.put(next);
    return next;
  }

  /** The rows of a generation, and the gate's hold while some of it waits. */
  #tell(stored: StoredReceipt, shares: readonly StoredShare[]) {
    this.#debts.owe(stored.receipt, paymentRow(stored, shares, this.#shard()));
    for (const share of shares) {
      this.#debts.owe(stored.receipt, allocationRow(stored, share));
      const opened = suspenseCaseRow(stored, share, null);
      if (opened !== null) this.#debts.owe(stored.receipt, opened);
    }
    this.#hold(stored, shares);
  }

  #hold(stored: StoredReceipt, shares: readonly StoredShare[]) {
    const waiting = shares.filter(({ holder }) => holder.kind === "suspense");
    const since = Math.min(...waiting.map(({ openedAt }) => openedAt));
    if (waiting.length > 0)
      this.#debts.hold(stored.receipt, heldMoney(suspenseHoldKey(stored), stored, waiting, since));
  }

  /** All old holders have answered: what now comes out of suspense may be posted. */
  #beginPosting(stored: StoredReceipt) {
    this.#table.setPhase(stored.receipt, "posting");
    for (const share of this.#table.shares(stored.receipt, stored.generation)) {
      const isNew = share.entryKey === entryKeyOf(stored.receipt, stored.generation, share.share);
      if (isOwnBook(share.holder) && isNew) this.#debts.owe(stored.receipt, entersOwn(stored, share, share.words));
    }
  }

  /** All shares are answered: what the gate was told of earlier generations is over. */
  #beginRecording(stored: StoredReceipt) {
    const shares = this.#table.shares(stored.receipt, stored.generation);
    const waits = shares.some(({ holder }) => holder.kind === "suspense");
    this.#table.setPhase(stored.receipt, "recording");
    this.#debts.releaseOthers(stored.receipt, [
      ...(waits ? [suspenseHoldKey(stored)] : []),
      ...(stored.blocked ? [reversalHoldKey(stored.receipt)] : []),
    ]);
    this.close(stored.receipt);
  }
}

const suspenseHoldKey = ({ receipt, generation }: StoredReceipt) => `receipt:${receipt}#${generation}`;
const reversalHoldKey = (receipt: string) => `reversal:${receipt}`;

const heldMoney = (
  key: string,
  stored: StoredReceipt,
  shares: readonly { holder: Holder }[],
  since: number,
): HeldMoney => ({
  key,
  accounts: namedAccounts(shares),
  phones: stored.payerPhone === null ? [] : [stored.payerPhone],
  since,
});
