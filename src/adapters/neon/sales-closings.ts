import type { SalesClosings } from "../../ports/sales-closings.ts";
import type { Database } from "./database.ts";

const REOPEN = `WITH made AS (
    UPDATE sales_closings c SET reopened_at = cc_at($2::bigint), because = r.because
    FROM jsonb_to_recordset($1::jsonb) AS r(day date, channel text, nth integer, because jsonb)
    WHERE (c.day, c.channel, c.nth) = (r.day, r.channel, r.nth) AND c.reopened_at IS NULL RETURNING 1
  ) SELECT json_build_object('changed', (SELECT count(*) FROM made))::text AS row`;

/** One that another closed meanwhile is closed. */
const CLOSE = `WITH made AS (
    INSERT INTO sales_closings (day, channel, nth, closed_at, sales)
    SELECT r.day, r.channel, r.nth, cc_at($2::bigint), r.sales
    FROM jsonb_to_recordset($1::jsonb) AS r(day date, channel text, nth integer, sales jsonb) ORDER BY r.day, r.channel
    ON CONFLICT DO NOTHING RETURNING 1
  ) SELECT json_build_object('changed', (SELECT count(*) FROM made))::text AS row`;

export const neonSalesClosings = (db: Database): SalesClosings => ({
  async write({ reopened, closed }, at) {
    if (reopened.length + closed.length === 0) return 0;
    const answers = await db.transaction([
      { query: REOPEN, params: [JSON.stringify(reopened), String(at)] },
      { query: CLOSE, params: [JSON.stringify(closed), String(at)] },
    ]);
    return (answers.flat() as { changed: number }[]).reduce((sum, { changed }) => sum + changed, 0);
  },
});
