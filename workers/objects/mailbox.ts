import { checkOutgoing } from "../../src/domain/gateway/outgoing.ts";
import { forRequest, log } from "../../src/ports/log.ts";
import type {
  EnqueueAnswer,
  ForwardLease,
  ForwardOutcome,
  GatewayAnswer,
  GatewayRequest,
  MailboxView,
  OutgoingSms,
  ParkedForward,
  PhoneFacts,
  SmsForward,
  SmsName,
  SmsWait,
  StoredOutgoing,
} from "../../src/ports/mailboxes.ts";
import { Gathered } from "./gather.ts";
import { isTokenOf } from "./mailbox/auth.ts";
import { parkedCase } from "./mailbox/cases.ts";
import { type SmsDay, sendDayAgain, smsDay } from "./mailbox/days.ts";
import { MailboxLife } from "./mailbox/life.ts";
import { SILENT_MS } from "./mailbox/moving.ts";
import { recallOutgoing, recallSms } from "./mailbox/recall.ts";
import { answerRequest, deniedAnswer, notReadyAnswer, type Requested, readRequest } from "./mailbox/requests.ts";
import { learnSeen } from "./mailbox/restore.ts";
import { reasonsOfWaiting, waitOf } from "./mailbox/waits.ts";

/** SMS to send that are taken together. */
const ENQUEUED_MAX = 50;
/** SMS that one call may send through the parser again. */
const REPROCESS_MAX = 500;

/** One a gateway phone: the first durable home of each SMS it brings, and the last one of each it shall send. */
export class Mailbox extends MailboxLife {
  readonly #enqueuing = new Gathered<OutgoingSms, EnqueueAnswer>(ENQUEUED_MAX, (_, many) => this.#enqueueAll(many));

  /** Answers a request of the phone. What it brought is kept before the answer leaves; if that fails, nothing is. */
  receive(request: GatewayRequest): Promise<GatewayAnswer> {
    return forRequest(request.requestId, () => this.#receive(request));
  }

  async #receive(request: GatewayRequest): Promise<GatewayAnswer> {
    const facts = await this.known();
    if (facts === "down") return notReadyAnswer(request);
    if (facts === null || facts.revoked || !isTokenOf(facts, request.token)) return deniedAnswer(request);
    const read = readRequest(request, facts);
    if ("refusal" in read) return read.refusal;
    const now = this.clock.now();
    let kept: { answer: GatewayAnswer; poll: Uint8Array | null; fresh: readonly string[] };
    try {
      kept = this.transact(() => this.#keep(request, read, facts, now));
      await this.arm();
    } catch (thrown) {
      log.error("mailbox", { phone: facts.phoneId, error: thrown });
      return notReadyAnswer(request);
    }
    if (kept.fresh.length > 0) this.duties.brought(facts, kept.fresh);
    this.duties.ring();
    // Only the faster road: the rows are kept, and the alarm sends what this does not.
    this.ctx.waitUntil(this.duties.sendForwards().catch(() => {}));
    if (kept.poll !== null) this.ctx.waitUntil(this.duties.sendPoll(facts, request, kept.poll).catch(() => {}));
    return kept.answer;
  }

  #keep(request: GatewayRequest, read: Requested, facts: PhoneFacts, now: number) {
    const wasIdle = this.store.inbound.isAllProcessed();
    const taken = this.store.take(request, read.brought, facts, this.world.forwards(facts.channel), now);
    const answer = answerRequest(this.store, request, read, now);
    if (taken.waiting) this.wakes.bring("process", now);
    if (taken.forward) this.wakes.bring("forward", now);
    this.duties.tellSoon(wasIdle && taken.waiting, now);
    return { answer, poll: taken.poll, fresh: taken.fresh };
  }

