import { sql } from "drizzle-orm";
import { check, pgTable, text } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { instant, whole } from "./columns.ts";
import { customers } from "./customers.ts";

/** An account whose holder has set a password. It opens nothing once another customer holds the account. */
export const customerLogins = pgTable(
  "customer_logins",
  {
    accountId: whole("account_id")
      .primaryKey()
      .references(() => accounts.id),
    /** Who held the account then. */
    customerId: whole("customer_id")
      .notNull()
      .references(() => customers.id),
    passwordHash: text("password_hash").notNull(),
    claimedAt: instant("claimed_at").notNull(),
    changedAt: instant("changed_at").notNull(),
  },
  (t) => [check("customer_logins_order", sql`${t.changedAt} >= ${t.claimedAt}`)],
);
