import type { Reader } from "../../ports/reader.ts";

/** Above it, it is only said that there are so many. */
const LOOKED_AT_MAX = 5_000;

/** Days of which something is not added up yet. Today always is one of them, and for some minutes only. */
export async function pendingDays(db: Reader): Promise<number> {
  const [row] = await db.read<{ days: number }>(
    `SELECT count(DISTINCT (at AT TIME ZONE 'UTC')::date)::int AS days FROM (SELECT at FROM rollup_touched WHERE what <> 'hours' LIMIT ${LOOKED_AT_MAX}) t`,
  );
  return row?.days ?? 0;
}

/** A month of load curves rests so long by intent: nobody is warned of it before. */
const MONTHS_REST_HOURS = 3;

/** What reports do not have yet, for whoever keeps it running. `since`: since when the first of it waits; null: nothing waits. */
export type WaitingRollups = { days: number; months: number; since: number | null };

/** At most a row an hour, day and month: however long the job stands still, they are counted whole. */
export async function waitingRollups(db: Reader): Promise<WaitingRollups> {
  const [row] = await db.read<WaitingRollups>(
    `SELECT count(DISTINCT (at AT TIME ZONE 'UTC')::date) FILTER (WHERE what <> 'hours')::int AS days,
      count(*) FILTER (WHERE what = 'hours')::int AS months, cc_ms(min(since) FILTER (
        WHERE what <> 'hours' OR since < now() - interval '${MONTHS_REST_HOURS} hours')) AS since FROM rollup_touched`,
  );
  return row ?? { days: 0, months: 0, since: null };
}
