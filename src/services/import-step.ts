import { type DayOf, dayOf, isPlausible } from "../domain/imports/day.ts";
import {
  type AccountHours,
  codeName,
  countHours,
  expectedHours,
  hoursByAccount,
  nameOf,
  placeIntervals,
  type StagedMeter,
  UNMAPPED_MAX,
} from "../domain/imports/place.ts";
import { SOURCES } from "../domain/imports/source.ts";
import { isLastWord, judgeDay, retryAt, type UnitName } from "../domain/imports/unit.ts";
import type { CaseRow } from "../domain/outbox.ts";
import type { VendorInterval } from "../domain/vendor.ts";
import type { Accounts, VendorDayOrder } from "../ports/accounts.ts";
import { log } from "../ports/log.ts";
import type { MeterDays, RunState, TakenUnit } from "../ports/meter-days.ts";
import type { FeedRefusal, VendorFeed } from "../ports/vendor-feeds.ts";

/** Accounts that are handed their hours at the same time. */
const ACCOUNTS_AT_ONCE_MAX = 25;
/** Each call is made with a new stub: the one that failed may be broken for good. */
const TRIES = 2;
/** A day whose cursor dies so often is given up until later. */
const RESTARTS_MAX = 5;
/** Pages of one step: by the platform's pace some ten seconds. */
const PAGES_AT_ONCE = 6;
/** Pages of one day: 1,000 meters in pages of 10. */
export const PAGES_MAX = 10_000;
const HOUR_MS = 3_600_000;

export type ImportPorts = {
  days: MeterDays;
  /** Null: this country does not have that source. */
  feed(source: UnitName["source"]): VendorFeed | null;
  accounts: Pick<Accounts, "recordDays">;
  openCases(cases: CaseRow[]): Promise<void>;
  now(): number;
};

/** `more`: the next step can be done at once. `later`: at `nextAt`. `busy`: not to be had now, or complete. */
export type ImportStep = {
  unit: UnitName;
  is: "more" | "done" | "later" | "busy";
  detail: string;
  nextAt: number | null;
};

/** What whoever asks for a step knows: the vendor's newest reading of the site, and when the asking was sent. */
export type StepOrder = { freshAt: number | null; sentAt: number | null };

/**
 * One step of a unit: a page is fetched and stored, or, when all pages are in, the hours are handed to the accounts. Whatever
 * happens between two steps, or within one, the next goes on from what is stored; what is done twice is done once.
 */
export async function importStep(
  ports: ImportPorts,
  unit: UnitName,
  order: StepOrder = { freshAt: null, sentAt: null },
): Promise<ImportStep> {
  const taken = await ports.days.take(unit, order, ports.now());
  if (taken === null) return step(unit, "busy", "complete, or in other hands");
  return taken.state.phase === "hand" ? handOver(ports, taken) : fetchPages(ports, taken);
}

/** Some pages, each stored as it comes with where the next begins: a taking costs as much as a page does. */
async function fetchPages(ports: ImportPorts, first: TakenUnit): Promise<ImportStep> {
  let taken = first;
  for (let left = PAGES_AT_ONCE - 1; ; left--) {
    const { days, now } = ports;
    const feed = ports.feed(taken.source);
    if (feed === null) return give(ports, taken, "this country does not have that source", now() + 24 * HOUR_MS);
    const { site, vendorSiteId, day, state } = taken;
    const page = await feed.page({ site, vendorSiteId, day }, state.cursor);
    if ("refused" in page) return refused(ports, taken, page);
    if (page.next !== null && taken.pages >= PAGES_MAX)
      return give(ports, taken, `more than ${PAGES_MAX} pages`, retryAt(taken.attempts, now(), null));
    const { rows, ...out } = rowsOf(page.intervals);
    const leftOut = added(added(state.leftOut, page.leftOut), out);
    const phase = page.next === null ? "hand" : "fetch";
    const next: RunState = { ...state, cursor: page.next, phase, leftOut };
    const goesOn = phase === "fetch" && left > 0;
    const isStored = await days.storePage(taken, rows, next, goesOn, now());
    const detail = `page ${taken.pages + 1}, ${page.intervals.length} intervals`;
    if (!isStored || !goesOn) return step(taken, isStored ? "more" : "busy", detail);
    taken = { ...taken, pages: taken.pages + 1, state: next };
  }
}

