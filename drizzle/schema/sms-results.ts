import { sql } from "drizzle-orm";
import { bigint, index, integer, jsonb, pgTable, text, unique } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { instant, whole } from "./columns.ts";
import { gatewayPhones } from "./gateway-phones.ts";

/**
 * What the parser and the money path made of an SMS, one row a parser version. No key to `payments`: the receipt's
 * own row comes from another object's outbox, perhaps later.
 */
export const smsResults = pgTable(
  "sms_results",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    externalId: text("external_id"),
    contentHash: text("content_hash").notNull(),
    phoneId: text("phone_id")
      .notNull()
      .references(() => gatewayPhones.id),
    parserVersion: integer("parser_version").notNull(),
    outcome: text("outcome").notNull(),
    because: text("because"),
    receipt: text("receipt"),
    accountId: whole("account_id").references(() => accounts.id),
    parsed: jsonb("parsed").notNull(),
    processedAt: instant("processed_at").notNull(),
    version: whole("version").notNull(),
  },
  (t) => [
    // One row an SMS and parser version; a later attempt replaces an earlier one by its version.
    unique("sms_results_key").on(t.contentHash, t.phoneId, t.externalId, t.parserVersion).nullsNotDistinct(),
    // Which texts a receipt came from.
    index("sms_results_receipt").on(t.receipt),
    // An account's texts in the log.
    index("sms_results_account").on(t.accountId).where(sql`account_id IS NOT NULL`),
    // The list of what was not understood, newest first.
    index("sms_results_outcome").on(t.outcome, t.processedAt),
  ],
);
