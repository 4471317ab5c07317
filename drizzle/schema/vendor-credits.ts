import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, text } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { instant, whole } from "./columns.ts";

/** A credit that a meter vendor's platform must get, exactly once: named by the entry it carries there. */
export const vendorCredits = pgTable(
  "vendor_credits",
  {
    /** The entry's key, sent as the vendor's external id: a repeat is the same credit there too. */
    externalId: text("external_id").primaryKey(),
    accountId: whole("account_id")
      .notNull()
      .references(() => accounts.id),
    vendor: text("vendor").notNull(),
    amountMinor: whole("amount_minor").notNull(),
    currency: text("currency").notNull(),
    state: text("state").notNull(),
    /** Why it is blocked, rejected or dead; null otherwise. */
    because: text("because"),
    attempts: integer("attempts").notNull().default(0),
    nextAt: instant("next_at"),
    /** The vendor's own number for it. */
    vendorId: text("vendor_id"),
    queuedAt: instant("queued_at").notNull(),
    sentAt: instant("sent_at"),
    confirmedAt: instant("confirmed_at"),
    version: whole("version").notNull(),
  },
  (t) => [
    // What is due next, of what has not ended.
    index("vendor_credits_due").on(t.nextAt).where(sql`${t.state} IN ('queued', 'sent', 'blocked')`),
    // An account's credits.
    index("vendor_credits_account").on(t.accountId, t.queuedAt),
    check("vendor_credits_vendor", sql`${t.vendor} IN ('koios', 'thundercloud')`),
    check("vendor_credits_amount", sql`${t.amountMinor} <> 0`),
    check("vendor_credits_currency", sql`${t.currency} IN ('LSL', 'XOF', 'ZMW')`),
    check("vendor_credits_state", sql`${t.state} IN ('queued', 'sent', 'confirmed', 'rejected', 'blocked', 'dead')`),
    check("vendor_credits_because", sql`(${t.state} IN ('rejected', 'blocked', 'dead')) = (${t.because} IS NOT NULL)`),
    check("vendor_credits_confirmed", sql`(${t.state} = 'confirmed') = (${t.confirmedAt} IS NOT NULL)`),
    check("vendor_credits_attempts", sql`${t.attempts} >= 0 AND ${t.version} >= 0`),
  ],
);
