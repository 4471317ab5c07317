import { sql } from "drizzle-orm";
import { bigint, index, pgTable, text, unique } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";
import { gatewayPhones } from "./gateway-phones.ts";

/** The same SMS through another phone. No key to `sms_inbound`: the other phone's copy may come first. */
export const smsSightings = pgTable(
  "sms_sightings",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    externalId: text("external_id").notNull(),
    contentHash: text("content_hash").notNull(),
    phoneId: text("phone_id")
      .notNull()
      .references(() => gatewayPhones.id),
    seenAt: instant("seen_at").notNull(),
    /** The other phone's request, as the log names it; null: nobody knows. */
    requestId: text("request_id"),
  },
  (t) => [
    // Seen again through the same phone is the same sighting.
    unique("sms_sightings_key").on(t.externalId, t.contentHash, t.phoneId),
    // A Mailbox that restores its hashes also needs those that another phone had first.
    index("sms_sightings_phone").on(t.phoneId, t.seenAt),
    // What a request brought.
    index("sms_sightings_request").on(t.requestId).where(sql`request_id IS NOT NULL`),
  ],
);
