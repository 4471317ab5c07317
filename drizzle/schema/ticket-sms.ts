import { sql } from "drizzle-orm";
import { check, index, pgTable, text } from "drizzle-orm/pg-core";
import { instant, whole } from "./columns.ts";
import { tickets } from "./tickets.ts";

/** The SMS that tells whoever asked by SMS that the ticket is resolved: one a ticket, however often it is opened again. */
export const ticketSms = pgTable(
  "ticket_sms",
  {
    ticketId: whole("ticket_id")
      .primaryKey()
      .references(() => tickets.id),
    /** bound (a channel is chosen for good), handed (that has it), left (never sent). */
    state: text("state").notNull(),
    /** A phone, or the carrier. */
    channel: text("channel").notNull(),
    /** The SMS as it is handed over, as JSON. */
    smsJson: text("sms_json").notNull(),
    /** Why it was left. */
    because: text("because"),
    stateAt: instant("state_at").notNull(),
  },
  (t) => [
    // Those to hand over.
    index("ticket_sms_open").on(t.stateAt).where(sql`state = 'bound'`),
    check("ticket_sms_state", sql`${t.state} IN ('bound', 'handed', 'left')`),
  ],
);
