import { sql } from "drizzle-orm";
import { bigint, check, index, pgTable, text, unique } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { instant, whole } from "./columns.ts";
import { customers } from "./customers.ts";
import { tickets } from "./tickets.ts";

/** What customers write to the care line and what they are answered, by whichever bridge it travels. */
export const careMessages = pgTable(
  "care_messages",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    /** Names the message in whatever brought or caused it, so that twice is once: the bridge's id, the ticket that ended. */
    messageKey: text("message_key").notNull(),
    way: text("way").notNull(),
    /** in: received. out: draft (a person has to approve it), queued, handed (to the bridge, which has yet to say so), told, dismissed. */
    state: text("state").notNull(),
    /** Where the bridge sends to or had it from: a phone, or an id that hides one. */
    sender: text("sender").notNull(),
    /** E.164 without "+"; null: the sender's id hides it. */
    phone: text("phone"),
    customerId: whole("customer_id").references(() => customers.id),
    accountId: whole("account_id").references(() => accounts.id),
    ticketId: whole("ticket_id").references(() => tickets.id),
    text: text("text").notNull(),
    /** What it is about, as rules read it; null: it is an answer. */
    category: text("category"),
    /** When it was written, as the bridge says; of an answer when it was made. */
    at: instant("at").notNull(),
    receivedAt: instant("received_at").notNull(),
    /** Of a draft: who approved or dismissed it. */
    decidedBy: text("decided_by"),
    handedAt: instant("handed_at"),
    toldAt: instant("told_at"),
  },
  (t) => [
    unique("care_messages_key").on(t.messageKey),
    // The conversation of a sender, and the thread that a message goes on with.
    index("care_messages_sender").on(t.sender, t.at),
    // The conversation of a customer.
    index("care_messages_customer").on(t.customerId, t.id).where(sql`customer_id IS NOT NULL`),
    // What became of a ticket in words.
    index("care_messages_ticket").on(t.ticketId).where(sql`ticket_id IS NOT NULL`),
    // What the bridge has to fetch, and what somebody has to approve.
    index("care_messages_waiting").on(t.state, t.id).where(sql`state IN ('draft', 'queued', 'handed')`),
    check("care_messages_way", sql`${t.way} IN ('in', 'out')`),
    check(
      "care_messages_state",
      sql`CASE ${t.way} WHEN 'in' THEN ${t.state} = 'received' ELSE ${t.state} IN ('draft', 'queued', 'handed', 'told', 'dismissed') END`,
    ),
    check("care_messages_told", sql`(${t.state} = 'told') = (${t.toldAt} IS NOT NULL)`),
    check("care_messages_phone_shape", sql`${t.phone} ~ '^[0-9]{8,15}$'`),
    check("care_messages_text", sql`length(${t.text}) BETWEEN 1 AND 4000`),
  ],
);
