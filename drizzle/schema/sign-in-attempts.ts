import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";

/** How often somebody was wrong lately, by hash of whom they say they are and of where they come from. */
export const signInAttempts = pgTable(
  "sign_in_attempts",
  {
    key: text("key").primaryKey(),
    failures: integer("failures").notNull(),
    lastAt: instant("last_at").notNull(),
    /** No try before this. */
    nextAt: instant("next_at").notNull(),
  },
  (t) => [
    check("sign_in_attempts_failures", sql`${t.failures} >= 0`),
    // What is forgotten is deleted.
    index("sign_in_attempts_last").on(t.lastAt),
  ],
);
