import { sql } from "drizzle-orm";
import { check, date, foreignKey, index, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { whole } from "./columns.ts";
import { vendorMonths } from "./vendor-months.ts";

/**
 * What an account likely paid in a month of which only the site's total is known: the total by what each used. Estimates:
 * never among payments, never in the ledger, and only while the month has no real payments.
 */
export const estimatedSales = pgTable(
  "estimated_sales",
  {
    siteCode: text("site_code").notNull(),
    month: date("month", { mode: "string" }).notNull(),
    /** The account, or the meter of one that nobody knows. */
    weightKey: text("weight_key").notNull(),
    accountNumber: text("account_number"),
    energyWh: whole("energy_wh").notNull(),
    amountMinor: whole("amount_minor").notNull(),
    currency: text("currency").notNull(),
    /** estimated, or replaced by real payments, and kept to compare. */
    state: text("state").notNull(),
  },
  (t) => [
    primaryKey({ name: "estimated_sales_key", columns: [t.siteCode, t.month, t.weightKey] }),
    foreignKey({
      name: "estimated_sales_month",
      columns: [t.siteCode, t.month],
      foreignColumns: [vendorMonths.siteCode, vendorMonths.month],
    }),
    // An account's months.
    index("estimated_sales_account").on(t.accountNumber, t.month),
    check("estimated_sales_state", sql`${t.state} IN ('estimated', 'replaced')`),
    check("estimated_sales_numbers", sql`${t.energyWh} >= 0 AND ${t.amountMinor} BETWEEN 0 AND 9007199254740991`),
    check("estimated_sales_currency", sql`${t.currency} ~ '^[A-Z]{3}$'`),
  ],
);
