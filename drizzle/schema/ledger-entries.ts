import { sql } from "drizzle-orm";
import { bigint, check, index, numeric, pgTable, text, unique } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { instant, whole } from "./columns.ts";
import { payments } from "./payments.ts";
import { tariffs } from "./tariffs.ts";

/**
 * Double entry. Appended, never changed. The rows of a posting add up to zero in watt-hours and in each currency
 * (deferred trigger in 0001). Not partitioned, so that both keys hold over all time.
 */
export const ledgerEntries = pgTable(
  "ledger_entries",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    entryKey: text("entry_key").notNull(),
    postingId: text("posting_id").notNull(),
    book: text("book").notNull(),
    kind: text("kind").notNull(),
    energyWh: whole("energy_wh").notNull(),
    amountMinor: whole("amount_minor").notNull(),
    currency: text("currency").notNull(),
    provider: text("provider"),
    /** Null in our own books. */
    accountId: whole("account_id").references(() => accounts.id),
    seq: whole("seq"),
    balanceAfterWh: whole("balance_after_wh"),
    tariffId: whole("tariff_id").references(() => tariffs.id),
    /** Ten-thousandths of a currency unit per kWh, as applied. */
    rateE4PerKwh: numeric("rate_e4_per_kwh", { precision: 18, scale: 0 }),
    /** The account's copy leaves a stand-in payment where the ReceiptBook's row has not come yet. */
    receipt: text("receipt").references(() => payments.receipt),
    actor: text("actor"),
    reason: text("reason"),
    hash: text("hash"),
    occurredAt: instant("occurred_at").notNull(),
    acceptedAt: instant("accepted_at").notNull(),
    recordedAt: instant("recorded_at").notNull().defaultNow(),
  },
  (t) => [
    // Each key once, for ever. Made before the next one: of two writers with the same row the second must meet this first.
    unique("ledger_entries_entry_key").on(t.entryKey),
    // Each place in an account's order once; also its statement and the walk of its restore.
    unique("ledger_entries_account_seq").on(t.accountId, t.seq),
    // The trigger adds up a posting, and "explain this line" shows its other side.
    index("ledger_entries_posting").on(t.postingId),
    // What a receipt has moved.
    index("ledger_entries_receipt").on(t.receipt).where(sql`receipt IS NOT NULL`),
    // Reports by book and day.
    index("ledger_entries_book").on(t.book, t.occurredAt),
    // What was credited on a day: few rows among those of what was used.
    index("ledger_entries_credited")
      .on(t.occurredAt)
      .where(sql`kind IN ('payment', 'reversal') AND book IN ('customer_energy', 'customer_fees')`),
    // What an account owes beside energy: few of its entries are of it.
    index("ledger_entries_fees").on(t.accountId, t.seq).where(sql`book = 'customer_fees'`),
    check(
      "ledger_entries_book_known",
      sql`${t.book} IN ('customer_energy', 'customer_fees', 'clearing', 'suspense', 'treasury', 'revenue',
        'energy_sold', 'energy_used', 'corrections', 'opening')`,
    ),
    check(
      "ledger_entries_kind",
      sql`${t.kind} IN ('payment', 'consumption', 'fee', 'advance', 'correction', 'opening', 'reversal')`,
    ),
    check("ledger_entries_currency", sql`${t.currency} ~ '^[A-Z]{3}$'`),
    check("ledger_entries_provider", sql`${t.provider} IN ('mpesa', 'ecocash', 'momo', 'cash')`),
    check(
      "ledger_entries_exact",
      sql`greatest(abs(${t.energyWh}), abs(${t.amountMinor}), abs(${t.balanceAfterWh})) <= 9007199254740991`,
    ),
    check("ledger_entries_rate", sql`${t.rateE4PerKwh} > 0`),
    check(
      "ledger_entries_customer_side",
      sql`CASE WHEN ${t.book} IN ('customer_energy', 'customer_fees')
        THEN ${t.accountId} IS NOT NULL AND ${t.seq} IS NOT NULL AND ${t.seq} >= 1 AND ${t.balanceAfterWh} IS NOT NULL AND ${t.hash} IS NOT NULL
        ELSE ${t.accountId} IS NULL AND ${t.seq} IS NULL AND ${t.balanceAfterWh} IS NULL AND ${t.hash} IS NULL END`,
    ),
  ],
);
