import { sql } from "drizzle-orm";
import { check, date, numeric, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";

/** What a currency is worth in US dollars from a day on, and who says so. A figure in dollars names the row it used. */
export const fxRates = pgTable(
  "fx_rates",
  {
    currency: text("currency").notNull(),
    validFrom: date("valid_from", { mode: "string" }).notNull(),
    /** US dollars for one unit of the currency. */
    usdPerUnit: numeric("usd_per_unit", { precision: 18, scale: 10 }).notNull(),
    source: text("source").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [
    // One rate a currency and day: which one applies is never a matter of order.
    primaryKey({ name: "fx_rates_key", columns: [t.currency, t.validFrom] }),
    check("fx_rates_currency", sql`${t.currency} IN ('LSL', 'XOF', 'ZMW')`),
    check("fx_rates_positive", sql`${t.usdPerUnit} > 0`),
    check("fx_rates_source", sql`${t.source} <> ''`),
  ],
);
