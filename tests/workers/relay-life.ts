import { COUNTRIES } from "../../src/domain/country.ts";
import type { Permit, PermitRefusal } from "../../src/domain/disconnect.ts";
import type { Reading } from "../../src/domain/reading.ts";
import { KNOWN_CLOSED_MS_MAX } from "../../src/domain/relay.ts";
import type { RelayCommand } from "../../src/domain/relay-commands.ts";
import type { RelayAck } from "../../src/ports/accounts.ts";
import type { Relays } from "../../src/ports/relays.ts";
import { lastBoughtAt } from "../../workers/objects/account-ledger/apply.ts";
import { Desks } from "../../workers/objects/account-ledger/desks.ts";
import { Errands } from "../../workers/objects/account-ledger/errands.ts";
import { orderOverride } from "../../workers/objects/account-ledger/hand.ts";
import { filePayment } from "../../workers/objects/account-ledger/post.ts";
import type { OutboxTable } from "../../workers/objects/outbox.ts";
import { random } from "../random.ts";
import { facts, payment, placed } from "./account-makers.ts";
import { reading } from "./reading-makers.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const METER = "23099001";
const T0 = Date.UTC(2026, 10, 25, 16, 0);
/** Newest commands that are looked at after each transaction: far more than one transaction orders. */
const COMMANDS_MAX = 8;
/** Promises that follow each other inside one errand. */
const TICKS = 24;

type Draw = (below: number) => number;
/** Something on its way: done when its time has come, in no order among those that are due. */
type OnTheWay = { at: number; arrive: () => void };
/** What the outside does to an account: `wild` loses, delays, repeats and reorders everything; `calm` does as it is asked. */
type Weather = "wild" | "calm";

/**
 * The desks of one account on real storage, a meter that obeys what reaches it, and everything between them. After each
 * transaction the rules of light and dark are checked against what this life itself knows to have happened.
 */
export class RelayLife {
  readonly #storage: DurableObjectStorage;
  readonly #draw: Draw;
  readonly #facts = facts({ account: "1701MAK", meters: [placed({ meterNumber: METER, thing: "MAK-GW-0007" })] });
  #desks: Desks;
  #errands: Errands;
  #now = T0;
  #weather: Weather = "wild";
  #onTheWay: OnTheWay[] = [];
  /** The meter itself. */
  #isClosed = true;
  #registerWh = 10_000;
  /** What has reached the account. */
  #readWh = 10_000;
  #readAt = 0;
  #paidWh = 0;
  #paidAt = 0;
  #payments = 0;
  /** Since when nothing is left, as far as the account can know; null: something is. */
  #emptySince: number | null = null;
  /** Permits that were granted and not used. */
  #grantedAt: number[] = [];
  #override: { state: "keep_lit" | "keep_dark"; expiresAt: number } | null = null;
  #known = new Map<string, RelayCommand>();
  readonly trail: string[] = [];
  readonly broken: string[] = [];
  readonly counts = { connects: 0, disconnects: 0 };

  constructor(storage: DurableObjectStorage, seed: number) {
    this.#storage = storage;
    this.#draw = random(seed);
    this.#desks = this.#open();
    this.#errands = this.#errandsOf(this.#desks);
  }

