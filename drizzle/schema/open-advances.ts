import { sql } from "drizzle-orm";
import { check, pgTable, primaryKey, text, unique } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { instant, whole } from "./columns.ts";
import { ledgerEntries } from "./ledger-entries.ts";

/**
 * The advance of a kind that an account owes: one, by its key. Kept by a trigger on `ledger_entries` alone, in the transaction of the
 * copy; gone once nothing of it is owed. A second grant while one is open never stops the copy: it is a case `two_advances`.
 */
export const openAdvances = pgTable(
  "open_advances",
  {
    accountId: whole("account_id")
      .notNull()
      .references(() => accounts.id),
    /** `advance.connection` or `advance.readyboard`. */
    part: text("part").notNull(),
    /** The grant that holds the key: the newest that was made while nothing of the kind was owed. */
    entryKey: text("entry_key")
      .notNull()
      .references(() => ledgerEntries.entryKey),
    grantedAt: instant("granted_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.part] }),
    unique("open_advances_entry").on(t.entryKey),
    check("open_advances_part", sql`${t.part} ~ '^advance[.](connection|readyboard)$'`),
  ],
);
