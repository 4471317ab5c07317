import { sql } from "drizzle-orm";
import { check, index, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { instant, whole } from "./columns.ts";
import { gatewayPhones } from "./gateway-phones.ts";

/**
 * Outgoing SMS, one row a phone that had it: one that moved to another phone has a row in each. No key to `payments`:
 * the receipt's own row comes from another object's outbox, perhaps later.
 */
export const smsOutbound = pgTable(
  "sms_outbound",
  {
    id: text("id").notNull(),
    phoneId: text("phone_id")
      .notNull()
      .references(() => gatewayPhones.id),
    origin: text("origin").notNull(),
    toPhone: text("to_phone").notNull(),
    content: text("content").notNull(),
    template: text("template"),
    accountId: whole("account_id").references(() => accounts.id),
    receipt: text("receipt"),
    state: text("state").notNull(),
    reason: text("reason"),
    createdAt: instant("created_at").notNull(),
    offeredAt: instant("offered_at"),
    stateAt: instant("state_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    version: whole("version").notNull(),
  },
  (t) => [
    // By id first: delivery reports name the SMS, not the phone.
    primaryKey({ name: "sms_outbound_key", columns: [t.id, t.phoneId] }),
    // What a customer was told.
    index("sms_outbound_account").on(t.accountId, t.createdAt),
    // The newest, and those of the last minutes to one number: a delivery report belongs to one of them.
    index("sms_outbound_created").on(t.createdAt),
    // What still waits or failed, newest first.
    index("sms_outbound_state").on(t.state, t.stateAt),
    check("sms_outbound_origin", sql`${t.origin} IN ('ours', 'legacy')`),
    check(
      "sms_outbound_state_known",
      sql`${t.state} IN ('queued', 'offered', 'unsent', 'pending', 'sent', 'delivered', 'failed', 'expired', 'moved')`,
    ),
  ],
);
