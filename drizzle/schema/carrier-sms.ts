import { sql } from "drizzle-orm";
import { bigint, check, index, integer, pgTable, text, unique } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { campaigns } from "./campaigns.ts";
import { instant, whole } from "./columns.ts";
import { customers } from "./customers.ts";

/** SMS for the bulk carrier, each once by its own name. What a row may become is `src/domain/carrier-sms.ts`. */
export const carrierSms = pgTable(
  "carrier_sms",
  {
    /** The same name as at a phone: an SMS is in one of both. */
    id: text("id").primaryKey(),
    /** How the carrier knows it. */
    reference: bigint("reference", { mode: "number" }).notNull().generatedAlwaysAsIdentity(),
    /** What is said: a template's kind, or "campaign". */
    kind: text("kind").notNull(),
    toPhone: text("to_phone").notNull(),
    content: text("content").notNull(),
    parts: integer("parts").notNull(),
    language: text("language"),
    accountId: whole("account_id").references(() => accounts.id),
    receipt: text("receipt"),
    campaignId: whole("campaign_id").references(() => campaigns.id),
    customerId: whole("customer_id").references(() => customers.id),
    /** The phone that handed it over; null: it was never at one. */
    cameFrom: text("came_from"),
    /** Of one that goes on to a phone: which. */
    movedTo: text("moved_to"),
    state: text("state").notNull(),
    /** Why it is not on its way, or what the carrier said. */
    because: text("because"),
    tries: integer("tries").notNull().default(0),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    nextAt: instant("next_at").notNull(),
    /** Of the last request that named it. */
    triedAt: instant("tried_at"),
    /** When a request that named it failed as a whole: the carrier is left alone for a while. */
    faultAt: instant("fault_at"),
    stateAt: instant("state_at").notNull(),
  },
  (t) => [
    unique("carrier_sms_reference").on(t.reference),
    // A campaign writes to a number once, whoever else has the same phone.
    unique("carrier_sms_campaign_phone").on(t.campaignId, t.toPhone),
    // What waits, and what is being sent.
    index("carrier_sms_open").on(t.state, t.nextAt).where(sql`state IN ('queued', 'sending', 'moving')`),
    // How many went in the last hour and on this day, and when the carrier failed last.
    index("carrier_sms_tried").on(t.triedAt),
    // What a network's word is about, and how many one number got lately.
    index("carrier_sms_phone").on(t.toPhone, t.createdAt),
    // What a customer was told.
    index("carrier_sms_account").on(t.accountId, t.createdAt),
    // What was sent lately, beside what phones sent.
    index("carrier_sms_created").on(t.createdAt),
    check(
      "carrier_sms_state",
      sql`${t.state} IN ('held', 'queued', 'sending', 'accepted', 'delivered', 'failed', 'rejected', 'unknown', 'expired', 'stopped', 'moving', 'moved')`,
    ),
    check("carrier_sms_held", sql`${t.state} <> 'held' OR ${t.campaignId} IS NOT NULL`),
    check("carrier_sms_moved", sql`(${t.state} IN ('moving', 'moved')) = (${t.movedTo} IS NOT NULL)`),
    check("carrier_sms_to", sql`${t.toPhone} ~ '^\\+[0-9]{8,15}$'`),
    check("carrier_sms_parts", sql`${t.parts} BETWEEN 1 AND 10`),
  ],
);
