import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, text } from "drizzle-orm/pg-core";
import { instant, whole } from "./columns.ts";
import { tills } from "./tills.ts";

/**
 * Money that waits for a person. No key to `payments`: the case of a text without a receipt is closed with the receipt
 * a person typed, whose own row comes from another object's outbox, perhaps later.
 */
export const suspenseCases = pgTable(
  "suspense_cases",
  {
    caseKey: text("case_key").primaryKey(),
    receipt: text("receipt"),
    generation: integer("generation"),
    share: integer("share"),
    tillId: text("till_id").references(() => tills.id),
    amountMinor: whole("amount_minor").notNull(),
    currency: text("currency").notNull(),
    because: text("because").notNull(),
    hintAccounts: text("hint_accounts").array().notNull(),
    hintNote: text("hint_note").notNull(),
    payerPhone: text("payer_phone"),
    text: text("text"),
    state: text("state").notNull(),
    openedAt: instant("opened_at").notNull(),
    closedAt: instant("closed_at"),
    version: whole("version").notNull(),
  },
  (t) => [
    // The case of a receipt.
    index("suspense_cases_receipt").on(t.receipt),
    // The open ones, oldest first: the list that is worked off.
    index("suspense_cases_open").on(t.openedAt).where(sql`state = 'open'`),
    check("suspense_cases_amount", sql`${t.amountMinor} BETWEEN 0 AND 9007199254740991`),
    check("suspense_cases_currency", sql`${t.currency} ~ '^[A-Z]{3}$'`),
    check("suspense_cases_state", sql`${t.state} IN ('open', 'closed')`),
  ],
);
