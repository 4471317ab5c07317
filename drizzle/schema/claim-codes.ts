import { sql } from "drizzle-orm";
import { bigint, check, index, integer, pgTable, text } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { instant, whole } from "./columns.ts";

/** Codes sent to the phone on file: whoever types one proves to hold the account, and sets its password. */
export const claimCodes = pgTable(
  "claim_codes",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    accountId: whole("account_id")
      .notNull()
      .references(() => accounts.id),
    /** Keyed: six digits alone could be found from their hash. */
    codeHash: text("code_hash").notNull(),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    tries: integer("tries").notNull().default(0),
    usedAt: instant("used_at"),
  },
  (t) => [
    check("claim_codes_order", sql`${t.expiresAt} > ${t.createdAt}`),
    check("claim_codes_tries", sql`${t.tries} >= 0`),
    // The newest code of an account, and how many went out lately.
    index("claim_codes_account").on(t.accountId, t.createdAt),
    // What is over is deleted.
    index("claim_codes_created").on(t.createdAt),
  ],
);
