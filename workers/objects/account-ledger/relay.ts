import type { OutboxRow } from "../../../src/domain/outbox.ts";
import {
  type ConnectDecision,
  decideConnect,
  decideReconnect,
  learnFromReading,
  learnRelay,
  RECONNECT_EARLY_FOR_MS,
  RECONNECT_EARLY_MS,
  RECONNECT_LATE_MS,
  type RelayAction,
  wantConnected,
  wantNothing,
  wantStill,
} from "../../../src/domain/relay.ts";
import {
  advance,
  type CommandEvent,
  isOpen,
  isUnderWay,
  newCommand,
  type RelayCommand,
} from "../../../src/domain/relay-commands.ts";
import type { AccountFacts, AckAnswer, RelayAck } from "../../../src/ports/accounts.ts";
import type { Relays } from "../../../src/ports/relays.ts";
import type { Override, RelayTables } from "./relay-tables.ts";

type CommandRow = Extract<OutboxRow, { kind: "relay_command" }>;
/** A meter that is on the account now and takes commands. */
type Commanded = { meterNumber: string; thing: string };

type HandOrder = Commanded & { actor?: string; reason?: string; skipped?: string[]; ttlMs?: number };

/** A disconnect that was not handed over for so long was decided on what has changed meanwhile. */
const UNPUBLISHED_MS_MAX = 15_000;

/** Commands that are owed again after Postgres was set back. */
const TOLD_AGAIN_MAX = 200;

/** What the desk needs of the object it sits in. `owe` puts a row into the outbox, in the transaction that is open. */
type Host = {
  tables: RelayTables;
  owe: (row: CommandRow) => void;
  newId: (account: string) => string;
  /** False: in this country no command goes to any meter. */
  isOn: boolean;
};

