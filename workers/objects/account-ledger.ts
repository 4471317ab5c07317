import type { AccountStatus, LedgerRow, PaymentPost, PostAnswer } from "../../src/domain/ledger.ts";
import type { AccountFacts } from "../../src/ports/accounts.ts";
import type { Restores } from "../../src/ports/restores.ts";
import type { CopyMessage, Env } from "../env.ts";
import { type Filed, filePayment, fileReversal, type ReverseOrder, settleKey } from "./account-ledger-post.ts";
import { isNewborn, RESTORE_PAGE_MAX, restoreAccount } from "./account-ledger-restore.ts";
import { AccountTables } from "./account-ledger-tables.ts";
import { OutboxTable } from "./outbox.ts";
import { WakeTable } from "./wakes.ts";
import { WakingObject } from "./waking-object.ts";

type Readiness = { is: "ready"; facts: AccountFacts } | { is: "not_ready" } | { is: "unknown" };

/** One object an account: the only place where its balance changes, one call at a time. */
export class AccountLedger extends WakingObject {
  readonly #tables: AccountTables;
  #emptied = false;
  #loading: Promise<"ready" | "not_ready" | "unknown"> | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#tables = new AccountTables(ctx.storage.sql);
  }

  /** Takes newer facts; older ones change nothing. Only an account that is new to Postgres too may start empty. */
  async configure(facts: AccountFacts): Promise<void> {
    this.#assertName(facts.account);
    const loaded = this.#known() === null ? await this.#load(facts.account) : "ready";
    this.#migrate();
    this.ctx.storage.transactionSync(() => {
      this.#tables.putFacts(facts);
      const unrestored = this.#tables.meta()?.restoredThrough === null;
      if (unrestored && (loaded === "unknown" || isNewborn(facts))) this.#tables.setRestored(0);
    });
    await this.arm();
  }

  async status(account: string): Promise<AccountStatus | "not_ready"> {
    const ready = await this.#ready(account);
    return ready.is === "ready" ? ready.facts.status : ready.is;
  }

  /** Credits a payment, once; the answer to a key never changes. */
  async post(account: string, payment: PaymentPost): Promise<PostAnswer> {
    return this.#file(account, (facts, now) => filePayment(this.#tables, facts, payment, now));
  }

  async settle(account: string, entryKey: string): Promise<PostAnswer> {
    return this.#file(account, () => ({ answer: settleKey(this.#tables, entryKey), posting: null }));
  }

  async reverse(account: string, order: ReverseOrder): Promise<PostAnswer> {
    return this.#file(account, (facts, now) => fileReversal(this.#tables, facts, order, now));
  }

  /** The account's own entries after a sequence, in order. */
  async entriesAfter(seq: number, limit: number): Promise<LedgerRow[]> {
    this.#migrate();
    return this.#tables.entriesAfter(seq, Math.min(limit, RESTORE_PAGE_MAX));
  }

  protected override async wake(name: string): Promise<void> {
    this.wakes.clear(name);
  }

  protected override copyMessage(): CopyMessage | null {
    const name = this.#tables.meta()?.name;
    return name === undefined ? null : { object: "account_ledger", name };
  }

  /** A seam for tests: where a lost account is loaded from. */
  protected restores(): Restores {
    return { accountFacts: async () => "down", accountEntries: async () => "down", directoryRows: async () => "down" };
  }

  /** One transaction: answer, entries, and everything they set in motion. */
  async #file(account: string, file: (facts: AccountFacts, now: number) => Filed): Promise<PostAnswer> {
    const ready = await this.#ready(account);
    if (ready.is === "not_ready") return { status: "not_ready" };
    // Not stored: a mistyped number must not leave an object behind.
    if (ready.is === "unknown") return { status: "refused", because: "unknown_account", twinReceipt: null };
    const answer = this.ctx.storage.transactionSync(() => {
      const { answer, posting } = file(ready.facts, this.clock.now());
      if (posting !== null) {
        const { accountId } = ready.facts;
        this.outbox.add({ kind: "posting", account, accountId, ...posting });
        this.owe();
      }
      return answer;
    });
    await this.arm();
    return answer;
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

  /** Calls that come while it loads wait for the same answer. */
  async #load(account: string) {
    this.#loading ??= this.#loadOnce(account).finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  async #loadOnce(account: string) {
    const transaction = <T>(closure: () => T) => this.ctx.storage.transactionSync(closure);
    const loaded = await restoreAccount(this.#tables, this.restores(), account, transaction);
    if (loaded === "unknown" && this.#tables.meta() === null) {
      this.#emptied = true;
      await this.ctx.storage.deleteAll();
    }
    return loaded;
  }

  /** Storage of a number that is no account was emptied: the tables come back with the next call. */
  #migrate() {
    if (!this.#emptied) return;
    new WakeTable(this.ctx.storage.sql);
    new OutboxTable(this.ctx.storage.sql);
    this.#tables.migrate();
    this.#emptied = false;
  }

  #assertName(account: string) {
    this.#migrate();
    const name = this.ctx.id.name ?? this.#tables.meta()?.name ?? account;
    if (name !== account) throw new Error("this object belongs to another account");
  }
}
