import { sql } from "drizzle-orm";
import { check, date, index, integer, pgTable, text, unique } from "drizzle-orm/pg-core";
import { instant, whole } from "./columns.ts";
import { sites } from "./sites.ts";

/**
 * What was sold on a local day, by site and channel. Computed from payments and entries, and so computed again at will; a day
 * is final when the operator's statement of it is reconciled.
 */
export const salesDaily = pgTable(
  "sales_daily",
  {
    day: date("day", { mode: "string" }).notNull(),
    /** Of the account; of money that no account holds, null. */
    siteCode: text("site_code").references(() => sites.code),
    channel: text("channel").notNull(),
    currency: text("currency").notNull(),
    payments: integer("payments").notNull(),
    grossMinor: whole("gross_minor").notNull(),
    reversedMinor: whole("reversed_minor").notNull(),
    electricityMinor: whole("electricity_minor").notNull(),
    feesMinor: whole("fees_minor").notNull(),
    suspenseMinor: whole("suspense_minor").notNull(),
    vendedWh: whole("vended_wh").notNull(),
    state: text("state").notNull(),
    computedAt: instant("computed_at").notNull(),
  },
  (t) => [
    // Money without a site has a row of its own, so the key takes null for a value.
    unique("sales_daily_key").on(t.day, t.siteCode, t.channel, t.currency).nullsNotDistinct(),
    // A site's days.
    index("sales_daily_site").on(t.siteCode, t.day),
    check("sales_daily_channel", sql`${t.channel} IN ('mpesa', 'ecocash', 'momo', 'cash')`),
    check("sales_daily_currency", sql`${t.currency} IN ('LSL', 'XOF', 'ZMW')`),
    check("sales_daily_state", sql`${t.state} IN ('open', 'final')`),
    check(
      "sales_daily_counts",
      sql`${t.payments} >= 0 AND ${t.grossMinor} >= 0 AND ${t.reversedMinor} >= 0 AND ${t.suspenseMinor} >= 0`,
    ),
  ],
);
