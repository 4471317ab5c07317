import { sql } from "drizzle-orm";
import { bigint, check, index, integer, jsonb, pgTable, text, unique } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";

/** An SMS to many customers: who it goes to and what it says stand from the moment it is proposed. Its SMS are in `carrier_sms`. */
export const campaigns = pgTable(
  "campaigns",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    /** Drawn by whoever proposes it: the same again proposes no second one. */
    campaignKey: text("campaign_key").notNull(),
    name: text("name").notNull(),
    /** Who it goes to, as it was asked for. */
    audience: jsonb("audience").notNull(),
    /** What it says, by language. */
    texts: jsonb("texts").notNull(),
    /** proposed, running, stopped; it is done when none of its SMS waits any more. */
    state: text("state").notNull(),
    recipients: integer("recipients").notNull(),
    parts: integer("parts").notNull(),
    /** What one part costs, in minor units, when it was proposed; null: nobody has said. */
    partPriceMinor: integer("part_price_minor"),
    createdBy: text("created_by").notNull(),
    createdAt: instant("created_at").notNull(),
    startedBy: text("started_by"),
    startedAt: instant("started_at"),
    stoppedBy: text("stopped_by"),
    stoppedAt: instant("stopped_at"),
    /** Nothing of it is sent after this. */
    expiresAt: instant("expires_at").notNull(),
  },
  (t) => [
    unique("campaigns_key").on(t.campaignKey),
    // Newest first.
    index("campaigns_created").on(t.createdAt),
    check("campaigns_state", sql`${t.state} IN ('proposed', 'running', 'stopped')`),
    check("campaigns_counts", sql`${t.recipients} BETWEEN 1 AND 5000 AND ${t.parts} >= ${t.recipients}`),
    check("campaigns_price", sql`${t.partPriceMinor} >= 0`),
    check("campaigns_started", sql`${t.state} <> 'running' OR ${t.startedBy} IS NOT NULL`),
    // Above 100 recipients two people have looked.
    check("campaigns_two_people", sql`${t.recipients} <= 100 OR ${t.startedBy} <> ${t.createdBy}`),
  ],
);
