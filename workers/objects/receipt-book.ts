import {
  type Claim,
  type ClaimAnswer,
  type HoldBecause,
  isByText,
  type Move,
  type MoveAnswer,
  type Provider,
  type ReceiptPhase,
  type ReceiptState,
} from "../../src/domain/claim.ts";
import { decideClaim, type Seen } from "../../src/domain/claim-rules.ts";
import { decideMove } from "../../src/domain/move-rules.ts";
import type { CopyReport, OutboxItem, SightingRow } from "../../src/domain/outbox.ts";
import { MACHINE_ACTOR, PROVIDER_ACTOR } from "../../src/domain/person.ts";
import { conflictCaseRow, sightingRow } from "../../src/domain/receipt-rows.ts";
import { type OpenReceipt, type StoredReceipt, stateOf, type Words } from "../../src/domain/receipt-state.ts";
import type { ClaimExtent } from "../../src/ports/heads.ts";
import { forRequest, log } from "../../src/ports/log.ts";
import type { ShardRestores } from "../../src/ports/shard-restores.ts";
import type { CopyMessage, Env } from "../env.ts";
import { ReceiptChanges } from "./receipt-book/changes.ts";
import { claimsOf, digestOf, type ShardDay } from "./receipt-book/day.ts";
import { DebtTable } from "./receipt-book/debts.ts";
import { ReceiptDriver } from "./receipt-book/drive.ts";
import { GateTeller } from "./receipt-book/gate.ts";
import { withHolderIds } from "./receipt-book/holder-ids.ts";
import { BookTable } from "./receipt-book/meta.ts";
import { adoptAll, restoreBook } from "./receipt-book/restore.ts";
import { ReversalDesk, type ReversalEnd, type ReversalWord } from "./receipt-book/reversals.ts";
import { RECEIPT_BOOK_PERSONAL } from "./receipt-book/schema.ts";
import { ReceiptTable } from "./receipt-book/table.ts";
import { restoresOf } from "./restores.ts";
import { SharedRuns } from "./turns.ts";
import { backoffMs, WakingObject } from "./waking-object.ts";

/** The alarm leaves a fresh claim to the call that brought it for so long. */
const INLINE_MS = 5_000;
const SWEEP_BATCH_MAX = 500;
export const LIST_MAX = 500;
export const AWAITING_MAX = 1_000;
export const OPEN_MAX = 200;

type Claimed = Exclude<ClaimAnswer["status"], "not_ready">;

/** Who moves what waited for somebody to name its account: a provider's webhook, or the whole of a text that came cut. */
const moverOf = ({ road }: Claim) => (road === "webhook" ? PROVIDER_ACTOR : MACHINE_ACTOR);

/** The request that brought all of them; undefined: it was more than one. */
const sharedBy = ([first, ...others]: readonly Claim[]): string | undefined =>
  others.every(({ requestId }) => requestId === first?.requestId) ? first?.requestId : undefined;

