import { sql } from "drizzle-orm";
import { bigint, check, date, numeric, pgTable, primaryKey, text, unique } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";

/** What a currency is worth in US dollars from a day on, and who says so. A figure in dollars names the row it used. */
export const fxRates = pgTable(
  "fx_rates",
  {
    id: bigint("id", { mode: "number" }).notNull().generatedAlwaysAsIdentity(),
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
    // By which a change of it is found again when it is taken back.
    unique("fx_rates_id").on(t.id),
    check("fx_rates_currency", sql`${t.currency} ~ '^[A-Z]{3}$'`),
    check("fx_rates_positive", sql`${t.usdPerUnit} > 0 AND ${t.usdPerUnit} <= 100`),
    check("fx_rates_source", sql`${t.source} <> ''`),
  ],
);
