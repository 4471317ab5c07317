import type { Reading } from "./reading.ts";
import {
  accepted,
  allowedWh,
  BASE_SETTLES_MS,
  type Debit,
  GATE_MS,
  HISTORY_MS,
  isBilled,
  type PlacedFacts,
  type Point,
  quarantined,
  type Register,
  STAMP_MS,
  type Taken,
  unchanged,
} from "./register.ts";

/** Older than the newest: stored where it belongs. It never moves the register back, and posts only what a reset had hidden. */
export function takeLate(known: Register, reading: Reading, facts: PlacedFacts): Taken {
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
