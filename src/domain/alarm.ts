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
export type AlarmRule = { measure: "count" | "ageMs"; limit: number; raiseAfter: number; clearAfter: number };

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
  /** Reads of the database that failed in this look. */
  database_down: some(2, 3),
  /** Money that is claimed and not at rest in the books: the longest unchanged receipt. */
  outbox_age: older(10 * MINUTE_MS),
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
  /** The oldest money that waits for a person. */
  suspense_age: older(48 * HOUR_MS, 1, 2),
  /** Sites at which nobody is put in the dark, since too many were. */
  breaker: some(1, 2),
  /** The newest backup. */
  backup_age: older(36 * HOUR_MS, 1, 1),
} as const satisfies Record<string, AlarmRule>;
export type AlarmName = keyof typeof ALARM_RULES;
export const ALARM_NAMES = Object.keys(ALARM_RULES) as readonly AlarmName[];
export const isAlarmName = (name: string): name is AlarmName => name in ALARM_RULES;

/** What was found at a look. `value` null: nobody could look, which says nothing. `subject`: ids of what it is about. */
export type AlarmLook = { name: AlarmName; value: number | null; subject: string | null };

export type AlarmState = {
  name: AlarmName;
  /** Looks one after the other that found it wrong, or right; one of the two is 0. */
  wrong: number;
  right: number;
  /** The last look that found anything; null: none yet. */
  lookedAt: number | null;
  value: number | null;
  subject: string | null;
  /** Since when; null: it is not raised. */
  raisedAt: number | null;
  /** Whoever is on call was told of this raise, or is about to be. */
  isTold: boolean;
  acknowledgedBy: string | null;
  acknowledgedAt: number | null;
  reason: string | null;
  /** Until then a raise is not told. */
  snoozedUntil: number | null;
};

export const newAlarm = (name: AlarmName): AlarmState => ({
  ...{ name, wrong: 0, right: 0, lookedAt: null, value: null, subject: null },
  ...{ raisedAt: null, isTold: false, acknowledgedBy: null, acknowledgedAt: null, reason: null, snoozedUntil: null },
});

/** A queue may bring one minute's look twice: it counts once. */
const LOOK_MS_MIN = 30_000;

export type AlarmStep = { state: AlarmState; tell: "raised" | "cleared" | null };

/** What a look makes of an alarm, and what is to be told of it: once a raise, and once that it is over. */
export function afterLook(before: AlarmState, look: AlarmLook, now: number): AlarmStep {
  const same: AlarmStep = { state: before, tell: null };
  if (look.value === null) return same;
  if (before.lookedAt !== null && now - before.lookedAt < LOOK_MS_MIN) return same;
  const rule: AlarmRule = ALARM_RULES[look.name];
  const isWrong = look.value > rule.limit;
  const seen = {
    ...before,
    lookedAt: now,
    value: look.value,
    subject: look.subject,
    wrong: isWrong ? before.wrong + 1 : 0,
    right: isWrong ? 0 : before.right + 1,
  };
  if (before.raisedAt !== null && seen.right >= rule.clearAfter)
    return {
      state: { ...newAlarm(look.name), ...counts(seen), snoozedUntil: before.snoozedUntil },
      tell: before.isTold ? "cleared" : null,
    };
  const raisedAt = before.raisedAt ?? (seen.wrong >= rule.raiseAfter ? now : null);
  const mayTell = raisedAt !== null && !before.isTold && (before.snoozedUntil ?? 0) <= now;
  return {
    state: { ...seen, raisedAt, isTold: before.isTold || mayTell },
    tell: mayTell ? "raised" : null,
  };
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

/** What the person on call is told of one alarm: `id` is the same however often it is sent. */
export type AlarmTelling = {
  id: string;
  name: AlarmName;
  what: "raised" | "cleared";
  value: number | null;
  subject: string | null;
  /** Since when it was or is raised. */
  raisedAt: number;
  at: number;
};

/** A telling, and by which ways it has gone; `waits`: those by which it has not. */
export type KeptTelling = AlarmTelling & { toldBy: string[]; waits: string[] };

export const tellingOf = (
  what: "raised" | "cleared",
  state: Pick<AlarmState, "name" | "value" | "subject">,
  raisedAt: number,
  at: number,
): AlarmTelling => ({
  id: `alarm-${state.name}-${raisedAt}-${what}`,
  ...{ name: state.name, what, value: state.value, subject: state.subject, raisedAt, at },
});

/** What a value says: a count as it is, an age in the largest unit of which there are two. */
export function valueText(name: AlarmName, value: number | null): string {
  if (value === null) return "?";
  if (ALARM_RULES[name].measure === "count") return String(value);
  const minutes = Math.floor(value / MINUTE_MS);
  if (minutes < 120) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / (24 * 60))} d`;
}

const SMS_CHARS_MAX = 160;

/** One SMS of one part, in English as the runbooks are: which country, what, how much, and where to read on. */
export function tellingText({ what, name, value, subject }: AlarmTelling, country: string): string {
  const head = `1PWR ${country} ${what === "raised" ? "ALARM" : "over"}: ${name} ${valueText(name, value)}`;
  const about = subject === null || what === "cleared" ? "" : ` (${subject})`;
  const tail = what === "raised" ? ". Runbook: operations.md" : ".";
  return `${head}${about.slice(0, SMS_CHARS_MAX - head.length - tail.length)}${tail}`;
}
