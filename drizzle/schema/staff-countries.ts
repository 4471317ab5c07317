import { sql } from "drizzle-orm";
import { check, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { whole } from "./columns.ts";
import { staff } from "./staff.ts";

/** In which countries somebody works, and as what: signing in to another deployment is refused. */
export const staffCountries = pgTable(
  "staff_countries",
  {
    staffId: whole("staff_id")
      .notNull()
      .references(() => staff.id),
    country: text("country").notNull(),
    /** What somebody may in that other country, kept at the home of staff; null: the same as at home, site and all. */
    roles: text("roles").array(),
    /** The one site of that country at which a registrar registers; null: any. It is no row of this database. */
    site: text("site"),
  },
  (t) => [
    primaryKey({ columns: [t.staffId, t.country] }),
    check("staff_countries_country", sql`${t.country} ~ '^[A-Z]{2}$'`),
    check(
      "staff_countries_roles",
      sql`${t.roles} <@ ARRAY['superadmin', 'onm_team', 'finance_team', 'engineering', 'field_registrar', 'generic']`,
    ),
    check("staff_countries_site", sql`${t.site} IS NULL OR (${t.roles} IS NOT NULL AND ${t.site} ~ '^[A-Z]{3}$')`),
  ],
);
