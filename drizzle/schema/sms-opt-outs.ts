import { sql } from "drizzle-orm";
import { check, pgTable, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";

/** Numbers whose owners want no campaigns. */
export const smsOptOuts = pgTable(
  "sms_opt_outs",
  {
    /** E.164 without "+". */
    phone: text("phone").primaryKey(),
    /** "sms": by the word STOP; else by whom. */
    source: text("source").notNull(),
    at: instant("at").notNull(),
    /** When they were wanted again; null: they are not. */
    endedAt: instant("ended_at"),
  },
  (t) => [check("sms_opt_outs_phone", sql`${t.phone} ~ '^[0-9]{8,15}$'`)],
);
