import { sql } from "drizzle-orm";
import { check, index, pgTable, text } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { instant, whole } from "./columns.ts";

/** An order of people to put a balance right: typed by one, with a document, and above a limit approved by another. */
export const corrections = pgTable(
  "corrections",
  {
    /** Drawn from the order's own name, so that sending it again is the same order; also in the key of its entry. */
    id: text("id").primaryKey(),
    accountId: whole("account_id")
      .notNull()
      .references(() => accounts.id),
    /** Either energy or money; below zero takes away. */
    energyWh: whole("energy_wh"),
    amountMinor: whole("amount_minor"),
    currency: text("currency").notNull(),
    /** What it was worth when it was ordered, whichever way it goes; null: the account had no tariff. */
    worthMinor: whole("worth_minor"),
    code: text("code").notNull(),
    reason: text("reason").notNull(),
    document: text("document").notNull(),
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
    // An account's orders, and what was ordered for it today.
    index("corrections_account").on(t.accountId, t.orderedAt),
    // Those that wait for a person, and those that are still to be posted.
    index("corrections_open").on(t.orderedAt).where(sql`${t.state} IN ('waiting', 'approved')`),
    check("corrections_one", sql`(${t.energyWh} IS NULL) <> (${t.amountMinor} IS NULL)`),
    check("corrections_some", sql`coalesce(${t.energyWh}, ${t.amountMinor}) <> 0 AND ${t.worthMinor} >= 0`),
    check("corrections_currency", sql`${t.currency} ~ '^[A-Z]{3}$'`),
    check(
      "corrections_code",
      sql`${t.code} IN ('payment_missing', 'payment_twice', 'wrong_account', 'wrong_tariff', 'meter_fault', 'reading_wrong',
        'legacy_error', 'goodwill')`,
    ),
    check("corrections_state", sql`${t.state} IN ('waiting', 'approved', 'posted', 'refused')`),
    check("corrections_because", sql`(${t.state} = 'refused') = (${t.because} IS NOT NULL)`),
    check("corrections_posted", sql`(${t.state} = 'posted') = (${t.postedAt} IS NOT NULL)`),
    check("corrections_named", sql`${t.reason} <> '' AND ${t.document} <> '' AND ${t.orderedBy} <> ''`),
    // Letter case and spaces make nobody a second person.
    check(
      "corrections_second",
      sql`${t.decidedBy} IS NULL OR lower(regexp_replace(${t.decidedBy}, '[[:space:]]', '', 'g')) <> lower(regexp_replace(${t.orderedBy}, '[[:space:]]', '', 'g'))`,
    ),
  ],
);
