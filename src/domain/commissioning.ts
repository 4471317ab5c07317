import { neededBy, RULES, STEPS, type Step } from "./commissioning-rules.ts";
import { isDay } from "./local-day.ts";
import { err, ok, type Result } from "./result.ts";

/**
 * Something that happened to an account, or was said about such an event: it was on another day, or not at all. Appended,
 * never changed. Days are local ones ("2026-11-03"); null: nobody knows the day, which only older books may say.
 */
export type CommissioningEvent = {
  /** Rises by one within an account: whoever comes second finds it taken. */
  seq: number;
  step: Step;
  kind: "done" | "corrected" | "withdrawn";
  day: string | null;
  /** The event that is corrected or withdrawn; of a commissioning, the termination that it ends. */
  refersTo: number | null;
};

/** An event that still holds, with its day as it was put right last. */
export type Standing = { seq: number; step: Step; day: string | null; ends: number | null };

/** Everything that flags and dates say, worked out from the events. */
export type Progress = {
  stage: Step;
  /** The newest standing event of each step. */
  reached: Partial<Record<Step, Standing>>;
  /** The first day with electricity. */
  connectedOn: string | null;
  /** Has electricity: commissioned, and not ended since. */
  isConnected: boolean;
  isTerminated: boolean;
  terminatedOn: string | null;
  lastSeq: number;
};

export function standing(events: readonly CommissioningEvent[]): Standing[] {
  const found = new Map<number, Standing>();
  for (const { seq, step, kind, day, refersTo } of events.toSorted((a, b) => a.seq - b.seq)) {
    if (kind === "done") found.set(seq, { seq, step, day, ends: refersTo });
    else if (kind === "withdrawn") found.delete(refersTo ?? seq);
    else {
      const about = found.get(refersTo ?? seq);
      if (about !== undefined) found.set(about.seq, { ...about, day });
    }
  }
  return [...found.values()];
}

/** The same as the view `account_stages` says; a test compares the two. */
export function progressOf(events: readonly CommissioningEvent[]): Progress {
  const held = standing(events);
  const reached: Progress["reached"] = {};
  for (const each of held) if (each.step !== "terminated" || isInForce(each, held)) reached[each.step] = each;
  const commissionings = held.filter(({ step }) => step === "commissioned");
  const known = commissionings.flatMap(({ day }) => day ?? []);
  const isTerminated = reached.terminated !== undefined;
  return {
    stage: STEPS.findLast((step) => reached[step] !== undefined) ?? "registered",
    reached,
    connectedOn: known.toSorted()[0] ?? null,
    isConnected: commissionings.length > 0 && !isTerminated,
    isTerminated,
    terminatedOn: reached.terminated?.day ?? null,
    lastSeq: Math.max(0, ...events.map(({ seq }) => seq)),
  };
}

const isInForce = ({ seq }: Standing, held: readonly Standing[]) =>
  !held.some(({ step, ends }) => step === "commissioned" && ends === seq);

/** What a person wants said. `correct` is the named act by which a step gets another day. */
export type Ask =
  | { act: "record"; step: Step; day: string }
  | { act: "correct"; step: Step; day: string }
  | { act: "withdraw"; step: Step };

export type Facts = {
  events: readonly CommissioningEvent[];
  /** The site's local day. */
  today: string;
  /** Days on which a meter stood, or stands, on the account. */
  meters: readonly { from: string; to: string | null }[];
  /** Steps that follow from the books, which nobody says by hand; none where the books themselves ask. */
  byBooks?: readonly Step[];
};

export type Refusal =
  | { kind: "not_by_hand"; step: Step; expected: string }
  | { kind: "bad_day"; day: string; expected: string }
  | { kind: "in_future"; day: string; today: string }
  | { kind: "needs"; step: Step; missing: Step; why: string }
  | { kind: "needs_meter"; step: Step; day: string; why: string }
  | { kind: "out_of_order"; step: Step; day: string; other: Step; otherDay: string; expected: string }
  | { kind: "other_day"; step: Step; day: string | null; expected: string }
  | { kind: "not_reached"; step: Step }
  | { kind: "needed_by"; step: Step; by: Step; why: string }
  | { kind: "terminated"; on: string | null; expected: string };

export type Decided = { status: "exists" } | { status: "created"; event: CommissioningEvent };

const BY_BOOKS = "this fee was charged here: the step is there when nothing of it is owed any more";

