import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { instant, whole } from "./columns.ts";
import { payments } from "./payments.ts";

/** Who held which share of a receipt in each generation. Appended, never changed: a move adds a generation. */
export const paymentAllocations = pgTable(
  "payment_allocations",
  {
    receipt: text("receipt")
      .notNull()
      .references(() => payments.receipt),
    generation: integer("generation").notNull(),
    share: integer("share").notNull(),
    holderKind: text("holder_kind").notNull(),
    accountId: whole("account_id").references(() => accounts.id),
    amountMinor: whole("amount_minor").notNull(),
    because: text("because"),
    entryKey: text("entry_key").notNull(),
    actor: text("actor"),
    reason: text("reason"),
    at: instant("at").notNull(),
  },
  (t) => [
    // One holder a share and generation: of two people, or a person and a resend, one wins.
    primaryKey({ name: "payment_allocations_key", columns: [t.receipt, t.generation, t.share] }),
    // An account that restores itself asks which keys named it and were never posted.
    index("payment_allocations_account").on(t.accountId, t.entryKey),
    check("payment_allocations_numbers", sql`${t.generation} >= 1 AND ${t.share} >= 1`),
    check("payment_allocations_amount", sql`${t.amountMinor} BETWEEN 1 AND 9007199254740991`),
    check(
      "payment_allocations_holder_kind",
      sql`${t.holderKind} IN ('account', 'suspense', 'treasury', 'returned', 'legacy')`,
    ),
    check("payment_allocations_holder_account", sql`(${t.holderKind} = 'account') = (${t.accountId} IS NOT NULL)`),
  ],
);