  /** Some hours of readings, payments, answers and accidents. */
  async live(steps: number) {
    this.#deliver(this.#read());
    this.#pay();
    for (let step = 0; step < steps; step++) {
      this.#pass(this.#chance(10) ? this.#upTo(25 * MINUTE) : this.#upTo(6 * MINUTE));
      this.#arrivals();
      await this.#settled();
      if (this.#chance(85)) this.#ring();
      await this.#settled();
      this.#happen();
      await this.#settled();
    }
  }

  /** Everybody does as asked from now on: whoever has credit is lit, whoever has none goes dark, and a payment lights him. */
  async heal() {
    this.#weather = "calm";
    this.#say("heals");
    if (this.#override !== null) this.#overrule("auto");
    await this.#calmly(90);
    const hasRunOut = this.#emptySince !== null && this.#now - this.#emptySince > 40 * MINUTE;
    if (this.#availableWh() > 0 && !this.#isClosed) this.#break("after an hour and a half of calm the meter is dark");
    if (hasRunOut && this.#isClosed && this.#disconnectsOfToday() < 4)
      this.#break(
        `after forty minutes of calm with nothing left the meter is lit: ${this.#desks.relayTables.looks().get(METER)?.because}`,
      );
    this.#pay(5_000);
    await this.#calmly(6);
    if (!this.#isClosed) this.#break("five minutes after a payment the meter is dark");
  }

  async #calmly(minutes: number) {
    for (let minute = 0; minute < minutes; minute++) {
      this.#pass(MINUTE);
      this.#arrivals();
      await this.#settled();
      this.#ring();
      await this.#settled();
      this.#arrivals();
      await this.#settled();
      if (minute % 15 === 0) this.#deliver(this.#read());
      await this.#settled();
    }
  }

  /** One of the things that happen to an account, or none. */
  #happen() {
    const dice = this.#draw(100);
    if (dice < 45) this.#send(this.#read());
    else if (dice < 57) this.#pay();
    else if (dice < 65) this.#evict();
    else if (dice < 67) this.#trip();
    else if (dice < 69) this.#overrule(this.#chance(50) ? "keep_dark" : "keep_lit");
    else if (dice < 71 && this.#override !== null) this.#overrule("auto");
  }

  /** Its own protection has opened the relay. One that was told to open is not closed for that. */
  #trip() {
    if (this.#desks.relayTables.newest(METER)?.action === "disconnect" || this.#paidWh === 0) return;
    this.#say("trips");
    this.#isClosed = false;
  }

  #pass(ms: number) {
    this.#now += ms;
    if (this.#isClosed) this.#registerWh += this.#draw(Math.floor(ms / (3 * SECOND)) + 2);
  }

  /** All that is due, in any order. */
  #arrivals() {
    const due = this.#onTheWay.filter(({ at }) => at <= this.#now);
    this.#onTheWay = this.#onTheWay.filter(({ at }) => at > this.#now);
    while (due.length > 0) due.splice(this.#draw(due.length), 1)[0]?.arrive();
  }

  /** Lost, late, or twice; in calm weather once and at once. */
  #sendOff(lateMs: number, arrive: () => void) {
    if (this.#weather === "calm") return void this.#onTheWay.push({ at: this.#now, arrive });
    const times = this.#chance(20) ? 0 : this.#chance(25) ? 2 : 1;
    for (let n = 0; n < times; n++)
      this.#onTheWay.push({ at: this.#now + (this.#chance(50) ? 0 : this.#upTo(lateMs)), arrive });
  }

  #read(): Reading {
    const readAt = Math.floor(this.#now / SECOND) * SECOND;
    return reading({ readAt, registerWh: this.#registerWh, connected: this.#isClosed });
  }

  #send(taken: Reading) {
    this.#sendOff(30 * MINUTE, () => this.#deliver(taken));
  }

  /** As the account does when readings come. */
  #deliver(taken: Reading) {
    this.#say(`is read: ${taken.registerWh} Wh, ${taken.connected ? "closed" : "open"}, of ${this.#ago(taken.readAt)}`);
    this.#readWh = Math.max(this.#readWh, taken.registerWh);
    this.#readAt = Math.max(this.#readAt, taken.readAt);
    const asking = this.#transact(() => {
      const { tables, meters, relays } = this.#desks;
      const read = meters.read(this.#facts, [taken], this.#now);
      if (read.verdicts.some(({ status }) => status !== "accepted")) this.#break("a reading was not accepted");
      relays.learn(this.#facts, read.heard, meters.availableWh(this.#facts), () => lastBoughtAt(tables), this.#now);
      return this.#desks.afterDebit(this.#facts, this.#now);
    });
    this.#act(asking);
  }

  #pay(amountMinor = 20 + this.#draw(150)) {
    const receipt = `QK7LIFE${++this.#payments}`;
    this.#say(`pays for ${2 * amountMinor} Wh`);
    this.#paidWh += 2 * amountMinor;
    this.#paidAt = this.#now;
    this.#transact(() => {
      const paidAt = this.#now;
      const { answer } = filePayment(
        this.#desks.tables,
        this.#facts,
        payment({ receipt, amountMinor, paidAt }),
        [],
        this.#now,
        COUNTRIES.LS,
      );
      if (answer.status !== "posted") this.#break(`a payment was ${answer.status}`);
      this.#desks.afterCredit(this.#facts, this.#now);
    });
    const { connected, heardAt, wantedSince } = this.#desks.relayTables.relay(METER);
    const isProven = connected === true && heardAt !== null && this.#now - heardAt <= KNOWN_CLOSED_MS_MAX;
    if (this.#availableWh() > 0 && !this.#isKept("keep_dark") && wantedSince === null && !isProven)
      this.#break("a credit leaves something to use, and nobody wants the relay closed");
    this.#act([]);
  }

  /** An answer to an older command says nothing; the same answer twice says no more than once. */
  #answer(ack: RelayAck) {
    const { relays, relayTables, dark, meters } = this.#desks;
    const isStale = relayTables.newest(METER)?.id !== ack.commandId;
    const told = () => JSON.stringify([relayTables.relay(METER), relayTables.latest(COMMANDS_MAX)]);
    const before = told();
    this.#say(`answers ${ack.status}, ${ack.connectedAfter}${isStale ? ", to an older command" : ""}`);
    const acknowledge = () =>
      this.#transact(() => {
        relays.acknowledge(this.#facts, ack, meters.availableWh(this.#facts), this.#now);
        dark.look(this.#facts, this.#now);
      });
    acknowledge();
    const once = told();
    if (isStale && once !== before) this.#break("an answer to an older command was heard");
    acknowledge();
    if (told() !== once) this.#break("the same answer twice says more than once");
  }

