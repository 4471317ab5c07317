import { sql } from "drizzle-orm";
import { check, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { instant, whole } from "./columns.ts";

/**
 * How many meters of a platform are in a state, as the last walk over all meters found them: the list of meters shows them, and as of when.
 * Every state of every platform has a row once there was a walk; 0 was counted too.
 */
export const meterCounts = pgTable(
  "meter_counts",
  {
    platform: text("platform").notNull(),
    /** `all`, or a state of a meter. */
    state: text("state").notNull(),
    meters: whole("meters").notNull(),
    /** When that walk began. */
    asOf: instant("as_of").notNull(),
  },
  (t) => [
    primaryKey({ name: "meter_counts_key", columns: [t.platform, t.state] }),
    check("meter_counts_meters", sql`${t.meters} >= 0`),
  ],
);