async function refused(ports: ImportPorts, taken: TakenUnit, refusal: FeedRefusal): Promise<ImportStep> {
  const { days, now } = ports;
  const { state } = taken;
  const nextAt = retryAt(taken.attempts, now(), refusal.retryAt);
  switch (refusal.refused) {
    case "absent": {
      const complete = isLastWord(taken.day, now());
      const counts = { expectedHours: null, receivedHours: taken.receivedBefore ?? 0, rowsRefused: 0, details: {} };
      const error = `absent: ${refusal.detail}`;
      if (complete) await ports.openCases([caseOf(taken, "import_gap", { because: error }, now())]);
      await days.finish(taken, { ...counts, complete, nextAt: complete ? null : now() + 3 * HOUR_MS, error }, now());
      return step(taken, "done", error);
    }
    case "cursor_died": {
      if (state.restarts >= RESTARTS_MAX)
        return give(ports, taken, `the cursor died ${state.restarts + 1} times`, nextAt);
      const again: RunState = { ...state, cursor: null, restarts: state.restarts + 1 };
      const isStored = await days.beginAgain(taken, again, now());
      return step(taken, isStored ? "more" : "busy", "the cursor died: the day begins again");
    }
    case "budget_spent":
    case "busy":
    case "unavailable": {
      const soonest = refusal.refused === "unavailable" ? nextAt : (refusal.retryAt ?? nextAt);
      await days.postpone(taken, state, `${refusal.refused}: ${refusal.detail}`, soonest, now());
      return step(taken, "later", refusal.refused, soonest);
    }
    case "unauthorised":
    case "unreadable": {
      await ports.openCases([
        caseOf(taken, "import_refused", { refused: refusal.refused, detail: refusal.detail }, now()),
      ]);
      return give(ports, taken, `${refusal.refused}: ${refusal.detail}`, Math.max(nextAt, now() + HOUR_MS));
    }
  }
}

async function give(ports: ImportPorts, taken: TakenUnit, error: string, nextAt: number): Promise<ImportStep> {
  await ports.days.fail(taken, error, nextAt, ports.now());
  return step(taken, "later", error, nextAt);
}

async function handOver(ports: ImportPorts, taken: TakenUnit): Promise<ImportStep> {
  const { days, now } = ports;
  const staged = await days.staged(taken);
  const placements = await days.placements(
    taken,
    staged.map(({ serial }) => serial),
  );
  const { intervals, unmapped } = placeIntervals(staged, placements);
  const ratings = new Map(placements.map(({ account, serial, ratedW }) => [`${account}|${serial}`, ratedW]));
  const { intervalsPerHour } = SOURCES[taken.source];
  const found = dayOf(intervals, { day: taken.day, intervalsPerHour, ratingW: (key) => ratings.get(key) ?? null });
  if (found.isDegraded) {
    const detail = {
      meters: found.meters.size,
      because: "many meters know one hour alone: a day's total, not its hours",
    };
    await ports.openCases([caseOf(taken, "import_degraded", detail, now())]);
    return give(ports, taken, "degraded: one hour alone", retryAt(taken.attempts, now(), now() + 3 * HOUR_MS));
  }
  const counts = countHours(expectedHours(placements, taken.day), found.meters);
  const verdict = judgeDay(
    taken.day,
    { ...counts, receivedBefore: taken.receivedBefore, attempts: taken.attempts },
    now(),
  );
  const untold = await tellAccounts(ports, taken, hoursByAccount(found.meters, placements, verdict.complete));
  if (untold.length > 0) {
    const error = `${untold.length} accounts did not take their hours, the first ${untold[0]}`;
    const nextAt = retryAt(1, now(), null);
    await days.postpone(taken, taken.state, error, nextAt, now());
    return step(taken, "later", error, nextAt);
  }
  if (found.heldCount > 0)
    await ports.openCases([caseOf(taken, "import_held", { count: found.heldCount, held: heldOf(found) }, now())]);
  const leftOut = added(taken.state.leftOut, { ...found.leftOut, held: found.heldCount });
  const details = {
    meters: found.meters.size,
    intervals: intervals.length,
    leftOut,
    unmapped: unmapped.slice(0, UNMAPPED_MAX),
    unmappedCount: unmapped.length,
    // A placement of an unmapped meter that comes later has a higher version, and opens the day again.
    placements: placements.reduce((newest, { version }) => Math.max(newest, version), 0),
    restarts: taken.state.restarts,
  };
  const rowsRefused = Object.values(leftOut).reduce((sum, n) => sum + n, 0);
  // Closed for its age: what lacks will not come by itself any more.
  if (verdict.complete && counts.receivedHours < counts.expectedHours)
    await ports.openCases([caseOf(taken, "import_gap", counts, now())]);
  const isFinished = await days.finish(taken, { ...counts, ...verdict, error: null, rowsRefused, details }, now());
  const { receivedHours, expectedHours: expected } = counts;
  return step(taken, isFinished ? "done" : "busy", `${receivedHours} of ${expected} meter-hours`);
}

