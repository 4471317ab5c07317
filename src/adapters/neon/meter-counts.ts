import { COUNTED_STATES, PLATFORMS, type PlatformCounts } from "../../domain/meter-state.ts";
import type { Database } from "./database.ts";

/** A platform that has no meter has none of any state, and that is counted too. A walk that ends late never hides a newer one. */
const KEEP = `INSERT INTO meter_counts AS k (platform, state, meters, as_of)
  SELECT c.platform, c.state, c.meters, cc_at($2::bigint) FROM jsonb_to_recordset($1::jsonb) AS c(platform text, state text, meters bigint)
  ON CONFLICT (platform, state) DO UPDATE SET meters = excluded.meters, as_of = excluded.as_of 
    WHERE k.as_of < excluded.as_of OR k.as_of > excluded.as_of + interval '1 hour'`;

/** Keeps what a walk over all meters counted at `asOf`, UTC ms, instead of what the one before did. Twice is the same as once. */
export async function keepMeterCounts(db: Database, found: readonly PlatformCounts[], asOf: number): Promise<void> {
  const rows = PLATFORMS.flatMap((platform) => {
    const counts = found.find((each) => each.platform === platform);
    return COUNTED_STATES.map((state) => ({ platform, state, meters: counts?.[state] ?? 0 }));
  });
  await db.transaction([{ query: KEEP, params: [JSON.stringify(rows), String(asOf)] }]);
}
