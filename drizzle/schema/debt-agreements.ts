import { sql } from "drizzle-orm";
import { check, date, index, integer, pgTable, text } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { instant, whole } from "./columns.ts";
import { feeOrders } from "./fee-orders.ts";

/**
 * What a signed contract says of a debt that is repaid a part at a time: an advance, or the plan of an appliance. Its order
 * charges it, once the account has answered; what is owed is the account's entries, never this row.
 */
export const debtAgreements = pgTable(
  "debt_agreements",
  {
    /** Of the order that charges it. */
    id: text("id")
      .primaryKey()
      .references(() => feeOrders.id),
    accountId: whole("account_id")
      .notNull()
      .references(() => accounts.id),
    /** `advance.connection`, `advance.readyboard`, or `financing.` and the id. */
    part: text("part").notNull(),
    /** What was bought; null: an advance says it by its part. */
    title: text("title"),
    /** What was handed over or paid for; with interest and setup it is what the order charges. Minor units. */
    principalMinor: whole("principal_minor").notNull(),
    interestMinor: whole("interest_minor").notNull(),
    setupMinor: whole("setup_minor").notNull(),
    /** Months in which it is to be repaid; null: nobody said. */
    instalments: integer("instalments"),
    /** What of a payment repays it, in ten-thousandths. */
    fractionE4: integer("fraction_e4").notNull(),
    /** Each month, on what is owed, in ten-thousandths; 0: none. */
    monthlyFeeE4: integer("monthly_fee_e4").notNull(),
    /** On what is owed once nothing was paid for the days of grace, and after each interval again; 0: none. */
    penaltyE4: integer("penalty_e4").notNull(),
    graceDays: integer("grace_days").notNull(),
    intervalDays: integer("interval_days").notNull(),
    /** Where the signed contract is in R2; named by its content. */
    contractKey: text("contract_key").notNull(),
    contractSha256: text("contract_sha256").notNull(),
    contractType: text("contract_type").notNull(),
    contractBytes: integer("contract_bytes").notNull(),
    /** The local day up to which its months and penalties were asked for; null: not yet. */
    accruedOn: date("accrued_on"),
    createdBy: text("created_by").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [
    // An account's agreements.
    index("debt_agreements_account").on(t.accountId, t.part),
    check("debt_agreements_part", sql`${t.part} ~ '^(advance[.](connection|readyboard)|financing[.][a-z0-9-]{1,40})$'`),
    check("debt_agreements_title", sql`(${t.part} LIKE 'advance.%') = (${t.title} IS NULL) AND ${t.title} <> ''`),
    check(
      "debt_agreements_money",
      sql`${t.principalMinor} > 0 AND ${t.interestMinor} >= 0 AND ${t.setupMinor} >= 0 AND ${t.instalments} BETWEEN 1 AND 120`,
    ),
    check(
      "debt_agreements_fractions",
      sql`${t.fractionE4} BETWEEN 1 AND 10000 AND ${t.monthlyFeeE4} BETWEEN 0 AND 9999 AND ${t.penaltyE4} BETWEEN 0 AND 9999`,
    ),
    // A penalty has its days, and what has none has no penalty.
    check(
      "debt_agreements_days",
      sql`CASE WHEN ${t.penaltyE4} > 0 THEN ${t.graceDays} BETWEEN 1 AND 365 AND ${t.intervalDays} BETWEEN 1 AND 365 ELSE ${t.graceDays} = 0 AND ${t.intervalDays} = 0 END`,
    ),
    check(
      "debt_agreements_contract",
      sql`${t.contractSha256} ~ '^[0-9a-f]{64}$' AND ${t.contractKey} <> '' AND ${t.contractBytes} BETWEEN 1 AND 10485760 AND ${t.contractType} IN ('application/pdf', 'image/png', 'image/jpeg')`,
    ),
    check("debt_agreements_named", sql`${t.createdBy} <> ''`),
  ],
);
