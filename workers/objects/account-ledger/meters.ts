import type { LedgerRow } from "../../../src/domain/ledger.ts";
import type { CaseRow, MeterReadingsRow } from "../../../src/domain/outbox.ts";
import { consumptionKey, consumptionOf } from "../../../src/domain/posting.ts";
import type { Reading, ReadingVerdict, StoredReading } from "../../../src/domain/reading.ts";
import {
  type Debit,
  type Point,
  pointBetween,
  type ReadingFacts,
  type Register,
  type StoredPoint,
  type Taken,
  unpostedWh,
} from "../../../src/domain/register.ts";
import { type Release, releaseReading } from "../../../src/domain/release-reading.ts";
import { seenAfter, settleRole } from "../../../src/domain/settle-role.ts";
import { isLastHour, weightedRateMw } from "../../../src/domain/supply.ts";
import { takeReading } from "../../../src/domain/take-reading.ts";
import type { AccountFacts, PlacedMeter } from "../../../src/ports/accounts.ts";
import { readingKey } from "./on-its-way.ts";
import { type By, NOBODY, type PostingRow, postMetered } from "./post-metered.ts";
import { READINGS_KEPT_MS, type ReadingTables, type Waiting } from "./reading-tables.ts";
import type { AccountTables } from "./tables.ts";

const HOUR_MS = 3_600_000;
/** Readings of one meter that are told again: forty days of one a minute. */
const RESENT_MAX = 60_000;
const RESENT_PAGE_MAX = 1_000;

type Host = {
  tables: AccountTables;
  readings: ReadingTables;
  /** By whose local days Postgres adds up the hours. */
  timeZone: string;
  owe: (row: ({ kind: "meter_readings" } & MeterReadingsRow) | PostingRow | ({ kind: "case" } & CaseRow)) => void;
};

/** What the meters showed of their relays, and whether the account was debited. */
export type Read = {
  verdicts: ReadingVerdict[];
  heard: { meterNumber: string; connected: boolean; readAt: number }[];
  isDebited: boolean;
};

/** What one meter came to in one call. */
type Batch = { store: (Omit<StoredReading, "meterNumber"> & { receivedAt: number })[]; register: Register | null };

/** An account's meters: readings become debits, or wait. All methods that change something run inside a transaction. */
export class MeterDesk {
  readonly #host: Host;
  /** The usual rate of a meter, by the hour of its newest reading: it changes slowly and is asked for at every reading. */
  readonly #rates = new Map<string, { hour: number; rateMw: number | null }>();

  constructor(host: Host) {
    this.#host = host;
  }

