import { sql } from "drizzle-orm";
import { bigint, boolean, check, customType, index, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";
import { gatewayPhones } from "./gateway-phones.ts";
import { tills } from "./tills.ts";

const bytea = customType<{ data: Uint8Array }>({ dataType: () => "bytea" });

/** Every SMS once. Appended, never changed: what was made of it is in `sms_results`. */
export const smsInbound = pgTable(
  "sms_inbound",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    phoneId: text("phone_id")
      .notNull()
      .references(() => gatewayPhones.id),
    tillId: text("till_id")
      .notNull()
      .references(() => tills.id),
    channel: text("channel").notNull(),
    protocol: text("protocol").notNull(),
    externalId: text("external_id"),
    contentHash: text("content_hash").notNull(),
    sender: text("sender").notNull(),
    /** U+0000 and lone surrogates replaced by U+FFFD; `content_raw` is exact. */
    content: text("content").notNull(),
    contentRaw: bytea("content_raw").notNull(),
    claimedSentAt: instant("claimed_sent_at"),
    claimedReceivedAt: instant("claimed_received_at"),
    receivedAt: instant("received_at").notNull(),
    idConflict: boolean("id_conflict").notNull(),
    quarantine: text("quarantine"),
    recordedAt: instant("recorded_at").notNull().defaultNow(),
    /** The phone's request that brought it, as the log names it; null: nobody knows. */
    requestId: text("request_id"),
  },
  (t) => [
    // Same id and same text is the same SMS, through whichever phone it comes.
    uniqueIndex("sms_inbound_id_and_text").on(t.externalId, t.contentHash).where(sql`external_id IS NOT NULL`),
    // A protocol without ids: the same text on the same phone is the same SMS.
    uniqueIndex("sms_inbound_text_on_phone").on(t.contentHash, t.phoneId).where(sql`external_id IS NULL`),
    // A Mailbox that restores itself, and the daily comparison with it.
    index("sms_inbound_phone").on(t.phoneId, t.receivedAt),
    // The text behind a result: the story of a receipt, an account's texts.
    index("sms_inbound_content").on(t.contentHash),
    // The log, newest first, and replays of the parser since a date.
    index("sms_inbound_received").on(t.receivedAt),
    // What a request brought.
    index("sms_inbound_request").on(t.requestId).where(sql`request_id IS NOT NULL`),
    check("sms_inbound_channel", sql`${t.channel} IN ('electricity', 'fees')`),
    check("sms_inbound_protocol", sql`${t.protocol} IN ('medic', 'smssync')`),
  ],
);
