import { sql } from "drizzle-orm";
import { bigint, check, index, pgTable, text, unique } from "drizzle-orm/pg-core";
import { instant, whole } from "./columns.ts";

/**
 * What the old system's history says, row by row, as it was when it was brought over. Appended, never changed; reports
 * join it by date, and it is never in the ledger. No key to `accounts`: the history names accounts that never moved in.
 */
export const legacyTransactions = pgTable(
  "legacy_transactions",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    /** The table or file it stood in, and its number there. */
    source: text("source").notNull(),
    sourceId: text("source_id").notNull(),
    kind: text("kind").notNull(),
    /** Canonical where it has that shape, else as it was; null where the row named none. */
    accountNumber: text("account_number"),
    /** Signed: a payment taken back is negative. Null where the row is about energy alone. */
    amountMinor: whole("amount_minor"),
    currency: text("currency").notNull(),
    energyWh: whole("energy_wh"),
    /** Null where the row has none, or one that cannot be. */
    paidAt: instant("paid_at"),
    /** The operator's, canonical; null where the old system did not know it. */
    receipt: text("receipt"),
    payerPhone: text("payer_phone"),
    recordedAt: instant("recorded_at").notNull().defaultNow(),
  },
  (t) => [
    // A row of the old books is one row here, however often it is brought.
    unique("legacy_transactions_source").on(t.source, t.sourceId),
    // Undated payments in the first 30 days: is this one already in the old books, without its receipt?
    index("legacy_transactions_twin_account").on(t.accountNumber, t.amountMinor).where(sql`receipt IS NULL`),
    index("legacy_transactions_twin_payer")
      .on(sql`right(${t.payerPhone}, 8)`, t.amountMinor)
      .where(sql`receipt IS NULL`),
    // Why a receipt is held by `legacy`.
    index("legacy_transactions_receipt").on(t.receipt),
    // Reports by day, and an account's history.
    index("legacy_transactions_paid_at").on(t.paidAt),
    index("legacy_transactions_account").on(t.accountNumber, t.paidAt),
    check("legacy_transactions_kind", sql`${t.kind} IN ('payment', 'fee', 'consumption', 'correction', 'unknown')`),
    check("legacy_transactions_currency", sql`${t.currency} ~ '^[A-Z]{3}$'`),
    check("legacy_transactions_amount", sql`abs(${t.amountMinor}) <= 9007199254740991`),
    check("legacy_transactions_energy", sql`abs(${t.energyWh}) <= 9007199254740991`),
    check(
      "legacy_transactions_receipt_canonical",
      sql`${t.receipt} ~ '^[^a-z[:space:]]+$' AND length(${t.receipt}) <= 64`,
    ),
    check("legacy_transactions_payer_digits", sql`${t.payerPhone} ~ '^[0-9]{6,15}$'`),
  ],
);
