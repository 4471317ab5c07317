import { sql } from "drizzle-orm";
import { check, date, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";

/**
 * When nothing of a local day's sales waited any more, and what they were then, site by site. A day that is no longer what it was is
 * reopened, and closed anew once nothing waits: a row for each time.
 */
export const salesClosings = pgTable(
  "sales_closings",
  {
    day: date("day", { mode: "string" }).notNull(),
    channel: text("channel").notNull(),
    /** 1 for the first time. */
    nth: integer("nth").notNull(),
    closedAt: instant("closed_at").notNull(),
    /** What each site had sold, as src/domain/metrics/day-closing has it. */
    sales: jsonb("sales").notNull(),
    reopenedAt: instant("reopened_at"),
    /** What had changed by then, and what it waited for again. */
    because: jsonb("because"),
  },
  (t) => [
    primaryKey({ name: "sales_closings_key", columns: [t.day, t.channel, t.nth] }),
    // Of two that close a day at once, one does.
    uniqueIndex("sales_closings_one").on(t.day, t.channel).where(sql`reopened_at IS NULL`),
    check("sales_closings_channel", sql`${t.channel} IN ('mpesa', 'ecocash', 'momo', 'cash')`),
    check("sales_closings_nth", sql`${t.nth} >= 1`),
    check("sales_closings_reopened", sql`(${t.reopenedAt} IS NULL) = (${t.because} IS NULL)`),
    check("sales_closings_order", sql`${t.reopenedAt} >= ${t.closedAt}`),
  ],
);
