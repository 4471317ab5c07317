import { sql } from "drizzle-orm";
import { check, date, index, integer, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { instant, whole } from "./columns.ts";

/**
 * Our balance beside the wallet on the vendor's platform, once an account and UTC day: the day's last look. A look changes
 * neither side; what it finds is a case until a person or time has settled it.
 */
export const walletChecks = pgTable(
  "wallet_checks",
  {
    accountId: whole("account_id")
      .notNull()
      .references(() => accounts.id),
    day: date("day", { mode: "string" }).notNull(),
    vendor: text("vendor").notNull(),
    readAt: instant("read_at").notNull(),
    /** As the platform says it: currency. Null: it shows no wallet. */
    walletMinor: whole("wallet_minor"),
    currency: text("currency").notNull(),
    /** Ten-thousandths of a currency unit per kWh: ours, which values the wallet, and the platform's own. */
    rateE4PerKwh: integer("rate_e4_per_kwh"),
    theirRateE4PerKwh: integer("their_rate_e4_per_kwh"),
    oursWh: whole("ours_wh").notNull(),
    /** Null where the wallet or the rate is not known. */
    theirsWh: whole("theirs_wh"),
    /** agree: within the tolerance. waits: time puts it right. differ: a case. unknown: nothing can be said. */
    verdict: text("verdict").notNull(),
    /** The largest first; of an unknown one, why. */
    causes: jsonb("causes").notNull(),
  },
  (t) => [
    primaryKey({ name: "wallet_checks_key", columns: [t.accountId, t.day] }),
    // A day's differences.
    index("wallet_checks_day").on(t.day, t.verdict),
    check("wallet_checks_vendor", sql`${t.vendor} IN ('koios', 'thundercloud')`),
    check("wallet_checks_currency", sql`${t.currency} ~ '^[A-Z]{3}$'`),
    check("wallet_checks_verdict", sql`${t.verdict} IN ('agree', 'waits', 'differ', 'unknown')`),
    check("wallet_checks_known", sql`(${t.verdict} = 'unknown') = (${t.theirsWh} IS NULL)`),
  ],
);
