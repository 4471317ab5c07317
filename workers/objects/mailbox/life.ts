import type { CopyReport, OutboxRow } from "../../../src/domain/outbox.ts";
import type { ErasePatterns } from "../../../src/domain/personal/patterns.ts";
import type { PhoneFacts } from "../../../src/ports/mailboxes.ts";
import type { CopyMessage, Env } from "../../env.ts";
import { forgetTables } from "../create-missing.ts";
import type { Erased, PersonalRows } from "../erase-rows.ts";
import { WakingObject } from "../waking-object.ts";
import { MailboxDuties } from "./duties.ts";
import { restoreMailbox } from "./restore.ts";
import { MailboxStore } from "./store.ts";
import { MAILBOX_PERSONAL, openMailboxTables } from "./tables.ts";
import { type MailboxWorld, mailboxWorld } from "./world.ts";

const PRUNE_EVERY_MS = 24 * 3_600_000;
/** An unknown id is looked up in Postgres at most so often. */
const UNKNOWN_MS = 30_000;

/** How a Mailbox comes to know its phone, loads what it lost, and leaves nothing behind for a phone nobody has. */
export abstract class MailboxLife extends WakingObject {
  /** Replaced in tests. */
  world: MailboxWorld;
  protected override readonly personal: readonly PersonalRows[] = MAILBOX_PERSONAL;
  protected readonly store: MailboxStore;
  protected readonly duties: MailboxDuties;
  protected readonly transaction = <T>(step: () => T): T => this.transact(step);
  #hasTables = false;
  #unknownUntil = 0;
  #restoring: Promise<PhoneFacts | null | "down"> | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.world = mailboxWorld(env);
    this.store = new MailboxStore(ctx.storage.sql, (row) => this.debt(row));
    this.duties = new MailboxDuties({
      store: this.store,
      wakes: this.wakes,
      world: () => this.world,
      now: () => this.clock.now(),
      owe: (row) => this.debt(row),
      nextOwed: () => this.outbox.nextId(),
      transaction: this.transaction,
    });
  }

  /** Takes the phone's facts, if they are newer than those it has. */
  async configure(facts: PhoneFacts): Promise<void> {
    this.#open();
    const now = this.clock.now();
    if (this.store.facts() === null) {
      const restored = await restoreMailbox(this.transaction, this.store, this.world, facts.phoneId, now);
      if (restored === "down") throw new Error("the database does not answer: the phone's SMS cannot be loaded yet");
      this.#open();
    }
    this.transact(() => {
      if ((this.store.facts()?.version ?? -1) >= facts.version) return;
      this.store.meta.set("facts", JSON.stringify(facts));
      this.store.meta.set("restored_through", now);
      this.#unknownUntil = 0;
    });
    this.#begin(now);
    await this.arm();
  }

  /** Also the bytes of requests whose SMS named the person: once they are forwarded and copied, nobody asks for them. */
  override async erase(patterns: ErasePatterns, isOwn = false): Promise<Erased> {
    this.#open();
    const { changed, waiting } = await super.erase(patterns, isOwn);
    return { changed: changed + this.transact(() => this.store.inbound.dropErasedBodies()), waiting };
  }

  override async copied(report: CopyReport): Promise<boolean> {
    this.#open();
    this.transact(() => {
      this.store.inbound.recorded(report, this.clock.now());
      this.store.outgoing.recorded(report);
    });
    return super.copied(report);
  }

  protected override forget() {
    super.forget();
    this.store.forget();
  }

  protected override async wake(name: string): Promise<void> {
    if (!(await this.isKnown())) throw new Error("the phone's facts are not loaded yet");
    await this.duties.wake(name);
  }

  protected override copyMessage(): CopyMessage | null {
    const facts = this.store.facts();
    return facts === null ? null : { object: "mailbox", name: facts.phoneId };
  }

  /** Files a debt to Postgres, inside the transaction that makes it true. */
  protected debt(row: OutboxRow): number {
    const id = this.outbox.add(row);
    this.owe();
    return id;
  }

  protected async isKnown() {
    const facts = await this.known();
    return facts !== null && facts !== "down";
  }

  /** Null: there is no such phone, and nothing of the question is left behind. */
  protected async known(): Promise<PhoneFacts | null | "down"> {
    this.#open();
    const facts = this.store.facts();
    if (facts !== null) return facts;
    const phoneId = this.ctx.id.name;
    const isUnknown = phoneId === undefined || this.clock.now() < this.#unknownUntil;
    if (!isUnknown)
      this.#restoring ??= restoreMailbox(this.transaction, this.store, this.world, phoneId, this.clock.now()).finally(
        () => {
          this.#restoring = null;
        },
      );
    const restored = isUnknown ? null : await this.#restoring;
    // While the database was asked, a configuration may have come, or another asker of this id have cleaned up.
    this.#open();
    const known = this.store.facts();
    if (known !== null) {
      this.#begin(this.clock.now());
      return known;
    }
    if (restored !== "down") this.#unknownUntil = this.clock.now() + UNKNOWN_MS;
    // Whoever asks for ids that nobody has leaves nothing behind; what a cut-short loading has brought stays.
    if (restored !== "down" || !this.store.inbound.hasSeen()) {
      this.#hasTables = false;
      await this.ctx.storage.deleteAll();
      forgetTables(this.ctx.storage.sql);
    }
    return restored === "down" ? "down" : null;
  }

  /** The duties that every known phone has. */
  #begin(now: number) {
    this.wakes.bring("prune", now + PRUNE_EVERY_MS);
    this.wakes.bring("gate", now);
    // A phone that was loaded may have SMS to process, to send and to end.
    for (const name of ["process", "expire", "move"]) this.wakes.bring(name, now);
  }

  /** Tables are made again after an unknown id's were thrown away. */
  #open() {
    if (this.#hasTables) return;
    this.wakes.open();
    this.outbox.open();
    openMailboxTables(this.ctx.storage.sql);
    this.store.meta.forget();
    this.#hasTables = true;
  }
}
