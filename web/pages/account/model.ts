import { energyValueMinor } from "../../../src/domain/value.ts";
import type { LiveStaffAccount } from "../../../workers/portal/live-view.ts";
import type { Tone } from "../../parts/badge.tsx";

const MINUTES_PER_DAY = 1_440;
/** Below this many days of light somebody should be told. */
const DAYS_LOW = 3;
/** A meter that has not been heard for so long is silent. */
export const SILENT_MS = 2 * 3_600_000;

/** How long the energy lasts, and whether that is little. */
export function lasts({
  availableWh,
  minutesLeft,
  status,
}: Pick<LiveStaffAccount, "availableWh" | "minutesLeft" | "status">): {
  days: number | null;
  hours: number | null;
  tone: Tone;
} {
  if (status !== "live") return { days: null, hours: null, tone: "quiet" };
  if (availableWh <= 0) return { days: 0, hours: 0, tone: "bad" };
  if (minutesLeft === null) return { days: null, hours: null, tone: "quiet" };
  return {
    days: Math.floor(minutesLeft / MINUTES_PER_DAY),
    hours: Math.floor((minutesLeft % MINUTES_PER_DAY) / 60),
    tone: minutesLeft < DAYS_LOW * MINUTES_PER_DAY ? "bad" : "good",
  };
}

/** What energy is worth at the account's rate; null: nothing is vended there. */
export const worth = (energyWh: number, rateE4PerKwh: number | null, minorDigits: 0 | 2): number | null =>
  rateE4PerKwh === null ? null : energyValueMinor(energyWh, rateE4PerKwh, minorDigits);

export type StepState = "done" | "waits" | "failed" | "unknown" | "none";
export type Step = {
  step: "claimed" | "credited" | "copied" | "vendor" | "light" | "told";
  state: StepState;
  at: number | null;
  /** The word of whoever says so: a state of the credit, of the SMS, of the command. */
  says: string | null;
};

const TOLD: Record<string, StepState> = {
  sent: "done",
  delivered: "done",
  failed: "failed",
  expired: "failed",
  no_recipient: "failed",
  rate_limited: "failed",
};
const VENDOR: Record<string, StepState> = {
  confirmed: "done",
  blocked: "failed",
  rejected: "failed",
  dead: "failed",
  withdrawn: "none",
  taken_back: "none",
};

type Watched = Pick<LiveStaffAccount, "lastPayment" | "copyWaiting" | "meters" | "command" | "sms">;

/** How far the newest payment has come, in the order in which it comes. Empty: there is none among the newest entries. */
export function stepsOf({ lastPayment, copyWaiting, meters, command, sms }: Watched): Step[] {
  if (lastPayment === null) return [];
  const { credit, paidAt, creditedAt, receipt } = lastPayment;
  const primary = meters.find(({ role }) => role === "primary");
  const isTold = sms?.kind === "payment_receipt" && sms.receipt === receipt;
  return [
    { step: "claimed", state: "done", at: paidAt, says: null },
    { step: "credited", state: "done", at: creditedAt, says: null },
    { step: "copied", state: copyWaiting === 0 ? "done" : "waits", at: null, says: null },
    credit === null
      ? { step: "vendor", state: "none", at: null, says: null }
      : { step: "vendor", state: VENDOR[credit.state] ?? "waits", at: null, says: credit.state },
    lightOf(primary, command),
    isTold
      ? { step: "told", state: TOLD[sms.state] ?? "waits", at: sms.at, says: sms.state }
      : { step: "told", state: "unknown", at: null, says: null },
  ];
}

function lightOf(meter: LiveStaffAccount["meters"][number] | undefined, command: LiveStaffAccount["command"]): Step {
  const step = "light" as const;
  if (meter === undefined) return { step, state: "unknown", at: null, says: null };
  if (meter.connected === true) return { step, state: "done", at: meter.seenAt, says: "connected" };
  const isOrdered = command?.action === "connect" && OPEN.has(command.state);
  if (isOrdered) return { step, state: "waits", at: command.requestedAt, says: command.state };
  if (meter.connected === null) return { step, state: "unknown", at: null, says: null };
  return { step, state: "failed", at: meter.seenAt, says: "disconnected" };
}
const OPEN: ReadonlySet<string> = new Set(["queued", "published", "acked"]);

/** Whether a meter gives light, as it said last; a silent one is shown as silent whatever it said. */
export function lightState(
  { connected, seenAt, thing }: { connected: boolean | null; seenAt: number | null; thing: string | null },
  now: number,
): { state: "lit" | "dark" | "silent" | "unheard" | "theirs"; tone: Tone } {
  // It obeys its maker's platform, and tells us nothing of its relay.
  if (thing === null && connected === null) return { state: "theirs", tone: "quiet" };
  if (seenAt === null) return { state: "unheard", tone: "quiet" };
  if (now - seenAt > SILENT_MS) return { state: "silent", tone: "warn" };
  if (connected === null) return { state: "unheard", tone: "quiet" };
  return connected ? { state: "lit", tone: "good" } : { state: "dark", tone: "bad" };
}

/** The sum of a window, and of how many of its hours it is made. Null: nothing is known of any. */
export function knownOf({
  energyWh,
  hours,
  estimatedHours,
  starts,
  to,
}: {
  energyWh: readonly (number | null)[];
  hours: readonly number[];
  estimatedHours: readonly number[];
  starts: readonly number[];
  to: number;
}) {
  const add = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
  const known = energyWh.filter((value) => value !== null);
  return {
    sumWh: known.length === 0 ? null : add(known),
    hours: add(hours),
    hoursAll: Math.round((to - (starts[0] ?? to)) / 3_600_000),
    estimated: add(estimatedHours),
  };
}

/** The ends that one may choose for a word over a relay, in hours. */
export const OVERRIDE_HOURS = [1, 4, 12, 24, 72, 168, 720] as const;
