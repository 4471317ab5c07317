import { checkOutgoing, LEGACY_TTL_MS, legacyMessages } from "../../../src/domain/gateway/outgoing.ts";
import type { OutboxRow } from "../../../src/domain/outbox.ts";
import { RETENTION } from "../../../src/domain/retention.ts";
import { isUnreadMoney, PARSER_VERSION } from "../../../src/domain/sms/parsed.ts";
import type { PhonePulse } from "../../../src/ports/gate.ts";
import { carried, forRequest, log } from "../../../src/ports/log.ts";
import type { GatewayRequest, MailboxView, PhoneFacts } from "../../../src/ports/mailboxes.ts";
import { type ProcessOutcome, READ_OTHERWISE } from "../../../src/ports/sms-processor.ts";
import { Gathered } from "../gather.ts";
import { within } from "../turns.ts";
import type { WakeTable } from "../wakes.ts";
import { backoffMs } from "../waking-object.ts";
import { oversizeCase, strangerReversalCase, unreadMoneyCase } from "./cases.ts";
import { storedSms } from "./inbound.ts";
import { MovingDuty, SILENT_MS } from "./moving.ts";
import { PROCESS_BATCH_MAX, PROCESS_MS_MAX, Processing } from "./processing.ts";
import { NAMED_MAX, smsName } from "./sms-name.ts";
import type { MailboxStore } from "./store.ts";
import type { MailboxWorld } from "./world.ts";

const TELL_EVERY_MS = 60_000;
const DAY_MS = 24 * 3_600_000;
const PRUNE_BATCH_MAX = 500;
/** How long is waited to be told how long SMS are kept. */
const KEEP_DAYS_MS_MAX = 1_000;
const PRUNE_EVERY_MS = 24 * 3_600_000;

/** Why a person has to read a text of money: it is a case then. Null: nobody has to. */
function unreadBecause({ outcome, because, receipt }: ProcessOutcome & { state: "done" }): string | null {
  if (because === READ_OTHERWISE) return because;
  if (outcome === "unparsed" && isUnreadMoney(because)) return because;
  // The operator took something back and does not say what: no receipt is blocked by it.
  return outcome === "reversal" && because === "reversal" && receipt === null ? "reversal_without_receipt" : null;
}

export type DutyNeeds = {
  store: MailboxStore;
  wakes: WakeTable;
  world: () => MailboxWorld;
  now: () => number;
  owe: (row: OutboxRow) => number;
  /** The number that the next row gets that is owed. */
  nextOwed: () => number;
  transaction: <T>(step: () => T) => T;
};

type SmsRow = Parameters<typeof storedSms>[0];
type Ended = { row: SmsRow; facts: PhoneFacts; outcome: ProcessOutcome };

/** What a Mailbox does by its alarm: process, forward, tell the country, move, prune. */
export class MailboxDuties {
  readonly #needs: DutyNeeds;
  readonly #processing = new Processing();
  readonly #moving: MovingDuty;
  readonly #ended = new Gathered<Ended, unknown>(PROCESS_BATCH_MAX, async (_, ended) => this.#end(ended));
  /** True when something changed while the country was being told. */
  #newsSince = false;

  constructor(needs: DutyNeeds) {
    this.#needs = needs;
    this.#moving = new MovingDuty(needs);
  }

  ring() {
    this.#processing.ring();
  }

  async wake(name: string): Promise<void> {
    switch (name) {
      case "process":
        return this.#process();
      case "forward":
        return this.sendForwards();
      case "gate": // sorts before "process", so that the country hears of an SMS before it is worked on
        return this.#tell();
      case "move":
        return this.#moving.move();
      case "expire":
        return this.#expire();
      case "prune":
        return this.#prune();
      default:
        return this.#needs.wakes.clear(name);
    }
  }

