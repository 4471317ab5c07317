import { sql } from "drizzle-orm";
import { boolean, check, pgTable, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";

/** Whose database this is: one row, written by `npm run db:migrate`, and never another country's after that. */
export const databaseCountry = pgTable(
  "database_country",
  {
    one: boolean("one").primaryKey().default(true),
    code: text("code").notNull(),
    currency: text("currency").notNull(),
    /** Sites that may stand here, those of the past among them: what its file says. */
    siteCodes: text("site_codes").array().notNull(),
    namedAt: instant("named_at").notNull().defaultNow(),
  },
  (t) => [
    check("database_country_one", sql`${t.one}`),
    check("database_country_code", sql`${t.code} ~ '^[A-Z]{2}$'`),
    check("database_country_currency", sql`${t.currency} ~ '^[A-Z]{3}$'`),
  ],
);
