import { sql } from "drizzle-orm";
import { check, index, pgTable, text } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { instant, whole } from "./columns.ts";
import { meters } from "./meters.ts";

/** A person's word over a meter's relay. Appended: the newest is in force until it expires, and `auto` ends the one before. */
export const relayOverrides = pgTable(
  "relay_overrides",
  {
    id: text("id").primaryKey(),
    accountId: whole("account_id")
      .notNull()
      .references(() => accounts.id),
    meterId: whole("meter_id")
      .notNull()
      .references(() => meters.id),
    state: text("state").notNull(),
    actor: text("actor").notNull(),
    reason: text("reason").notNull(),
    at: instant("at").notNull(),
    /** Null: until another word. */
    expiresAt: instant("expires_at"),
  },
  (t) => [
    // The newest word for each meter of an account.
    index("relay_overrides_newest").on(t.accountId, t.meterId, t.at),
    check("relay_overrides_state", sql`${t.state} IN ('keep_lit', 'keep_dark', 'auto')`),
    check("relay_overrides_named", sql`${t.actor} <> '' AND ${t.reason} <> ''`),
  ],
);
