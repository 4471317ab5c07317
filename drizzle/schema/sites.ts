import { sql } from "drizzle-orm";
import { check, pgTable, text } from "drizzle-orm/pg-core";
import { factsVersion, instant } from "./columns.ts";

export const sites = pgTable(
  "sites",
  {
    /** Three letters; the last three of its account numbers. */
    code: text("code").primaryKey(),
    name: text("name").notNull(),
    district: text("district"),
    factsVersion: factsVersion(),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [check("sites_code_shape", sql`${t.code} ~ '^[A-Z]{3}$'`)],
);
