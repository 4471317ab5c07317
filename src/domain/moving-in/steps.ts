import type { CommissioningEvent } from "../commissioning.ts";
import { progressOf } from "../commissioning.ts";
import { neededBy, RULES, STEPS, type Step } from "../commissioning-rules.ts";
import { isDay } from "../local-day.ts";

/** A step that the old books prove. Day: local; null: it happened, and nobody knows when. Source: the old row that says so. */
export type OldStep = { step: Step; day: string | null; source: string };
/** A step that is not written as the old books have it, and why. */
export type StepLeft = OldStep & { why: string };

/** What a customer's own row says: a flag, its day, and which columns these are. */
export type OldFlag = OldStep & { isSet: boolean };
export type OldWay = {
  /** The customer's row; null: its dates are of an older account of theirs. */
  customer: { row: string; connectedOn: string | null; flags: readonly OldFlag[] } | null;
  /** The day it ended, if that is believed. */
  endedOn: string | null;
  /** The account's first day, where that is settled. */
  openedOn: string | null;
  /** Of an account that somebody had before: since when it is theirs. */
  heldSince: string | null;
  meters: readonly { row: string; connectedOn: string | null }[];
  /** The days a meter hung there; `known` false: from the account's first day, for want of a better one. */
  placed: readonly { from: string; to: string | null; isKnown: boolean }[];
  /** The row, or rows, by which energy was used there; null: none. */
  used: string | null;
  /** The first day of that which is known. */
  usedOn: string | null;
  /** Where the old data end. */
  until: string | null;
};

const BELIEVED_FROM = "2010-01-01";

/**
 * What the old books prove of an account's way to light. The day of light is the customer's day of connection, else the first
 * day beside its meters, else the flag's; used energy proves light on a day that nobody knows. A doubtful day is left.
 */
export function stepsOf(old: OldWay): { steps: OldStep[]; left: StepLeft[] } {
  const left: StepLeft[] = [];
  const isBelieved = (step: OldStep): boolean => {
    const why = whyDoubtful(step.day, old);
    if (why !== null) left.push({ ...step, why });
    return why === null;
  };
  const flags = (old.customer?.flags ?? []).filter((flag) => {
    const isStray = !flag.isSet && flag.day !== null;
    if (isStray) left.push({ ...stepOf(flag), why: "it has a day, and its flag says no" });
    return flag.isSet && isBelieved(flag);
  });
  const flagOf = (step: Step) => flags.find((flag) => flag.step === step);
  const light = (day: string | null, source: string): OldStep => ({ step: "commissioned", day, source });
  const own = old.customer;
  const ownLight = own === null || own.connectedOn === null ? null : light(own.connectedOn, `${own.row}, connected`);
  const beside = old.meters
    .flatMap(({ row, connectedOn }) => (connectedOn === null ? [] : [light(connectedOn, `${row}, connected`)]))
    .filter(isBelieved)
    .sort((a, b) => (a.day ?? "").localeCompare(b.day ?? ""));
  const candidates = [
    ...(ownLight !== null && isBelieved(ownLight) ? [ownLight] : []),
    ...beside,
    ...[flagOf("commissioned") ?? []].flat().map(stepOf),
    ...(old.used === null ? [] : [light(null, old.used)]),
  ];
  const commissioned = candidates.find(({ day }) => day !== null) ?? candidates[0] ?? null;
  const meter = meterStep(old, commissioned, flagOf("meter_installed") ?? null, left);
  const others = flags.filter(({ step }) => step !== "commissioned" && step !== "meter_installed").map(stepOf);
  const steps = [...others, ...(meter === null ? [] : [meter]), ...(commissioned === null ? [] : [commissioned])];
  return { steps: steps.sort((a, b) => STEPS.indexOf(a.step) - STEPS.indexOf(b.step)), left };
}

const stepOf = ({ step, day, source }: OldStep): OldStep => ({ step, day, source });

/** Null: a day that can be believed, or none. */
function whyDoubtful(day: string | null, { until, endedOn, heldSince, openedOn }: OldWay): string | null {
  if (day === null) return null;
  if (!isDay(day)) return "it is no day";
  if (day < BELIEVED_FROM) return "before 2010";
  if (until !== null && day > until) return "after the end of the data";
  if (endedOn !== null && day > endedOn) return `after the end of service on ${endedOn}`;
  if (openedOn !== null && day < openedOn) return `before the account, of ${openedOn}`;
  return heldSince !== null && day < heldSince ? `before this customer had the account, on ${heldSince}` : null;
}

