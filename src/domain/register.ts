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
export const STAMP_MS = MINUTE_MS;

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

/** The highest that the register is known to have shown, and when. */
export const topOf = ({ readAt, registerWh, seenAt, seenWh }: Register): Point =>
  seenWh > registerWh ? { readAt: seenAt, registerWh: seenWh } : { readAt, registerWh };

/** Energy that is metered and not debited yet. */
export const unpostedWh = (register: Register): number => topOf(register).registerWh - register.postedWh;

/** Of a reading whose meter was here then. */
export type PlacedFacts = ReadingFacts & { placement: NonNullable<ReadingFacts["placement"]> };

/**
 * A meter that began to bill while it was silent. Before that instant its readings are debited to nobody; the first one after
 * it tells what the register showed then.
 */
export function billingOf(known: Register, { readAt, registerWh }: Point): Register {
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

/** What had only been seen before a reading, and would be lost with what it ends; as a reading to be stored. Null: nothing. */
export function seenBefore(known: Register, reading: Reading): Reading | null {
  const { seenAt, seenWh } = known;
  if (seenAt <= known.readAt || seenAt >= reading.readAt || seenWh <= known.registerWh) return null;
  const unknown = { powerW: null, voltageMv: null, currentMa: null, frequencyMhz: null };
  return { ...reading, ...unknown, readAt: seenAt, registerWh: seenWh };
}

export const isRegister = (registerWh: number) =>
  Number.isSafeInteger(registerWh) && registerWh >= 0 && registerWh <= REGISTER_WH_MAX;

/** Only a primary meter debits, and only from the cut-over on. */
export const isBilled = ({ readAt }: Point, { placement, billFrom }: PlacedFacts) =>
  placement.role === "primary" && billFrom !== null && readAt >= billFrom;

export function allowedWh(spanMs: number, { placement }: PlacedFacts): number {
  const ratingW = BigInt(placement.ratingW ?? RATING_W_DEFAULT);
  return Number((ratingW * BigInt(spanMs + STAMP_MS)) / MS_PER_WH_OF_A_WATT) + STEP_WH;
}

export const unchanged = (verdict: ReadingVerdict): Taken => ({ verdict, register: null, store: [], debits: [] });

export const accepted = (
  because: Extract<ReadingVerdict, { status: "accepted" }>["because"],
  register: Register,
  store: Reading[],
  debits: Debit[],
): Taken => ({ verdict: { status: "accepted", because }, register, store, debits });

/** The lowest register of a jump is remembered: waiting longer must not make it plausible. */
export function quarantined(register: Register | null, { registerWh }: Reading, because: QuarantineBecause): Taken {
  const taken = unchanged({ status: "quarantined", because });
  if (register === null || because !== "beyond_rating" || registerWh <= register.registerWh) return taken;
  const heldWh = Math.min(register.heldWh ?? registerWh, registerWh);
  return heldWh === register.heldWh
    ? taken
    : { ...taken, register: { ...register, heldWh, version: register.version + 1 } };
}