/** Hands every account its hours; answers those that did not take them. */
async function tellAccounts(
  ports: ImportPorts,
  { day, source }: TakenUnit,
  accounts: AccountHours[],
): Promise<string[]> {
  const untold: string[] = [];
  const waiting = accounts.values();
  const work = async () => {
    for (const { account, meters } of waiting) {
      const orders = meters.map(
        ({ serial, hours, priority }): VendorDayOrder => ({ meterNumber: serial, day, source, hours, priority }),
      );
      if (!(await isTold(ports, account, orders))) untold.push(account);
    }
  };
  await Promise.all(Array.from({ length: ACCOUNTS_AT_ONCE_MAX }, work));
  return untold;
}

/** An account that knows a placement not yet is told of it within a minute, and asked again. */
async function isTold(ports: ImportPorts, account: string, orders: VendorDayOrder[]): Promise<boolean> {
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      const answers = await ports.accounts.recordDays(account, orders);
      if (Array.isArray(answers)) return answers.every(({ elsewhere }) => elsewhere === 0);
    } catch (thrown) {
      log.warn("import", { tries, error: thrown });
    }
  }
  return false;
}

/** Each start of each name once: a report may tell an interval 49 times. What is no energy at all is counted and left out. */
function rowsOf(intervals: readonly VendorInterval[]): { rows: StagedMeter[]; absurd: number; duplicate: number } {
  const names = new Map<string, Map<number, number>>();
  let absurd = 0;
  let duplicate = 0;
  for (const { serial, customerCode, startAt, energyWh } of intervals) {
    const name = serial ?? (customerCode === null ? null : codeName(customerCode));
    if (name === null || !isPlausible(energyWh)) {
      absurd += 1;
      continue;
    }
    const own = names.get(name) ?? new Map<number, number>();
    names.set(name, own);
    const known = own.get(startAt);
    if (known !== undefined) duplicate += 1;
    own.set(startAt, Math.max(known ?? 0, energyWh));
  }
  const rows = [...names].map(([serial, own]) => ({
    serial,
    intervals: [...own].map(([startAt, energyWh]) => ({ startAt, energyWh })),
  }));
  return { rows, absurd, duplicate };
}

const heldOf = ({ held }: DayOf) =>
  held.map(({ meterNumber, startAt, energyWh }) => ({ ...nameOf(meterNumber), startAt, energyWh }));

function added(sums: Record<string, number>, more: Record<string, number | undefined>): Record<string, number> {
  const all = { ...sums };
  for (const [name, n] of Object.entries(more)) if (n) all[name] = (all[name] ?? 0) + n;
  return all;
}

export const caseKeyOf = (kind: string, { site, day, source }: UnitName) => `${kind}:${site}:${day}:${source}`;

const caseOf = (
  { site, day, source }: UnitName,
  caseKind: "import_degraded" | "import_held" | "import_refused" | "import_gap",
  details: object,
  now: number,
): CaseRow => ({
  caseKey: caseKeyOf(caseKind, { site, day, source }),
  caseKind,
  subject: site,
  detailsJson: JSON.stringify({ site, day, source, ...details }),
  state: "open",
  openedAt: now,
  closedAt: null,
  version: now,
});

const step = (
  { site, day, source }: UnitName,
  is: ImportStep["is"],
  detail: string,
  nextAt: number | null = null,
): ImportStep => ({ unit: { site, day, source }, is, detail, nextAt });
