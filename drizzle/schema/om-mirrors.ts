import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, text, unique } from "drizzle-orm/pg-core";
import { instant, whole } from "./columns.ts";
import { tickets } from "./tickets.ts";

/** How far each ticket is mirrored to the O&M system, and what that said last. */
export const omMirrors = pgTable(
  "om_mirrors",
  {
    ticketId: whole("ticket_id")
      .primaryKey()
      .references(() => tickets.id),
    /** Its number over there; null: it is not there yet, or nobody knows. */
    omId: text("om_id"),
    /** The version of our ticket that is over there; -1: none. */
    sentVersion: whole("sent_version").notNull().default(-1),
    /** The newest comment of our history that is over there, or that they refused. */
    sentEvent: whole("sent_event").notNull().default(0),
    /** Tries in a row that failed or are under way, counted before they are made, and when the next may be made. */
    attempts: integer("attempts").notNull().default(0),
    nextAt: instant("next_at").notNull(),
    /** The version of our ticket at the last try that failed; with no tries (0) the one that they refused: the next change is sent again. */
    triedVersion: whole("tried_version"),
    error: text("error"),
    /** Its status over there on which both sides were last at one, and when they were asked. */
    omStatus: text("om_status"),
    seenAt: instant("seen_at"),
    /** Since when whoever asked was not at one with them, or had no answer; null: at the last look both sides were at one. */
    differsSince: instant("differs_since"),
  },
  (t) => [
    // Of two tickets of ours none is the same one over there.
    unique("om_mirrors_om_id").on(t.omId),
    // Who was asked about longest ago.
    index("om_mirrors_seen").on(t.seenAt).where(sql`om_id IS NOT NULL`),
    check("om_mirrors_counts", sql`${t.sentVersion} >= -1 AND ${t.sentEvent} >= 0 AND ${t.attempts} >= 0`),
    check("om_mirrors_sent", sql`${t.sentVersion} = -1 OR ${t.omId} IS NOT NULL`),
  ],
);
