import { sql } from "drizzle-orm";
import { bigint, boolean, check, index, integer, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { instant, whole } from "./columns.ts";

/** Where other systems want to be told. Its secrets are sealed: they sign what is sent, so that a hash would not do. */
export const webhookEndpoints = pgTable(
  "webhook_endpoints",
  {
    /** Drawn: a secret is sealed for it before the row is there. */
    id: text("id").primaryKey(),
    name: text("name").notNull(),
    url: text("url").notNull(),
    kinds: text("kinds").array().notNull(),
    /** The newest last; two while one is rotated, and both sign. */
    sealedSecrets: text("sealed_secrets").array().notNull(),
    active: boolean("active").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [
    check("webhook_endpoints_id", sql`${t.id} ~ '^whe_[0-9a-z]{12,40}$'`),
    check("webhook_endpoints_url", sql`${t.url} ~ '^https?://' AND length(${t.url}) <= 500`),
    check(
      "webhook_endpoints_kinds",
      sql`cardinality(${t.kinds}) >= 1 AND ${t.kinds} <@ ARRAY['payments', 'readings', 'tickets']`,
    ),
    check("webhook_endpoints_secrets", sql`cardinality(${t.sealedSecrets}) BETWEEN 1 AND 2`),
  ],
);

/**
 * Something that others are told of, noted in the transaction that made it (triggers on `payments` and `ticket_events`, and the copy of
 * energy that was sold later for a payment). What is said of it is made once, a moment later, when all that belongs to it is here; it
 * never changes then.
 */
export const webhookEvents = pgTable(
  "webhook_events",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    /** Names what happened: noted twice it is one event. */
    eventKey: text("event_key").notNull().unique("webhook_events_key"),
    kind: text("kind").notNull(),
    type: text("type").notNull(),
    /** A receipt, or the number of a ticket's event; of a day of readings its site. */
    subject: text("subject").notNull(),
    body: jsonb("body"),
    at: instant("at").notNull(),
    /** When its body was made and each endpoint got its delivery; null: not yet. */
    spreadAt: instant("spread_at"),
  },
  (t) => [
    // What has to be spread yet, the oldest first.
    index("webhook_events_fresh").on(t.id).where(sql`spread_at IS NULL`),
    check("webhook_events_kind", sql`${t.kind} IN ('payments', 'readings', 'tickets')`),
    check("webhook_events_spread", sql`${t.spreadAt} IS NULL OR ${t.body} IS NOT NULL`),
  ],
);

/** One event for one endpoint: it is delivered once, however often it is tried. */
export const webhookDeliveries = pgTable(
  "webhook_deliveries",
  {
    eventId: whole("event_id")
      .notNull()
      .references(() => webhookEvents.id),
    endpointId: text("endpoint_id")
      .notNull()
      .references(() => webhookEndpoints.id),
    /** waiting; told: it answered 2xx; given_up: not even after the last try. */
    state: text("state").notNull(),
    attempts: integer("attempts").notNull().default(0),
    /** When it is tried next; while it is being tried, when somebody else may. */
    nextAt: instant("next_at").notNull(),
    triedAt: instant("tried_at"),
    /** Of the last try: its HTTP status; null: nobody answered. */
    status: integer("status"),
    error: text("error"),
  },
  (t) => [
    // At most one an event and endpoint.
    primaryKey({ name: "webhook_deliveries_key", columns: [t.eventId, t.endpointId] }),
    // What is due.
    index("webhook_deliveries_due").on(t.nextAt).where(sql`state = 'waiting'`),
    // An endpoint's log, the newest first.
    index("webhook_deliveries_endpoint").on(t.endpointId, t.eventId),
    check("webhook_deliveries_state", sql`${t.state} IN ('waiting', 'told', 'given_up')`),
    check("webhook_deliveries_attempts", sql`${t.attempts} >= 0`),
  ],
);
