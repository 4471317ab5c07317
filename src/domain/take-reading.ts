import type { Reading } from "./reading.ts";
import {
  AHEAD_MS_MAX,
  accepted,
  allowedWh,
  billingOf,
  type Debit,
  GATE_MS,
  isBilled,
  isRegister,
  type PlacedFacts,
  type Point,
  quarantined,
  type ReadingFacts,
  type Register,
  seenBefore,
  type Taken,
  topOf,
  unchanged,
} from "./register.ts";
import { takeLate } from "./take-late.ts";

const HOUR_MS = 3_600_000;

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

const hourOf = (at: number) => Math.floor(at / HOUR_MS);
