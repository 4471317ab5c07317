import { sql } from "drizzle-orm";
import { bigint, check, foreignKey, index, integer, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { instant, whole } from "./columns.ts";
import { customers } from "./customers.ts";
import { registrationBatches } from "./registration-batches.ts";

/** A row of a file of new customers: what was typed, what is wrong with it or whose likely twin it is, and what became of it. */
export const registrationRows = pgTable(
  "registration_rows",
  {
    batchId: bigint("batch_id", { mode: "number" }).notNull(),
    /** The number that people see beside it. */
    rowNumber: integer("row_number").notNull(),
    siteCode: text("site_code"),
    typed: jsonb("typed").notNull(),
    /** The customer by column; null: it has faults. */
    fields: jsonb("fields"),
    openedAt: instant("opened_at"),
    faults: jsonb("faults").notNull(),
    /** Customers who are likely the same person. */
    twins: jsonb("twins").notNull().default([]),
    /** waiting, registered (the account's object is not told yet), told, ended (not told of that yet), undone, kept (in use, so not undone). */
    state: text("state").notNull().default("waiting"),
    /** Why it was kept. */
    because: text("because"),
    customerId: whole("customer_id").references(() => customers.id),
    accountId: whole("account_id").references(() => accounts.id),
  },
  (t) => [
    primaryKey({ name: "registration_rows_key", columns: [t.batchId, t.rowNumber] }),
    foreignKey({
      name: "registration_rows_batch",
      columns: [t.batchId],
      foreignColumns: [registrationBatches.id],
    }),
    // The rows of a batch that wait for the next step.
    index("registration_rows_state").on(t.batchId, t.state, t.rowNumber),
    check(
      "registration_rows_state_known",
      sql`${t.state} IN ('waiting', 'registered', 'told', 'ended', 'undone', 'kept')`,
    ),
    check("registration_rows_whole", sql`(${t.fields} IS NULL) = (jsonb_array_length(${t.faults}) > 0)`),
    check("registration_rows_made", sql`(${t.state} = 'waiting') = (${t.customerId} IS NULL)`),
  ],
);
