import { sql } from "drizzle-orm";
import { check, integer, pgTable, text } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { instant, whole } from "./columns.ts";

/** The wallet on a vendor's platform as it was seen last: for showing, with its age. No posting is made from it. */
export const liveBalances = pgTable(
  "live_balances",
  {
    accountId: whole("account_id")
      .primaryKey()
      .references(() => accounts.id),
    vendor: text("vendor").notNull(),
    /** Currency, as the platform says it; null: it showed no wallet. */
    walletMinor: whole("wallet_minor"),
    currency: text("currency").notNull(),
    /** Our own rate then, in ten-thousandths of a currency unit per kWh; null: nothing was vended. */
    rateE4PerKwh: integer("rate_e4_per_kwh"),
    /** The wallet at that rate. */
    balanceWh: whole("balance_wh"),
    readAt: instant("read_at").notNull(),
  },
  (t) => [
    check("live_balances_vendor", sql`${t.vendor} IN ('koios', 'thundercloud')`),
    check("live_balances_currency", sql`${t.currency} ~ '^[A-Z]{3}$'`),
    check(
      "live_balances_valued",
      sql`(${t.balanceWh} IS NULL) = (${t.walletMinor} IS NULL OR ${t.rateE4PerKwh} IS NULL)`,
    ),
  ],
);
