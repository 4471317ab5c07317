import { sql } from "drizzle-orm";
import { bigint, check, index, integer, pgTable, text, unique } from "drizzle-orm/pg-core";
import { instant, whole } from "./columns.ts";

/**
 * What the old system had added up by month or hour. Appended, never changed: to compare with, and for months of which
 * nothing else is left; never the source of a balance. No key to `accounts` or `meters`: the old books name some that
 * never moved in.
 */
export const legacyTotals = pgTable(
  "legacy_totals",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    /** consumption: energy that meters counted. sales: energy and money that were sold. */
    kind: text("kind").notNull(),
    period: text("period").notNull(),
    /** The hour's begin; of a month, its first local midnight. */
    startsAt: instant("starts_at").notNull(),
    /** Canonical where it has that shape, else as it was; null where the meter had no account. */
    accountNumber: text("account_number"),
    meterNumber: text("meter_number"),
    /** By which road the old system had it, in its own word; empty where it did not say. */
    source: text("source").notNull(),
    energyWh: whole("energy_wh"),
    amountMinor: whole("amount_minor"),
    /** Null where there is no money. */
    currency: text("currency"),
    /** How many sales; null: not said. */
    transactions: integer("transactions"),
    /** The table it stood in, and its number there. */
    origin: text("origin").notNull(),
    originId: text("origin_id").notNull(),
    recordedAt: instant("recorded_at").notNull().defaultNow(),
  },
  (t) => [
    // A total of the old books is one row here, whichever file or database brings it. Also an account's months.
    unique("legacy_totals_key")
      .on(t.accountNumber, t.kind, t.period, t.startsAt, t.meterNumber, t.source)
      .nullsNotDistinct(),
    // Reports by month, over all accounts. Hours are too many for a second index, and are asked for by account.
    index("legacy_totals_month").on(t.startsAt, t.kind).where(sql`period = 'month'`),
    check("legacy_totals_kind", sql`${t.kind} IN ('consumption', 'sales')`),
    check("legacy_totals_period", sql`${t.period} IN ('month', 'hour')`),
    check("legacy_totals_of", sql`${t.accountNumber} IS NOT NULL OR ${t.meterNumber} IS NOT NULL`),
    check("legacy_totals_energy", sql`abs(${t.energyWh}) <= 9007199254740991`),
    check("legacy_totals_amount", sql`abs(${t.amountMinor}) <= 9007199254740991`),
    check("legacy_totals_currency", sql`${t.currency} ~ '^[A-Z]{3}$'`),
    check("legacy_totals_money", sql`(${t.amountMinor} IS NULL) = (${t.currency} IS NULL)`),
    check("legacy_totals_transactions", sql`${t.transactions} >= 0`),
    check("legacy_totals_origin", sql`${t.origin} ~ '^(access|postgres):[A-Za-z0-9_]{1,63}$'`),
  ],
);