/** A meter that stands there is installed: on the flag's day, the day of light or its own, whichever a meter stood on. */
function meterStep(
  { placed, used, usedOn, openedOn }: OldWay,
  light: OldStep | null,
  flag: OldFlag | null,
  left: StepLeft[],
): OldStep | null {
  if (placed.length === 0) {
    if (flag !== null) left.push({ ...stepOf(flag), why: "no meter stood there that comes over" });
    return null;
  }
  const stood = (day: string) => placed.some(({ from, to }) => from <= day && (to === null || to >= day));
  if (flag !== null && flag.day !== null) {
    if (stood(flag.day) && (light?.day == null || flag.day <= light.day)) return stepOf(flag);
    left.push({ ...stepOf(flag), why: "no meter stood there that day, or it is after the day of light" });
  }
  if (light !== null && light.day !== null)
    return { step: "meter_installed", day: stood(light.day) ? light.day : null, source: flag?.source ?? light.source };
  const source = flag?.source ?? "the meter that stands there";
  const first = placed
    .filter(({ isKnown }) => isKnown)
    .map(({ from }) => from)
    .sort()[0];
  // Energy that was used before it came went through another meter; what is older than the account hung elsewhere.
  const isOurs = first !== undefined && (openedOn === null || first >= openedOn);
  const isFirst = isOurs && (used === null || (usedOn !== null && usedOn >= first));
  return { step: "meter_installed", day: isFirst ? first : null, source };
}

/** What of it becomes an event of an account that is here. What anybody has said of a step already is left as they said it. */
export function fitSteps(
  facts: {
    events: readonly CommissioningEvent[];
    today: string;
    meters: readonly { from: string; to: string | null }[];
  },
  steps: readonly OldStep[],
): { events: (CommissioningEvent & { source: string })[]; known: number; left: StepLeft[] } {
  const events: (CommissioningEvent & { source: string })[] = [];
  const left: StepLeft[] = [];
  const said = new Set(facts.events.map(({ step }) => step));
  const all = [...facts.events];
  let known = 0;
  for (const old of steps) {
    if (said.has(old.step)) {
      known++;
      continue;
    }
    const { reached, lastSeq, terminatedOn } = progressOf(all);
    const why = whyNot(old, reached, facts, terminatedOn);
    if (why !== null) {
      left.push({ ...old, why });
      continue;
    }
    const event = { seq: lastSeq + 1, step: old.step, kind: "done", day: old.day, refersTo: null } as const;
    all.push(event);
    events.push({ ...event, source: old.source });
  }
  return { events, known, left };
}

function whyNot(
  { step, day }: OldStep,
  reached: ReturnType<typeof progressOf>["reached"],
  { today, meters }: { today: string; meters: readonly { from: string; to: string | null }[] },
  terminatedOn: string | null,
): string | null {
  if (step === "registered" || step === "terminated") return "the account itself says when it began and ended";
  for (const { step: needed } of RULES[step].needs) {
    // Light was there, by the old books, whichever meter it went through.
    if (reached[needed] === undefined && needed !== "meter_installed") return `${needed} is not there`;
  }
  if (step === "meter_installed" && meters.length === 0) return "no meter stands there";
  if (day === null) return null;
  if (day > today) return "it has not come yet";
  if (terminatedOn !== null && day > terminatedOn) return `after the end, on ${terminatedOn}`;
  const isMeterThere = meters.some(({ from, to }) => from <= day && (to === null || to >= day));
  if (step === "meter_installed" && !isMeterThere) return "no meter stood there that day";
  for (const { step: needed } of RULES[step].needs) {
    const on = reached[needed]?.day ?? null;
    if (on !== null && day < on) return `before ${needed}, on ${on}`;
  }
  for (const { step: user } of neededBy(step)) {
    const on = reached[user]?.day ?? null;
    if (on !== null && day > on) return `after ${user}, on ${on}`;
  }
  return null;
}