  async leaseForward(id: number): Promise<ForwardLease | null> {
    const facts = await this.known();
    if (facts === null || facts === "down") return null;
    const now = this.clock.now();
    return this.transact(() => {
      const lease = this.store.forwards.lease(id, crypto.randomUUID(), now, (request) =>
        this.store.inbound.body(request),
      );
      if (lease === null) return null;
      if (!("uncuttable" in lease)) return { ...lease, channel: facts.channel };
      this.store.forwards.park(id, "what the old system has already cannot be cut out of the body", now);
      this.debt(parkedCase(facts.phoneId, id, this.store.forwards.parkedTimes(id), "open", now));
      return null;
    });
  }

  /** What became of a leased forward. The old system's own SMS to send go to this phone, under their own ids. */
  async forwardDone(id: number, leaseId: string, outcome: ForwardOutcome): Promise<void> {
    const facts = await this.known();
    if (facts === null || facts === "down") return;
    const now = this.clock.now();
    this.transact(() => {
      const ended = this.store.forwards.finish(id, leaseId, outcome, this.world.onAmbiguousForward, now);
      const times = this.store.forwards.parkedTimes(id);
      if (ended === "parked") this.debt(parkedCase(facts.phoneId, id, times, "open", now));
      if (ended === "unparked") this.debt(parkedCase(facts.phoneId, id, times, "closed", now));
      if (outcome.kind === "confirmed") this.duties.adopt(outcome.body, now);
      const next = this.store.forwards.nextDue();
      if (next === null) this.wakes.clear("forward");
      else this.wakes.set("forward", next);
      // Also of a phone that comes no more: else the country is told for ever that something of it waits.
      this.duties.tellSoon(false, now);
    });
    await this.arm();
  }

  /** The old system's answer to a poll. */
  async pollAnswered(body: string): Promise<void> {
    const facts = await this.known();
    if (facts === null || facts === "down") return;
    this.transact(() => this.duties.adopt(body, this.clock.now()));
    await this.arm();
  }

  async parked(): Promise<ParkedForward[]> {
    return (await this.isKnown()) ? this.store.forwards.parked() : [];
  }

  /** How far passing an SMS on to the old system has come; null: there is nothing to pass on. */
  async forwardOf(sms: SmsName): Promise<SmsForward | null> {
    return (await this.isKnown()) ? this.store.forwards.ofSms(sms) : null;
  }

  /** Why an SMS is not read yet; null: it is, or it is gone from here. */
  async waitOf(sms: SmsName): Promise<SmsWait | null> {
    return (await this.isKnown()) ? waitOf(this.ctx.storage.sql, sms) : null;
  }

  /** A person decided: send it although nobody knows whether the old system has it. */
  async sendAgain(forwardId: number): Promise<boolean> {
    const facts = await this.known();
    if (facts === null || facts === "down") return false;
    const now = this.clock.now();
    const sent = this.transact(() => {
      if (!this.store.forwards.sendAgain(forwardId, now)) return false;
      this.debt(parkedCase(facts.phoneId, forwardId, this.store.forwards.parkedTimes(forwardId), "closed", now));
      this.wakes.bring("forward", now);
      return true;
    });
    await this.arm();
    return sent;
  }

  /** Takes an SMS to send; the same id again changes nothing. */
  async enqueue(sms: OutgoingSms): Promise<EnqueueAnswer> {
    const facts = await this.known();
    if (facts === null || facts === "down") return { status: "not_ready" };
    const checked = checkOutgoing(sms);
    if (!checked.ok) return { status: "refused", because: checked.error.because };
    return this.#enqueuing.ask("", sms);
  }

