import { sql } from "drizzle-orm";
import { boolean, check, date, index, integer, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";
import { sites } from "./sites.ts";

/** How much of a site's day a source has given us. It is complete when all hours of all active meters are in, or the source says so. */
export const meterDays = pgTable(
  "meter_days",
  {
    siteCode: text("site_code")
      .notNull()
      .references(() => sites.code),
    day: date("day", { mode: "string" }).notNull(),
    source: text("source").notNull(),
    /** Meter-hours; null: nobody has counted the meters of that day yet. */
    expectedHours: integer("expected_hours"),
    receivedHours: integer("received_hours").notNull().default(0),
    complete: boolean("complete").notNull().default(false),
    attempts: integer("attempts").notNull().default(0),
    nextAt: instant("next_at"),
    lastError: text("last_error"),
    /** Whoever works at it holds it so long; null: nobody does. */
    leaseUntil: instant("lease_until"),
    /** Rises with each taking: of two who think that they hold it, the later one does. */
    fence: integer("fence").notNull().default(0),
    /** Newest reading that the vendor had of the site when the day was last taken; null: never taken, or the vendor did not say. */
    freshAt: instant("fresh_at"),
    /** Of the last taking: serials that nobody has placed, what was left out and why. */
    details: jsonb("details"),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ name: "meter_days_key", columns: [t.siteCode, t.day, t.source] }),
    // What is to be fetched next.
    index("meter_days_due").on(t.nextAt).where(sql`NOT ${t.complete}`),
    check("meter_days_hours", sql`${t.expectedHours} >= 0 AND ${t.receivedHours} >= 0 AND ${t.attempts} >= 0`),
  ],
);
