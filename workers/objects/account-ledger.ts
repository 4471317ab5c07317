import { awsIot } from "../../src/adapters/meters/aws-iot.ts";
import type { Permit } from "../../src/domain/disconnect.ts";
import type { DebtName } from "../../src/domain/fees/debt.ts";
import type { AccountStatus, LedgerRow, OpeningAnswer, PaymentPost, PostAnswer } from "../../src/domain/ledger.ts";
import type { LedgerHead } from "../../src/domain/posting.ts";
import type { Reading, ReadingVerdict } from "../../src/domain/reading.ts";
import type {
  AccountFacts,
  AccountView,
  AccrueAnswer,
  AckAnswer,
  ApplyAnswer,
  ApplyOrder,
  CorrectOrder,
  CreditView,
  FeeAnswer,
  FeeOrder,
  HandAnswer,
  HandOrder,
  KeptAccount,
  OpeningOrder,
  OverrideOrder,
  RelayAck,
  ReleaseOrder,
  VendorDayAnswer,
  VendorDayOrder,
} from "../../src/ports/accounts.ts";
import type { PermitQuestion } from "../../src/ports/gate.ts";
import { forRequest, log } from "../../src/ports/log.ts";
import type { Relays } from "../../src/ports/relays.ts";
import type { Env } from "../env.ts";
import { fileApply, fileUnapplied, lastBoughtAt } from "./account-ledger/apply.ts";
import { type Comparison, knowsAll, type Recorded } from "./account-ledger/comparison.ts";
import { type CreditDoor, creditDoorOf } from "./account-ledger/credit-door.ts";
import { Errands } from "./account-ledger/errands.ts";
import { fileAccruals, fileFee } from "./account-ledger/fees.ts";
import { orderByHand, orderOverride } from "./account-ledger/hand.ts";
import { keptOf } from "./account-ledger/kept.ts";
import { AccountLife } from "./account-ledger/life.ts";
import {
  customerRow,
  type Filed,
  fileCorrection,
  fileOpening,
  filePayment,
  fileReversal,
  isTooLateToOpen,
  type ReverseOrder,
  settleKey,
} from "./account-ledger/post.ts";
import { type Reconciled, reconcile, recordedEntries } from "./account-ledger/reconcile.ts";
import { isNewborn, RESTORE_PAGE_MAX } from "./account-ledger/restore.ts";
import { restoreCredits } from "./account-ledger/restore-credits.ts";
import { restoreMeters } from "./account-ledger/restore-meters.ts";
import { type Effect, RECEIPT_SMS_TTL_MS, receiptSmsOf } from "./account-ledger/sms.ts";
import { type SmsDoor, smsDoorOf } from "./account-ledger/sms-door.ts";
import { dayOfSince } from "./account-ledger/vendor-days.ts";
import { creditViewOf, viewOf } from "./account-ledger/view.ts";
import { gateOf } from "./locate.ts";
import { Late, within } from "./turns.ts";

/** Commands and messages that a view shows, newest first. */
const VIEW_ROWS_MAX = 20;
/** Longer ago, and something may have come and been copied since. */
const BLANK_MS_MAX = 15_000;

/** So long the alarm waits for a vendor's answer. */
const CREDIT_ALARM_MS = 5_000;

/** What a credit sets in motion is left so long to the call that brought it; then the alarm does it. */
const AT_ONCE_MS = 5_000;

