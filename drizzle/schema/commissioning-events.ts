import { sql } from "drizzle-orm";
import { check, foreignKey, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { instant, whole } from "./columns.ts";

/**
 * What happened to an account on its way to light and back. Appended, never changed: a correction and a withdrawal are
 * rows too. The view `account_stages` says what they come to; a trigger on `accounts` appends what other doors did.
 */
export const commissioningEvents = pgTable(
  "commissioning_events",
  {
    accountId: whole("account_id")
      .notNull()
      .references(() => accounts.id),
    /** Rises by one within the account: of two at once the second finds it taken. */
    seq: integer("seq").notNull(),
    step: text("step").notNull(),
    kind: text("kind").notNull(),
    /** When it happened; a day that somebody named begins at its local midnight. Null: nobody knows. */
    at: instant("at"),
    /** The event that is corrected or withdrawn; of a commissioning, the termination that it ends. */
    refersTo: integer("refers_to"),
    /** Of a termination: what the account was before, and becomes again. */
    wasStatus: text("was_status"),
    /** Null: through another door, whose row in `mutations` says who. */
    actor: text("actor"),
    reason: text("reason"),
    recordedAt: instant("recorded_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ name: "commissioning_events_key", columns: [t.accountId, t.seq] }),
    foreignKey({
      name: "commissioning_events_about",
      columns: [t.accountId, t.refersTo],
      foreignColumns: [t.accountId, t.seq],
    }),
    check("commissioning_events_seq", sql`${t.seq} > 0 AND ${t.refersTo} < ${t.seq}`),
    check(
      "commissioning_events_step",
      sql`${t.step} IN ('registered', 'connection_fee_paid', 'readyboard_fee_paid', 'readyboard_tested',
        'readyboard_installed', 'airdac_connected', 'meter_installed', 'commissioned', 'terminated')`,
    ),
    check(
      "commissioning_events_kind",
      sql`CASE ${t.kind} WHEN 'done' THEN ${t.refersTo} IS NULL OR ${t.step} = 'commissioned'
        WHEN 'corrected' THEN ${t.refersTo} IS NOT NULL
        WHEN 'withdrawn' THEN ${t.refersTo} IS NOT NULL AND ${t.at} IS NULL ELSE false END`,
    ),
    check("commissioning_events_was", sql`${t.wasStatus} IN ('live', 'postpaid')`),
  ],
);