/** One object a shard of receipts: who holds a receipt's money, and the driving of every open claim to its end. */
export class ReceiptBook extends WakingObject {
  protected override readonly personal = RECEIPT_BOOK_PERSONAL;
  readonly #table: ReceiptTable;
  readonly #debts: DebtTable;
  readonly #book: BookTable;
  readonly #changes: ReceiptChanges;
  readonly #driver: ReceiptDriver;
  readonly #reversals: ReversalDesk;
  readonly #loads = new SharedRuns<boolean>();
  readonly #gate: GateTeller;
  /** Reports of the copy consumer between their two steps, and whether the second step of one has failed. */
  #reports = 0;
  #isSweepDue = false;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#table = new ReceiptTable(ctx.storage.sql);
    this.#book = new BookTable(ctx.storage.sql);
    this.#debts = new DebtTable(ctx.storage.sql, this.outbox);
    this.#gate = new GateTeller(env, this.#debts);
    this.#changes = new ReceiptChanges(this.#table, this.#debts, () => this.#book.shard());
    this.#reversals = new ReversalDesk({
      book: this.#book,
      table: this.#table,
      changes: this.#changes,
      outbox: this.outbox,
    });
    this.#driver = new ReceiptDriver({
      env,
      table: this.#table,
      changes: this.#changes,
      gate: this.#gate,
      now: () => this.clock.now(),
      transact: (closure) => this.transact(closure),
      woken: () => this.#woken(),
    });
  }

  /** First claim fixes receipt, amount, currency and paid-at for ever. Twice is the same as once. */
  claim({ requestId, ...claim }: Claim): Promise<ClaimAnswer> {
    return forRequest(requestId, () => this.#claimOne(claim));
  }

  async #claimOne(claim: Claim): Promise<ClaimAnswer> {
    if (!(await this.#ready())) return { status: "not_ready" };
    const status = this.transact(() => this.#claim(claim, this.clock.now()));
    await this.arm();
    return this.#follow(claim, status);
  }

  /** The same for many, in one transaction. One that fails is asked again by its road, and keeps no other back. */
  async claimMany(claims: Claim[]): Promise<ClaimAnswer[]> {
    if (!(await this.#ready())) return claims.map(() => ({ status: "not_ready" }));
    const statuses = this.#claimAll(claims);
    await forRequest(sharedBy(claims), () => this.arm());
    return Promise.all(
      claims.map((claim, place) => {
        const status = statuses?.[place];
        const answer =
          status === undefined ? this.claim(claim) : forRequest(claim.requestId, () => this.#follow(claim, status));
        return answer.catch((thrown: unknown): ClaimAnswer => {
          log.warn("claim", { error: thrown });
          return { status: "not_ready" };
        });
      }),
    );
  }

  /** Null: not together, for one of them fails. */
  #claimAll(claims: readonly Claim[]): Claimed[] | null {
    try {
      return this.transact(() => claims.map((claim) => this.#claim(claim, this.clock.now())));
    } catch (thrown) {
      log.warn("claims", { error: thrown });
      return null;
    }
  }

  async #follow(claim: Claim, status: Claimed): Promise<ClaimAnswer> {
    // Committed, but not answered before the gate knows of money that waits: the road then asks again.
    if (!(await this.#gate.knows(claim.receipt))) return { status: "not_ready" };
    await this.#drive(claim.receipt);
    if (!(await this.#gate.knows(claim.receipt))) return { status: "not_ready" };
    const state = this.#stateOf(claim.receipt);
    const { receipt, generation, phase } = state;
    log.info("claim", { receipt, road: claim.road, status, generation, phase });
    return { status, state };
  }

  /** Compare-and-set on the generation: of two, one wins and the other is shown the present holder. */
  async move(move: Move): Promise<MoveAnswer> {
    if (!(await this.#ready())) return { status: "not_ready" };
    const refusal = this.transact((): MoveAnswer | null => {
      const state = this.#changes.state(move.receipt);
      const stored = this.#table.find(move.receipt);
      const decided = decideMove(state, stored?.recordedBy ?? null, move);
      if (decided.kind === "refused") return { status: "refused", because: decided.because, state };
      if (state === null || stored === null) return { status: "refused", because: "unknown_receipt", state: null };
      if (decided.kind === "stale") return { status: "stale", state };
      const words = { actor: move.actor, reason: move.reason, at: move.at };
      this.#pass(stored, move.newShares, words, decided.twinAllowed);
      // Who says that all of it went back has said what became of the reversal.
      if (move.newShares.every(({ holder }) => holder.kind === "returned")) this.#reversals.unblock(move, move.at);
      return null;
    });
    await this.arm();
    if (refusal !== null) return refusal;
    await this.#drive(move.receipt);
    return { status: "moved", state: this.#stateOf(move.receipt) };
  }

  /** The operator took it back: blocks the receipt once, also one not seen yet. Nothing is debited. */
  async block(notice: ReversalWord & { provider: Provider; because: HoldBecause }): Promise<void> {
    if (!(await this.#ready())) throw new Error("not_ready");
    this.transact(() => {
      this.#reversals.block(notice, this.clock.now());
      this.#woken();
    });
    await this.arm();
    if (!(await this.#gate.knows(notice.receipt))) throw new Error("not_ready");
  }

  /** A person has closed the reversal's case: what is held may be assigned. */
  async unblock(order: ReversalEnd): Promise<ReceiptState | null> {
    if (!(await this.#ready())) throw new Error("not_ready");
    this.transact(() => {
      this.#reversals.unblock(order, this.clock.now());
      this.#woken();
    });
    await this.arm();
    return this.#changes.state(order.receipt);
  }

  async state(receipt: string): Promise<ReceiptState | null | "not_ready"> {
    return (await this.#ready()) ? this.#changes.state(receipt) : "not_ready";
  }

  /** A page of receipts in order of their name. */
  async list(page: { phase?: ReceiptPhase; after?: string; limit?: number }): Promise<ReceiptState[] | "not_ready"> {
    if (!(await this.#ready())) return "not_ready";
    return this.#table
      .page(page.phase ?? null, page.after ?? "", Math.min(page.limit ?? LIST_MAX, LIST_MAX))
      .flatMap(({ receipt }) => this.#changes.state(receipt) ?? []);
  }

  /** Count and SHA-256 of the lines `receipt#generation/shares/postings` of a UTC day's claims, and what changed on it. */
  async digest(day: string): Promise<ShardDay | "not_ready"> {
    return (await this.#ready()) ? digestOf(this.#table, day) : "not_ready";
  }

  /** The same, one by one: where the digests differ. */
  async claimsOf(day: string): Promise<({ receipt: string } & ClaimExtent)[] | "not_ready"> {
    return (await this.#ready()) ? claimsOf(this.#table, day) : "not_ready";
  }

  /** Sends again all rows of receipts of which Postgres lacks something; returns those that were not on their way anyhow. */
  async resend(receipts: string[]): Promise<string[]> {
    const sent = this.transact(() => {
      const again = receipts.slice(0, LIST_MAX).filter((receipt) => this.#sendAgain(receipt));
      this.#woken();
      return again;
    });
    await this.arm();
    return sent;
  }

  /** Keys of accounts' entries of these receipts that Postgres was known to have. */
  async recordedKeys(receipts: string[]): Promise<string[]> {
    return receipts.slice(0, LIST_MAX).flatMap((receipt) => this.#table.recordedKeys(receipt));
  }

  /** Postgres has lost these entries: the accounts are asked for them again, and for what else it lacks of their receipts. */
  async entriesLost(receipts: string[], keys: string[]): Promise<void> {
    const asked = this.transact(() => {
      const lost = new Set(keys);
      const open = receipts.slice(0, LIST_MAX).filter((receipt) => this.#changes.entriesLost(receipt, lost));
      this.#woken();
      return open;
    });
    for (const receipt of asked) await this.#driver.ask(receipt);
    await this.arm();
  }

  /** Takes over receipts that Postgres has and this shard lost; returns those that were new here. */
  async adopt(receipts: string[]): Promise<string[] | "not_ready"> {
    if (!(await this.#ready())) return "not_ready";
    const found = await this.restores().receiptsNamed(receipts.slice(0, LIST_MAX));
    if (found === "down") return "not_ready";
    const adopted = this.transact(() => {
      const taken = adoptAll(this.#book, this.#changes, found);
      this.#woken();
      this.#followDue();
      return taken;
    });
    await this.arm();
    return adopted;
  }

  /** Tells Postgres again of reversals whose case it lost, also of receipts that have not come. Returns how many. */
  async tellReversals(): Promise<number | "not_ready"> {
    if (!(await this.#ready())) return "not_ready";
    const recorded = await this.restores().openReversals();
    if (recorded === "down") return "not_ready";
    const told = this.transact(() => {
      const count = this.#reversals.tellUnlike(new Set(recorded.map(({ receipt }) => receipt)));
      if (count > 0) this.#woken();
      return count;
    });
    await this.arm();
    return told;
  }

  /**
   * Takes over holders of receipts that were moved in a time that both this shard and Postgres have lost: the accounts'
   * entries show them. Returns the receipts of which they showed something new.
   */
  async adoptEntries(receipts: string[]): Promise<string[] | "not_ready"> {
    if (!(await this.#ready())) return "not_ready";
    const found = await this.restores().receiptsNamed(receipts.slice(0, LIST_MAX));
    if (found === "down") return "not_ready";
    const now = this.clock.now();
    const adopted = this.transact(() => {
      const shown = found.filter(({ payment, lines }) => this.#changes.adoptEntries(payment.receipt, lines, now));
      this.#woken();
      return shown.map(({ payment }) => payment.receipt);
    });
    await this.arm();
    return adopted;
  }

  /** Tells the disconnect gate of all money of this shard that waits. */
  async tellGate(): Promise<{ unknown: number; over: number } | "not_ready"> {
    if (!(await this.#ready())) return "not_ready";
    const told = await this.#gate.tellAgain(this.#book.shard());
    await this.arm();
    return told;
  }

  /** Receipts that are not closed, and rows that Postgres has not yet or has refused. */
  async depths(): Promise<{ open: number; copyWaiting: number; copyRefused: number }> {
    const { waiting, refused } = this.outbox.depth();
    return { open: this.#table.openCount(), copyWaiting: waiting, copyRefused: refused };
  }

  /** Receipts that are not closed, the longest unchanged first: what `depths` counts. At most {@link OPEN_MAX}. */
  async openReceipts(max: number): Promise<OpenReceipt[]> {
    return this.#table.open(Math.min(max, OPEN_MAX)).map((receipt) => ({
      ...stateOf(
        receipt,
        this.#table.shares(receipt.receipt, receipt.generation),
        this.#table.entries(receipt.receipt),
      ),
      claimedAt: receipt.claimedAt,
      changedAt: receipt.changedAt,
    }));
  }

  /** Keys of entries that accounts have posted and Postgres is not known to have. */
  async awaiting(max: number): Promise<string[]> {
    return this.#table.awaiting(Math.min(max, AWAITING_MAX));
  }

  /** The accounts that still owe Postgres those entries. */
  async awaitingAccounts(max: number): Promise<string[]> {
    return this.#table.awaitingAccounts(Math.min(max, AWAITING_MAX));
  }

  /** Asks the accounts again for what they posted before an instant and Postgres still lacks. */
  async askAgain(before: number, max: number): Promise<number> {
    return (await this.#ready()) ? this.#driver.askAgain(before, Math.min(max, AWAITING_MAX)) : 0;
  }

  /** Postgres has these entries. Keys of other shards change nothing. */
  async recorded(entryKeys: string[]): Promise<void> {
    this.transact(() => {
      this.#changes.close(...this.#table.setRecorded(entryKeys));
    });
  }

  /** A new country, phone or shard has nothing to load: this says so without asking Postgres. */
  async initialise(): Promise<void> {
    this.#name();
    this.#book.setRestored();
  }

  override async copyBatch(max: number): Promise<OutboxItem[]> {
    return withHolderIds(this.ctx.storage.sql, await super.copyBatch(max));
  }

  override async copied(report: CopyReport): Promise<boolean> {
    // If the second step is lost, this wake does it.
    this.wakes.bring("close", this.clock.now() + INLINE_MS);
    this.#reports += 1;
    try {
      const more = await super.copied(report);
      this.transact(() => {
        this.#changes.close(...this.#debts.paid(report.recorded));
        // It is also the wake of another report, whose second step is to come or has failed.
        if (this.#reports === 1 && !this.#isSweepDue) this.wakes.clear("close");
      });
      await this.arm();
      return more;
    } catch (thrown) {
      this.#isSweepDue = true;
      throw thrown;
    } finally {
      this.#reports -= 1;
    }
  }

  protected override copyMessage(): CopyMessage | null {
    const name = this.#name();
    return name === null ? null : { object: "receipt_book", name };
  }

  protected override async wake(name: string): Promise<void> {
    if (name === "drive") return this.#driver.driveDue(() => this.#followDue());
    if (name === "gate") await this.#gate.tellAll();
    if (name === "close") return this.#sweep();
    if (name === "restore" && !(await this.#ready())) throw new Error("the database has not answered");
    this.wakes.clear(name);
  }

  #claim(claim: Claim, now: number): Claimed {
    const known = this.#book.sighting(claim.sightingKey);
    const reversal = this.#book.reversal(claim.receipt);
    const decided = decideClaim(this.#changes.state(claim.receipt), claim, reversal?.notice.closedAt === null, () =>
      this.#seen(claim.receipt),
    );
    if (decided.kind === "create") {
      this.#changes.create(claim, decided.holder, decided.blocked, now);
      this.#see(claim, "first");
      this.#woken(claim.receipt, now + INLINE_MS);
      return "new";
    }
    const stored = this.#known(claim.receipt);
    if (decided.kind === "move") {
      const words = { actor: moverOf(claim), reason: claim.sightingKey, at: now };
      this.#pass(stored, [{ holder: decided.holder, amountMinor: claim.amountMinor }], words, false);
      this.#see(claim, "moved");
      return "moved";
    }
    if (decided.kind === "conflict") {
      if (this.#see(claim, "conflict")) this.#debts.owe(claim.receipt, conflictCaseRow(stored, claim));
      return "conflict";
    }
    if (this.#see(claim, decided.verdict)) {
      if (decided.hints.length > 0) this.#changes.hint(stored, decided.hints, now);
      this.#woken();
    }
    // A Mailbox that asks again after a lost answer is given the first answer; a provider's repeat is a duplicate.
    if (!isByText(claim.road)) return "same";
    return known === "first" ? "new" : known === "moved" ? "moved" : "same";
  }

  #seen(receipt: string): Seen {
    const { road, till } = this.#known(receipt);
    return { road, till, sightings: this.#book.sightingsOf(receipt) };
  }

  #sendAgain(receipt: string): boolean {
    if (this.#changes.resend(receipt, this.#book.sightingsOf(receipt)) !== "sent") return false;
    this.#reversals.tellAgain(receipt);
    return true;
  }

  /** True when it is seen in this way for the first time. */
  #see(claim: Claim, verdict: SightingRow["verdict"]): boolean {
    const { kind: _, ...row } = sightingRow(claim, verdict);
    if (!this.#book.addSighting(row)) return false;
    const stored = this.#table.find(claim.receipt);
    if (stored !== null) this.#changes.reopen(stored);
    this.#debts.owe(claim.receipt, sightingRow(claim, verdict));
    this.owe();
    return true;
  }

  #pass(stored: StoredReceipt, newShares: Move["newShares"], words: Words, twinAllowed: boolean) {
    this.#changes.pass(stored, newShares, words, twinAllowed);
    this.#woken(stored.receipt, this.clock.now() + INLINE_MS);
  }

  /** Call inside a transaction that changed something: rows, the gate and the receipt's own end are due. */
  #woken(receipt?: string, driveAt?: number) {
    const now = this.clock.now();
    this.owe();
    if (this.#gate.owes()) this.wakes.bring("gate", now);
    if (receipt === undefined || driveAt === undefined) return;
    this.#table.setDue(receipt, driveAt, 0);
    this.wakes.bring("drive", driveAt);
  }

  async #drive(receipt: string) {
    await this.#driver.drive(receipt);
    await this.arm();
  }

  #followDue() {
    const next = this.#table.earliestDue();
    if (next === null) this.wakes.clear("drive");
    else this.wakes.set("drive", Math.max(next, this.clock.now()));
  }

  #sweep() {
    this.transact(() => {
      const receipts = this.#debts.paidUnnoticed(SWEEP_BATCH_MAX);
      this.#changes.close(...receipts);
      if (receipts.length > 0) return;
      if (this.#reports > 0) this.wakes.set("close", this.clock.now() + INLINE_MS);
      else this.wakes.clear("close");
      this.#isSweepDue = false;
    });
  }

  #known(receipt: string): StoredReceipt {
    const stored = this.#table.find(receipt);
    if (stored === null) throw new Error("a receipt that is known must be there");
    return stored;
  }

  #stateOf(receipt: string): ReceiptState {
    const state = this.#changes.state(receipt);
    if (state === null) throw new Error("a receipt that was claimed must be there");
    return state;
  }

  /** This shard's own name; the platform does not say it to an alarm after a restart, so it is kept. */
  #name(): string | null {
    const { name } = this.ctx.id;
    if (name !== undefined) this.#book.setName(name);
    return name ?? this.#book.name();
  }

  protected override forget() {
    super.forget();
    for (const memory of [this.#table, this.#debts, this.#book]) memory.forget();
  }

  /** A seam for tests: where a lost shard is loaded from. */
  protected restores(): ShardRestores {
    return restoresOf(this.env);
  }

  /** False until everything that Postgres has of this shard is here: a receipt of the past must not look new. */
  async #ready(): Promise<boolean> {
    this.#name();
    if (this.#book.isRestored()) return true;
    const transaction = (closure: () => void) => this.transact(closure);
    const ready = await this.#loads.run("restore", () =>
      restoreBook(this.#book, this.#changes, this.restores(), transaction),
    );
    const now = this.clock.now();
    this.transact(() => {
      if (ready) this.wakes.clear("restore");
      else this.wakes.bring("restore", now + backoffMs(0));
      this.#woken();
      this.#followDue();
    });
    await this.arm();
    return ready;
  }
}
