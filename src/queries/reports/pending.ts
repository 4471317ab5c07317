import type { Reader } from "../../ports/reader.ts";

/** Above it, it is only said that there are so many. */
const COUNTED_MAX = 5_000;

/** Changes that the rollups do not have yet. */
export async function pendingRollups(db: Reader): Promise<number> {
  const [row] = await db.read<{ pending: number }>(
    `SELECT count(*)::int AS pending FROM (SELECT FROM rollup_touched LIMIT ${COUNTED_MAX}) t`,
  );
  return row?.pending ?? 0;
}
