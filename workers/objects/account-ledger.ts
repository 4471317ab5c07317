import { awsIot } from "../../src/adapters/meters/aws-iot.ts";
import { commandId } from "../../src/domain/command-id.ts";
import type { AccountStatus, LedgerRow, PaymentPost, PostAnswer } from "../../src/domain/ledger.ts";
import type { LedgerHead } from "../../src/domain/posting.ts";
import { rateAt } from "../../src/domain/tariff.ts";
import type { AccountFacts, AccountView, AckAnswer, RelayAck } from "../../src/ports/accounts.ts";
import type { Relays } from "../../src/ports/relays.ts";
import type { CopyMessage, Env } from "../env.ts";
import { type Filed, filePayment, fileReversal, type ReverseOrder, settleKey } from "./account-ledger/post.ts";
import { type Reconciled, reconcile, recordedEntries } from "./account-ledger/reconcile.ts";
import { RelayDesk } from "./account-ledger/relay.ts";
import { RelayTables } from "./account-ledger/relay-tables.ts";
import { type AccountRestores, isNewborn, RESTORE_PAGE_MAX, restoreAccount } from "./account-ledger/restore.ts";
import { type Effect, EffectTable, receiptSmsOf } from "./account-ledger/sms.ts";
import { type SmsDoor, sendDueSms, smsDoorOf } from "./account-ledger/sms-door.ts";
import { AccountTables } from "./account-ledger/tables.ts";
import { forgetTables } from "./create-missing.ts";
import { restoresOf } from "./restores.ts";
import { SharedRuns } from "./turns.ts";
import { WakingObject } from "./waking-object.ts";

/** Commands and messages that a view shows, newest first. */
const VIEW_ROWS_MAX = 20;

/** What a credit sets in motion is left so long to the call that brought it; then the alarm does it. */
const AT_ONCE_MS = 5_000;

/** The chain as it stood after an entry (null: there is none), as it stands, and how long the next one has been accepted. */
export type Comparison = { at: LedgerHead | null; now: LedgerHead; oldestAfterAt: number | null };

type Readiness = { is: "ready"; facts: AccountFacts } | { is: "not_ready" } | { is: "unknown" };

