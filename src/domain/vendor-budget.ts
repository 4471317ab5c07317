/** What a call is for: each kind has its own share of the organisation's day. */
export const VENDOR_CALL_KINDS = ["credit", "balance", "data", "metadata", "web"] as const;
export type VendorCallKind = (typeof VENDOR_CALL_KINDS)[number];

/** Koios counts requests of an organisation from 00:00 to 00:00 UTC, and answers 429 to all above this number. */
export const DAILY_MAX = 30_000;
/** Together 27,000: whatever the others do, 3,000 are left for credits, which may also use what others have not. */
export const SHARES: Record<VendorCallKind, number> = {
  credit: DAILY_MAX,
  data: 16_000,
  balance: 8_000,
  web: 2_000,
  metadata: 1_000,
};

type Lane = "data" | "metadata" | "web";
const LANE: Record<VendorCallKind, Lane> = {
  credit: "metadata",
  balance: "metadata",
  metadata: "metadata",
  data: "data",
  web: "web",
};
/** Requests in any stretch of so long. A tenth longer than the vendor says: on the way, two come closer together. */
export const PACE: Record<Lane, { max: number; ms: number }> = {
  data: { max: 3, ms: 5_500 },
  metadata: { max: 10, ms: 1_100 },
  // Nobody has published one for pages that are made for people.
  web: { max: 3, ms: 5_500 },
};
/** Of the lane that credits share with others, so many are left to credits. */
const CREDITS_PACE = 2;

/** Failures in a row that stop a kind of call. */
export const FAILURES_MAX = 5;
const OPEN_MS_MIN = 30_000;
const OPEN_MS_MAX = 15 * 60_000;
/** Longer than any call may take: the one that looks whether the vendor is back has ended by then. */
const PROBE_MS = 150_000;

/** Soon after midnight the vendor's day may not have begun yet: nobody has said when it does. */
const MORNING_MS = 6 * 3_600_000;
const MORNING_LOOK_MS = 3_600_000;
const DAY_MS = 86_400_000;
const DETAIL_CHARS_MAX = 200;

type Breaker = { failures: number; opened: number; openUntil: number | null; probeUntil: number | null };

export type BudgetState = {
  /** UTC. */
  day: string;
  used: Record<VendorCallKind, number>;
  /** Instants of the last grants, as many as the pace asks for. */
  granted: Record<Lane, number[]>;
  /** The vendor itself has said that the day is spent. */
  spentUntil: number | null;
  /** One a kind: history that times out says nothing about credits. */
  breakers: Record<VendorCallKind, Breaker>;
  lastOkAt: number | null;
  lastFailure: { at: number; detail: string } | null;
};

export type BudgetGrant =
  | { granted: true }
  | { granted: false; because: "busy" | "budget_spent" | "breaker_open"; retryAt: number };

export type CallOutcome = "ok" | "failed" | "spent";
export type BreakerView = { state: "closed" | "open" | "half_open"; openUntil: number | null };

const forEachKind = <T>(make: (kind: VendorCallKind) => T) =>
  Object.fromEntries(VENDOR_CALL_KINDS.map((kind) => [kind, make(kind)])) as Record<VendorCallKind, T>;

const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);
const nextDay = (at: number) => Math.floor(at / DAY_MS) * DAY_MS + DAY_MS;

export const freshBudget = (now: number): BudgetState => ({
  day: dayOf(now),
  used: forEachKind(() => 0),
  granted: { data: [], metadata: [], web: [] },
  spentUntil: null,
  breakers: forEachKind(() => ({ failures: 0, opened: 0, openUntil: null, probeUntil: null })),
  lastOkAt: null,
  lastFailure: null,
});

const today = (state: BudgetState, now: number): BudgetState =>
  state.day === dayOf(now) ? state : { ...state, day: dayOf(now), used: forEachKind(() => 0) };

const totalOf = (state: BudgetState) => VENDOR_CALL_KINDS.reduce((sum, kind) => sum + state.used[kind], 0);

