import { sql } from "drizzle-orm";
import { boolean, check, date, index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { instant, whole } from "./columns.ts";
import { tills } from "./tills.ts";

/**
 * A local day of a till and operator: its statement against our books. Computed from lines and payments, and so again at
 * will; final when the statement covers all of it and each line agrees.
 */
export const tillDays = pgTable(
  "till_days",
  {
    tillId: text("till_id")
      .notNull()
      .references(() => tills.id),
    provider: text("provider").notNull(),
    day: date("day", { mode: "string" }).notNull(),
    currency: text("currency").notNull(),
    /** Customers' payments by the statement, without those that were taken back. */
    statementMinor: whole("statement_minor").notNull(),
    /** What of them our books hold in accounts, and in suspense. */
    paymentsMinor: whole("payments_minor").notNull(),
    suspenseMinor: whole("suspense_minor").notNull(),
    treasuryMinor: whole("treasury_minor").notNull(),
    withdrawnMinor: whole("withdrawn_minor").notNull(),
    reversedMinor: whole("reversed_minor").notNull(),
    differenceMinor: whole("difference_minor").notNull(),
    lines: integer("lines").notNull(),
    /** Receipts of ours that the statement lacks. */
    missing: integer("missing").notNull(),
    /** Lines whose difference is not nought. */
    unexplained: integer("unexplained").notNull(),
    /** A statement lists the whole day. */
    covered: boolean("covered").notNull(),
    state: text("state").notNull(),
    computedAt: instant("computed_at").notNull(),
    /** Since when it is final, without a break. */
    finalAt: instant("final_at"),
  },
  (t) => [
    primaryKey({ name: "till_days_key", columns: [t.tillId, t.provider, t.day] }),
    // What is still to be looked at.
    index("till_days_open").on(t.day).where(sql`state = 'open'`),
    check("till_days_state", sql`${t.state} IN ('open', 'final')`),
    check("till_days_final", sql`(${t.state} = 'final') = (${t.finalAt} IS NOT NULL)`),
    check(
      "till_days_final_agrees",
      sql`${t.state} = 'open' OR (${t.covered} AND ${t.differenceMinor} = 0 AND ${t.unexplained} = 0)`,
    ),
    check("till_days_counts", sql`${t.lines} >= 0 AND ${t.missing} >= 0 AND ${t.unexplained} >= 0`),
  ],
);
