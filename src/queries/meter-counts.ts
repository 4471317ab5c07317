import { COUNTED_STATES, type MeterCounts } from "../domain/meter-state.ts";
import type { Reader } from "../ports/reader.ts";
import { COUNTED, KNOWN, KNOWN_OF_SITE, type MeterQuestion, paramsOf } from "./meter-list.ts";

/** Counts of the last walk are shown until they are so old; then the walk stands still, and meters are counted for whoever asks. */
export const KEPT_COUNTS_MS_MAX = 3_600_000;

/**
 * How many meters there are of each state, and as of when. Of a site or of a text they are counted now; of all of a country, or of a platform,
 * they are those of the last walk of the job `tickets-by-data`, a quarter of an hour old at most: each look would go through every meter.
 */
export async function meterCounts(db: Reader, question: MeterQuestion): Promise<{ asOf: number; counts: MeterCounts }> {
  const params = paramsOf(question);
  const [, site, platform, text] = params;
  if (site === "" && text === "") {
    const kept = await keptCounts(db, platform ?? "");
    // Of a walk by a clock that was ahead nobody knows when it was.
    const ageMs = kept === null ? Number.POSITIVE_INFINITY : question.now - kept.asOf;
    if (kept !== null && ageMs >= 0 && ageMs < KEPT_COUNTS_MS_MAX) return kept;
  }
  const [counts] = await db.read<MeterCounts>(site === "" ? COUNTS : COUNTS_OF_SITE, params);
  if (counts === undefined) throw new Error("a SELECT of counts answered no row");
  return { asOf: question.now, counts };
}

/** Null: no walk has counted them yet. */
async function keptCounts(db: Reader, platform: string): Promise<{ asOf: number; counts: MeterCounts } | null> {
  const rows = await db.read<{ state: keyof MeterCounts; meters: number; asOf: number }>(KEPT, [platform]);
  const counts = Object.fromEntries(rows.map(({ state, meters }) => [state, meters])) as MeterCounts;
  // A state that a walk of a version before did not count is not known, never 0.
  if (COUNTED_STATES.some((state) => counts[state] === undefined)) return null;
  return { asOf: Math.min(...rows.map(({ asOf }) => asOf)), counts };
}

const COUNTS = `WITH ${KNOWN} SELECT ${COUNTED} FROM known k`;
const COUNTS_OF_SITE = `WITH ${KNOWN_OF_SITE} SELECT ${COUNTED} FROM known k`;
const KEPT = `SELECT state, sum(meters)::bigint AS meters, cc_ms(min(as_of)) AS "asOf" FROM meter_counts
  WHERE $1::text = '' OR platform = $1::text GROUP BY state`;
