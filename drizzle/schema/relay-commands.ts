import { sql } from "drizzle-orm";
import { check, index, pgTable, text } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { instant, whole } from "./columns.ts";
import { meters } from "./meters.ts";

export const relayCommands = pgTable(
  "relay_commands",
  {
    id: text("id").primaryKey(),
    accountId: whole("account_id")
      .notNull()
      .references(() => accounts.id),
    meterId: whole("meter_id")
      .notNull()
      .references(() => meters.id),
    seq: whole("seq").notNull(),
    action: text("action").notNull(),
    state: text("state").notNull(),
    because: text("because").notNull(),
    requestedAt: instant("requested_at").notNull(),
    publishedAt: instant("published_at"),
    endedAt: instant("ended_at"),
    expiresAt: instant("expires_at").notNull(),
    error: text("error"),
    /** Who ordered it and why; null: the system, by the rule that `because` names. */
    actor: text("actor"),
    reason: text("reason"),
    /** Rules that the privileged role set aside for it. */
    skipped: text("skipped").array().notNull().default([]),
    version: whole("version").notNull(),
  },
  (t) => [
    // An account's commands, newest first; its restore too.
    index("relay_commands_account").on(t.accountId, t.requestedAt),
    // The newest of all.
    index("relay_commands_requested").on(t.requestedAt),
    // The newest command of a meter. Not unique: a meter that changes its account starts another count.
    index("relay_commands_meter").on(t.meterId, t.seq),
    check("relay_commands_action", sql`${t.action} IN ('connect', 'disconnect')`),
    check(
      "relay_commands_state",
      sql`${t.state} IN ('queued', 'published', 'acked', 'completed', 'rejected', 'failed', 'timed_out', 'superseded')`,
    ),
  ],
);