/** Whether one more request of this kind may be made now, and what is known afterwards. */
export function takeFrom(
  before: BudgetState,
  kind: VendorCallKind,
  now: number,
): { state: BudgetState; grant: BudgetGrant } {
  const state = today(before, now);
  const no = (because: "busy" | "budget_spent" | "breaker_open", retryAt: number) =>
    ({ state, grant: { granted: false, because, retryAt } }) as const;

  if (state.spentUntil !== null && now < state.spentUntil) return no("budget_spent", state.spentUntil);
  if (state.used[kind] >= SHARES[kind] || totalOf(state) >= DAILY_MAX) return no("budget_spent", nextDay(now));

  const breaker = state.breakers[kind];
  const closedFrom = Math.max(breaker.openUntil ?? 0, breaker.probeUntil ?? 0);
  if (now < closedFrom) return no("breaker_open", closedFrom);

  const lane = LANE[kind];
  const { max, ms } = PACE[lane];
  const recent = state.granted[lane].filter((at) => at <= now && at > now - ms);
  const room = kind === "credit" || lane !== LANE.credit ? max : max - CREDITS_PACE;
  // The grant that has to grow old before there is room.
  const blocking = recent.at(-room);
  if (blocking !== undefined) return no("busy", blocking + ms);

  return {
    grant: { granted: true },
    state: {
      ...state,
      used: { ...state.used, [kind]: state.used[kind] + 1 },
      granted: { ...state.granted, [lane]: [...recent, now].slice(-max) },
      breakers:
        breaker.openUntil === null
          ? state.breakers
          : { ...state.breakers, [kind]: { ...breaker, probeUntil: now + PROBE_MS } },
    },
  };
}

/** What a call's end says about the next ones. */
export function tellBudget(
  before: BudgetState,
  kind: VendorCallKind,
  outcome: CallOutcome,
  detail: string,
  now: number,
): BudgetState {
  const state = today(before, now);
  const failure = { at: now, detail: detail.slice(0, DETAIL_CHARS_MAX) };
  if (outcome === "spent") return { ...state, spentUntil: spentUntil(state, now), lastFailure: failure };
  if (outcome === "ok") {
    const closed = { failures: 0, opened: 0, openUntil: null, probeUntil: null };
    return { ...state, breakers: { ...state.breakers, [kind]: closed }, lastOkAt: now };
  }
  return {
    ...state,
    breakers: { ...state.breakers, [kind]: failedOnceMore(state.breakers[kind], now) },
    lastFailure: failure,
  };
}

/** Until the next day; on the morning after a spent day, until the next hour. */
function spentUntil({ spentUntil: until }: BudgetState, now: number): number {
  if (until !== null && now < until) return until;
  const midnight = nextDay(now) - DAY_MS;
  const isMorningAfter = until !== null && until >= midnight && now < midnight + MORNING_MS;
  return isMorningAfter ? now + MORNING_LOOK_MS : nextDay(now);
}

function failedOnceMore(breaker: Breaker, now: number): Breaker {
  const failures = breaker.failures + 1;
  // Calls that were under way when it opened come to the same end: they say nothing new.
  if (breaker.openUntil !== null && now < breaker.openUntil) return { ...breaker, failures };
  if (breaker.openUntil === null && failures < FAILURES_MAX) return { ...breaker, failures };
  const openMs = Math.min(OPEN_MS_MAX, OPEN_MS_MIN * 2 ** Math.min(breaker.opened, 10));
  return { failures, opened: breaker.opened + 1, openUntil: now + openMs, probeUntil: null };
}

/** What a person sees of it. */
export function budgetView(before: BudgetState, now: number) {
  const state = today(before, now);
  return {
    day: state.day,
    used: state.used,
    usedTotal: totalOf(state),
    shares: SHARES,
    dailyMax: DAILY_MAX,
    spentUntil: state.spentUntil !== null && now < state.spentUntil ? state.spentUntil : null,
    breakers: forEachKind((kind) => breakerView(state.breakers[kind], now)),
    lastOkAt: state.lastOkAt,
    lastFailure: state.lastFailure,
  };
}

function breakerView({ openUntil }: Breaker, now: number): BreakerView {
  if (openUntil === null) return { state: "closed", openUntil };
  return { state: now < openUntil ? "open" : "half_open", openUntil };
}
