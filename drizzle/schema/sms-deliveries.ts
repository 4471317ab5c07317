import { bigint, index, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";

/** What the old gateway says of bulk SMS it handed to its carrier. Appended as told; no key to `sms_outbound`, which may come later. */
export const smsDeliveries = pgTable(
  "sms_deliveries",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    toPhone: text("to_phone").notNull(),
    status: text("status").notNull(),
    details: jsonb("details").notNull(),
    /** The outgoing SMS it was matched to; null: none in the ten minutes before. */
    smsId: text("sms_id"),
    at: instant("at").notNull(),
  },
  (t) => [
    // What became of one SMS.
    index("sms_deliveries_sms").on(t.smsId),
    // Newest first.
    index("sms_deliveries_at").on(t.at),
  ],
);
