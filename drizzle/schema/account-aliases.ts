import { sql } from "drizzle-orm";
import { bigint, check, index, pgTable, text } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { instant, whole } from "./columns.ts";

/** Old channel ids and spellings, with the dates they meant the account. No overlap an alias: exclusion constraint in 0001. */
export const accountAliases = pgTable(
  "account_aliases",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    alias: text("alias").notNull(),
    accountId: whole("account_id")
      .notNull()
      .references(() => accounts.id),
    validFrom: instant("valid_from").notNull(),
    validTo: instant("valid_to"),
  },
  (t) => [
    check("account_aliases_order", sql`${t.validTo} > ${t.validFrom}`),
    // The aliases of an account, for its page. (Finding by alias uses the exclusion constraint's own index.)
    index("account_aliases_account").on(t.accountId),
  ],
);
