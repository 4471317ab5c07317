import type { AccountFacts } from "../../../src/ports/accounts.ts";
import type { CopyMessage, Env } from "../../env.ts";
import { forgetTables } from "../create-missing.ts";
import type { PersonalRows } from "../erase-rows.ts";
import { restoresOf } from "../restores.ts";
import { WakingObject } from "../waking-object.ts";
import { Desks, DUE_NAMES } from "./desks.ts";
import { type AccountRestores, restoreAccount } from "./restore.ts";

/** SMS that are no longer owed. The facts are told anew; a money entry's reason is in its hash and stays (docs/personal-data.md). */
const ACCOUNT_PERSONAL: readonly PersonalRows[] = [
  { table: "effects", key: ["key"], jsons: ["effect"], where: "state <> 'pending'" },
];

type Readiness = { is: "ready"; facts: AccountFacts } | { is: "not_ready" } | { is: "unknown" };

/** How an account comes to know itself, loads what it lost, and leaves nothing behind for a number that is no account. */
export abstract class AccountLife extends WakingObject {
  protected override readonly personal: readonly PersonalRows[] = ACCOUNT_PERSONAL;
  protected readonly desks: Desks;
  /** The shards know whose postings Postgres lacks: one message of a shard fetches them all. */
  protected override readonly isFetchedAnyhow = true;
  #emptied = false;
  #loading: Promise<"ready" | "not_ready" | "unknown"> | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.desks = new Desks(
      ctx.storage.sql,
      env.COUNTRY,
      () => this.outbox,
      () => this.owe(),
    );
    this.wakes.derive({
      names: DUE_NAMES,
      times: () => (this.#emptied ? [] : this.desks.dueTimes(this.clock.now())),
    });
  }

  protected override copyMessage(): CopyMessage | null {
    const name = this.#emptied ? undefined : this.desks.tables.meta()?.name;
    return name === undefined ? null : { object: "account_ledger", name };
  }

  protected restores(): AccountRestores {
    return restoresOf(this.env);
  }

  protected async ready(account: string): Promise<Readiness> {
    this.assertName(account);
    const known = this.known();
    if (known !== null) return known;
    const loaded = await this.load(account);
    return this.known() ?? { is: loaded === "ready" ? "not_ready" : loaded };
  }

  protected known(): Readiness | null {
    if (this.#emptied) return null;
    const meta = this.desks.tables.meta();
    return meta?.facts == null || meta.restoredThrough === null ? null : { is: "ready", facts: meta.facts };
  }

  protected override forget() {
    super.forget();
    this.desks.forget();
  }

  /** Calls that come while it loads wait for the same answer. */
  protected async load(account: string) {
    this.#loading ??= this.#loadOnce(account).finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  async #loadOnce(account: string) {
    this.migrate();
    const transaction = <T>(closure: () => T) => this.transact(closure);
    const loaded = await restoreAccount(this.desks, this.restores(), account, this.clock.now(), transaction);
    if (loaded === "ready") {
      // What was under way when the memory was lost goes on by itself.
      this.transact(() => this.desks.plan(this.wakes, this.clock.now()));
      await this.arm();
    }
    if (loaded === "unknown" && this.desks.tables.meta() === null) {
      this.#emptied = true;
      await this.ctx.storage.deleteAll();
      forgetTables(this.ctx.storage.sql);
    }
    return loaded;
  }

  /** Storage of a number that is no account was emptied: the tables come back when it is asked for again. */
  protected migrate() {
    if (!this.#emptied) return;
    this.wakes.open();
    this.outbox.open();
    this.desks.migrate();
    this.#emptied = false;
  }

  protected assertName(account: string) {
    const name = this.ctx.id.name ?? (this.#emptied ? null : this.desks.tables.meta()?.name) ?? account;
    if (name !== account) throw new Error("this object belongs to another account");
  }
}
