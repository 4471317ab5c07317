import { sql } from "drizzle-orm";
import { bigint, check, index, jsonb, pgTable, text, unique, uniqueIndex } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { instant, whole } from "./columns.ts";
import { sites } from "./sites.ts";

/** Something that somebody has to see to. The history is in `ticket_events`; this is how it stands. */
export const tickets = pgTable(
  "tickets",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    /** Names what opened it, so that opening it twice is once: a message, a case, an act of a person. */
    ticketKey: text("ticket_key").notNull(),
    ticketClass: text("ticket_class").notNull(),
    category: text("category").notNull(),
    priority: text("priority").notNull(),
    state: text("state").notNull(),
    /** Who opened it: somebody here, a rule over what is known, or the customer by WhatsApp or SMS. */
    source: text("source").notNull().default("person"),
    /** The rule that opened it and closes it; null: people do. */
    rule: text("rule"),
    /** The account, or the site, that the rule speaks of. */
    ruleAbout: text("rule_about"),
    /** The reconciliation case that it is about. */
    caseKey: text("case_key"),
    siteCode: text("site_code").references(() => sites.code),
    accountId: whole("account_id").references(() => accounts.id),
    summary: text("summary").notNull(),
    reportedBy: text("reported_by").notNull(),
    /** Of whoever reported it, E.164 without "+"; null: not told. */
    phone: text("phone"),
    assignedTo: text("assigned_to"),
    openedAt: instant("opened_at").notNull(),
    /** When it broke, which may be before anybody said so; null: not known. */
    failedAt: instant("failed_at"),
    resolvedAt: instant("resolved_at"),
    cause: text("cause"),
    resolution: text("resolution"),
    version: whole("version").notNull().default(0),
  },
  (t) => [
    unique("tickets_ticket_key").on(t.ticketKey),
    // What is open at a site, oldest first.
    index("tickets_open").on(t.siteCode, t.openedAt).where(sql`${t.state} <> 'resolved'`),
    // An account's tickets.
    index("tickets_account").on(t.accountId, t.openedAt),
    // A rule says of an account, or of a site, once that something is wrong with it, however often it looks.
    uniqueIndex("tickets_rule_open").on(t.rule, t.ruleAbout).where(sql`state <> 'resolved'`),
    // What somebody has to do.
    index("tickets_assigned").on(t.assignedTo).where(sql`state <> 'resolved'`),
    // A phone's own: a message goes on with the ticket that is open.
    index("tickets_phone").on(t.phone, t.openedAt).where(sql`phone IS NOT NULL`),
    check("tickets_source", sql`${t.source} IN ('person', 'data', 'whatsapp', 'sms')`),
    check(
      "tickets_rule",
      sql`num_nonnulls(${t.rule}, ${t.ruleAbout}) = CASE ${t.source} WHEN 'data' THEN 2 ELSE 0 END`,
    ),
    check("tickets_phone_shape", sql`${t.phone} ~ '^[0-9]{8,15}$'`),
    check("tickets_class", sql`${t.ticketClass} IN ('customer_grievance', 'asset_fault')`),
    check(
      "tickets_category",
      sql`${t.category} IN ('no-power', 'equipment-failure', 'meter-issue', 'billing', 'installation', 'vegetation',
        'vandalism', 'complaint', 'general-inquiry')`,
    ),
    check("tickets_priority", sql`${t.priority} IN ('P1', 'P2', 'P3', 'P4')`),
    check("tickets_state", sql`${t.state} IN ('open', 'in_progress', 'pending', 'resolved')`),
    check("tickets_resolved", sql`(${t.state} = 'resolved') = (${t.resolvedAt} IS NOT NULL)`),
    check("tickets_times", sql`${t.resolvedAt} >= ${t.openedAt}`),
  ],
);

/** What was said and done about a ticket, in order. Appended, never changed. */
export const ticketEvents = pgTable(
  "ticket_events",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    ticketId: whole("ticket_id")
      .notNull()
      .references(() => tickets.id),
    eventKey: text("event_key").notNull(),
    kind: text("kind").notNull(),
    actor: text("actor").notNull(),
    details: jsonb("details").notNull(),
    at: instant("at").notNull(),
  },
  (t) => [
    // The same message or act twice is one event.
    unique("ticket_events_key").on(t.ticketId, t.eventKey),
    check("ticket_events_kind", sql`${t.kind} IN ('opened', 'comment', 'assigned', 'changed', 'resolved', 'reopened')`),
  ],
);
