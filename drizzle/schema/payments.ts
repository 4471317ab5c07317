import { sql } from "drizzle-orm";
import { boolean, check, index, integer, pgTable, text } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { instant, whole } from "./columns.ts";
import { tills } from "./tills.ts";

/**
 * One row a receipt. Generation 0 is a stand-in that an account's posting left because it came before the
 * ReceiptBook's own row; what only the ReceiptBook knows is null in it. From generation 1 on, receipt, provider,
 * amount, currency and instant are fixed, and generation and version only rise (trigger in 0001).
 */
export const payments = pgTable(
  "payments",
  {
    receipt: text("receipt").primaryKey(),
    shard: integer("shard"),
    provider: text("provider"),
    amountMinor: whole("amount_minor").notNull(),
    currency: text("currency").notNull(),
    /** The account that holds the whole amount; null in suspense or split. */
    accountId: whole("account_id").references(() => accounts.id),
    holderKind: text("holder_kind").notNull(),
    paidAt: instant("paid_at").notNull(),
    payerPhone: text("payer_phone"),
    tillId: text("till_id").references(() => tills.id),
    road: text("road"),
    generation: integer("generation").notNull(),
    version: whole("version").notNull(),
    blocked: boolean("blocked").notNull(),
    claimedAt: instant("claimed_at"),
    recordedAt: instant("recorded_at").notNull().defaultNow(),
  },
  (t) => [
    // A shard that restores itself reads its receipts in order.
    index("payments_shard").on(t.shard, t.receipt),
    // The daily comparison with a shard.
    index("payments_shard_day").on(t.shard, t.claimedAt),
    // An account's payments, newest first.
    index("payments_account").on(t.accountId, t.paidAt),
    // For whom a payer has paid lately: hints for money that waits.
    index("payments_payer").on(t.payerPhone, t.paidAt).where(sql`payer_phone IS NOT NULL`),
    // The newest claims, and those of today.
    index("payments_claimed").on(t.claimedAt),
    // Reports by day.
    index("payments_paid_at").on(t.paidAt),
    // The beginning of a receipt, and the end of a payer's phone, as a person types them.
    index("payments_receipt_begins").on(t.receipt.op("text_pattern_ops")),
    index("payments_phone_ends").on(sql`reverse(${t.payerPhone}) text_pattern_ops`).where(sql`payer_phone IS NOT NULL`),
    // A rare amount, without going past all others.
    index("payments_amount").on(t.amountMinor),
    // What no account holds, newest first: few among very many.
    index("payments_not_of_account").on(t.holderKind, t.paidAt).where(sql`holder_kind <> 'account'`),
    check("payments_receipt_canonical", sql`${t.receipt} ~ '^[^a-z[:space:]]+$' AND length(${t.receipt}) <= 300`),
    check("payments_amount_positive", sql`${t.amountMinor} BETWEEN 1 AND 9007199254740991`),
    check("payments_currency", sql`${t.currency} ~ '^[A-Z]{3}$'`),
    check("payments_provider", sql`${t.provider} IN ('mpesa', 'ecocash', 'momo', 'cash')`),
    check(
      "payments_road",
      sql`${t.road} IN ('sms', 'contract_sms', 'webhook', 'manual', 'statement', 'mirror', 'legacy')`,
    ),
    check(
      "payments_holder_kind",
      sql`${t.holderKind} IN ('account', 'suspense', 'treasury', 'returned', 'legacy', 'split')`,
    ),
    check("payments_holder_account", sql`(${t.holderKind} = 'account') = (${t.accountId} IS NOT NULL)`),
    check(
      "payments_claimed_is_whole",
      sql`${t.generation} >= 0 AND ${t.version} >= 0 AND (${t.generation} = 0
        OR (${t.shard} IS NOT NULL AND ${t.provider} IS NOT NULL AND ${t.road} IS NOT NULL AND ${t.claimedAt} IS NOT NULL))`,
    ),
  ],
);