  /** The ledger's balance less what is metered and not posted yet: what is left to use. */
  availableWh(facts: AccountFacts): number {
    let availableWh = this.#host.tables.head().balanceWh;
    for (const [meterNumber, register] of this.#host.readings.registers())
      if (isPrimary(facts, meterNumber, register.readAt)) availableWh -= unpostedWh(register);
    return availableWh;
  }

  /** A meter of ours bills the account now, and has been heard. */
  isMetered(facts: AccountFacts, now: number): boolean {
    return [...this.#host.readings.registers().keys()].some((meterNumber) => isPrimary(facts, meterNumber, now));
  }

  /** The usual rate at which the account uses energy; null: not known yet. */
  rateMw(facts: AccountFacts): number | null {
    let total: number | null = null;
    for (const [meterNumber, register] of this.#host.readings.registers()) {
      if (!isPrimary(facts, meterNumber, register.readAt)) continue;
      const rateMw = this.#rateOf(meterNumber, register);
      if (rateMw !== null) total = (total ?? 0) + rateMw;
    }
    return total;
  }

  /** Takes readings in the order of their instants, whatever order they came in; the verdicts stand in the order given. */
  read(facts: AccountFacts, readings: readonly Reading[], now: number): Read {
    const known = this.#host.readings;
    const verdicts: ReadingVerdict[] = new Array(readings.length);
    const batches = new Map<string, Batch>();
    const heard = new Map<string, Read["heard"][number]>();
    const held: Waiting[] = [];
    let isDebited = false;
    const inOrder = readings.map((reading, place) => ({ reading, place }));
    inOrder.sort(
      (a, b) => compare(a.reading.meterNumber, b.reading.meterNumber) || a.reading.readAt - b.reading.readAt,
    );
    for (const { reading, place } of inOrder) {
      const { meterNumber, readAt } = reading;
      const batch = batches.get(meterNumber) ?? { store: [], register: null };
      batches.set(meterNumber, batch);
      const register = known.registers().get(meterNumber) ?? null;
      const taken = takeReading(register, reading, this.#factsFor(facts, reading, register, batch, now));
      verdicts[place] = taken.verdict;
      isDebited = this.#keep(facts, meterNumber, batch, taken, now) || isDebited;
      if (taken.verdict.status === "quarantined") held.push({ reading, because: taken.verdict.because, at: now });
      if (
        taken.verdict.status === "accepted" &&
        reading.connected !== null &&
        readAt >= Math.min(register?.seenAt ?? 0, now)
      )
        heard.set(meterNumber, { meterNumber, connected: reading.connected, readAt });
    }
    for (const [meterNumber, batch] of batches) this.#close(facts, meterNumber, batch, now);
    this.#tellHeld(facts, held, now);
    return { verdicts, heard: [...heard.values()], isDebited };
  }

  /**
   * A person has looked at a reading of a meter that waits. `unknown`: none of that instant and register waits. `refused`: it
   * can only be discarded, and waits still.
   */
  release(
    facts: AccountFacts,
    order: { meterNumber: string; readAt: number; registerWh: number; how: Release; actor: string; reason: string },
    now: number,
  ): "done" | "unknown" | "refused" {
    const { readings } = this.#host;
    const { meterNumber, readAt, registerWh } = order;
    const waiting = readings
      .held(meterNumber)
      .find(({ reading }) => reading.readAt === readAt && reading.registerWh === registerWh);
    if (waiting === undefined) return "unknown";
    const register = readings.registers().get(meterNumber) ?? null;
    const batch: Batch = { store: [], register: null };
    const by = { actor: order.actor, reason: order.reason };
    const taken = releaseReading(
      register,
      waiting.reading,
      order.how,
      this.#factsFor(facts, waiting.reading, register, batch, now),
    );
    if (taken === null) return "refused";
    this.#keep(facts, meterNumber, batch, taken, now, by);
    this.#close(facts, meterNumber, batch, now);
    // What waited before it is answered with it: the register has gone past.
    readings.unhold(meterNumber, readAt);
    if (readings.held(meterNumber).length === 0)
      this.#host.owe({
        kind: "case",
        ...caseOf(facts, meterNumber, waiting, { ...by, how: order.how }),
        closedAt: now,
        state: "closed",
        version: now,
      });
    return "done";
  }

  /**
   * Facts have changed: a meter that ceases to bill is settled where it stands, and one that begins bills from then on. True:
   * the account was debited.
   */
  changeRoles(was: AccountFacts | null, is: AccountFacts, now: number): boolean {
    if (was === null) return false;
    let isDebited = false;
    // Whoever ceases comes first: what it has debited, also by a clock that is ahead, the other one does not debit again.
    let from = now;
    const roles = [...this.#host.readings.registers()].map(([meterNumber, register]) => {
      const role = (facts: AccountFacts) => placementAt(facts, meterNumber, now)?.role ?? null;
      return { meterNumber, register, before: role(was), after: role(is) };
    });
    roles.sort((a, b) => Number(a.after === "primary") - Number(b.after === "primary"));
    for (const { meterNumber, register, before, after } of roles) {
      const left = after === null ? this.#whereItLeft(was, is, meterNumber, register, now) : null;
      const settled = settleRole(register, before, after, from, left?.point ?? null);
      if (settled.register === register) continue;
      if (before === "primary") from = Math.max(from, settled.register.postedAt);
      // A last reading is one of this account: its hours add up to what was debited.
      const store = left?.isRead ? [{ ...bareReading(left.point), meterNumber }] : [];
      const taken: Taken = { verdict: { status: "accepted", because: null }, store, ...settled };
      const batch: Batch = { store: [], register: null };
      isDebited = this.#keep(is, meterNumber, batch, taken, now) || isDebited;
      this.#flush(meterNumber, batch);
      // An account that loses its memory before the next reading must know from when the meter bills.
      this.#tell(is, meterNumber, batch.store);
    }
    return isDebited;
  }

