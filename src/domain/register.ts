import type { MeterRole, QuarantineBecause, Reading, ReadingVerdict, StoredReading } from "./reading.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const MS_PER_WH_OF_A_WATT = 3_600_000n;

/** One reading a meter in this time is stored and billed (integrations 7.4). */
export const GATE_MS = 15 * MINUTE_MS;
/** A reading dated further ahead than this comes from a clock that nobody set. */
export const AHEAD_MS_MAX = HOUR_MS;
/** The first reading of all may come after the second: so long the counting may still start earlier. */
export const BASE_SETTLES_MS = HOUR_MS;
/** An account remembers its readings a little longer: what is older has no neighbours by which to judge it. */
export const HISTORY_MS = 35 * 24 * HOUR_MS;
/** What a meter carries when nobody said: 60 A at 250 V. */
export const RATING_W_DEFAULT = 15_000;
/** The register of such a meter has six digits before the point. */
export const REGISTER_WH_MAX = 1_000_000_000;
/** Registers move in steps of 0.01 kWh, and stamps in minutes: so much more than the rating allows is no jump. */
const STEP_WH = 10;
const STAMP_MS = MINUTE_MS;

/** A point of a meter's curve: what the register showed, and when. */
export type Point = { readAt: number; registerWh: number };
/** One that is stored; see StoredReading. */
export type StoredPoint = Point & Pick<StoredReading, "begins">;

/** How one meter's register stands in its account. */
export type Register = Point & {
  /**
   * Up to where the account has been debited, and when that was read. An instant after the newest reading is the one from
   * which the meter bills: what it counts until then is not debited, and only its next reading tells how much that was.
   */
  postedWh: number;
  postedAt: number;
  /** The newest reading of all, also one that came too soon to count. */
  seenAt: number;
  seenWh: number;
  /** What the newest reading that said so told of the relay; null: none did. */
  connected: boolean | null;
  /**
   * The lowest register of a jump that waits for a person, while no reading has gone on from before it; null: none. What
   * reaches it waits too, however late it comes.
   */
  heldWh: number | null;
  /** When the reading that counting starts from was taken; null: not known any more. */
  baseAt: number | null;
  version: number;
};

/** What decides on a reading, beside the register itself. */
export type ReadingFacts = {
  now: number;
  /** The placement that covers `readAt`; null: none does, the meter was on another account then. */
  placement: {
    role: MeterRole;
    from: number;
    baseRegisterWh: number | null;
    ratingW: number | null;
  } | null;
  billFrom: number | null;
  /** The account is in its last hour of supply: every reading counts. */
  isLastHour: boolean;
  /** The stored readings right before and right after this one, and the one of the same instant. Asked for late readings only. */
  beside: (readAt: number) => { before: StoredPoint | null; same: StoredPoint | null; after: StoredPoint | null };
};

/** Energy to be taken from the account: from one point of the register to another. */
export type Debit = { kind: "consumption" | "correction"; fromWh: number; toWh: number; readAt: number };

export type Taken = {
  verdict: ReadingVerdict;
  /** Null: as it was. */
  register: Register | null;
  /** Readings to be stored, in order; one that had only been seen is stored when what came after it fell. */
  store: StoredReading[];
  debits: Debit[];
};

/**
 * What one reading means for its account. Energy is the sum of the rises between stored readings; a fall is a reset and
 * starts anew from where it fell to. A reading older than the newest fits between its neighbours or waits for a person.
 */
export function takeReading(register: Register | null, reading: Reading, facts: ReadingFacts): Taken {
  if (reading.readAt > facts.now + AHEAD_MS_MAX) return quarantined(register, reading, "future");
  const { placement } = facts;
  if (placement === null) return unchanged({ status: "elsewhere" });
  if (!isRegister(reading.registerWh)) return quarantined(register, reading, "absurd");
  if (register !== null && register.readAt < placement.from)
    return takeAfterReturn(register, reading, { ...facts, placement });
  const known = register ?? startOf(placement);
  if (known === null) return accepted(null, firstOf(reading), [reading], []);
  if (reading.readAt > known.readAt) return takeNewer(known, reading, { ...facts, placement });
  return takeLate(known, reading, { ...facts, placement });
}

/**
 * The meter has come back to this account: what it counted elsewhere is not this account's. What it had counted here before
 * and was not debited is debited now.
 */
