import type { AccountStatus } from "./ledger.ts";
import type { MeterRole } from "./reading.ts";
import type { LiveCommand } from "./relay.ts";
import { isUnderWay } from "./relay-commands.ts";

const MINUTE_MS = 60_000;

/** Between the look that finds nothing left and the one that must agree. */
export const SECOND_LOOK_MS = 5 * MINUTE_MS;
/** A reading older than this says nothing about now: two sample periods. */
export const READING_AGE_MS_MAX = 30 * MINUTE_MS;
/** After a payment nobody is put in the dark for so long: what it changed may still be on its way. */
export const QUIET_AFTER_PAYMENT_MS = 5 * MINUTE_MS;
/** Between two commands to one gateway. */
export const DEBOUNCE_MS = 10 * MINUTE_MS;
/** Disconnects of one meter in 24 hours; more is a fault, and a person looks. */
export const DISCONNECTS_PER_DAY_MAX = 4;

/** Why the gate of the country lets nobody be put in the dark now. */
export type PermitRefusal =
  | "gate_silent" // it did not answer
  | "gate_not_ready" // somebody has not told it what they know
  | "switch_off"
  | "money_waits"
  | "sms_unprocessed"
  | "till_silent"
  | "breaker_open";
export type Permit = { granted: true } | { granted: false; because: PermitRefusal };

export type Override = "keep_lit" | "keep_dark" | null;

/** All that is known of one meter and its account when it is asked whether its light has to go out. */
export type DisconnectFacts = {
  status: AccountStatus;
  role: MeterRole;
  /** We know the gateway that takes its commands. */
  isCommandable: boolean;
  /** Ledger balance less what is metered and not posted yet. */
  availableWh: number;
  /** When the newest reading was taken; null: none. */
  readAt: number | null;
  /** A reading of it waits for a person. */
  isQuarantined: boolean;
  /** Postgres contradicts this account: until a person has looked, its balance is in doubt. */
  isCopyStopped: boolean;
  /** What the meter last said; null: it never has. */
  connected: boolean | null;
  live: LiveCommand;
  lastCommandAt: number | null;
  disconnectsToday: number;
  /** When the account last bought energy, also for what nothing took of a payment; null: never. */
  lastPaymentAt: number | null;
  override: Override;
  /** When it was first found that nothing is left; null: not yet, or something has changed since. */
  firstLookAt: number | null;
  /** What the gate said just now; null: it was not asked. */
  permit: Permit | null;
};

export type DisconnectHold =
  | "not_prepaid"
  | "not_primary"
  | "not_commandable"
  | "credit_left"
  | "keep_lit"
  | "already_dark"
  | "no_reading"
  | "reading_stale"
  | "reading_quarantined"
  | "copy_stopped"
  | "payment_recent"
  | "command_waiting"
  | "debounce"
  | "flapping"
  | PermitRefusal;

export type DisconnectDecision =
  | { order: "disconnect"; because: "zero_balance" }
  | { order: "hold"; because: DisconnectHold }
  /** Nothing is left: look again in five minutes. */
  | { order: "hold"; because: "first_look" }
  /** Both looks agree: ask the gate. */
  | { order: "hold"; because: "permit_needed" };

/**
 * Whether a meter's light goes out. Wrongly dark is worse than wrongly lit: every rule that is not known to be met holds.
 * The order of the rules is the order in which they are named to people.
 */
export function decideDisconnect(facts: DisconnectFacts, now: number): DisconnectDecision {
  const held = holdOf(facts, now);
  if (held !== null) return { order: "hold", because: held };
  if (facts.firstLookAt === null || now - facts.firstLookAt < SECOND_LOOK_MS)
    return { order: "hold", because: "first_look" };
  if (facts.permit === null) return { order: "hold", because: "permit_needed" };
  return facts.permit.granted
    ? { order: "disconnect", because: "zero_balance" }
    : { order: "hold", because: facts.permit.because };
}

/** Rules that the account itself can answer; null: all are met. */
function holdOf(facts: DisconnectFacts, now: number): DisconnectHold | null {
  if (facts.status !== "live") return "not_prepaid";
  if (facts.role !== "primary") return "not_primary";
  if (!facts.isCommandable) return "not_commandable";
  if (facts.availableWh > 0) return "credit_left";
  if (facts.override === "keep_lit") return "keep_lit";
  if (facts.connected === false) return "already_dark";
  if (facts.readAt === null) return "no_reading";
  if (now - facts.readAt > READING_AGE_MS_MAX) return "reading_stale";
  if (facts.isQuarantined) return "reading_quarantined";
  if (facts.isCopyStopped) return "copy_stopped";
  if (facts.lastPaymentAt !== null && now - facts.lastPaymentAt < QUIET_AFTER_PAYMENT_MS) return "payment_recent";
  if (facts.live !== null && isUnderWay(facts.live.state)) return "command_waiting";
  if (facts.lastCommandAt !== null && now - facts.lastCommandAt < DEBOUNCE_MS) return "debounce";
  if (facts.disconnectsToday >= DISCONNECTS_PER_DAY_MAX) return "flapping";
  return null;
}

/** Holds that end by themselves: it is worth looking again without being asked. */
export const endsByItself = (because: DisconnectDecision["because"]): boolean => PASSING.has(because);

const PASSING: ReadonlySet<DisconnectDecision["because"]> = new Set<DisconnectDecision["because"]>([
  "first_look",
  "permit_needed",
  "payment_recent",
  "command_waiting",
  "debounce",
  "gate_silent",
  "gate_not_ready",
  "money_waits",
  "sms_unprocessed",
  "till_silent",
  "switch_off",
  "breaker_open",
]);

/** Rules of the manual command that the privileged role may set aside, each with what it says. */
export type ManualRefusal = "debounce" | "payment_recent" | "not_seen";

/** What stands in the way of a person's command (integrations 7.6): all of it, so that `force` can name what it set aside. */
export function manualRefusals(
  action: "connect" | "disconnect",
  facts: Pick<DisconnectFacts, "lastCommandAt" | "lastPaymentAt"> & { seenAt: number | null },
  now: number,
): ManualRefusal[] {
  const refusals: ManualRefusal[] = [];
  if (facts.lastCommandAt !== null && now - facts.lastCommandAt < DEBOUNCE_MS) refusals.push("debounce");
  if (action === "disconnect" && facts.lastPaymentAt !== null && now - facts.lastPaymentAt < QUIET_AFTER_PAYMENT_MS)
    refusals.push("payment_recent");
  if (facts.seenAt === null || now - facts.seenAt > READING_AGE_MS_MAX) refusals.push("not_seen");
  return refusals;
}