/** One object an account: the only place where its balance changes, one call at a time. */
export class AccountLedger extends AccountLife {
  readonly #errands: Errands;
  /** False leaves everything to the alarm. */
  protected readonly actsAtOnce: boolean = true;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#errands = new Errands({
      desks: this.desks,
      now: () => this.clock.now(),
      transact: (step) =>
        this.transact(() => {
          const done = step();
          this.#plan();
          return done;
        }),
      relays: () => this.relays(),
      smsDoor: () => this.smsDoor(),
      creditDoor: () => this.creditDoor(),
      permit: (question) => this.permit(question),
    });
  }

  /**
   * Takes newer facts; older ones change nothing. Only an account that is newborn may start empty, or one of which Postgres
   * had nothing at `blankAt`, a moment ago; all others are loaded. "other_account": a database that was set back gave this
   * number, and not this id, to somebody else, in whatever version; what is here is not theirs, also where nobody has paid
   * yet, and nothing was changed. A number has one id for ever: what was registered and undone keeps it.
   */
  async configure(facts: AccountFacts, blankAt: number | null = null): Promise<"told" | "other_account"> {
    this.assertName(facts.account);
    const isBlank = blankAt !== null && this.clock.now() - blankAt < BLANK_MS_MAX;
    const newborn = isNewborn(facts) || isBlank;
    const loaded = newborn || this.known() !== null ? "ready" : await this.load(facts.account);
    this.migrate();
    const answer = this.transact(() => {
      const { tables, meters } = this.desks;
      const was = tables.meta()?.facts ?? null;
      if (was !== null && was.accountId !== facts.accountId) return "other_account";
      const isNewer = tables.putFacts(facts);
      const unrestored = tables.meta()?.restoredThrough === null;
      if (unrestored && (newborn || loaded === "unknown")) tables.setRestored(0);
      const now = this.clock.now();
      const isSettled = isNewer && this.desks.vendorDays.changeFacts(was, facts, now);
      const isDebited = (isNewer && meters.changeRoles(was, facts, now)) || isSettled;
      // What was blocked for what the account was is looked at again.
      if (isNewer) this.desks.credits.reopen(now);
      if (isDebited || (isNewer && was !== null && was.status !== facts.status)) {
        // Whoever pays later, or is served again, is not left in the dark for what was before.
        this.desks.afterCredit(facts, now);
        this.desks.afterDebit(facts, now);
      }
      this.#plan();
      return "told";
    });
    await this.arm();
    return answer;
  }

  async status(account: string): Promise<AccountStatus | "not_ready"> {
    const ready = await this.ready(account);
    return ready.is === "ready" ? ready.facts.status : ready.is;
  }

  /**
   * Credits a payment, once, and orders what follows from it. The answer to a key never changes. `wasPosted`: whoever asks
   * has seen it posted; an account that does not know it any more first learns what Postgres has.
   */
  post(account: string, { requestId, ...payment }: PaymentPost, wasPosted = false): Promise<PostAnswer> {
    return forRequest(requestId, async () => {
      const answer = await this.#post(account, payment, wasPosted);
      log.info("posted", { account, entry: payment.entryKey, status: answer.status });
      return answer;
    });
  }

  async #post(account: string, payment: PaymentPost, wasPosted: boolean): Promise<PostAnswer> {
    if (wasPosted && !(await this.#remembers(account, payment.entryKey))) return { status: "not_ready" };
    return this.#file(account, (facts, now) => {
      const { tables, effects, meters, credits } = this.desks;
      const filed = filePayment(tables, facts, payment, credits.echoedBy(payment), now, this.desks.country);
      if (filed.answer.status === "posted" && filed.posting !== null) {
        this.desks.afterCredit(facts, now);
        const energyMinor = customerRow(filed.posting).amountMinor;
        this.desks.credits.queuePayment(facts, { ...payment, amountMinor: energyMinor }, now);
        const feeMinor = payment.amountMinor - energyMinor;
        const receiptSms = receiptSmsOf(facts, payment, { ...filed.answer.entry, feeMinor }, meters.availableWh(facts));
        effects.owe(receiptSms, now, RECEIPT_SMS_TTL_MS, (owed) => this.smsDoor().boundAtOnce(owed));
      }
      return filed;
    });
  }

  /** Commits readings, debits what they show, and decides on the relay. The same readings again change nothing. */
  async read(account: string, readings: Reading[]): Promise<ReadingVerdict[] | "not_ready" | "unknown"> {
    const ready = await this.ready(account);
    if (ready.is !== "ready") return ready.is;
    const { facts } = ready;
    const { verdicts, asking, isPressing } = this.transact(() => {
      const now = this.clock.now();
      const { tables, meters, relays } = this.desks;
      const read = meters.read(facts, readings, now);
      for (const { meterNumber, readAt } of readings)
        if (readAt > now) this.desks.relayTables.putAhead(meterNumber, readAt, now);
      relays.learn(facts, read.heard, meters.availableWh(facts), () => lastBoughtAt(tables), now);
      const asking = this.desks.afterDebit(facts, now);
      this.#plan();
      const relayAt = relays.nextTurnAt(now);
      return { ...read, asking, isPressing: asking.length > 0 || (relayAt !== null && relayAt <= now) };
    });
    await this.arm();
    if (isPressing && this.actsAtOnce) this.ctx.waitUntil(this.#act(facts, asking));
    return verdicts;
  }

  /** Commits days of vendor meters, and posts the difference to what was posted of each before. The same days again change nothing. */
  async recordDays(account: string, days: VendorDayOrder[]): Promise<VendorDayAnswer[] | "not_ready" | "unknown"> {
    const recorded = await this.#change(account, (facts, now) => {
      const answers = this.desks.vendorDays.record(facts, days, now);
      if (answers.some(({ postedWh }) => postedWh > 0)) this.desks.afterCredit(facts, now);
      if (answers.some(({ postedWh }) => postedWh < 0)) this.desks.afterDebit(facts, now);
      return answers;
    });
    return recorded ?? "unknown";
  }

  /** A person has looked at a reading that waits: as MeterDesk.release answers. */
  async release(account: string, order: ReleaseOrder): Promise<"done" | "unknown" | "refused" | "not_ready"> {
    const done = await this.#change(account, (facts, now) => {
      const released = this.desks.meters.release(facts, order, now);
      if (released === "done") this.desks.afterDebit(facts, now);
      return released;
    });
    return done ?? "unknown";
  }

  /** A person connects or disconnects. What stands in the way is named; `force` sets aside what may be set aside. */
  async command(account: string, order: HandOrder): Promise<HandAnswer> {
    const done = await this.#change(account, (facts, now) => orderByHand(this.desks, facts, order, now));
    return done === "not_ready" ? { status: "not_ready" } : (done ?? { status: "unknown" });
  }

  /** A person's word over a meter's relay, until it expires or another takes its place. */
  async override(account: string, order: OverrideOrder): Promise<"done" | "unknown" | "not_ready"> {
    const done = await this.#change(account, (facts, now) => orderOverride(this.desks, facts, order, now));
    return done ?? "unknown";
  }

  /** The final answer for a key: what was posted or refused, or, for a key never seen, refused from now on. */
  async settle(account: string, entryKey: string, wasPosted = false): Promise<PostAnswer> {
    if (wasPosted && !(await this.#remembers(account, entryKey))) return { status: "not_ready" };
    return this.#file(account, () => ({ answer: settleKey(this.desks.tables, entryKey), posting: null }));
  }

  /** Takes back a posted entry, once. The balance may go below zero: what was used stays used. */
  async reverse(account: string, order: ReverseOrder, wasPosted = false): Promise<PostAnswer> {
    if (wasPosted && !(await this.#remembers(account, order.entryKey))) return { status: "not_ready" };
    return this.#file(account, (facts, now) => {
      const { tables, credits } = this.desks;
      const filed = fileReversal(tables, facts, order, now);
      const unapplied = fileUnapplied(tables, facts, order, now);
      if (filed.posting !== null) credits.takeBack(facts, order.entryKey, now);
      for (const { entryKey } of unapplied) credits.takeBack(facts, entryKey, now);
      if (filed.posting !== null || unapplied.length > 0) this.desks.afterDebit(facts, now);
      return { ...filed, after: unapplied.map(({ posting }) => posting) };
    });
  }

  /** Puts the balance right as people have ordered it, once an order; a vendor's wallet gets the same. */
  async correct(account: string, order: CorrectOrder): Promise<PostAnswer> {
    return this.#file(
      account,
      (facts, now) => {
        const { walletMinor, ...filed } = fileCorrection(this.desks.tables, facts, order, now);
        const row = filed.posting === null ? null : customerRow(filed.posting);
        if (row === null) return filed;
        this.desks.credits.queueCorrection(facts, order.id, walletMinor, now);
        if (row.energyWh > 0) this.desks.afterCredit(facts, now);
        else this.desks.afterDebit(facts, now);
        return filed;
      },
      "person",
    );
  }

  /** Charges, writes off or pays back what is owed beside energy, once an order. The balance of energy stays as it is. */
  async fee(account: string, order: FeeOrder): Promise<FeeAnswer> {
    const done = await this.#change(account, (facts, now) => {
      const { answer, posting } = fileFee(this.desks.tables, facts, order, now);
      if (posting !== null) this.desks.owe({ kind: "posting", account, accountId: facts.accountId, ...posting });
      return answer;
    });
    return done === "not_ready" ? { status: "not_ready" } : (done ?? { status: "refused", because: "unknown_account" });
  }

  /** Sells energy for what nothing took of a payment, once a picture of it, and orders what follows from it as after any payment. */
  async applyUnallocated(account: string, order: ApplyOrder): Promise<ApplyAnswer> {
    const done = await this.#change(account, (facts, now) => {
      const { answer, posting } = fileApply(this.desks.tables, facts, order, now);
      if (posting !== null) {
        this.desks.owe({ kind: "posting", account, accountId: facts.accountId, ...posting });
        this.desks.afterCredit(facts, now);
        this.desks.credits.queueApplied(facts, posting.postingId, order, now);
      }
      return answer;
    });
    return done === "not_ready" ? { status: "not_ready" } : (done ?? { status: "refused", because: "unknown_account" });
  }

  /** Adds to a debt the months and penalties that its agreement says and that have become due, each once. */
  async accrue(account: string, part: DebtName): Promise<AccrueAnswer> {
    const done = await this.#change(account, (facts, now): AccrueAnswer => {
      const postings = fileAccruals(this.desks.tables, facts, part, this.desks.country, now);
      if (postings === null) return { status: "unknown" };
      for (const posting of postings)
        this.desks.owe({ kind: "posting", account, accountId: facts.accountId, ...posting });
      return { status: "done", count: postings.length };
    });
    return done === "not_ready" ? { status: "not_ready" } : (done ?? { status: "unknown" });
  }

  /** What the account brings from the old books, once. Nothing is lit or put in the dark by it. */
  async open(account: string, order: OpeningOrder): Promise<OpeningAnswer> {
    const done = await this.#change(account, (facts, now): OpeningAnswer => {
      if (isTooLateToOpen(this.desks.tables, account)) return { status: "has_entries" };
      const { answer, posting } = fileOpening(this.desks.tables, facts, order, now);
      if (posting !== null) this.desks.owe({ kind: "posting", account, accountId: facts.accountId, ...posting });
      return answer;
    });
    if (done === "not_ready") return { status: "not_ready" };
    return done ?? { status: "refused", because: "unknown_account", twinReceipt: null };
  }

  /** What a meter answered to a command. */
  async acknowledge(ack: RelayAck): Promise<AckAnswer> {
    const known = this.known();
    if (known?.is !== "ready") return { status: "unknown_command" };
    const answer = this.transact(() => {
      const now = this.clock.now();
      const { relays, meters } = this.desks;
      const acknowledged = relays.acknowledge(known.facts, ack, meters.availableWh(known.facts), now);
      this.desks.dark.look(known.facts, now);
      this.#plan();
      return acknowledged;
    });
    await this.arm();
    return answer;
  }

  async view(account: string, paymentKeys: readonly string[] = []): Promise<AccountView | "not_ready" | null> {
    const ready = await this.ready(account);
    if (ready.is === "unknown") return null;
    if (ready.is === "not_ready") return "not_ready";
    return viewOf(this.desks, ready.facts, paymentKeys, this.outbox.depth().waiting, this.clock.now());
  }

  /** For a Postgres that has forgotten it: what it is, and how much it holds, also while it is not whole. Null: it is no account here either. */
  async kept(account: string): Promise<KeptAccount | "not_ready" | null> {
    const ready = await this.ready(account);
    if (ready.is === "unknown") return null;
    const facts = ready.is === "ready" ? ready.facts : (this.desks.tables.meta()?.facts ?? null);
    return facts === null ? "not_ready" : keptOf(this.ctx.storage.sql, this.desks, facts, this.outbox.depth());
  }

  /** A credit that a person wants tried again. Null: no such account or credit, or nothing of it to try. */
  async retryCredit(account: string, externalId: string): Promise<CreditView | null | "not_ready"> {
    return this.#change(account, (facts, now) => {
      const again = this.desks.credits.revive(facts, externalId, now);
      return again === null ? null : creditViewOf(again);
    });
  }

  /** A credit whose money a person has moved on the platform. Null: no such account or credit, or nothing of it waits. */
  async settleCredit(account: string, externalId: string): Promise<CreditView | null | "not_ready"> {
    return this.#change(account, (facts, now) => {
      const settled = this.desks.credits.settle(facts, externalId, now);
      return settled === null ? null : creditViewOf(settled);
    });
  }

  /** The newest SMS that were owed, also those that were held back, and why. */
  async messages(account: string): Promise<Effect[]> {
    const ready = await this.ready(account);
    return ready.is === "ready" ? this.desks.effects.latest(VIEW_ROWS_MAX) : [];
  }

  /** The version of the facts it works by; null: no such account. */
  async factsVersion(account: string): Promise<number | null | "not_ready"> {
    const ready = await this.ready(account);
    if (ready.is !== "ready") return ready.is === "unknown" ? null : "not_ready";
    return ready.facts.version;
  }

  /** Sequence, balance and hash after entry `n`, or now; null when there is no such entry, or no such account. */
  async head(account: string, n?: number): Promise<LedgerHead | null | "not_ready"> {
    const ready = await this.ready(account);
    if (ready.is !== "ready") return ready.is === "unknown" ? null : "not_ready";
    return n === undefined ? this.desks.tables.head() : this.desks.tables.headAt(n);
  }

  /**
   * For the comparison with Postgres, which has entries up to `n`. Null: no such account. `recorded`: all that Postgres has; an
   * account that was set back waits for alarms that nobody has, and whoever compares it wakes it by that, unless it must reconcile first.
   */
  async compare(
    account: string,
    n: number,
    readingsSince: number,
    recorded: Recorded | null = null,
  ): Promise<Comparison | null | "not_ready"> {
    const ready = await this.ready(account);
    if (ready.is !== "ready") return ready.is === "unknown" ? null : "not_ready";
    const [next] = this.desks.tables.entriesAfter(n, 1);
    const comparison: Comparison = {
      at: this.desks.tables.headAt(n),
      now: this.desks.tables.head(),
      oldestAfterAt: next?.acceptedAt ?? null,
      meters: [
        ...this.desks.readings.heads(readingsSince),
        ...this.desks.vendorDayTable.heads(dayOfSince(readingsSince)),
        ...this.desks.credits.heads(),
      ],
      waiting: this.outbox.depth().waiting,
    };
    if (recorded !== null && knowsAll(comparison, recorded)) await this.arm();
    return comparison;
  }

  /** The account's own entries after a sequence, in order. */
  async entriesAfter(account: string, seq: number, limit: number): Promise<LedgerRow[] | "not_ready"> {
    const ready = await this.ready(account);
    if (ready.is !== "ready") return ready.is === "unknown" ? [] : "not_ready";
    return this.desks.tables.entriesAfter(seq, Math.min(limit, RESTORE_PAGE_MAX));
  }

  /**
   * After either side was set back to an earlier day: what only Postgres has is taken over, what only this account has is
   * sent again, what collides is filed anew. No balance is typed in.
   */
  async reconcile(account: string): Promise<Reconciled> {
    const ready = await this.ready(account);
    if (ready.is === "unknown") return { status: "agree", adopted: 0, refiled: 0, resent: 0, readings: 0 };
    if (ready.is !== "ready") return { status: "not_ready" };
    const { facts } = ready;
    const isOwn = await this.restores().isAccountsId(account, facts.accountId);
    // What stands under this id is another's: nothing of it is taken over.
    if (isOwn === false) return { status: "conflict", entryKeys: [], because: "other_account" };
    const recorded = isOwn === "down" ? isOwn : await recordedEntries(this.restores(), facts.accountId);
    if (recorded === "down") return { status: "not_ready" };
    const transaction = <T>(closure: () => T) => this.transact(closure);
    const meters = await restoreMeters(this.desks, this.restores(), facts, this.clock.now(), transaction, this.outbox);
    if (meters === null) return { status: "not_ready" };
    const credits = await restoreCredits(
      this.desks,
      this.restores(),
      facts,
      this.clock.now(),
      transaction,
      this.outbox,
    );
    if (credits === "down") return { status: "not_ready" };
    const reconciled = this.transact(() => {
      const now = this.clock.now();
      const outcome = reconcile(this.desks, this.outbox, ready.facts, recorded, now);
      if (outcome.status === "agree" && outcome.adopted > 0) this.desks.afterCredit(ready.facts, now);
      // A Postgres that lost entries lost the commands of their time too.
      if (outcome.status === "agree" && outcome.resent > 0) this.desks.relays.tellAgain(ready.facts);
      this.desks.afterDebit(ready.facts, now);
      this.owe();
      this.#plan();
      return outcome.status === "agree" ? { ...outcome, readings: meters.resent + credits } : outcome;
    });
    await this.arm();
    return reconciled;
  }

  protected override async wake(name: string): Promise<void> {
    const known = this.known();
    if (known?.is !== "ready") return this.wakes.clear(name);
    switch (name) {
      case "relay":
        return this.#errands.turnRelays(known.facts);
      case "look":
        return this.#errands.lookAgain(known.facts);
      case "warn":
      case "override":
        return this.#errands.lookAround(known.facts);
      case "credit":
        // The light of the next payment does not wait for a vendor: a call that takes long ends beside the alarm.
        return this.#sendCredits();
      case "sms":
        await this.#errands.sendSms();
        return this.#plan();
      default:
        this.wakes.clear(name);
    }
  }

  async #sendCredits() {
    const run = this.#errands.sendCredits().finally(() => {
      this.#plan();
      return this.arm();
    });
    this.ctx.waitUntil(run.catch(() => undefined));
    // A timer that is left running would keep the object in memory for nothing.
    await within(CREDIT_ALARM_MS, run).catch((thrown: unknown) => {
      if (!(thrown instanceof Late)) throw thrown;
    });
  }

  protected relays(): Relays {
    return awsIot(this.env);
  }

  protected smsDoor(): SmsDoor {
    return smsDoorOf(this.env, () => this.clock.now());
  }

  protected creditDoor(): CreditDoor {
    return creditDoorOf(this.env);
  }

  protected permit(question: PermitQuestion): Promise<Permit> {
    return gateOf(this.env).permit(question);
  }

  /** The faster road: no alarm has to come first. Whatever it leaves undone, the alarm does. */
  async #act(facts: AccountFacts, asking: string[] = [], isTurned = false) {
    try {
      await this.#errands.runDue(facts, asking, isTurned);
      this.#plan();
    } catch (thrown) {
      log.warn("act", { error: thrown });
    }
    await this.arm();
  }

  #plan() {
    this.desks.plan(this.wakes, this.clock.now());
  }

  /** One transaction of a person's order, and what follows from it at once. */
  async #change<T>(account: string, change: (facts: AccountFacts, now: number) => T): Promise<T | "not_ready" | null> {
    const ready = await this.ready(account);
    if (ready.is !== "ready") return ready.is === "unknown" ? null : "not_ready";
    const changed = this.transact(() => {
      const done = change(ready.facts, this.clock.now());
      this.#plan();
      return done;
    });
    await this.arm();
    if (this.actsAtOnce) this.ctx.waitUntil(this.#act(ready.facts));
    return changed;
  }

  /** An account that was set back to an earlier moment must not answer for what it forgot. False: ask again later. */
  async #remembers(account: string, entryKey: string): Promise<boolean> {
    const ready = await this.ready(account);
    if (ready.is !== "ready" || this.desks.tables.answer(entryKey) !== null) return ready.is !== "not_ready";
    return (await this.reconcile(account)).status === "agree";
  }

  /** One transaction: answer, entries, and everything they set in motion. */
  async #file(
    account: string,
    file: (facts: AccountFacts, now: number) => Filed,
    by: "shard" | "person" = "shard",
  ): Promise<PostAnswer> {
    const ready = await this.ready(account);
    if (ready.is === "not_ready") return { status: "not_ready" };
    // Not stored: a mistyped number must not leave an object behind.
    if (ready.is === "unknown") return { status: "refused", because: "unknown_account", twinReceipt: null };
    const { facts } = ready;
    const filed = this.transact(() => {
      const isOwing = this.wakes.has("copy");
      const { answer, posting, after = [] } = file(facts, this.clock.now());
      const news = posting === null ? after : [posting, ...after];
      for (const each of news) this.desks.owe({ kind: "posting", account, accountId: facts.accountId, ...each });
      if (news.length > 0) {
        if (this.actsAtOnce) this.#turnAtOnce(facts);
        this.#plan();
        if (this.actsAtOnce) this.#putOff();
        // The shard that asked for this posting waits for it in Postgres.
        if (!isOwing && by === "shard") this.leaveCopyToOthers();
      }
      return { answer, isNew: news.length > 0 };
    });
    await this.arm();
    if (filed.isNew && this.actsAtOnce) this.ctx.waitUntil(this.#act(facts, [], true));
    return filed.answer;
  }

  /** What the relays' turn would do next, in the transaction that is open. */
  #turnAtOnce(facts: AccountFacts) {
    this.desks.relays.turn(facts, this.desks.meters.availableWh(facts), this.clock.now());
  }

  #putOff() {
    const soonest = this.clock.now() + AT_ONCE_MS;
    for (const name of this.wakes.dueBy(soonest))
      if (name === "relay" || name === "sms" || name === "credit") this.wakes.set(name, soonest);
  }
}
