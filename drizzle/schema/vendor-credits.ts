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
    /** How it is spelled there, given when it is queued; null: as it is. */
    sentAs: text("sent_as"),
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
    /** What the vendor shows beside it. */
    memo: text("memo"),
    /** What went wrong last, for a person. */
    error: text("error"),
    /** Since when the wallet must not have it any more; null: it is wanted. */
    unwantedAt: instant("unwanted_at"),
    /** When a case was opened over its age; null: there is none now. */
    caseOpenedAt: instant("case_opened_at"),
    queuedAt: instant("queued_at").notNull(),
    sentAt: instant("sent_at"),
    confirmedAt: instant("confirmed_at"),
    version: whole("version").notNull(),
  },
  (t) => [
    // What is due next, of what has not ended.
    index("vendor_credits_due").on(t.nextAt).where(sql`${t.state} IN ('queued', 'sent', 'blocked', 'taking_back')`),
    // An account's credits.
    index("vendor_credits_account").on(t.accountId, t.queuedAt),
    // What each wallet does not have and is to have, or the other way about, the oldest first: the alarms look each minute.
    index("vendor_credits_open")
      .on(t.vendor, t.state, t.queuedAt)
      .where(
        sql`state IN ('queued', 'sent', 'taking_back', 'rejected', 'dead')
  OR (state = 'blocked' AND (because IN ('neither', 'writer_unknown', 'vendor_unset') OR (because = 'no_meter' AND attempts > 0)
    OR (because = 'legacy_writes_site' AND next_at IS NOT NULL AND external_id LIKE 'receipt:%')))`,
      ),
    check("vendor_credits_vendor", sql`${t.vendor} IN ('koios', 'thundercloud')`),
    check("vendor_credits_amount", sql`${t.amountMinor} <> 0`),
    check("vendor_credits_currency", sql`${t.currency} ~ '^[A-Z]{3}$'`),
    check(
      "vendor_credits_state",
      sql`${t.state} IN ('queued', 'sent', 'confirmed', 'rejected', 'blocked', 'dead', 'withdrawn', 'taking_back', 'taken_back')`,
    ),
    check("vendor_credits_because", sql`(${t.state} IN ('rejected', 'blocked', 'dead')) = (${t.because} IS NOT NULL)`),
    // One that is taken back again, or stands otherwise there than it did, keeps the instant at which it was confirmed.
    check(
      "vendor_credits_confirmed",
      sql`(${t.state} <> 'confirmed' OR ${t.confirmedAt} IS NOT NULL)
        AND (${t.confirmedAt} IS NULL OR ${t.state} NOT IN ('queued', 'sent', 'blocked', 'withdrawn'))`,
    ),
    check("vendor_credits_attempts", sql`${t.attempts} >= 0 AND ${t.version} >= 0`),
  ],
);