  async #process() {
    const { store, wakes, now, transaction } = this.#needs;
    await this.#processing.run({
      due: (busy, max) => store.inbound.due(now(), busy, max),
      process: (row) => this.#processOne(row),
      now,
    });
    transaction(() => {
      const next = store.inbound.nextDue();
      if (next === null) wakes.clear("process");
      else wakes.set("process", next);
    });
  }

  #processOne(row: SmsRow): Promise<void> {
    return forRequest(row.log_id, () => this.#processHere(row));
  }

  async #processHere(row: SmsRow) {
    const { store, world } = this.#needs;
    const facts = store.facts();
    if (facts === null) return;
    let outcome: ProcessOutcome;
    try {
      outcome = await within(PROCESS_MS_MAX, world().processor.process(storedSms(row, facts)));
    } catch (thrown) {
      log.warn("process-sms", { phone: facts.phoneId, sms: row.id, error: thrown });
      outcome = { state: "later", because: "threw" };
    }
    const failed = await this.#ended.ask("", { row, facts, outcome });
    if (failed !== null) throw failed;
    if (outcome.state === "later") return;
    const { outcome: came, because, receipt } = outcome;
    log.info("sms", { phone: facts.phoneId, sms: smsName(row.content_hash), outcome: came, because, receipt });
  }

  /** New SMS are kept: from here on the log names each of them. */
  brought({ phoneId }: PhoneFacts, hashes: readonly string[]) {
    log.info("kept", { phone: phoneId, count: hashes.length, sms: hashes.slice(0, NAMED_MAX).map(smsName) });
  }

  /** What ends at the same time is written in one transaction; if that fails, each by itself. Null: it was written. */
  #end(ended: readonly Ended[]): unknown[] {
    const { store, now, transaction } = this.#needs;
    try {
      transaction(() => {
        for (const one of ended) this.#endOne(one);
        if (ended.some(({ outcome }) => outcome.state === "done") && store.inbound.isAllProcessed())
          this.tellSoon(true, now());
      });
      return ended.map(() => null);
    } catch (thrown) {
      return ended.length === 1 ? [thrown] : ended.flatMap((one) => this.#end([one]));
    }
  }

  #endOne({ row, facts, outcome }: Ended) {
    const { store, now, owe, nextOwed } = this.#needs;
    if (outcome.state === "later") return store.inbound.later(row.id, outcome.because, now() + backoffMs(row.tries));
    const version = store.inbound.done(row.id, outcome, nextOwed(), now());
    owe({
      kind: "sms_result",
      externalId: row.external_id,
      contentHash: row.content_hash,
      phoneId: facts.phoneId,
      parserVersion: PARSER_VERSION,
      outcome: outcome.outcome,
      because: outcome.because,
      receipt: outcome.receipt,
      account: outcome.account,
      parsedJson: outcome.parsedJson,
      processedAt: now(),
      version,
    });
    for (const found of outcome.cases)
      owe({ kind: "suspense_case", ...found, closedAt: found.state === "closed" ? now() : null });
    const unread = unreadBecause(outcome);
    if (unread !== null) owe(unreadMoneyCase(facts.phoneId, row.content_hash, unread, row.received_at));
    if (outcome.outcome === "reversal" && outcome.because === "sender" && outcome.receipt !== null)
      owe(strangerReversalCase(outcome.receipt, facts.phoneId, row.content_hash, row.received_at));
  }

  /** Due forwards go to the queue; each is sent again, later each time, until its outcome is known. */
  async sendForwards() {
    const { store, wakes, now, transaction, world } = this.#needs;
    const facts = store.facts();
    if (facts === null) return;
    const due = transaction(() => {
      const ids = store.forwards.takeDue(now());
      const next = store.forwards.nextDue();
      if (next === null) wakes.clear("forward");
      else wakes.set("forward", next);
      return ids;
    });
    for (const forwardId of due)
      await world().sendForward({ kind: "stored", phoneId: facts.phoneId, forwardId, ...carried() });
  }

  /** Not stored and not retried: the phone polls again anyway. */
  async sendPoll(facts: PhoneFacts, request: GatewayRequest, body: Uint8Array) {
    await this.#needs.world().sendForward({
      kind: "poll",
      phoneId: facts.phoneId,
      method: request.method,
      query: request.query,
      contentType: request.contentType,
      userAgent: request.userAgent,
      bodyBase64: Buffer.from(body).toString("base64"),
    });
  }

  /** Inside a transaction: news goes out at once, a mere poll at most once a minute. */
  tellSoon(isNews: boolean, now: number) {
    this.#newsSince = true;
    const told = this.#needs.store.meta.instant("told_at") ?? 0;
    this.#needs.wakes.bring("gate", isNews ? now : Math.max(now, told + TELL_EVERY_MS));
  }

  async #tell() {
    const { store, wakes, now, world } = this.#needs;
    const facts = store.facts();
    if (facts === null) return;
    // Set before the calls: one that dies in the middle is made again.
    store.meta.set("told_at", now());
    wakes.set("gate", now() + TELL_EVERY_MS);
    this.#newsSince = false;
    const lastPollAt = store.meta.instant("last_poll_at");
    const pulse: PhonePulse = {
      phoneId: facts.phoneId,
      tillId: facts.tillId,
      channel: facts.channel,
      lastPollAt,
      oldestUnprocessedAt: store.inbound.unprocessed().oldestAt,
      revoked: facts.revoked,
      // Where there is no old system any more nobody waits for what it never confirmed.
      oldestForwardAt: world().forwards(facts.channel) ? store.forwards.oldestWaitingAt() : null,
    };
    await world().tellGate(pulse);
    if (lastPollAt !== null && !facts.revoked) await world().tellTill(facts.tillId, facts.phoneId, lastPollAt);
    if (!this.#newsSince) wakes.clear("gate");
  }

  async #expire() {
    const { store, wakes, now, transaction } = this.#needs;
    transaction(() => {
      const next = store.outgoing.expireDue(now());
      if (next === null) wakes.clear("expire");
      else wakes.set("expire", next);
    });
  }

  async #prune() {
    const { store, wakes, now, transaction, world } = this.#needs;
    // SMS wait for this alarm meanwhile, and a database that hangs is not worth a second of darkness more.
    const asked = await within(KEEP_DAYS_MS_MAX, world().keepDays()).catch(() => "down" as const);
    transaction(() => {
      if (asked !== "down") store.meta.set("keep_days", asked);
      // While the database is down, as it was said last; what nobody ever said lets nothing go.
      const keepDays = store.meta.instant("keep_days");
      if (keepDays === null) return wakes.set("prune", now() + PRUNE_EVERY_MS);
      const before = now() - keepDays * DAY_MS;
      // A release of before wrote nothing down, and let go as delivered.
      const gone = store.meta.instant("pruned_through") ?? now() - RETENTION.mailboxDays.days * DAY_MS;
      store.meta.set("pruned_through", Math.max(before, gone));
      const rows = Math.max(
        store.inbound.prune(before, PRUNE_BATCH_MAX),
        store.outgoing.prune(before, PRUNE_BATCH_MAX),
      );
      wakes.set("prune", now() + (rows >= PRUNE_BATCH_MAX ? TELL_EVERY_MS : PRUNE_EVERY_MS));
    });
  }

  /** SMS the old system wants sent: they go to this phone under their own ids. Inside a transaction. */
  adopt(body: string, now: number) {
    for (const { id, to, content } of legacyMessages(body)) {
      const checked = checkOutgoing({ id, to, content });
      this.#needs.wakes.bring("expire", now + LEGACY_TTL_MS);
      if (!checked.ok) log.warn("legacy-sms", { error: checked.error.because });
      else
        this.#needs.store.outgoing.add(
          {
            id,
            to,
            content,
            template: null,
            language: null,
            account: null,
            receipt: null,
            createdAt: now,
            expiresAt: now + LEGACY_TTL_MS,
          },
          "legacy",
          now,
        );
    }
  }

  noteOversize(facts: PhoneFacts, bytes: number) {
    const { store, now, owe } = this.#needs;
    const day = Math.floor(now() / PRUNE_EVERY_MS);
    if (store.meta.instant("oversize_at") === day) return;
    store.meta.set("oversize_at", day);
    owe(oversizeCase(facts.phoneId, bytes, now()));
  }

  view(facts: PhoneFacts, copy: { waiting: number; refused: number }): Omit<MailboxView, "later"> {
    const { store, now } = this.#needs;
    const lastPollAt = store.meta.instant("last_poll_at");
    const unprocessed = store.inbound.unprocessed();
    const forwards = store.forwards.depth();
    return {
      phoneId: facts.phoneId,
      name: facts.name,
      tillId: facts.tillId,
      channel: facts.channel,
      lastPollAt,
      silent: lastPollAt === null || now() - lastPollAt > SILENT_MS,
      revoked: facts.revoked,
      unprocessed: unprocessed.count,
      oldestUnprocessedAt: unprocessed.oldestAt,
      forwardWaiting: forwards.waiting,
      forwardParked: forwards.parked,
      outgoingWaiting: store.outgoing.waiting(),
      copyWaiting: copy.waiting,
      copyRefused: copy.refused,
    };
  }
}
