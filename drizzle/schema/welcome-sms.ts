import { sql } from "drizzle-orm";
import { check, index, pgTable, text } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { instant, whole } from "./columns.ts";
import { customers } from "./customers.ts";

/** The SMS that welcomes a new customer: one a customer, however often the act is repeated. Sent a few at a time. */
export const welcomeSms = pgTable(
  "welcome_sms",
  {
    customerId: whole("customer_id")
      .primaryKey()
      .references(() => customers.id),
    accountId: whole("account_id")
      .notNull()
      .references(() => accounts.id),
    /** waiting, bound (a phone is chosen for good), handed (the phone's Mailbox has it), left (never sent). */
    state: text("state").notNull().default("waiting"),
    phoneId: text("phone_id"),
    /** The SMS as it is handed over, from the moment the phone was chosen. */
    content: text("content"),
    /** Why it was left. */
    because: text("because"),
    createdAt: instant("created_at").notNull(),
    stateAt: instant("state_at").notNull(),
  },
  (t) => [
    // Those to send, the oldest first.
    index("welcome_sms_open").on(t.createdAt).where(sql`state IN ('waiting', 'bound')`),
    check("welcome_sms_state", sql`${t.state} IN ('waiting', 'bound', 'handed', 'left')`),
    check("welcome_sms_bound", sql`${t.state} NOT IN ('bound', 'handed') OR ${t.phoneId} IS NOT NULL`),
  ],
);