function takeAfterReturn(left: Register, reading: Reading, facts: PlacedFacts): Taken {
  const top = topOf(left);
  const debits: Debit[] =
    isBilled(top, facts) && top.registerWh > left.postedWh
      ? [{ kind: "consumption", fromWh: left.postedWh, toWh: top.registerWh, readAt: top.readAt }]
      : [];
  const anew = startOf(facts.placement) ?? firstOf(reading);
  const version = left.version + 1;
  if (reading.readAt <= anew.readAt) return accepted(null, { ...anew, version }, [reading], debits);
  const taken = takeNewer({ ...anew, version }, reading, facts);
  return { ...taken, register: taken.register ?? { ...anew, version }, debits: [...debits, ...taken.debits] };
}

/** The highest that the register is known to have shown, and when. */
const topOf = ({ readAt, registerWh, seenAt, seenWh }: Register): Point =>
  seenWh > registerWh ? { readAt: seenAt, registerWh: seenWh } : { readAt, registerWh };

/** Energy that is metered and not debited yet. */
export const unpostedWh = (register: Register): number => topOf(register).registerWh - register.postedWh;

type PlacedFacts = ReadingFacts & { placement: NonNullable<ReadingFacts["placement"]> };

function takeNewer(before: Register, reading: Reading, facts: PlacedFacts): Taken {
  const { readAt, registerWh } = reading;
  const known = billingOf(before, reading);
  const isNewest = readAt >= known.seenAt;
  const connected = isNewest ? (reading.connected ?? known.connected) : known.connected;
  const fell = registerWh < known.registerWh;
  // Lower than what came before and after it: no reset, but a reading that fits nowhere.
  if (fell && !isNewest && known.seenWh >= known.registerWh) return quarantined(known, reading, "backwards");
  if (!fell && isJump(known, reading, facts)) return quarantined(known, reading, "beyond_rating");
  if (fell && !startedAnew(known, reading, facts)) return quarantined(known, reading, "backwards");
  const seen = isNewest
    ? { seenAt: readAt, seenWh: readAt === known.seenAt ? Math.max(registerWh, known.seenWh) : registerWh }
    : { seenAt: known.seenAt, seenWh: known.seenWh };
  const turned = reading.connected !== null && known.connected !== null && reading.connected !== known.connected;
  const isEarly = readAt - known.readAt < GATE_MS;
  if (isEarly && !fell && !(turned && isNewest) && !facts.isLastHour)
    return {
      verdict: { status: "accepted", because: "gate" },
      register: { ...known, ...seen, connected, heldWh: null, version: known.version + 1 },
      store: [],
      debits: [],
    };
  if (fell) return takeReset(known, reading, connected, facts);
  const next = { ...known, ...seen, readAt, registerWh, connected, heldWh: null, version: known.version + 1 };
  if (!isBilled(reading, facts)) return accepted(null, { ...next, ...postedUpTo(known, reading) }, [reading], []);
  const isDue = facts.isLastHour || hourOf(readAt) > hourOf(known.postedAt);
  if (!isDue || registerWh <= known.postedWh) return accepted(null, next, [reading], []);
  const debit: Debit = { kind: "consumption", fromWh: known.postedWh, toWh: registerWh, readAt };
  return accepted(null, { ...next, postedWh: registerWh, postedAt: readAt }, [reading], [debit]);
}

/**
 * A meter that began to bill while it was silent. Before that instant its readings are debited to nobody; the first one after
 * it tells what the register showed then.
 */
function billingOf(known: Register, { readAt, registerWh }: Point): Register {
  const top = topOf(known);
  const isBegun = known.postedAt > top.readAt && known.postedWh === top.registerWh;
  if (!isBegun || registerWh <= top.registerWh) return known;
  if (readAt <= known.postedAt) return { ...known, postedWh: registerWh };
  return { ...known, postedWh: pointBetween(top, { readAt, registerWh }, known.postedAt).registerWh };
}

/** Where the register stood at an instant between two readings: on the line between them, whole Wh, rounded down. */
export function pointBetween(before: Point, after: StoredPoint, at: number): Point {
  if (after.begins === true || after.registerWh <= before.registerWh) return { ...before, readAt: at };
  const [roseWh, sinceMs] = [after.registerWh - before.registerWh, at - before.readAt];
  const wh = (BigInt(roseWh) * BigInt(sinceMs)) / BigInt(after.readAt - before.readAt);
  return { readAt: at, registerWh: before.registerWh + Number(wh) };
}

