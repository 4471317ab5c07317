import { sql } from "drizzle-orm";
import { bigint, boolean, check, date, foreignKey, index, integer, pgTable, text } from "drizzle-orm/pg-core";
import { whole } from "./columns.ts";
import { uploadRows } from "./upload-rows.ts";

/**
 * Payments on a vendor's platform as an export of it lists them. To compare with, and to tell that a month's payments are
 * known: never claimed, never in the ledger. Appended, never changed. No key to `accounts`: the vendor has customers that
 * we do not know.
 */
export const vendorPayments = pgTable(
  "vendor_payments",
  {
    /** All that the export says of it, since it has no number of its own. */
    paymentKey: text("payment_key").primaryKey(),
    siteName: text("site_name").notNull(),
    siteCode: text("site_code"),
    accountNumber: text("account_number"),
    meterSerial: text("meter_serial"),
    day: date("day", { mode: "string" }).notNull(),
    /** A reversal's is below nought. */
    amountMinor: whole("amount_minor").notNull(),
    currency: text("currency").notNull(),
    kind: text("kind").notNull(),
    processed: boolean("processed").notNull(),
    createdBy: text("created_by"),
    uploadId: bigint("upload_id", { mode: "number" }).notNull(),
    rowNumber: integer("row_number").notNull(),
  },
  (t) => [
    foreignKey({
      name: "vendor_payments_row",
      columns: [t.uploadId, t.rowNumber],
      foreignColumns: [uploadRows.uploadId, uploadRows.rowNumber],
    }),
    // A site's month.
    index("vendor_payments_site").on(t.siteCode, t.day),
    // An account's payments there.
    index("vendor_payments_account").on(t.accountNumber, t.day),
    check("vendor_payments_kind", sql`${t.kind} IN ('payment', 'reversal')`),
    check("vendor_payments_sign", sql`(${t.kind} = 'payment') = (${t.amountMinor} > 0) AND ${t.amountMinor} <> 0`),
    check("vendor_payments_currency", sql`${t.currency} ~ '^[A-Z]{3}$'`),
  ],
);
