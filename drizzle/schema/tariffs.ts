import { sql } from "drizzle-orm";
import { bigint, boolean, check, index, numeric, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { factsVersion, instant, whole } from "./columns.ts";
import { sites } from "./sites.ts";

/**
 * Rates with the instant they begin. Rows are only added, since entries carry their tariff's id; one that has not begun may
 * be cancelled, once. Nothing else of a row ever changes (trigger keep_tariff).
 */
export const tariffs = pgTable(
  "tariffs",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    scope: text("scope").notNull(),
    siteCode: text("site_code").references(() => sites.code),
    accountId: whole("account_id").references(() => accounts.id),
    /** Currency units per kWh, four decimals; null: from then on nothing is vended, unless the row ends its scope's say. */
    rate: numeric("rate", { precision: 14, scale: 4 }),
    /** From then on this scope has no say: the next wider one decides. */
    ends: boolean("ends").notNull().default(false),
    validFrom: instant("valid_from").notNull(),
    /** Who set it and why; null in rows older than these columns whose act nobody knows. */
    createdBy: text("created_by"),
    reason: text("reason"),
    cancelledAt: instant("cancelled_at"),
    cancelledBy: text("cancelled_by"),
    cancelReason: text("cancel_reason"),
    factsVersion: factsVersion(),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [
    // Of one scope only one rate begins at an instant, so that which applies is never a matter of order. A cancelled one
    // leaves its instant free.
    uniqueIndex("tariffs_start")
      .on(t.scope, sql`coalesce(${t.siteCode}, '')`, sql`coalesce(${t.accountId}, 0)`, t.validFrom)
      .where(sql`cancelled_at IS NULL`),
    check(
      "tariffs_scope",
      sql`CASE ${t.scope} WHEN 'global' THEN ${t.siteCode} IS NULL AND ${t.accountId} IS NULL
        WHEN 'site' THEN ${t.siteCode} IS NOT NULL AND ${t.accountId} IS NULL
        WHEN 'account' THEN ${t.siteCode} IS NULL AND ${t.accountId} IS NOT NULL ELSE false END`,
    ),
    check("tariffs_rate_positive", sql`${t.rate} > 0`),
    // Above the country is nobody whose say could come back.
    check("tariffs_ends", sql`NOT ${t.ends} OR (${t.rate} IS NULL AND ${t.scope} <> 'global')`),
    check(
      "tariffs_cancelled",
      sql`CASE WHEN ${t.cancelledAt} IS NULL THEN ${t.cancelledBy} IS NULL AND ${t.cancelReason} IS NULL
        ELSE ${t.cancelledBy} IS NOT NULL AND ${t.cancelReason} IS NOT NULL AND ${t.cancelledAt} < ${t.validFrom} END`,
    ),
    // The rates of an account, for its object.
    index("tariffs_account").on(t.accountId),
  ],
);