/** The highest that the register is known to have shown when the meter had left already; null: that was not so. */
export const seenAfter = (register: Register, at: number): Point | null => {
  const top = topOf(register);
  return top.readAt > at ? top : null;
};

/** Nothing is debited up to this reading; what was to be debited from a later instant on still is. */
const postedUpTo = ({ postedWh, postedAt }: Register, { readAt, registerWh }: Point) => ({
  postedWh: Math.max(postedWh, registerWh),
  postedAt: Math.max(postedAt, readAt),
});

/** The register fell: what it had counted is debited, and counting starts from where it fell to. */
function takeReset(known: Register, reading: Reading, connected: boolean | null, facts: PlacedFacts): Taken {
  const { readAt, registerWh } = reading;
  // What was only seen before the fall would be lost with it.
  const seen = seenBefore(known, reading);
  const top: Point = seen ?? known;
  const store = seen === null ? [] : [seen];
  const debits: Debit[] =
    isBilled(reading, facts) && top.registerWh > known.postedWh
      ? [{ kind: "consumption", fromWh: known.postedWh, toWh: top.registerWh, readAt: top.readAt }]
      : [];
  const next: Register = {
    ...known,
    readAt,
    registerWh,
    postedWh: registerWh,
    postedAt: Math.max(readAt, known.postedAt),
    seenAt: Math.max(readAt, known.seenAt),
    seenWh: registerWh,
    connected,
    heldWh: null,
    version: known.version + 1,
  };
  return accepted("reset", next, [...store, reading], debits);
}

/** Older than the newest: stored where it belongs. It never moves the register back, and posts only what a reset had hidden. */
function takeLate(known: Register, reading: Reading, facts: PlacedFacts): Taken {
  const { readAt, registerWh } = reading;
  const { same, after, ...found } = facts.beside(readAt);
  const before = beforeOf(found.before, readAt, facts.placement);
  if (readAt === known.readAt || same !== null) {
    const atHead = readAt === known.readAt && readAt === known.seenAt && registerWh > known.seenWh;
    const isWithin = registerWh - known.registerWh <= allowedWh(STAMP_MS, facts);
    const register = atHead && isWithin ? { ...known, seenWh: registerWh, version: known.version + 1 } : null;
    return { verdict: { status: "accepted", because: "duplicate" }, register, store: [], debits: [] };
  }
  if (before === null && after !== null && isNearBase(known, after, readAt))
    return takeBeforeBase(known, reading, after, facts);
  // Where counting starts anew nothing was debited between: what a late one shows before that is debited now.
  const fellBetween =
    before !== null && after !== null && (after.begins === true || after.registerWh < before.registerWh);
  const isClose =
    (before !== null && readAt - before.readAt < GATE_MS) || (after !== null && after.readAt - readAt < GATE_MS);
  if (isClose && !fellBetween) return unchanged({ status: "accepted", because: "gate" });
  // Older than the counting, or than what this account remembers: history, which nobody is debited for. A clock that was set
  // back writes it too, and what the meter counts by such a clock is debited when it is right again.
  if (before === null || after === null || isHistory(known, readAt, facts.now))
    return accepted("late", known, [reading], []);
  if (!fellBetween) {
    const fits = before.registerWh <= registerWh && registerWh <= after.registerWh;
    return fits ? accepted("late", known, [reading], []) : quarantined(known, reading, "backwards");
  }
  const isBefore = registerWh >= before.registerWh;
  const [from, to] = isBefore ? [before, reading] : [reading, after];
  const energyWh = to.registerWh - from.registerWh;
  if (energyWh > allowedWh(to.readAt - from.readAt, facts)) return quarantined(known, reading, "beyond_rating");
  if (energyWh <= 0 || !isBilled(reading, facts)) return accepted("late", known, [reading], []);
  const debit: Debit = { kind: "correction", fromWh: from.registerWh, toWh: to.registerWh, readAt: to.readAt };
  return accepted("late", known, [reading], [debit]);
}