  #overrule(state: "keep_lit" | "keep_dark" | "auto") {
    const expiresAt = this.#now + 5 * MINUTE + this.#upTo(2 * HOUR);
    this.#say(`is told ${state}`);
    this.#override = state === "auto" ? null : { state, expiresAt };
    const order = { meterNumber: METER, state, actor: "Mpho", reason: "a fallen line", expiresAt };
    this.#transact(() => orderOverride(this.#desks, this.#facts, order, this.#now));
    this.#act([]);
  }

  /** The object is forgotten with all it was doing, and comes back with what it has stored. */
  #evict() {
    this.#say("is evicted");
    this.#desks = new Desks(
      this.#storage.sql,
      "LS",
      () => OWES_NOTHING,
      () => undefined,
    );
    this.#errands = this.#errandsOf(this.#desks);
  }

  #ring() {
    const { relays, dark, warnings } = this.#desks;
    const isDue = (at: number | null) => at !== null && at <= this.#now;
    if (isDue(relays.nextTurnAt(this.#now))) this.#run(this.#errands.turnRelays(this.#facts));
    if (isDue(dark.nextAt())) this.#run(this.#errands.lookAgain(this.#facts));
    if (isDue(relays.nextOverrideEndAt()) || isDue(warnings.nextAt())) this.#run(this.#errands.lookAround(this.#facts));
  }

  #act(asking: string[]) {
    const turnAt = this.#desks.relays.nextTurnAt(this.#now);
    if (turnAt !== null && turnAt <= this.#now) this.#run(this.#errands.turnRelays(this.#facts));
    if (asking.length > 0) this.#run(this.#errands.askPermits(this.#facts, asking));
  }

  /** What an evicted object was doing comes to nothing. */
  #run(errand: Promise<void>) {
    errand.catch((thrown: unknown) => {
      if (!(thrown instanceof Evicted)) this.#break(String(thrown));
    });
  }

  #errandsOf(desks: Desks): Errands {
    return new Errands({
      desks,
      now: () => this.#now,
      transact: (step) => {
        if (desks !== this.#desks) throw new Evicted();
        return this.#transact(step);
      },
      relays: () => ({ publish: (command) => this.#publish(command) }),
      smsDoor: () => {
        throw new Error("no SMS is sent in this life");
      },
      creditDoor: () => {
        throw new Error("no vendor has a wallet in this life");
      },
      permit: () => this.#permit(),
    });
  }

  /** The broker may fail, may have the command all the same, and may take its time. */
  #publish(command: RelayCommand): ReturnType<Relays["publish"]> {
    const isWild = this.#weather === "wild";
    const isHeard = !(isWild && this.#chance(10));
    if (!(isWild && this.#chance(15))) this.#sendOff(4 * MINUTE, () => this.#obey(command));
    const answer = isHeard
      ? ({ ok: true, value: null } as const)
      : ({ ok: false, error: { kind: "not_published", status: null, error: "no answer" } } as const);
    return this.#afterAWhile(answer);
  }

  #permit(): Promise<Permit> {
    const askedAt = this.#now;
    if (this.#weather === "wild" && this.#chance(25)) {
      const because = REFUSALS[this.#draw(REFUSALS.length)] ?? "gate_silent";
      return this.#afterAWhile({ granted: false, because });
    }
    return this.#afterAWhile({ granted: true } as const).then((granted) => {
      this.#grantedAt.push(askedAt);
      return granted;
    });
  }

  #afterAWhile<T>(answer: T): Promise<T> {
    if (this.#weather === "calm" || this.#chance(60)) return Promise.resolve(answer);
    return new Promise((resolve) => {
      this.#onTheWay.push({ at: this.#now + this.#upTo(2 * MINUTE), arrive: () => resolve(answer) });
    });
  }

  /** The meter obeys what it is in time for, in whatever order it comes, and answers. */
  #obey(command: RelayCommand) {
    const isInTime = this.#now < command.expiresAt;
    if (isInTime) this.#isClosed = command.action === "connect";
    this.#say(`${isInTime ? "obeys" : "rejects"} ${command.action} ${command.seq}`);
    const ack: RelayAck = {
      commandId: command.id,
      status: isInTime ? "acked" : "rejected",
      connectedAfter: this.#chance(70) ? this.#isClosed : null,
      error: isInTime ? null : "ttl_expired",
      thing: command.thing,
      meterNumber: METER,
    };
    this.#sendOff(20 * MINUTE, () => this.#answer(ack));
  }

  #transact<T>(step: () => T): T {
    const done = this.#storage.transactionSync(step);
    this.#check();
    return done;
  }

  /** The rules, after each transaction. */
  #check() {
    const availableWh = this.#availableWh();
    if (this.#desks.meters.availableWh(this.#facts) !== availableWh)
      this.#break(`${this.#desks.meters.availableWh(this.#facts)} Wh are left, and should be ${availableWh}`);
    if (availableWh > 0) this.#emptySince = null;
    else this.#emptySince ??= this.#now;
    const commands = this.#desks.relayTables.latest(COMMANDS_MAX).reverse();
    const before = [...this.#known.values()].at(-1);
    const fresh = commands.filter(({ id }) => !this.#known.has(id));
    for (const [n, command] of fresh.entries()) this.#checkOrder(command, fresh[n - 1] ?? before);
    for (const command of commands) this.#known.set(command.id, command);
    const live = commands.filter(({ state }) => state === "queued" || state === "published");
    if (live.length > 1) this.#break(`${live.length} commands are live`);
    const hasEnded = (this.#override?.expiresAt ?? 0) <= this.#now;
    if (availableWh > 0 && commands.at(-1)?.action === "disconnect" && hasEnded && !this.#isOverrideStored())
      this.#break("somebody has credit, and the last word to the meter was to go dark");
  }

  #checkOrder(command: RelayCommand, before: RelayCommand | undefined) {
    const { action, because, seq, requestedAt } = command;
    this.#say(`is ordered to ${action} (${because}, ${seq})`);
    if (before !== undefined && seq <= before.seq) this.#break(`sequence ${seq} follows ${before.seq}`);
    if (action === "connect") {
      this.counts.connects += 1;
      if (this.#availableWh() <= 0 && !this.#isKept("keep_lit"))
        this.#break("a connect was ordered for who has nothing");
      if (this.#isKept("keep_dark")) this.#break("a connect was ordered against a person's word");
      return;
    }
    if (because === "keep_dark") return;
    this.counts.disconnects += 1;
    const emptyMs = this.#emptySince === null ? -1 : requestedAt - this.#emptySince;
    if (emptyMs < 5 * MINUTE) this.#break(`dark after ${emptyMs} ms with nothing left: not looked at twice`);
    if (requestedAt - this.#readAt > 30 * MINUTE) this.#break(`dark by a reading of ${this.#ago(this.#readAt)}`);
    if (requestedAt - this.#paidAt < 5 * MINUTE) this.#break("dark right after a payment");
    if (before !== undefined && requestedAt - before.requestedAt < 10 * MINUTE)
      this.#break("dark right after a command");
    if (this.#isKept("keep_lit")) this.#break("dark against a person's word");
    if (!this.#grantedAt.some((at) => at >= (this.#emptySince ?? requestedAt))) this.#break("dark without a permit");
    this.#grantedAt = [];
    const today = this.#disconnectsOfToday() + 1;
    if (today > 4) this.#break(`dark ${today} times in a day`);
  }

  #disconnectsOfToday() {
    return [...this.#known.values()].filter(
      ({ action, because, requestedAt }) =>
        action === "disconnect" && because !== "keep_dark" && requestedAt > this.#now - 24 * HOUR,
    ).length;
  }

  /** By payments and readings alone, as this life knows them. */
  #availableWh() {
    return this.#paidWh - (this.#readWh - 10_000);
  }

  #isKept(state: "keep_lit" | "keep_dark") {
    return this.#override?.state === state && this.#override.expiresAt > this.#now;
  }

  /** The account has not yet noticed that a person's word has ended. */
  #isOverrideStored() {
    return this.#desks.relayTables.overrides().size > 0;
  }

  #open(): Desks {
    const desks = new Desks(
      this.#storage.sql,
      "LS",
      () => OWES_NOTHING,
      () => undefined,
    );
    for (const table of TABLES) this.#storage.sql.exec(`DELETE FROM ${table}`);
    desks.forget();
    desks.tables.putFacts(this.#facts);
    desks.tables.setRestored(0);
    return desks;
  }

  async #settled() {
    for (let tick = 0; tick < TICKS; tick++) await Promise.resolve();
  }

  #chance(percent: number) {
    return this.#draw(100) < percent;
  }
  #upTo(ms: number) {
    return this.#draw(Math.floor(ms / SECOND) + 1) * SECOND;
  }
  #ago(at: number) {
    return `${Math.round((this.#now - at) / SECOND)} s ago`;
  }
  #say(what: string) {
    this.trail.push(`${((this.#now - T0) / MINUTE).toFixed(2)} min: ${what}`);
  }
  #break(what: string) {
    this.#say(`BROKEN: ${what}`);
    this.broken.push(what);
  }
}

class Evicted extends Error {}

/** Postgres hears nothing of these lives. */
const OWES_NOTHING = { add: () => 0, stopped: () => null } as unknown as OutboxTable;

const REFUSALS: PermitRefusal[] = ["gate_silent", "money_waits", "switch_off", "breaker_open", "till_silent"];

const TABLES = [
  "meta",
  "entries",
  "answers",
  "payments",
  "commands",
  "relays",
  "looks",
  "overrides",
  "once_more",
  "registers",
  "readings",
  "quarantine",
  "warnings",
  "effects",
];