  /**
   * Where the register of a meter that has left stood when it left: as somebody read it then, or on the line between its
   * readings when it was read later. Null: it was read last before that, and nobody read it then.
   */
  #whereItLeft(
    was: AccountFacts,
    is: AccountFacts,
    meterNumber: string,
    register: Register,
    now: number,
  ): { point: Point; isRead: boolean } | null {
    const placement = placementAt(was, meterNumber, now);
    const ended = is.meters.find((meter) => meter.meterNumber === meterNumber && meter.from === placement?.from);
    const to = ended?.to ?? null;
    if (ended === undefined || to === null) return null;
    const seen = seenAfter(register, to);
    const finalWh = ended.finalRegisterWh ?? null;
    if (seen === null)
      return finalWh === null || finalWh < register.registerWh
        ? null
        : { point: { readAt: to, registerWh: finalWh }, isRead: true };
    const { before, same, after } = this.#host.readings.beside(meterNumber, to);
    const point = same ?? (before === null ? { readAt: to, registerWh: 0 } : pointBetween(before, after ?? seen, to));
    return { point, isRead: false };
  }

  /** Owes Postgres again, of the readings since an instant, those it lacks, with the registers. Returns how many. */
  tellAgain(facts: AccountFacts, since: number, isLacking: (key: string) => boolean): number {
    let told = 0;
    for (const meterNumber of this.#host.readings.registers().keys()) {
      const lacking = this.#host.readings
        .since(meterNumber, since, RESENT_MAX)
        .filter(({ readAt }) => isLacking(readingKey(meterNumber, readAt)));
      for (let from = 0; from < lacking.length; from += RESENT_PAGE_MAX)
        this.#tell(facts, meterNumber, lacking.slice(from, from + RESENT_PAGE_MAX).map(bareReading));
      told += lacking.length;
    }
    return told;
  }

  /** After entries were taken over: no register is behind what has been debited already. */
  catchUp() {
    for (const [meterNumber, register] of this.#host.readings.registers()) {
      const use = this.#host.tables.newestUse(meterNumber);
      if (use === null || use.readAt <= register.postedAt) continue;
      const posted = { postedWh: use.toWh, postedAt: use.readAt, version: register.version + 1 };
      const isAhead = use.readAt > register.readAt;
      const head = isAhead ? { readAt: use.readAt, registerWh: use.toWh } : {};
      const seen = use.readAt > register.seenAt ? { seenAt: use.readAt, seenWh: use.toWh } : {};
      this.#host.readings.putRegister(meterNumber, { ...register, ...posted, ...head, ...seen });
    }
  }

  /**
   * Postings that were filed anew after others were taken over: what both debited of a meter is given back. A register is
   * debited once, whoever forgot that it was.
   */
  giveBackOverlaps(facts: AccountFacts, adopted: readonly LedgerRow[], refiled: readonly LedgerRow[], now: number) {
    const taken = adopted.flatMap((row) => consumptionOf(row) ?? []);
    for (const row of refiled) {
      const own = consumptionOf(row);
      if (own === null) continue;
      const twiceWh = taken
        .filter(({ meterNumber }) => meterNumber === own.meterNumber)
        .reduce(
          (sum, { fromWh, toWh }) => sum + Math.max(0, Math.min(toWh, own.toWh) - Math.max(fromWh, own.fromWh)),
          0,
        );
      const entryKey = `overlap:${row.entryKey}`;
      if (twiceWh === 0 || this.#host.tables.entry(entryKey) !== null) continue;
      const debit: Debit = { kind: "correction", fromWh: own.fromWh, toWh: own.fromWh - twiceWh, readAt: own.readAt };
      this.#post(facts, entryKey, debit, now, { actor: "machine", reason: "debited before it was known again" });
    }
  }

  #factsFor(facts: AccountFacts, reading: Reading, register: Register | null, batch: Batch, now: number): ReadingFacts {
    const { meterNumber, readAt } = reading;
    const placement = placementAt(facts, meterNumber, Math.min(readAt, now)) ?? null;
    const isBilling = placement?.role === "primary" && register !== null && facts.status === "live";
    return {
      now,
      placement,
      billFrom: facts.billFrom,
      isLastHour: isBilling && isLastHour(this.availableWh(facts), this.#rateOf(meterNumber, register), reading.powerW),
      beside: (at) => {
        this.#flush(meterNumber, batch);
        return this.#host.readings.beside(meterNumber, at);
      },
    };
  }

  /** Keeps what a reading came to. True: the account was debited. */
  #keep(facts: AccountFacts, meterNumber: string, batch: Batch, taken: Taken, now: number, by: By = NOBODY): boolean {
    if (taken.register !== null) {
      const { readings } = this.#host;
      const last = taken.store.at(-1);
      const before = taken.store.at(-2) ?? readings.registers().get(meterNumber);
      const fellWh = (before?.registerWh ?? 0) - taken.register.registerWh;
      // Where counting starts anew the register "fell" by less than nothing when it jumped.
      if (fellWh > 0 || (last?.begins === true && fellWh < 0))
        readings.fell(meterNumber, taken.register.readAt, fellWh);
      readings.putRegister(meterNumber, taken.register);
      batch.register = taken.register;
    }
    for (const { meterNumber: _meter, ...stored } of taken.store) batch.store.push({ ...stored, receivedAt: now });
    for (const debit of taken.debits) this.#debit(facts, meterNumber, debit, now, by);
    return taken.debits.length > 0;
  }

  #debit(facts: AccountFacts, meterNumber: string, debit: Debit, now: number, by: By) {
    const entryKey = consumptionKey(meterNumber, debit);
    if (this.#host.tables.entry(entryKey) === null) this.#post(facts, entryKey, debit, now, by);
  }

  #post(facts: AccountFacts, entryKey: string, debit: Debit, now: number, by: By) {
    postMetered(this.#host, facts, entryKey, debit, now, by);
  }

  /** Stored before neighbours are looked for: those of the same call are neighbours too. */
  #flush(meterNumber: string, batch: Batch) {
    const unstored = batch.store.slice(this.#flushed.get(batch) ?? 0);
    this.#host.readings.store(meterNumber, unstored);
    this.#flushed.set(batch, batch.store.length);
  }
  readonly #flushed = new WeakMap<Batch, number>();

  #close(facts: AccountFacts, meterNumber: string, batch: Batch, now: number) {
    this.#flush(meterNumber, batch);
    const register = this.#host.readings.registers().get(meterNumber);
    if (register === undefined || (batch.store.length === 0 && !isNews(batch.register))) return;
    if (batch.store.length > 0) this.#host.readings.prune(meterNumber, now - READINGS_KEPT_MS);
    this.#tell(facts, meterNumber, batch.store);
  }

  #tell({ account, accountId }: AccountFacts, meterNumber: string, readings: Batch["store"]) {
    const { owe, timeZone } = this.#host;
    const register = this.#host.readings.registers().get(meterNumber);
    if (register === undefined) return;
    owe({ kind: "meter_readings", account, accountId, meterNumber, timeZone, readings, register });
  }

  #tellHeld(facts: AccountFacts, held: readonly Waiting[], now: number) {
    for (const waiting of held) {
      const isNew = this.#host.readings.hold(waiting);
      if (!isNew) continue;
      const { meterNumber } = waiting.reading;
      this.#host.owe({ kind: "case", ...caseOf(facts, meterNumber, waiting, null), version: now });
    }
  }

  #rateOf(meterNumber: string, register: Register): number | null {
    const hour = Math.floor(register.readAt / HOUR_MS);
    const known = this.#rates.get(meterNumber);
    if (known?.hour === hour) return known.rateMw;
    const rateMw = weightedRateMw(this.#host.readings.use(meterNumber, register));
    this.#rates.set(meterNumber, { hour, rateMw });
    return rateMw;
  }
}