/** What the meter counted between its very first reading, which came a little late, and the one taken for the first. */
function takeBeforeBase(known: Register, reading: Reading, after: Point, facts: PlacedFacts): Taken {
  const energyWh = after.registerWh - reading.registerWh;
  if (energyWh > allowedWh(after.readAt - reading.readAt, facts)) return quarantined(known, reading, "beyond_rating");
  const next = { ...known, baseAt: reading.readAt, version: known.version + 1 };
  if (energyWh <= 0 || !isBilled(reading, facts)) return accepted("late", next, [reading], []);
  const { registerWh: toWh, readAt } = after;
  return accepted("late", next, [reading], [{ kind: "correction", fromWh: reading.registerWh, toWh, readAt }]);
}

/** The reading before an instant, or what the placement says of its beginning when none came since. */
function beforeOf(found: Point | null, readAt: number, { from, baseRegisterWh }: PlacedFacts["placement"]) {
  if (baseRegisterWh === null || from >= readAt || (found !== null && found.readAt >= from)) return found;
  return { readAt: from, registerWh: baseRegisterWh };
}

const isHistory = ({ baseAt }: Register, readAt: number, now: number) =>
  (baseAt !== null && readAt < baseAt) || now - readAt > HISTORY_MS;

const isNearBase = ({ baseAt }: Register, after: Point, readAt: number) =>
  after.readAt === baseAt && after.readAt - readAt <= BASE_SETTLES_MS;

/** What a person decided about a reading that waits. */
export type Release = "bill" | "rebase" | "discard";

/**
 * A person has looked at a reading in quarantine. `bill`: it is right, and its energy is debited as a correction.
 * `rebase`: it is right from now on, but nobody is debited for the jump. `discard`: it was wrong, and what reaches a jump that
 * was wrong still waits. Null: it can only be discarded, for it is dated ahead, of a register that no meter has, or of a
 * meter that was not here then or has no reading to go on from.
 */
export function releaseReading(
  known: Register | null,
  reading: Reading,
  how: Release,
  facts: ReadingFacts,
): Taken | null {
  const nothing = unchanged({ status: "accepted", because: null });
  if (how === "discard") return nothing;
  const { placement } = facts;
  const isPossible = reading.readAt <= facts.now + AHEAD_MS_MAX && isRegister(reading.registerWh);
  if (known === null || placement === null || !isPossible) return null;
  // Its place in time is behind the newest: it explains an hour, where it fits, and moves nothing.
  if (reading.readAt <= known.readAt)
    return { ...nothing, store: how === "bill" && fitsBeside(reading, facts) ? [reading] : [] };
  const register = how === "bill" ? billingOf(known, reading) : known;
  const billed = isBilled(reading, { ...facts, placement });
  const seen = seenBefore(register, reading);
  const next: Register = {
    ...register,
    readAt: reading.readAt,
    registerWh: reading.registerWh,
    postedWh: reading.registerWh,
    postedAt: Math.max(reading.readAt, register.postedAt),
    seenAt: Math.max(register.seenAt, reading.readAt),
    seenWh: reading.registerWh,
    connected: reading.connected ?? register.connected,
    heldWh: null,
    version: register.version + 1,
  };
  const top = how === "bill" ? reading : (seen ?? register);
  const { registerWh: toWh, readAt } = top;
  // One that fell is no jump: what it falls to counts nothing by itself.
  const begun = reading.registerWh > (seen ?? register).registerWh ? { ...reading, begins: true } : reading;
  const kind = how === "bill" ? "correction" : "consumption";
  const debits: Debit[] = billed && toWh > register.postedWh ? [{ kind, fromWh: register.postedWh, toWh, readAt }] : [];
  const store = how === "bill" ? [reading] : seen === null ? [begun] : [seen, begun];
  return { ...nothing, register: next, store, debits };
}

/** Between its neighbours, as they are by now. */
function fitsBeside({ readAt, registerWh }: Reading, { beside }: ReadingFacts): boolean {
  const { before, after } = beside(readAt);
  if (after?.begins === true) return false;
  return (before?.registerWh ?? 0) <= registerWh && registerWh <= (after?.registerWh ?? REGISTER_WH_MAX);
}

/** What had only been seen before a reading, and would be lost with what it ends; as a reading to be stored. Null: nothing. */
function seenBefore(known: Register, reading: Reading): Reading | null {
  const { seenAt, seenWh } = known;
  if (seenAt <= known.readAt || seenAt >= reading.readAt || seenWh <= known.registerWh) return null;
  const unknown = { powerW: null, voltageMv: null, currentMa: null, frequencyMhz: null };
  return { ...reading, ...unknown, readAt: seenAt, registerWh: seenWh };
}

