import { sql } from "drizzle-orm";
import { bigint, check, index, integer, pgTable, text, unique } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";
import { programmes } from "./programmes.ts";

/** Keys of machines that read here, each for what it names. Only a key's hash is kept: it is shown once, to whoever issues it. */
export const apiKeys = pgTable(
  "api_keys",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    keyHash: text("key_hash").notNull(),
    /** Its first characters, by which people tell it from others. */
    shownAs: text("shown_as").notNull(),
    /** Whose it is, in words. */
    name: text("name").notNull(),
    scopes: text("scopes").array().notNull(),
    /** Whose sites it reads; null: all of the country. */
    programmeCode: text("programme_code").references(() => programmes.code),
    issuedBy: text("issued_by").notNull(),
    issuedAt: instant("issued_at").notNull(),
    /** Null: until it is revoked. */
    expiresAt: instant("expires_at"),
    revokedAt: instant("revoked_at"),
    lastUsedAt: instant("last_used_at"),
    /** Requests of the minute in which it was used last: who asks too often waits. */
    usedMinute: instant("used_minute"),
    usedInMinute: integer("used_in_minute").notNull().default(0),
  },
  (t) => [
    // The door looks a key up by it.
    unique("api_keys_hash").on(t.keyHash),
    // A programme's keys.
    index("api_keys_programme").on(t.programmeCode).where(sql`programme_code IS NOT NULL`),
    check("api_keys_hash_shape", sql`${t.keyHash} ~ '^[0-9a-f]{64}$'`),
    check(
      "api_keys_scopes",
      sql`cardinality(${t.scopes}) >= 1
        AND ${t.scopes} <@ ARRAY['odyssey.read', 'figures.read', 'payments.read', 'readings.read', 'tickets.read', 'webhooks.read']`,
    ),
    // A funder's key reads its programme and nothing beside it; no other key has a programme.
    check(
      "api_keys_programme_alone",
      sql`CASE WHEN ${t.programmeCode} IS NULL THEN NOT ${t.scopes} && ARRAY['odyssey.read'] ELSE ${t.scopes} = ARRAY['odyssey.read'] END`,
    ),
    check("api_keys_order", sql`${t.expiresAt} > ${t.issuedAt} AND ${t.revokedAt} >= ${t.issuedAt}`),
    check("api_keys_used", sql`${t.usedInMinute} >= 0`),
  ],
);
