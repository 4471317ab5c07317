import { sql } from "drizzle-orm";
import { bigint, check, foreignKey, index, integer, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { uploads } from "./uploads.ts";

/** A row of a file: what was read, and what became of it; or why it was not taken. */
export const uploadRows = pgTable(
  "upload_rows",
  {
    uploadId: bigint("upload_id", { mode: "number" }).notNull(),
    /** The number that people see beside it. */
    rowNumber: integer("row_number").notNull(),
    /** What it says, as it was read; null: it was not taken. */
    line: jsonb("line"),
    /** What is wrong with it: field, value, what was expected. */
    fault: jsonb("fault"),
    /** Null: it waits to be taken. */
    result: text("result"),
    because: text("because"),
    receipt: text("receipt"),
    /** The account that holds the money, or that it names; null: none. */
    accountNumber: text("account_number"),
  },
  (t) => [
    primaryKey({ name: "upload_rows_key", columns: [t.uploadId, t.rowNumber] }),
    foreignKey({ name: "upload_rows_upload", columns: [t.uploadId], foreignColumns: [uploads.id] }),
    // The rows of a file that wait, in their order.
    index("upload_rows_waiting").on(t.uploadId, t.rowNumber).where(sql`result IS NULL`),
    // In which files a receipt stands.
    index("upload_rows_receipt").on(t.receipt).where(sql`receipt IS NOT NULL`),
    check("upload_rows_whole", sql`(${t.line} IS NULL) = (${t.fault} IS NOT NULL)`),
    check("upload_rows_refused", sql`${t.fault} IS NULL OR ${t.result} = 'refused'`),
  ],
);
