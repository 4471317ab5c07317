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