  /** Those of many accounts that come at the same time are taken in one transaction, all or none of them. */
  async #enqueueAll(many: readonly OutgoingSms[]): Promise<EnqueueAnswer[]> {
    const now = this.clock.now();
    const added = this.transact(() =>
      many.map((sms) => {
        if (!this.store.outgoing.add(sms, "ours", now)) return false;
        this.wakes.bring("expire", sms.expiresAt);
        this.wakes.bring("move", now + SILENT_MS);
        return true;
      }),
    );
    await this.arm();
    return added.map((isNew) => ({ status: isNew ? "queued" : "exists" }));
  }

  async outgoing(id: string): Promise<StoredOutgoing | null> {
    return (await this.isKnown()) ? this.store.outgoing.stored(id) : null;
  }

  /** Sends stored SMS through the current parser again; returns how many will be. */
  async reprocess(ids: { externalId: string | null; contentHash: string }[]): Promise<number> {
    if (!(await this.isKnown())) return 0;
    const now = this.clock.now();
    const count = this.transact(() => {
      const waiting = this.store.inbound.reprocess(ids.slice(0, REPROCESS_MAX), now);
      if (waiting > 0) this.wakes.bring("process", now);
      return waiting;
    });
    await this.arm();
    return count;
  }

  /** The SMS of a UTC day ("2026-11-03") for the comparison with Postgres; null: none of them are here any more. */
  async smsDay(day: string): Promise<SmsDay | null> {
    return (await this.isKnown()) ? smsDay(this.ctx.storage.sql, this.store, day, this.clock.now()) : null;
  }

  /** Owes Postgres every SMS of a day again, in and out, and what they came to; what it has stays as it is. Returns how many. */
  async sendDayAgain(day: string): Promise<number> {
    if (!(await this.isKnown())) return 0;
    const now = this.clock.now();
    const count = this.transact(() => {
      // What was lost of a day was lost of its results too, and of the SMS that were sent.
      if (this.store.inbound.processDayAgain(day, now) > 0) this.wakes.bring("process", now);
      this.store.outgoing.tellDayAgain(day);
      return sendDayAgain(this.ctx.storage.sql, this.store, day, (row) => this.debt(row));
    });
    await this.arm();
    return count;
  }

  /** Processes SMS again whose result Postgres lacks: what they came to before, they come to again. Returns how many. */
  async processAgain(ids: { externalId: string | null; contentHash: string }[]): Promise<number> {
    const facts = await this.known();
    if (facts === null || facts === "down") return 0;
    const { restores } = this.world;
    const keys = ids.slice(0, REPROCESS_MAX);
    const recalled = restores === null ? 0 : await recallSms(this.transaction, this.store, restores, facts, keys);
    const now = this.clock.now();
    const count = this.transact(() => {
      const waiting = this.store.inbound.processAgain(keys, now) + recalled;
      if (waiting > 0) this.wakes.bring("process", now);
      return waiting;
    });
    await this.arm();
    return count;
  }

  /** Learns every SMS that Postgres has of this phone, so that none is taken for new; returns how many were unknown here. */
  async learnSeen(): Promise<number> {
    const facts = await this.known();
    if (facts === null || facts === "down" || this.world.restores === null) return 0;
    const learned = await learnSeen(this.transaction, this.store, this.world.restores, facts.phoneId, this.clock.now());
    if (learned === "down" || learned === 0) return 0;
    await recallOutgoing(this.transaction, this.store, this.world.restores, facts.phoneId, this.clock.now());
    return learned;
  }

  /** The country is told of this phone now: its gate may have forgotten it. */
  async tellGate(): Promise<void> {
    if (!(await this.isKnown())) return;
    this.duties.tellSoon(true, this.clock.now());
    await this.arm();
  }

  async view(): Promise<MailboxView | null> {
    const facts = await this.known();
    if (facts === null || facts === "down") return null;
    const view = this.duties.view(facts, this.outbox.depth());
    return { ...view, later: view.unprocessed === 0 ? [] : reasonsOfWaiting(this.ctx.storage.sql) };
  }

  /** A body over the limit never got in and blocks the phone for good: a person has to know. */
  async refusedBody(token: string, bytes: number): Promise<boolean> {
    const facts = await this.known();
    if (facts === null || facts === "down" || !isTokenOf(facts, token)) return false;
    this.transact(() => this.duties.noteOversize(facts, bytes));
    await this.arm();
    return true;
  }
}
