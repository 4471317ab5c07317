/** What the person on call is told of, pure: when something counts as wrong, and when that is said and taken back. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** So old the newest of a feed may be before somebody should look. */
export const FEED_LATE_MS = {
  phone: 20 * MINUTE_MS,
  meters: 30 * MINUTE_MS,
  sms: 3 * HOUR_MS,
  vendor_days: 26 * HOUR_MS,
  vendor_balances: HOUR_MS,
  // a statement is of whole days and comes on the next one
  statement: 72 * HOUR_MS,
} as const;

/**
 * Above `limit` a value is wrong: a count, or an age in milliseconds. Wrong in `raiseAfter` looks one after the other, it is
 * raised; right in `clearAfter`, it is cleared: what comes and goes is told once. A look comes each minute.
 */
export type AlarmRule = {
  measure: "count" | "ageMs";
  limit: number;
  raiseAfter: number;
  clearAfter: number;
  /** That it lasts is no news: only another name is told, and the reminder. Missing: an age that has doubled is told too. */
  isToldOnce?: true;
};

const some = (raiseAfter: number, clearAfter: number): AlarmRule => ({
  measure: "count",
  limit: 0,
  raiseAfter,
  clearAfter,
});
const older = (limit: number, raiseAfter = 3, clearAfter = 3): AlarmRule => ({
  measure: "ageMs",
  limit,
  raiseAfter,
  clearAfter,
});

export const ALARM_RULES = {
  /** The database answered no question of this look. */
  database_down: some(2, 3),
  /** Objects, and questions to a database that answers others, that did not answer a look: of those nothing is known meanwhile. */
  objects: some(2, 3),
  /** Money that is claimed and not at rest in the books: the longest unchanged receipt. */
  outbox_age: older(10 * MINUTE_MS),
  /** Money for a vendor's wallet that the wallet does not have: a house may be dark though it has paid. */
  wallet_age: { ...older(10 * MINUTE_MS), isToldOnce: true },
  /** The oldest SMS that the old system has not confirmed, parked ones among them. */
  forward_age: { ...older(10 * MINUTE_MS), isToldOnce: true },
  /** The oldest SMS that nobody has read yet. */
  sms_age: older(10 * MINUTE_MS),
  /** Phones that have not come for {@link FEED_LATE_MS}.phone and are not revoked. */
  silent_phone: some(3, 3),
  /** Feeds that came before and are late. */
  feed_age: some(5, 5),
  /** Messages that a queue gave up on and nobody sent again. */
  dead_letters: some(1, 2),
  /** Open cases of rows that Postgres refused. */
  copies_refused: some(2, 2),
  /** Open cases that say that books and objects differ, or that the audit's chain is broken. */
  heads: some(1, 2),
  /** Jobs of the clock that failed, or missed two turns. */
  jobs: some(5, 3),
  /** The oldest money that waits for a person, here or in a vendor's wallet that is not to have it. */
  suspense_age: older(48 * HOUR_MS, 1, 2),
  /** The longest that the O&M system lacks something of a ticket, or for a day has another state than ours: what fails is tried each hour. */
  om_mirror_age: older(2 * HOUR_MS),
  /** Sites at which nobody is put in the dark, since too many were. */
  breaker: some(1, 2),
  /** The newest backup. */
  backup_age: older(36 * HOUR_MS, 1, 1),
} as const satisfies Record<string, AlarmRule>;
export type AlarmName = keyof typeof ALARM_RULES;
export const ALARM_NAMES = Object.keys(ALARM_RULES) as readonly AlarmName[];
export const isAlarmName = (name: string): name is AlarmName => name in ALARM_RULES;

/**
 * What was found at a look. `value` null: nobody could look, which says nothing. `subject`: what it is about, to be read;
 * `subjects`: the same one by one, where there are some, so that one more is noticed.
 */
export type AlarmLook = {
  name: AlarmName;
  value: number | null;
  subject: string | null;
  subjects?: readonly string[];
};

/** One thing that a raised alarm is about: looks one after the other that named it, or did not; one of the two is 0. */
export type AlarmSubject = { name: string; wrong: number; right: number; isTold: boolean };

