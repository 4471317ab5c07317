import { sql } from "drizzle-orm";
import { bigint, check, pgTable, text, unique } from "drizzle-orm/pg-core";
import { factsVersion, instant } from "./columns.ts";
import { sites } from "./sites.ts";

/**
 * The setting `credit_writer`: who credits the vendor's platform for a site, from when. Rows are only added; a site
 * without one is the old system's. For 30 minutes after a row that changes the writer neither sends.
 */
export const creditWriters = pgTable(
  "credit_writers",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    siteCode: text("site_code")
      .notNull()
      .references(() => sites.code),
    writer: text("writer").notNull(),
    validFrom: instant("valid_from").notNull(),
    changedBy: text("changed_by").notNull(),
    reason: text("reason").notNull(),
    factsVersion: factsVersion(),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [
    // One writer a site at an instant; also finds the one in force.
    unique("credit_writers_start").on(t.siteCode, t.validFrom),
    check("credit_writers_writer", sql`${t.writer} IN ('legacy', 'ours')`),
    check("credit_writers_named", sql`${t.changedBy} <> '' AND ${t.reason} <> ''`),
  ],
);
