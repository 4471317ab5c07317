import { sql } from "drizzle-orm";
import { bigint, check, date, foreignKey, index, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { instant, whole } from "./columns.ts";
import { sites } from "./sites.ts";
import { uploads } from "./uploads.ts";

/** A site's month by a vendor's monthly files: what was paid in all, and which file says what each meter used. */
export const vendorMonths = pgTable(
  "vendor_months",
  {
    siteCode: text("site_code")
      .notNull()
      .references(() => sites.code),
    /** Its first day. */
    month: date("month", { mode: "string" }).notNull(),
    currency: text("currency").notNull(),
    /** Null: that file has not come. */
    totalMinor: whole("total_minor"),
    paymentsUploadId: bigint("payments_upload_id", { mode: "number" }),
    readingsUploadId: bigint("readings_upload_id", { mode: "number" }),
    /**
     * waiting: one of the two files is missing. estimated: the total is distributed. unweighted: nobody used anything, so
     * nothing says whose it is. replaced: real payments of the month are known.
     */
    state: text("state").notNull(),
    computedAt: instant("computed_at").notNull(),
  },
  (t) => [
    primaryKey({ name: "vendor_months_key", columns: [t.siteCode, t.month] }),
    foreignKey({ name: "vendor_months_payments", columns: [t.paymentsUploadId], foreignColumns: [uploads.id] }),
    foreignKey({ name: "vendor_months_readings", columns: [t.readingsUploadId], foreignColumns: [uploads.id] }),
    // Months that an export may have made real.
    index("vendor_months_state").on(t.state, t.month),
    check("vendor_months_first", sql`extract(day FROM ${t.month}) = 1`),
    check("vendor_months_state_known", sql`${t.state} IN ('waiting', 'estimated', 'unweighted', 'replaced')`),
    check("vendor_months_total", sql`${t.totalMinor} BETWEEN 0 AND 9007199254740991`),
    check("vendor_months_currency", sql`${t.currency} ~ '^[A-Z]{3}$'`),
    check("vendor_months_total_of", sql`(${t.totalMinor} IS NULL) = (${t.paymentsUploadId} IS NULL)`),
  ],
);
