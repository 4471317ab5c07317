import { sql } from "drizzle-orm";
import { check, pgTable, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";

/** Which source is believed where several tell of one hour, for a country, a site or an account; the narrowest counts. */
export const sourcePriorities = pgTable(
  "source_priorities",
  {
    /** `country`, a site's code, or an account's number. */
    scope: text("scope").primaryKey(),
    /** The best first. */
    sources: text("sources").array().notNull(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (t) => [
    check("source_priorities_scope", sql`${t.scope} ~ '^(country|[A-Z]{3}|[0-9]{4}[A-Z]{3})$'`),
    check("source_priorities_named", sql`cardinality(${t.sources}) BETWEEN 1 AND 20`),
  ],
);
