import { sql } from "drizzle-orm";
import { check, index, pgTable, text } from "drizzle-orm/pg-core";
import { factsVersion, instant } from "./columns.ts";
import { tills } from "./tills.ts";

/** The phones that post SMS. Tokens are random, so a SHA-256 (hex) of each is enough; two are valid while one is rotated. */
export const gatewayPhones = pgTable(
  "gateway_phones",
  {
    id: text("id").primaryKey(),
    name: text("name").notNull(),
    tillId: text("till_id")
      .notNull()
      .references(() => tills.id),
    channel: text("channel").notNull(),
    tokenHashes: text("token_hashes").array().notNull(),
    smssyncSecretHash: text("smssync_secret_hash"),
    createdAt: instant("created_at").notNull().defaultNow(),
    rotatedAt: instant("rotated_at"),
    revokedAt: instant("revoked_at"),
    factsVersion: factsVersion(),
  },
  (t) => [
    check("gateway_phones_channel", sql`${t.channel} IN ('electricity', 'fees')`),
    check("gateway_phones_tokens", sql`cardinality(${t.tokenHashes}) BETWEEN 1 AND 2`),
    // The phones of a till: who has to poll before anybody is put in the dark.
    index("gateway_phones_till").on(t.tillId),
  ],
);
