import { sql } from "drizzle-orm";
import { check, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { whole } from "./columns.ts";
import { staff } from "./staff.ts";

/** In which countries somebody works: signing in to another deployment is refused. */
export const staffCountries = pgTable(
  "staff_countries",
  {
    staffId: whole("staff_id")
      .notNull()
      .references(() => staff.id),
    country: text("country").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.staffId, t.country] }),
    check("staff_countries_country", sql`${t.country} ~ '^[A-Z]{2}$'`),
  ],
);