/** One object an account: the only place where its balance changes, one call at a time. */
export class AccountLedger extends WakingObject {
  readonly #tables: AccountTables;
  readonly #relayTables: RelayTables;
  readonly #effects: EffectTable;
  readonly #desk: RelayDesk;
  /** The shards know whose postings Postgres lacks: one message of a shard fetches them all. */
  protected override readonly isFetchedAnyhow = true;
  /** False leaves everything to the alarm. */
  protected readonly actsAtOnce: boolean = true;
  readonly #runs = new SharedRuns<void>();
  #emptied = false;
  #loading: Promise<"ready" | "not_ready" | "unknown"> | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#tables = new AccountTables(ctx.storage.sql);
    this.#relayTables = new RelayTables(ctx.storage.sql);
    this.#effects = new EffectTable(ctx.storage.sql);
    this.#desk = new RelayDesk({
      tables: this.#relayTables,
      newId: (account) => commandId(account, crypto.getRandomValues(new Uint8Array(12))) ?? crypto.randomUUID(),
      owe: (row) => {
        this.outbox.add(row);
        this.owe();
      },
    });
  }

  /** Takes newer facts; older ones change nothing. Only an account that is newborn may start empty, all others are loaded. */
  async configure(facts: AccountFacts): Promise<void> {
    this.#assertName(facts.account);
    const newborn = isNewborn(facts);
    const loaded = newborn || this.#known() !== null ? "ready" : await this.#load(facts.account);
    this.#migrate();
    this.transact(() => {
      this.#tables.putFacts(facts);
      const unrestored = this.#tables.meta()?.restoredThrough === null;
      if (unrestored && (newborn || loaded === "unknown")) this.#tables.setRestored(0);
    });
    await this.arm();
  }

  async status(account: string): Promise<AccountStatus | "not_ready"> {
    const ready = await this.#ready(account);
    return ready.is === "ready" ? ready.facts.status : ready.is;
  }

  /**
   * Credits a payment, once, and orders what follows from it. The answer to a key never changes. `wasPosted`: whoever asks
   * has seen it posted; an account that does not know it any more first learns what Postgres has.
   */
  async post(account: string, payment: PaymentPost, wasPosted = false): Promise<PostAnswer> {
    if (wasPosted && !(await this.#remembers(account, payment.entryKey))) return { status: "not_ready" };
    return this.#file(account, (facts, now) => {
      const filed = filePayment(this.#tables, facts, payment, now);
      if (filed.answer.status === "posted" && filed.posting !== null) {
        this.#desk.orderAfterCredit(facts, filed.answer.entry.balanceAfterWh, now);
        this.#effects.owe(receiptSmsOf(facts, payment, filed.answer.entry), now);
      }
      return filed;
    });
  }

  /** The final answer for a key: what was posted or refused, or, for a key never seen, refused from now on. */
  async settle(account: string, entryKey: string, wasPosted = false): Promise<PostAnswer> {
    if (wasPosted && !(await this.#remembers(account, entryKey))) return { status: "not_ready" };
    return this.#file(account, () => ({ answer: settleKey(this.#tables, entryKey), posting: null }));
  }

  /** Takes back a posted entry, once. The balance may go below zero: what was used stays used. */
  async reverse(account: string, order: ReverseOrder, wasPosted = false): Promise<PostAnswer> {
    if (wasPosted && !(await this.#remembers(account, order.entryKey))) return { status: "not_ready" };
    return this.#file(account, (facts, now) => {
      const filed = fileReversal(this.#tables, facts, order, now);
      if (filed.posting !== null) this.#desk.afterDebit(this.#tables.head().balanceWh);
      return filed;
    });
  }

  /** What a meter answered to a command. */
  async acknowledge(ack: RelayAck): Promise<AckAnswer> {
    const known = this.#known();
    if (known?.is !== "ready") return { status: "unknown_command" };
    const answer = this.transact(() => {
      const now = this.clock.now();
      const acknowledged = this.#desk.acknowledge(known.facts, ack, this.#tables.head().balanceWh, now);
      this.#plan();
      return acknowledged;
    });
    await this.arm();
    return answer;
  }

  async view(account: string): Promise<AccountView | "not_ready" | null> {
    const ready = await this.#ready(account);
    if (ready.is === "unknown") return null;
    if (ready.is === "not_ready") return "not_ready";
    const { status, rates, currency } = ready.facts;
    const { seq, balanceWh } = this.#tables.head();
    const asOf = this.clock.now();
    const commands = this.#relayTables
      .latest(VIEW_ROWS_MAX)
      .map(({ id, meterNumber, action, state, because, requestedAt }) => ({
        id,
        meterNumber,
        action,
        state,
        because,
        requestedAt,
      }));
    const rateE4PerKwh = rateAt(rates, asOf)?.rateE4PerKwh ?? null;
    const copyWaiting = this.outbox.depth().waiting;
    return { account, status, balanceWh, seq, rateE4PerKwh, currency, copyWaiting, commands, asOf };
  }

  /** The newest SMS that were owed, also those that were held back, and why. */
  async messages(account: string): Promise<Effect[]> {
    const ready = await this.#ready(account);
    return ready.is === "ready" ? this.#effects.latest(VIEW_ROWS_MAX) : [];
  }

  /** Sequence, balance and hash after entry `n`, or now; null when there is no such entry, or no such account. */
  async head(account: string, n?: number): Promise<LedgerHead | null | "not_ready"> {
    const ready = await this.#ready(account);
    if (ready.is !== "ready") return ready.is === "unknown" ? null : "not_ready";
    return n === undefined ? this.#tables.head() : this.#tables.headAt(n);
  }

  /** For the comparison with Postgres, which has entries up to `n`. Null: no such account. */
  async compare(account: string, n: number): Promise<Comparison | null | "not_ready"> {
    const ready = await this.#ready(account);
    if (ready.is !== "ready") return ready.is === "unknown" ? null : "not_ready";
    const [next] = this.#tables.entriesAfter(n, 1);
    return { at: this.#tables.headAt(n), now: this.#tables.head(), oldestAfterAt: next?.acceptedAt ?? null };
  }

  /** The account's own entries after a sequence, in order. */
  async entriesAfter(account: string, seq: number, limit: number): Promise<LedgerRow[] | "not_ready"> {
    const ready = await this.#ready(account);
    if (ready.is !== "ready") return ready.is === "unknown" ? [] : "not_ready";
    return this.#tables.entriesAfter(seq, Math.min(limit, RESTORE_PAGE_MAX));
  }

  /**
   * After either side was set back to an earlier day: what only Postgres has is taken over, what only this account has is
   * sent again, what collides is filed anew. No balance is typed in.
   */
  async reconcile(account: string): Promise<Reconciled> {
    const ready = await this.#ready(account);
    if (ready.is === "unknown") return { status: "agree", adopted: 0, refiled: 0, resent: 0 };
    const recorded =
      ready.is === "ready" ? await recordedEntries(this.restores(), ready.facts.accountId) : ("down" as const);
    if (ready.is !== "ready" || recorded === "down") return { status: "not_ready" };
    const reconciled = this.transact(() => {
      const now = this.clock.now();
      const outcome = reconcile(this.#tables, this.outbox, ready.facts, recorded, now);
      const { balanceWh } = this.#tables.head();
      if (outcome.status === "agree" && outcome.adopted > 0) this.#desk.orderAfterCredit(ready.facts, balanceWh, now);
      // A Postgres that lost entries lost the commands of their time too.
      if (outcome.status === "agree" && outcome.resent > 0) this.#desk.tellAgain(ready.facts);
      this.#desk.afterDebit(balanceWh);
      this.owe();
      this.#plan();
      return outcome;
    });
    await this.arm();
    return reconciled;
  }

  protected override async wake(name: string): Promise<void> {
    const known = this.#known();
    if (known?.is !== "ready") return this.wakes.clear(name);
    if (name === "relay") return this.#turnRelays(known.facts);
    if (name === "sms") {
      await this.#sendSms();
      return this.#plan();
    }
    this.wakes.clear(name);
  }

  protected override copyMessage(): CopyMessage | null {
    const name = this.#emptied ? undefined : this.#tables.meta()?.name;
    return name === undefined ? null : { object: "account_ledger", name };
  }

  protected restores(): AccountRestores {
    return restoresOf(this.env);
  }

  protected relays(): Relays {
    return awsIot(this.env);
  }

  protected smsDoor(): SmsDoor {
    return smsDoorOf(this.env);
  }

  /** The faster road after a credit: no alarm has to come first. Whatever it leaves undone, the alarm does. */
  async #act(facts: AccountFacts) {
    const now = this.clock.now();
    const isDue = (at: number | null) => at !== null && at <= now;
    try {
      await Promise.all([
        isDue(this.#desk.nextTurnAt()) && this.#turnRelays(facts),
        isDue(this.#effects.nextAt()) && this.#sendSms(),
      ]);
      this.#plan();
    } catch (thrown) {
      console.warn(JSON.stringify({ at: "act", error: String(thrown) }));
    }
    await this.arm();
  }

  #sendSms(): Promise<void> {
    return this.#runs.run("sms", () => sendDueSms(this.#effects, this.smsDoor(), () => this.clock.now()));
  }

  #turnRelays(facts: AccountFacts): Promise<void> {
    return this.#runs.run("relay", () => this.#turnRelaysOnce(facts));
  }

  async #turnRelaysOnce(facts: AccountFacts) {
    const { balanceWh } = this.#tables.head();
    const due = this.transact(() => {
      const commands = this.#desk.turn(facts, balanceWh, this.clock.now());
      this.#plan();
      return commands;
    });
    const outcomes = await this.#desk.publish(this.relays(), due);
    this.transact(() => {
      this.#desk.published(facts, outcomes, this.clock.now());
      this.#plan();
    });
  }

  /** Sets the wakes to what is due next. Call inside the transaction that changed commands or messages. */
  #plan() {
    const relayAt = this.#desk.nextTurnAt();
    if (relayAt === null) this.wakes.clear("relay");
    // A millisecond before the rest: of all that is due at once, power comes first.
    else this.wakes.set("relay", relayAt <= this.clock.now() ? relayAt - 1 : relayAt);
    const smsAt = this.#effects.nextAt();
    if (smsAt === null) this.wakes.clear("sms");
    else this.wakes.set("sms", smsAt);
  }

  /** An account that was set back to an earlier moment must not answer for what it forgot. False: ask again later. */
  async #remembers(account: string, entryKey: string): Promise<boolean> {
    const ready = await this.#ready(account);
    if (ready.is !== "ready" || this.#tables.answer(entryKey) !== null) return ready.is !== "not_ready";
    return (await this.reconcile(account)).status === "agree";
  }

  /** One transaction: answer, entries, and everything they set in motion. */
  async #file(account: string, file: (facts: AccountFacts, now: number) => Filed): Promise<PostAnswer> {
    const ready = await this.#ready(account);
    if (ready.is === "not_ready") return { status: "not_ready" };
    // Not stored: a mistyped number must not leave an object behind.
    if (ready.is === "unknown") return { status: "refused", because: "unknown_account", twinReceipt: null };
    const { facts } = ready;
    const filed = this.transact(() => {
      const { answer, posting } = file(facts, this.clock.now());
      if (posting !== null) {
        this.outbox.add({ kind: "posting", account, accountId: facts.accountId, ...posting });
        this.owe();
        this.#plan();
        if (this.actsAtOnce) this.#putOff();
      }
      return { answer, isNew: posting !== null };
    });
    await this.arm();
    if (filed.isNew && this.actsAtOnce) this.ctx.waitUntil(this.#act(facts));
    return filed.answer;
  }

  #putOff() {
    const soonest = this.clock.now() + AT_ONCE_MS;
    for (const name of this.wakes.dueBy(soonest)) if (name === "relay" || name === "sms") this.wakes.set(name, soonest);
  }

  async #ready(account: string): Promise<Readiness> {
    this.#assertName(account);
    const known = this.#known();
    if (known !== null) return known;
    const loaded = await this.#load(account);
    return this.#known() ?? { is: loaded === "ready" ? "not_ready" : loaded };
  }

  #known(): Readiness | null {
    if (this.#emptied) return null;
    const meta = this.#tables.meta();
    return meta?.facts == null || meta.restoredThrough === null ? null : { is: "ready", facts: meta.facts };
  }

  protected override forget() {
    super.forget();
    for (const tables of [this.#tables, this.#relayTables, this.#effects]) tables.forget();
  }

  /** Calls that come while it loads wait for the same answer. */
  async #load(account: string) {
    this.#loading ??= this.#loadOnce(account).finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  async #loadOnce(account: string) {
    this.#migrate();
    const transaction = <T>(closure: () => T) => this.transact(closure);
    const loaded = await restoreAccount(this.#tables, this.restores(), account, transaction);
    if (loaded === "unknown" && this.#tables.meta() === null) {
      this.#emptied = true;
      await this.ctx.storage.deleteAll();
      forgetTables(this.ctx.storage.sql);
    }
    return loaded;
  }

  /** Storage of a number that is no account was emptied: the tables come back when it is asked for again. */
  #migrate() {
    if (!this.#emptied) return;
    this.wakes.open();
    this.outbox.open();
    for (const tables of [this.#tables, this.#relayTables, this.#effects]) tables.migrate();
    this.#emptied = false;
  }

  #assertName(account: string) {
    const name = this.ctx.id.name ?? (this.#emptied ? null : this.#tables.meta()?.name) ?? account;
    if (name !== account) throw new Error("this object belongs to another account");
  }
}
