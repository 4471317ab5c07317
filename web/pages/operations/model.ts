import type { InferResponseType } from "hono/client";
import { FEED_LATE_MS } from "../../../src/domain/alarm.ts";
import type { LiveStatus } from "../../../workers/portal/live-view.ts";
import type { api } from "../../api.ts";

type Api = ReturnType<typeof api>;
export type Operations = InferResponseType<Api["operations"]["$get"], 200>;
export type Letter = InferResponseType<Api["dead-letters"]["$get"], 200>["letters"][number];
export type Job = Operations["jobs"][number];
export type Alarms = InferResponseType<Api["alarms"]["$get"], 200>;
export type Alarm = Alarms["alarms"][number];
type Tellings = Alarms["tellings"];
export type Feed = { kind: Operations["feeds"][number]["kind"] | "phone"; name: string; newestAt: number | null };

const MINUTE_MS = 60_000;
export const LATE_MS: Record<Feed["kind"], number> = FEED_LATE_MS;

export const isLate = ({ kind, newestAt }: Feed, now: number): boolean =>
  newestAt === null || now - newestAt > LATE_MS[kind];

/** Phones as they say themselves, then what is recorded; what is late first. Two phones may have one name: their ids differ. */
export function feedRows(recorded: readonly Feed[], live: LiveStatus | null, now: number): Feed[] {
  const phones = (live?.phones ?? [])
    .filter(({ revoked }) => !revoked)
    .map(
      ({ phoneId, name, lastPollAt }): Feed => ({
        kind: "phone",
        name: `${name} (${phoneId})`,
        newestAt: lastPollAt,
      }),
    );
  const all = [...phones, ...recorded];
  return [...all.filter((feed) => isLate(feed, now)), ...all.filter((feed) => !isLate(feed, now))];
}

/** The job comes every five minutes, and every quarter of an hour for load curves: what waits longer waits for somebody to look. */
const ROLLUPS_LATE_MS = 40 * MINUTE_MS;
export const areRollupsLate = ({ since }: Operations["rollups"], now: number): boolean =>
  since !== null && now - since > ROLLUPS_LATE_MS;

export type JobState = "failed" | "late" | "never" | "good";

/** A job that missed two of its turns is late; one that failed since its last end says so until the next. */
export function jobState({ endedAt, failedAt, everyMs }: Job, now: number): JobState {
  if (failedAt !== null && (endedAt === null || failedAt > endedAt)) return "failed";
  if (endedAt === null) return "never";
  return now - endedAt > 2 * everyMs + 5 * MINUTE_MS ? "late" : "good";
}

/** What is raised stands first, the longest first; then what is quiet, in its order. */
export const alarmRows = (alarms: readonly Alarm[]): Alarm[] =>
  alarms.toSorted((a, b) => (a.raisedAt ?? Number.POSITIVE_INFINITY) - (b.raisedAt ?? Number.POSITIVE_INFINITY));

/** What was told last of this alarm; of one that is raised only what was told of this raise. */
export const lastTelling = (
  { name, raisedAt }: Pick<Alarm, "name" | "raisedAt">,
  tellings: Tellings,
): Tellings[number] | null =>
  tellings.find((telling) => telling.name === name && (raisedAt === null || telling.raisedAt === raisedAt)) ?? null;

/** It is raised, and there is nobody to be told: it waits for a number or an address. */
export const isUntold = ({ raisedAt }: Pick<Alarm, "raisedAt">, view: Pick<Alarms, "channels"> | null): boolean =>
  raisedAt !== null && view !== null && view.channels.length === 0;

/** An age is shown in whole minutes, a count as it is. */
export const shownValue = ({ measure, value }: Pick<Alarm, "measure" | "value">) =>
  measure === "count"
    ? { count: value ?? 0, minutes: null }
    : { count: 0, minutes: Math.floor((value ?? 0) / MINUTE_MS) };

const ORDER: readonly JobState[] = ["failed", "late", "never", "good"];
/** What wants a look first. */
export const jobRows = (jobs: readonly Job[], now: number): (Job & { state: JobState })[] =>
  jobs
    .map((job) => ({ ...job, state: jobState(job, now) }))
    .sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.job.localeCompare(b.job));

/** What the walk through all objects has found so far. */
export type Walk = { pages: number; counts: Record<string, number>; differences: Difference[]; next: string | null };
export type Difference = { what: string; name: string; day: string | null; because: string };
export const WALK_START: Walk = { pages: 0, counts: {}, differences: [], next: null };
/** Shown; each is a case as well. */
const DIFFERENCES_MAX = 500;

export function walked(
  walk: Walk,
  page: { counts: Record<string, number>; differences: readonly Difference[]; next: string | null },
): Walk {
  const counts = { ...walk.counts };
  for (const [name, n] of Object.entries(page.counts)) counts[name] = (counts[name] ?? 0) + n;
  const differences = [...walk.differences, ...page.differences].slice(0, DIFFERENCES_MAX);
  return { pages: walk.pages + 1, counts, differences, next: page.next };
}
