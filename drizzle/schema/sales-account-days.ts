import { sql } from "drizzle-orm";
import { check, date, index, integer, pgTable, text, unique } from "drizzle-orm/pg-core";
import { whole } from "./columns.ts";

const amounts = () => ({
  /** Receipts; one that is split counts where its first share is. */
  payments: integer("payments").notNull(),
  grossMinor: whole("gross_minor").notNull(),
  /** The old system's payments that it took back; a payment that we took back is no longer here, or is in the treasury. */
  reversedMinor: whole("reversed_minor").notNull(),
  electricityMinor: whole("electricity_minor").notNull(),
  feesMinor: whole("fees_minor").notNull(),
  /** Nobody's yet. */
  suspenseMinor: whole("suspense_minor").notNull(),
  treasuryMinor: whole("treasury_minor").notNull(),
  /** Energy that was credited for it. */
  vendedWh: whole("vended_wh").notNull(),
});

/**
 * What was paid on a local day, by account and channel, as it is held now: money that moves takes its day along. Computed from
 * payments, their shares, entries and the old system's history, and so computed again at will (src/adapters/neon/rollups).
 */
export const salesAccountDays = pgTable(
  "sales_account_days",
  {
    day: date("day", { mode: "string" }).notNull(),
    /** Null: no account holds it. Of the old history also accounts that never moved in. */
    accountNumber: text("account_number"),
    /** Null: no account, or an account of no site of this country. */
    siteCode: text("site_code"),
    channel: text("channel").notNull(),
    ...amounts(),
  },
  (t) => [
    unique("sales_account_days_key").on(t.day, t.accountNumber, t.channel).nullsNotDistinct(),
    // When an account paid first, and its days.
    index("sales_account_days_account").on(t.accountNumber, t.day),
    check("sales_account_days_channel", sql`${t.channel} IN ('mpesa', 'ecocash', 'momo', 'cash', 'legacy')`),
    check(
      "sales_account_days_whole",
      sql`${t.grossMinor} - ${t.reversedMinor} = ${t.electricityMinor} + ${t.feesMinor} + ${t.suspenseMinor} + ${t.treasuryMinor}`,
    ),
  ],
);

/** The days of `sales_account_days` added up by month: few enough for every figure that goes over years. */
export const salesAccountMonths = pgTable(
  "sales_account_months",
  {
    /** Its first day. */
    month: date("month", { mode: "string" }).notNull(),
    accountNumber: text("account_number"),
    siteCode: text("site_code"),
    channel: text("channel").notNull(),
    ...amounts(),
  },
  (t) => [
    unique("sales_account_months_key").on(t.month, t.accountNumber, t.channel).nullsNotDistinct(),
    index("sales_account_months_account").on(t.accountNumber, t.month),
  ],
);