export type AlarmState = {
  name: AlarmName;
  /** Looks one after the other that found it wrong, or right; one of the two is 0. */
  wrong: number;
  right: number;
  /** The last look that found anything; null: none yet. */
  lookedAt: number | null;
  value: number | null;
  subject: string | null;
  /** What it is about, at most {@link SUBJECTS_MAX}. */
  about: AlarmSubject[];
  /** Since when; null: it is not raised. */
  raisedAt: number | null;
  /** Whoever is on call was told of this raise, or is about to be. */
  isTold: boolean;
  /** What was told last of this raise, and how often it was only a reminder since there was more to tell; null: nothing. */
  told: { at: number; value: number; reminders: number } | null;
  /** Looks one after the other that found {@link GROWTH} times what was told; of a count that somebody has seen, any more. */
  grown: number;
  acknowledgedBy: string | null;
  acknowledgedAt: number | null;
  reason: string | null;
  /** Until then nothing is told. */
  snoozedUntil: number | null;
};

export const newAlarm = (name: AlarmName): AlarmState => ({
  ...{ name, wrong: 0, right: 0, lookedAt: null, value: null, subject: null, about: [] },
  ...{ raisedAt: null, isTold: false, told: null, grown: 0 },
  ...{ acknowledgedBy: null, acknowledgedAt: null, reason: null, snoozedUntil: null },
});

/** A queue may bring one minute's look twice: it counts once. */
const LOOK_MS_MIN = 30_000;
/** Names that are kept apart; of more only the count is noticed. */
export const SUBJECTS_MAX = 50;
/** Looks for which a name that was told is remembered while it is not named, six hours: what comes and goes is told once. */
export const TOLD_KEPT_LOOKS = 360;
/** So many times what was told is told again; whoever has seen a count is told of any more of it. */
export const GROWTH = 2;
/** Between two tellings of one raise there is so long: what spreads from name to name is told four times an hour. */
export const AGAIN_MS_MIN = 15 * MINUTE_MS;
/** What stays raised and nobody has acknowledged is told again so often, so many times: a week. */
export const REMIND_MS = 6 * HOUR_MS;
export const REMINDERS_MAX = 28;

/** `more`: of a raise that was told, something new. `reminder`: nothing new, and nobody says that they have seen it. */
export type AlarmTold = "raised" | "more" | "reminder" | "cleared";
/** `fresh`: what is named that was not told of this raise before. */
export type AlarmStep = { state: AlarmState; tell: AlarmTold | null; fresh: string[] };

/**
 * What a look makes of an alarm, and what is to be told of it: that it is raised; again when it is about something new or
 * has grown ({@link GROWTH}), each after as many looks as raise it; again when nobody has acknowledged it for long; and that it is over.
 * `canTell` false: there is no way to tell anybody, so that it waits for one.
 */
export function afterLook(before: AlarmState, look: AlarmLook, now: number, canTell = true): AlarmStep {
  const same: AlarmStep = { state: before, tell: null, fresh: [] };
  if (look.value === null) return same;
  if (before.lookedAt !== null && now - before.lookedAt < LOOK_MS_MIN) return same;
  const rule: AlarmRule = ALARM_RULES[look.name];
  const isWrong = look.value > rule.limit;
  const seen: AlarmState = {
    ...before,
    lookedAt: now,
    value: look.value,
    subject: look.subject,
    about: afterNames(before.about, look.subjects ?? [], rule),
    wrong: isWrong ? before.wrong + 1 : 0,
    right: isWrong ? 0 : before.right + 1,
  };
  if (before.raisedAt !== null && seen.right >= rule.clearAfter)
    return {
      state: { ...newAlarm(look.name), ...counts(seen), snoozedUntil: before.snoozedUntil },
      tell: before.isTold ? "cleared" : null,
      fresh: [],
    };
  const raisedAt = before.raisedAt ?? (seen.wrong >= rule.raiseAfter ? now : null);
  const raised = raisedAt === null ? { ...seen, raisedAt } : knownAsTold({ ...seen, raisedAt }, rule, now);
  const tell = raisedAt === null || !canTell || (before.snoozedUntil ?? 0) > now ? null : tellOf(raised, rule, now);
  if (tell === null) return { state: raised, tell, fresh: [] };
  return {
    state: {
      ...raised,
      isTold: true,
      told:
        tell === "reminder" && raised.told !== null
          ? { ...raised.told, at: now, reminders: raised.told.reminders + 1 }
          : { at: now, value: look.value, reminders: 0 },
      grown: tell === "reminder" ? raised.grown : 0,
      about: raised.about.map((each) => ({ ...each, isTold: each.isTold || each.wrong > 0 })),
    },
    tell,
    fresh: raised.about.flatMap(({ name, isTold, wrong }) => (isTold || wrong === 0 ? [] : [name])),
  };
}

