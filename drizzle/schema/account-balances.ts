import { pgTable } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { instant, whole } from "./columns.ts";

/**
 * The balance after an account's newest recorded entry. Kept by a trigger on `ledger_entries` alone (0001), so that
 * nobody can type one in or forget it; a late entry with a lower sequence changes nothing.
 */
export const accountBalances = pgTable("account_balances", {
  accountId: whole("account_id")
    .primaryKey()
    .references(() => accounts.id),
  balanceWh: whole("balance_wh").notNull(),
  seq: whole("seq").notNull(),
  asOf: instant("as_of").notNull(),
});