/** Of a reading that Postgres has lost the account knows when it was and what the register showed. */
const bareReading = (point: StoredPoint): Batch["store"][number] => ({
  ...point,
  powerW: null,
  voltageMv: null,
  currentMa: null,
  frequencyMhz: null,
  connected: null,
  source: "iot",
  receivedAt: point.readAt,
});

/** The placement of a meter that covers an instant. */
export const placementAt = (facts: AccountFacts, meterNumber: string, at: number): PlacedMeter | undefined =>
  facts.meters.find(
    (meter) => meter.meterNumber === meterNumber && meter.from <= at && (meter.to === null || at < meter.to),
  );

const isPrimary = (facts: AccountFacts, meterNumber: string, at: number) =>
  placementAt(facts, meterNumber, at)?.role === "primary";

/** A reading that was only seen changes the register, but is no news for Postgres: the next accepted one carries it. */
const isNews = (register: Register | null) => register !== null && register.heldWh !== null;

/** One case a meter and reason: what waits is told in it, and the account has the rest. */
function caseOf(
  { account }: AccountFacts,
  meterNumber: string,
  { reading, because, at }: Waiting,
  answer: { actor: string; reason: string; how: Release } | null,
): CaseRow {
  const { readAt, registerWh } = reading;
  return {
    caseKey: `reading:${account}:${meterNumber}:${because}`,
    caseKind: "reading_quarantined",
    subject: account,
    detailsJson: JSON.stringify({ meter: meterNumber, because, readAt, registerWh, answer }),
    state: "open",
    openedAt: at,
    closedAt: null,
    version: at,
  };
}

const compare = (left: string, right: string) => (left < right ? -1 : left > right ? 1 : 0);
