import type { Reading } from "./reading.ts";
import {
  AHEAD_MS_MAX,
  billingOf,
  type Debit,
  isBilled,
  isRegister,
  REGISTER_WH_MAX,
  type ReadingFacts,
  type Register,
  seenBefore,
  type Taken,
  unchanged,
} from "./register.ts";

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