/** What asking this means, given all that is known of the account. */
export function decideEvent(facts: Facts, ask: Ask): Result<Decided, Refusal> {
  const now = progressOf(facts.events);
  if (ask.step === "registered")
    return err({ kind: "not_by_hand", step: ask.step, expected: "an account is registered by being opened" });
  if (facts.byBooks?.includes(ask.step) === true)
    return err({ kind: "not_by_hand", step: ask.step, expected: BY_BOOKS });
  if (ask.act === "withdraw") return withdraw(facts, now, ask.step);
  if (!isDay(ask.day)) return err({ kind: "bad_day", day: ask.day, expected: "a day, as 2026-11-03" });
  if (ask.day > facts.today) return err({ kind: "in_future", day: ask.day, today: facts.today });
  return ask.act === "record" ? record(facts, now, ask.step, ask.day) : correct(facts, now, ask.step, ask.day);
}

function record(facts: Facts, now: Progress, step: Step, day: string): Result<Decided, Refusal> {
  const present = now.reached[step];
  const end = step === "commissioned" ? (now.reached.terminated ?? null) : null;
  if (present?.day === day) return exists;
  // Only after its end an account is commissioned once more.
  if (present !== undefined && end === null)
    return err({ kind: "other_day", step, day: present.day, expected: "correct its day by name, or withdraw it" });
  const wrong = (end === null ? whyClosed(now, step) : null) ?? whyNotThen(facts, now, step, day, end);
  if (wrong !== null) return err(wrong);
  return created({ seq: now.lastSeq + 1, step, kind: "done", day, refersTo: end?.seq ?? null });
}

function correct(facts: Facts, now: Progress, step: Step, day: string): Result<Decided, Refusal> {
  const present = now.reached[step];
  if (present === undefined) return err({ kind: "not_reached", step });
  if (present.day === day) return exists;
  const ended = standing(facts.events).find(({ seq }) => seq === present.ends) ?? null;
  const wrong = whyClosed(now, step) ?? whyNotThen(facts, now, step, day, ended);
  if (wrong !== null) return err(wrong);
  return created({ seq: now.lastSeq + 1, step, kind: "corrected", day, refersTo: present.seq });
}

function withdraw(facts: Facts, now: Progress, step: Step): Result<Decided, Refusal> {
  const present = now.reached[step];
  // Said twice: it had been there, and is withdrawn.
  if (present === undefined)
    return facts.events.some((event) => event.step === step && event.kind === "withdrawn")
      ? exists
      : err({ kind: "not_reached", step });
  const closed = whyClosed(now, step);
  if (closed !== null) return err(closed);
  const user = neededBy(step).find((other) => now.reached[other.step] !== undefined);
  if (user !== undefined) return err({ kind: "needed_by", step, by: user.step, why: user.why });
  return created({ seq: now.lastSeq + 1, step, kind: "withdrawn", day: null, refersTo: present.seq });
}

const exists = ok<Decided>({ status: "exists" });
const created = (event: CommissioningEvent) => ok<Decided>({ status: "created", event });

/** An account that has ended is left as it ended: it begins again first, or its end is put right. */
function whyClosed(now: Progress, step: Step): Refusal | null {
  if (!now.isTerminated || step === "terminated") return null;
  return { kind: "terminated", on: now.terminatedOn, expected: "commission it again, or withdraw its termination" };
}

/** Why `step` cannot have been on that day: what it needs is missing or later, or what needs it was before. */
function whyNotThen(facts: Facts, now: Progress, step: Step, day: string, after: Standing | null): Refusal | null {
  for (const { step: missing, why } of RULES[step].needs)
    if (now.reached[missing] === undefined) return { kind: "needs", step, missing, why };
  const { meter } = RULES[step];
  if (meter !== null && !facts.meters.some(({ from, to }) => from <= day && (to === null || to >= day)))
    return { kind: "needs_meter", step, day, why: meter };
  const outOfOrder = (other: Standing, expected: string): Refusal => ({
    kind: "out_of_order",
    step,
    day,
    other: other.step,
    otherDay: other.day ?? "",
    expected,
  });
  const before = [
    ...RULES[step].needs.map((need) => now.reached[need.step]),
    ...(step === "terminated" ? STEPS.filter((other) => other !== step).map((other) => now.reached[other]) : []),
    after ?? undefined,
  ];
  for (const other of before)
    if (other !== undefined && other.day !== null && day < other.day)
      return outOfOrder(other, `${other.day} or later, or that day corrected first`);
  const users = neededBy(step).map((user) => user.step);
  const first = standing(facts.events).find(
    (other) => users.includes(other.step) && other.day !== null && day > other.day,
  );
  return first === undefined ? null : outOfOrder(first, `${first.day} or earlier, or that day corrected first`);
}
