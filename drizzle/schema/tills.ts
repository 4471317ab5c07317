import { sql } from "drizzle-orm";
import { check, pgTable, text } from "drizzle-orm/pg-core";
import { factsVersion, instant, whole } from "./columns.ts";

/** Merchant lines. What exceeds a cap waits for a person. */
export const tills = pgTable(
  "tills",
  {
    id: text("id").primaryKey(),
    name: text("name").notNull(),
    providers: text("providers").array().notNull(),
    /** Senders whose texts are believed, compared without case. */
    senders: text("senders").array().notNull(),
    currency: text("currency").notNull(),
    paymentMinorMax: whole("payment_minor_max").notNull(),
    accountDayMinorMax: whole("account_day_minor_max").notNull(),
    tillDayMinorMax: whole("till_day_minor_max").notNull(),
    chainBreakMinorMax: whole("chain_break_minor_max").notNull(),
    factsVersion: factsVersion(),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [
    check("tills_id_shape", sql`${t.id} ~ '^[a-z0-9-]{1,40}$'`),
    check("tills_currency", sql`${t.currency} ~ '^[A-Z]{3}$'`),
    check(
      "tills_caps",
      sql`least(${t.paymentMinorMax}, ${t.accountDayMinorMax}, ${t.tillDayMinorMax}, ${t.chainBreakMinorMax}) >= 0`,
    ),
  ],
);