/**
 * The meter begins or ceases to bill its account, or leaves it: what it had counted while it billed is debited now, and
 * nothing that it counted while it did not. One that begins bills from `at` on, also when its newest reading is older. One
 * that has left as of an instant before its newest reading is debited up to `left`, where its register stood then.
 */
export function settleRole(
  register: Register,
  was: MeterRole | null,
  is: MeterRole | null,
  at: number,
  left: Point | null = null,
): { register: Register; debits: Debit[] } {
  if (was === is) return { register, debits: [] };
  const { registerWh: toWh, readAt } = topOf(register);
  const end = left ?? { registerWh: toWh, readAt };
  // What was debited after it left is no more than the registry had not been told of yet: a person has to look at that.
  const debits: Debit[] =
    was === "primary" && end.registerWh > register.postedWh && (left === null || left.readAt >= register.postedAt)
      ? [{ kind: "consumption", fromWh: register.postedWh, toWh: end.registerWh, readAt: end.readAt }]
      : [];
  const postedAt = was !== null && is === "primary" ? Math.max(readAt, at) : readAt;
  return { register: { ...register, postedWh: toWh, postedAt, version: register.version + 1 }, debits };
}

/** The counting starts with what the placement says; null: with the first reading. */
function startOf({ from, baseRegisterWh }: PlacedFacts["placement"]): Register | null {
  return baseRegisterWh === null ? null : baseAt({ readAt: from, registerWh: baseRegisterWh }, null);
}

const firstOf = (reading: Reading): Register => baseAt(reading, reading.connected);

const baseAt = ({ readAt, registerWh }: Point, connected: boolean | null): Register => ({
  readAt,
  registerWh,
  postedWh: registerWh,
  postedAt: readAt,
  seenAt: readAt,
  seenWh: registerWh,
  connected,
  heldWh: null,
  baseAt: readAt,
  version: 1,
});

const isRegister = (registerWh: number) =>
  Number.isSafeInteger(registerWh) && registerWh >= 0 && registerWh <= REGISTER_WH_MAX;

/** Only a primary meter debits, and only from the cut-over on. */
const isBilled = ({ readAt }: Point, { placement, billFrom }: PlacedFacts) =>
  placement.role === "primary" && billFrom !== null && readAt >= billFrom;

/** More than the meter can carry in that time, or what a jump that waits for a person has reached. */
function isJump(known: Register, { readAt, registerWh }: Point, facts: PlacedFacts): boolean {
  if (known.heldWh !== null && registerWh >= known.heldWh) return true;
  return registerWh - known.registerWh > allowedWh(readAt - known.readAt, facts);
}

/**
 * A register that was reset begins at zero, and shows no more than the meter can have counted since. What falls to more is no
 * reset: it would rise back, and each return would be debited.
 */
const startedAnew = (known: Register, { readAt, registerWh }: Point, facts: PlacedFacts) =>
  registerWh <= allowedWh(readAt - known.readAt, facts);

function allowedWh(spanMs: number, { placement }: PlacedFacts): number {
  const ratingW = BigInt(placement.ratingW ?? RATING_W_DEFAULT);
  return Number((ratingW * BigInt(spanMs + STAMP_MS)) / MS_PER_WH_OF_A_WATT) + STEP_WH;
}

const hourOf = (at: number) => Math.floor(at / HOUR_MS);

const unchanged = (verdict: ReadingVerdict): Taken => ({ verdict, register: null, store: [], debits: [] });

const accepted = (
  because: Extract<ReadingVerdict, { status: "accepted" }>["because"],
  register: Register,
  store: Reading[],
  debits: Debit[],
): Taken => ({ verdict: { status: "accepted", because }, register, store, debits });

/** The lowest register of a jump is remembered: waiting longer must not make it plausible. */
function quarantined(register: Register | null, { registerWh }: Reading, because: QuarantineBecause): Taken {
  const taken = unchanged({ status: "quarantined", because });
  if (register === null || because !== "beyond_rating" || registerWh <= register.registerWh) return taken;
  const heldWh = Math.min(register.heldWh ?? registerWh, registerWh);
  return heldWh === register.heldWh
    ? taken
    : { ...taken, register: { ...register, heldWh, version: register.version + 1 } };
}