/** Orders connects, sends commands and hears what meters say. All methods but `publish` run inside a transaction. */
export class RelayDesk {
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  /** After a credit: a connect for each meter placed now. True when something is to be published. */
  orderAfterCredit(facts: AccountFacts, balanceWh: number, now: number): boolean {
    let ordered = false;
    for (const meter of this.commanded(facts, now)) {
      const relay = this.#host.tables.relay(meter.meterNumber);
      const isKeptDark = this.override(meter.meterNumber, now)?.state === "keep_dark";
      const supplyWh = this.#supplyWh(facts, meter.meterNumber, balanceWh, now);
      const decision = decideConnect(supplyWh, relay, this.#host.tables.newest(meter.meterNumber), now, isKeptDark);
      if (decision.order === "connect" || decision.because === "connect_waiting")
        this.#host.tables.putRelay(meter.meterNumber, wantConnected(relay, now));
      if (decision.order !== "connect") continue;
      this.#order(facts, meter, decision, now);
      ordered = true;
    }
    return ordered;
  }

  /** After a debit that leaves nothing: no connect is wanted any more. What is under way stays: lit is the lesser mistake. */
  afterDebit(facts: AccountFacts, balanceWh: number, now: number) {
    if (balanceWh > 0) return;
    for (const { meterNumber, relay } of this.#host.tables.wanted())
      if (this.#supplyWh(facts, meterNumber, balanceWh, now) <= 0)
        this.#host.tables.putRelay(meterNumber, wantNothing(relay));
  }

  /** What a meter may be lit for: what is left, or a person's word, or a contract that is paid later. */
  #supplyWh({ status }: AccountFacts, meterNumber: string, balanceWh: number, now: number): number {
    const isLitAnyhow = status === "postpaid" || this.override(meterNumber, now)?.state === "keep_lit";
    return isLitAnyhow ? Math.max(1, balanceWh) : balanceWh;
  }

  /** Ends what has expired and orders anew what is due. Returns the commands to publish now. */
  turn(facts: AccountFacts, balanceWh: number, now: number): RelayCommand[] {
    for (const command of this.#host.tables.inFlight()) this.#apply(facts, command, { kind: "tick" }, now);
    const placed = new Map(this.commanded(facts, now).map((meter) => [meter.meterNumber, meter]));
    for (const { meterNumber, relay } of this.#host.tables.wanted()) {
      if (relay.nextOrderAt === null || relay.nextOrderAt > now) continue;
      const meter = placed.get(meterNumber);
      const isKeptDark = this.override(meterNumber, now)?.state === "keep_dark";
      const supplyWh = this.#supplyWh(facts, meterNumber, balanceWh, now);
      const decision = decideReconnect(supplyWh, relay, this.live(meterNumber), isKeptDark);
      if (decision.because === "connect_waiting") continue; // its own end is the next wake
      const goesOn = meter !== undefined && decision.order === "connect" && facts.status !== "terminated";
      this.#host.tables.putRelay(meterNumber, goesOn ? wantStill(relay, now) : wantNothing(relay));
      if (goesOn) this.#order(facts, meter, decision, now);
    }
    this.#connectOnceMore(facts, placed, balanceWh, now);
    this.#darkOnceMore(facts, placed, now);
    this.#dropOutdated(facts, placed, balanceWh, now);
    return this.toPublish(now);
  }

  /** Meters that take commands now: none where the country's relay is switched off. */
  commanded(facts: AccountFacts, now: number): Commanded[] {
    return this.#host.isOn ? currentMeters(facts, now) : [];
  }

  /** Commands that wait to be handed over, and may be by now. */
  toPublish(now: number): RelayCommand[] {
    if (!this.#host.isOn) return [];
    return this.#host.tables.inFlight().filter((command) => command.state === "queued" && command.nextPublishAt <= now);
  }

  /**
   * A disconnect of the system that could not be handed over yet, while what it was decided on has changed, or may have: it
   * is not sent any more. The next look decides anew, with a permit of its own.
   */
  #dropOutdated(facts: AccountFacts, placed: ReadonlyMap<string, Commanded>, balanceWh: number, now: number) {
    for (const command of this.#host.tables.inFlight()) {
      const { action, state, actor, meterNumber, requestedAt } = command;
      if (action !== "disconnect" || state !== "queued") continue;
      const isBySystem = actor === null;
      const isOutdated =
        !placed.has(meterNumber) ||
        (isBySystem &&
          (facts.status !== "live" ||
            this.#supplyWh(facts, meterNumber, balanceWh, now) > 0 ||
            now - requestedAt > UNPUBLISHED_MS_MAX));
      if (isOutdated) this.#apply(facts, command, { kind: "superseded" }, now);
    }
  }

  /** A person wants a meter dark for safety: ordered again until the meter has said that it is. */
  #darkOnceMore(facts: AccountFacts, placed: ReadonlyMap<string, Commanded>, now: number) {
    for (const [meterNumber, { actor, reason }] of this.#host.tables.overrides()) {
      const meter = placed.get(meterNumber);
      const dueAt = this.#darkDueAt(meterNumber, now);
      if (meter === undefined || dueAt === null || dueAt > now) continue;
      this.order(facts, { ...meter, action: "disconnect", because: "keep_dark", actor, reason }, now);
    }
  }

  /** When a meter that is kept dark is told so again; null: it has said that it is dark, or a command is under way. */
  #darkDueAt(meterNumber: string, now: number): number | null {
    const override = this.override(meterNumber, now);
    if (override?.state !== "keep_dark") return null;
    const { connected, heardAt } = this.#host.tables.relay(meterNumber);
    if (connected === false && heardAt !== null && heardAt >= override.at) return null;
    const newest = this.#host.tables.newest(meterNumber);
    if (newest === null) return now;
    if (isUnderWay(newest.state)) return null;
    if (connected === true && heardAt !== null && heardAt > newest.requestedAt) return now;
    const isEarly = newest.requestedAt - override.at < RECONNECT_EARLY_FOR_MS;
    return newest.requestedAt + (isEarly ? RECONNECT_EARLY_MS : RECONNECT_LATE_MS);
  }

  /** When `turn` is due next; null: nothing is under way and nothing is wanted. */
  nextTurnAt(now: number): number | null {
    const times = this.#host.tables
      .inFlight()
      .map((command) =>
        command.state === "queued" ? Math.min(command.nextPublishAt, command.expiresAt) : command.expiresAt,
      );
    times.push(...this.#host.tables.onceMore().values());
    for (const meterNumber of this.#host.tables.overrides().keys()) {
      const dueAt = this.#darkDueAt(meterNumber, now);
      if (dueAt !== null) times.push(dueAt);
    }
    const live = new Map(this.#host.tables.inFlight().map((command) => [command.meterNumber, command.expiresAt]));
    for (const { meterNumber, relay } of this.#host.tables.wanted())
      if (relay.nextOrderAt !== null) times.push(Math.max(relay.nextOrderAt, live.get(meterNumber) ?? 0));
    return times.length === 0 ? null : Math.min(...times);
  }

  /** Outside any transaction. The outcomes go to `published`. */
  async publish(relays: Relays, commands: readonly RelayCommand[]): Promise<{ id: string; event: CommandEvent }[]> {
    return Promise.all(
      commands.map(async (command) => {
        const handed = await relays.publish(command);
        if (handed.ok) return { id: command.id, event: { kind: "published" } as const };
        const { status, error } = handed.error;
        const event = { kind: "publish_failed", error: status === null ? error : `${status} ${error}` } as const;
        return { id: command.id, event };
      }),
    );
  }

  /** A command that was answered or superseded meanwhile stays so. */
  published(facts: AccountFacts, outcomes: readonly { id: string; event: CommandEvent }[], now: number) {
    for (const { id, event } of outcomes) {
      const command = this.#host.tables.find(id);
      if (command !== null) this.#apply(facts, command, event, now);
    }
  }

  acknowledge(facts: AccountFacts, ack: RelayAck, balanceWh: number, now: number): AckAnswer {
    const { tables } = this.#host;
    const command = tables.find(ack.commandId);
    if (command === null) return { status: "unknown_command" };
    if (ack.thing !== null && ack.thing !== command.thing) return { status: "mismatch" };
    if (ack.meterNumber !== null && ack.meterNumber !== command.meterNumber) return { status: "mismatch" };
    // An answer to an older command says nothing about the relay now.
    if (tables.newest(command.meterNumber)?.id !== command.id) return { status: "noop", state: command.state };
    // What the meter has said since its answer counts more than the same answer once more.
    const isTheSame = command.state === "completed" && ack.connectedAfter === (command.action === "connect");
    if (ack.connectedAfter !== null && !isTheSame) {
      const supplyWh = this.#supplyWh(facts, command.meterNumber, balanceWh, now);
      const heard = { connected: ack.connectedAfter, lastOrder: command.action, balanceWh: supplyWh };
      tables.putRelay(command.meterNumber, learnRelay(tables.relay(command.meterNumber), heard, now));
    }
    const relayKnown = ack.connectedAfter !== null;
    const event = { kind: "acknowledged", status: ack.status, relayKnown, error: ack.error } as const;
    const after = this.#apply(facts, command, event, now);
    return after === null ? { status: "noop", state: command.state } : { status: "ok", state: after.state };
  }

  /** Owes Postgres the newest commands again, as they are. */
  tellAgain(facts: AccountFacts) {
    for (const command of this.#host.tables.latest(TOLD_AGAIN_MAX)) this.#owe(facts, command);
  }

  /**
   * What readings told of the relays. A meter that was never ordered anything, because it was closed when money came, is
   * wanted connected since then (`creditedAt`).
   */
  learn(
    facts: AccountFacts,
    heard: readonly { meterNumber: string; connected: boolean; readAt: number }[],
    balanceWh: number,
    creditedAt: () => number | null,
    now: number,
  ) {
    for (const { meterNumber, connected, readAt } of heard) {
      const { tables } = this.#host;
      const newest = tables.newest(meterNumber);
      const credited = newest === null && !connected ? creditedAt() : null;
      const lastOrder =
        newest !== null
          ? { action: newest.action, at: newest.requestedAt }
          : credited === null
            ? null
            : { action: "connect" as const, at: credited };
      const relay = tables.relay(meterNumber);
      const supplyWh = this.#supplyWh(facts, meterNumber, balanceWh, now);
      const learned = learnFromReading(relay, { connected, readAt, lastOrder, balanceWh: supplyWh }, now);
      if (learned !== relay) tables.putRelay(meterNumber, learned);
    }
  }

  /** The newest command of a meter while it can still take effect. */
  live(meterNumber: string): { action: RelayAction; state: RelayCommand["state"] } | null {
    const newest = this.#host.tables.newest(meterNumber);
    return newest !== null && isOpen(newest.state) ? newest : null;
  }

  /** A person's word over this meter's relay that is in force. */
  override(meterNumber: string, now: number): Override | null {
    const override = this.#host.tables.overrides().get(meterNumber);
    return override === undefined || (override.expiresAt !== null && override.expiresAt <= now) ? null : override;
  }

  /** When a person's word over a relay ends; null: none is in force that ends by itself. */
  nextOverrideEndAt(): number | null {
    const ends = [...this.#host.tables.overrides().values()].flatMap(({ expiresAt }) =>
      expiresAt === null ? [] : [expiresAt],
    );
    return ends.length === 0 ? null : Math.min(...ends);
  }

  /** Ends what has expired. True: one of them did, so all is to be looked at again. */
  endOverrides(now: number): boolean {
    const ended = [...this.#host.tables.overrides()].filter(
      ([, { expiresAt }]) => expiresAt !== null && expiresAt <= now,
    );
    for (const [meterNumber] of ended) this.#host.tables.putOverride(meterNumber, null);
    return ended.length > 0;
  }

  /** One order: by a rule, or by a person's hand. */
  order(facts: AccountFacts, order: HandOrder & { action: RelayAction; because: string }, now: number): RelayCommand {
    const { tables, newId } = this.#host;
    for (const older of tables.inFlight()) {
      if (older.meterNumber !== order.meterNumber) continue;
      this.#apply(facts, older, { kind: "superseded" }, now);
      // It may have reached the meter, and may be obeyed after this one; also while nobody knows yet whether it was published.
      if (order.action === "connect" && older.action === "disconnect")
        tables.putOnceMore(order.meterNumber, older.expiresAt);
    }
    if (order.action === "disconnect") {
      tables.putOnceMore(order.meterNumber, null);
      tables.putRelay(order.meterNumber, wantNothing(tables.relay(order.meterNumber)));
    }
    const lastSeq = tables.newest(order.meterNumber)?.seq ?? 0;
    const command = newCommand({ id: newId(facts.account), ...order }, lastSeq, now);
    this.#store(facts, command);
    return command;
  }

  /** A disconnect that was under way when the connect went out has ended: nobody knows which of them the meter obeyed last. */
  #connectOnceMore(facts: AccountFacts, placed: ReadonlyMap<string, Commanded>, balanceWh: number, now: number) {
    const { tables } = this.#host;
    for (const [meterNumber, at] of [...tables.onceMore()]) {
      if (at > now) continue;
      tables.putOnceMore(meterNumber, null);
      const meter = placed.get(meterNumber);
      const isKeptDark = this.override(meterNumber, now)?.state === "keep_dark";
      const supplyWh = this.#supplyWh(facts, meterNumber, balanceWh, now);
      if (meter === undefined || supplyWh <= 0 || isKeptDark || facts.status === "terminated") continue;
      if (tables.newest(meterNumber)?.action !== "connect") continue;
      tables.putRelay(meterNumber, wantConnected(tables.relay(meterNumber), now));
      this.order(facts, { ...meter, action: "connect", because: "disconnect_unanswered" }, now);
    }
  }

  #order(facts: AccountFacts, meter: Commanded, decision: ConnectDecision, now: number) {
    this.order(facts, { ...meter, action: "connect", because: decision.because }, now);
  }

  #apply(facts: AccountFacts, command: RelayCommand, event: CommandEvent, now: number): RelayCommand | null {
    const after = advance(command, event, now);
    if (after !== null) this.#store(facts, after);
    return after;
  }

  #store(facts: AccountFacts, command: RelayCommand) {
    this.#host.tables.put(command);
    this.#owe(facts, command);
  }

  #owe({ account, accountId }: AccountFacts, command: RelayCommand) {
    const { thing: _thing, publishTries: _tries, nextPublishAt: _next, ...row } = command;
    this.#host.owe({ kind: "relay_command", account, accountId, ...row });
  }
}

/** Meters on the account at an instant that we can command. */
const currentMeters = (facts: AccountFacts, at: number): Commanded[] =>
  facts.meters.flatMap(({ meterNumber, thing, from, to }) =>
    thing !== null && from <= at && (to === null || at < to) ? [{ meterNumber, thing }] : [],
  );
