import { sql } from "drizzle-orm";
import { bigint, check, index, numeric, pgTable, text, unique } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { factsVersion, instant, whole } from "./columns.ts";
import { sites } from "./sites.ts";

/** Rates with the instant they begin. Rows are only added: entries carry their tariff's id. */
export const tariffs = pgTable(
  "tariffs",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    scope: text("scope").notNull(),
    siteCode: text("site_code").references(() => sites.code),
    accountId: whole("account_id").references(() => accounts.id),
    /** Currency units per kWh, four decimals; null: from then on nothing is vended. */
    rate: numeric("rate", { precision: 14, scale: 4 }),
    validFrom: instant("valid_from").notNull(),
    factsVersion: factsVersion(),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [
    // Of one scope only one rate begins at an instant, so that which applies is never a matter of order.
    unique("tariffs_start").on(t.scope, t.siteCode, t.accountId, t.validFrom).nullsNotDistinct(),
    check(
      "tariffs_scope",
      sql`CASE ${t.scope} WHEN 'global' THEN ${t.siteCode} IS NULL AND ${t.accountId} IS NULL
        WHEN 'site' THEN ${t.siteCode} IS NOT NULL AND ${t.accountId} IS NULL
        WHEN 'account' THEN ${t.siteCode} IS NULL AND ${t.accountId} IS NOT NULL ELSE false END`,
    ),
    check("tariffs_rate_positive", sql`${t.rate} > 0`),
    // The rates of an account, for its object.
    index("tariffs_account").on(t.accountId),
  ],
);