/** What there is to tell of a raised alarm now. */
function tellOf(state: AlarmState, rule: AlarmRule, now: number): AlarmTold | null {
  const { told, about, grown, right } = state;
  if (told === null) return "raised";
  if (right > 0 || now - told.at < AGAIN_MS_MIN) return null;
  const isNew = about.some(({ wrong, isTold }) => !isTold && wrong >= rule.raiseAfter);
  if (isNew || grown >= rule.raiseAfter) return "more";
  if (hasSeen(state, now) || now - told.at < REMIND_MS || told.reminders >= REMINDERS_MAX) return null;
  return "reminder";
}

/** Somebody has acknowledged all that was told; whoever asked for silence has seen it until that ends. */
const hasSeen = ({ told, acknowledgedAt, snoozedUntil }: AlarmState, now: number): boolean =>
  acknowledgedAt !== null &&
  (told === null || acknowledgedAt >= told.at) &&
  (snoozedUntil === null || snoozedUntil > now);

/** Counts growth; of a raise that a release told which kept nothing of it, what is wrong now counts as told. */
function knownAsTold(state: AlarmState, rule: AlarmRule, now: number): AlarmState {
  const value = state.value ?? 0;
  if (state.isTold && state.told === null)
    return {
      ...state,
      told: { at: now, value, reminders: 0 },
      about: state.about.map((each) => ({ ...each, isTold: true })),
    };
  return { ...state, grown: hasGrown(state, value, rule) ? state.grown + 1 : 0 };
}

function hasGrown({ told, acknowledgedAt }: AlarmState, value: number, { measure, isToldOnce }: AlarmRule): boolean {
  if (told === null || value === 0 || isToldOnce) return false;
  // An age grows by itself: that it is older says nothing to whoever has seen it.
  const isSeenCount = measure === "count" && acknowledgedAt !== null && acknowledgedAt >= told.at;
  return isSeenCount ? value > told.value : value >= GROWTH * told.value;
}

/**
 * Each name with its own count; one that was not named for as many looks as end the alarm is new when it comes back, and one
 * that was told for {@link TOLD_KEPT_LOOKS}. What is over {@link SUBJECTS_MAX} forgets first what was not named for longest.
 */
function afterNames(before: readonly AlarmSubject[], names: readonly string[], rule: AlarmRule): AlarmSubject[] {
  const known = new Map(before.map((each) => [each.name, each]));
  const named = [...new Set(names)].map((name) => {
    const { wrong, isTold } = known.get(name) ?? { wrong: 0, isTold: false };
    return { name, wrong: wrong + 1, right: 0, isTold };
  });
  const gone = before
    .filter(({ name }) => !names.includes(name))
    .map((each) => ({ ...each, wrong: 0, right: each.right + 1 }))
    .filter(({ right, isTold }) => right < (isTold ? TOLD_KEPT_LOOKS : rule.clearAfter))
    .toSorted((one, other) => one.right - other.right);
  return [...named, ...gone].slice(0, SUBJECTS_MAX);
}

const counts = ({ wrong, right, lookedAt, value, subject }: AlarmState) => ({ wrong, right, lookedAt, value, subject });

/** Who has seen it, and until when a raise is not told; null: at once. False: it is not raised, and there is nothing to see. */
export function acknowledged(
  before: AlarmState,
  by: { actor: string; reason: string; at: number; snoozeMs: number | null },
): AlarmState | null {
  if (before.raisedAt === null) return null;
  return {
    ...before,
    acknowledgedBy: by.actor,
    acknowledgedAt: by.at,
    reason: by.reason,
    snoozedUntil: by.snoozeMs === null ? null : by.at + by.snoozeMs,
  };
}
