import { sql } from "drizzle-orm";
import { bigint, check, date, foreignKey, index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { instant, whole } from "./columns.ts";
import { tills } from "./tills.ts";
import { uploadRows } from "./upload-rows.ts";

/** A movement of a till as its operator lists it, once, whichever statements have it. Appended, never changed. No key to `payments`: most come to stand there only because of this. */
export const statementLines = pgTable(
  "statement_lines",
  {
    tillId: text("till_id")
      .notNull()
      .references(() => tills.id),
    provider: text("provider").notNull(),
    receipt: text("receipt").notNull(),
    kind: text("kind").notNull(),
    /** Above nought; which way it went is in the kind. */
    amountMinor: whole("amount_minor").notNull(),
    currency: text("currency").notNull(),
    at: instant("at").notNull(),
    /** The local day, by which the till is added up. */
    day: date("day", { mode: "string" }).notNull(),
    balanceMinor: whole("balance_minor"),
    payerPhone: text("payer_phone"),
    /** Of a reversal: the receipt that it takes back. */
    linkedReceipt: text("linked_receipt"),
    uploadId: bigint("upload_id", { mode: "number" }).notNull(),
    rowNumber: integer("row_number").notNull(),
  },
  (t) => [
    primaryKey({ name: "statement_lines_key", columns: [t.tillId, t.provider, t.receipt, t.kind] }),
    foreignKey({
      name: "statement_lines_row",
      columns: [t.uploadId, t.rowNumber],
      foreignColumns: [uploadRows.uploadId, uploadRows.rowNumber],
    }),
    // A till's day.
    index("statement_lines_day").on(t.tillId, t.provider, t.day),
    // Whether a receipt was taken back.
    index("statement_lines_linked").on(t.linkedReceipt).where(sql`linked_receipt IS NOT NULL`),
    check(
      "statement_lines_kind",
      sql`${t.kind} IN ('payment', 'reversal', 'withdrawal', 'charge', 'treasury', 'unfinished')`,
    ),
    check("statement_lines_amount", sql`${t.amountMinor} BETWEEN 1 AND 9007199254740991`),
    check("statement_lines_currency", sql`${t.currency} ~ '^[A-Z]{3}$'`),
    check("statement_lines_provider", sql`${t.provider} IN ('mpesa', 'ecocash', 'momo')`),
  ],
);
