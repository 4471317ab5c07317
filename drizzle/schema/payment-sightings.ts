import { sql } from "drizzle-orm";
import { bigint, check, index, pgTable, text } from "drizzle-orm/pg-core";
import { instant, whole } from "./columns.ts";

/**
 * Every time a receipt was seen, by whichever road. Appended, never changed. No key to `payments`: a reversal may name
 * a receipt that never came. No key to `accounts`: the number is as it was seen, perhaps of no account.
 */
export const paymentSightings = pgTable(
  "payment_sightings",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    // Named by what was seen: the same thing seen again is the same sighting.
    sightingKey: text("sighting_key").notNull().unique("payment_sightings_key"),
    receipt: text("receipt").notNull(),
    road: text("road").notNull(),
    provider: text("provider").notNull(),
    amountMinor: whole("amount_minor").notNull(),
    currency: text("currency").notNull(),
    accountNumber: text("account_number"),
    verdict: text("verdict").notNull(),
    seenAt: instant("seen_at").notNull(),
  },
  (t) => [
    // How a receipt came to us.
    index("payment_sightings_receipt").on(t.receipt),
    check("payment_sightings_amount", sql`${t.amountMinor} BETWEEN 0 AND 9007199254740991`),
    check(
      "payment_sightings_road",
      sql`${t.road} IN ('sms', 'contract_sms', 'webhook', 'manual', 'statement', 'mirror', 'legacy')`,
    ),
    check("payment_sightings_verdict", sql`${t.verdict} IN ('first', 'same', 'conflict', 'held', 'moved')`),
  ],
);
