import { sql } from "drizzle-orm";
import { check, index, pgTable, text } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { instant, whole } from "./columns.ts";

/**
 * An order about what an account owes beside energy: charged by the registration or by a person, written off or paid back by
 * two. The account posts it; what it owes is its entries, never this row.
 */
export const feeOrders = pgTable(
  "fee_orders",
  {
    /** Drawn from the order's own name, so that sending it again is the same order; also in the key of its entry. */
    id: text("id").primaryKey(),
    accountId: whole("account_id")
      .notNull()
      .references(() => accounts.id),
    act: text("act").notNull(),
    part: text("part").notNull(),
    /** Null: the country's price, until the account has answered. */
    amountMinor: whole("amount_minor"),
    currency: text("currency").notNull(),
    reason: text("reason").notNull(),
    /** What says so, where somebody can look it up; a charge needs none. */
    document: text("document"),
    state: text("state").notNull(),
    /** Why it was refused, by a person or by the account. */
    because: text("because"),
    orderedBy: text("ordered_by").notNull(),
    orderedAt: instant("ordered_at").notNull(),
    decidedBy: text("decided_by"),
    decidedAt: instant("decided_at"),
    postedAt: instant("posted_at"),
  },
  (t) => [
    // An account's orders.
    index("fee_orders_account").on(t.accountId, t.orderedAt),
    // Those that wait for a person, and those that are still to be posted.
    index("fee_orders_open").on(t.orderedAt).where(sql`${t.state} IN ('waiting', 'approved')`),
    check("fee_orders_act", sql`${t.act} IN ('charge', 'writeoff', 'refund')`),
    check("fee_orders_part", sql`${t.part} ~ '^[a-z][a-z0-9.-]{0,59}$'`),
    check("fee_orders_amount", sql`${t.amountMinor} > 0`),
    check("fee_orders_priced", sql`${t.amountMinor} IS NOT NULL OR (${t.act} = 'charge' AND ${t.state} <> 'posted')`),
    check("fee_orders_currency", sql`${t.currency} ~ '^[A-Z]{3}$'`),
    check("fee_orders_state", sql`${t.state} IN ('waiting', 'approved', 'posted', 'refused')`),
    check("fee_orders_because", sql`(${t.state} = 'refused') = (${t.because} IS NOT NULL)`),
    check("fee_orders_posted", sql`(${t.state} = 'posted') = (${t.postedAt} IS NOT NULL)`),
    check("fee_orders_named", sql`${t.reason} <> '' AND ${t.orderedBy} <> ''`),
    // What gives away our money names a document, and nobody does it alone.
    check(
      "fee_orders_two",
      sql`${t.act} = 'charge' OR (coalesce(${t.document}, '') <> '' AND (${t.state} NOT IN ('approved', 'posted') OR ${t.decidedBy} IS NOT NULL))`,
    ),
    // Letter case and spaces make nobody a second person.
    check(
      "fee_orders_second",
      sql`${t.decidedBy} IS NULL OR lower(regexp_replace(${t.decidedBy}, '[[:space:]]', '', 'g')) <> lower(regexp_replace(${t.orderedBy}, '[[:space:]]', '', 'g'))`,
    ),
  ],
);

/** What a person found of a payment that was taken for a fee by its amount alone. Without a row it waits. */
export const feeVerifications = pgTable(
  "fee_verifications",
  {
    /** The part's entry: `receipt:QK7…#1.1/fee.connection`. */
    entryKey: text("entry_key").primaryKey(),
    verdict: text("verdict").notNull(),
    note: text("note").notNull(),
    verifiedBy: text("verified_by").notNull(),
    verifiedAt: instant("verified_at").notNull(),
  },
  (t) => [
    check("fee_verifications_verdict", sql`${t.verdict} IN ('verified', 'rejected')`),
    check("fee_verifications_named", sql`${t.verifiedBy} <> '' AND ${t.note} <> ''`),
  ],
);
