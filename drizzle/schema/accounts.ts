import { sql } from "drizzle-orm";
import { bigint, check, index, integer, pgTable, text } from "drizzle-orm/pg-core";
import { factsVersion, instant, whole } from "./columns.ts";
import { customers } from "./customers.ts";
import { sites } from "./sites.ts";

export const accounts = pgTable(
  "accounts",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    accountNumber: text("account_number").notNull().unique("accounts_account_number"),
    siteCode: text("site_code")
      .notNull()
      .references(() => sites.code),
    customerId: whole("customer_id")
      .notNull()
      .references(() => customers.id),
    status: text("status").notNull(),
    /** When the customer got it; null: not known. */
    openedAt: instant("opened_at"),
    /** When it ended; null: it has not, or nobody knows when. */
    terminatedAt: instant("terminated_at"),
    /** Names the act that opened it, so that a repeat opens no second one; null: brought by the registry. */
    openingKey: text("opening_key").unique("accounts_opening_key"),
    factsVersion: factsVersion(),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [
    check("accounts_number_shape", sql`${t.accountNumber} ~ '^[0-9]{4}[A-Z]{3}$'`),
    check("accounts_number_of_site", sql`right(${t.accountNumber}, 3) = ${t.siteCode}`),
    check("accounts_status", sql`${t.status} IN ('live', 'postpaid', 'terminated')`),
    check("accounts_ended", sql`${t.terminatedAt} IS NULL OR ${t.status} = 'terminated'`),
    check("accounts_order", sql`${t.terminatedAt} >= ${t.openedAt}`),
    // The accounts of a customer: a payer's registered phone leads to them.
    index("accounts_customer").on(t.customerId),
    // A site's list, and the highest number given at a site.
    index("accounts_site").on(t.siteCode, t.accountNumber),
    // "0045", typed without its site.
    index("accounts_digits").on(sql`"left"(${t.accountNumber}, 4)`),
  ],
);

/** One row a site: the last number given by `next_account_number(site)`, which alone writes it. */
export const accountCounters = pgTable("account_counters", {
  siteCode: text("site_code")
    .primaryKey()
    .references(() => sites.code),
  lastNumber: integer("last_number").notNull(),
});
