import { sql } from "drizzle-orm";
import { check, index, integer, jsonb, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { instant, whole } from "./columns.ts";
import { customers } from "./customers.ts";

/** An order to take a person's name, phones and words out of everything that is kept: asked for by one, approved by another. */
export const erasures = pgTable(
  "erasures",
  {
    /** Drawn from the order's own name, so that sending it again is the same order. */
    id: text("id").primaryKey(),
    customerId: whole("customer_id")
      .notNull()
      .references(() => customers.id),
    /** Where the person's own words say so: a letter, an e-mail, a ticket. No name. */
    document: text("document").notNull(),
    /** waiting (for a second person), approved (work goes on), done, refused. */
    state: text("state").notNull(),
    orderedBy: text("ordered_by").notNull(),
    orderedAt: instant("ordered_at").notNull(),
    decidedBy: text("decided_by"),
    decidedAt: instant("decided_at"),
    /** What is looked for, as patterns; only while work goes on: it is personal itself. */
    looksFor: jsonb("looks_for"),
    /** Rows that were changed so far, in the database and in objects. */
    rowsChanged: integer("rows_changed").notNull().default(0),
    /** When everything was looked through last, and how many rows still named the person then. */
    passedAt: instant("passed_at"),
    passChanged: integer("pass_changed"),
    doneAt: instant("done_at"),
  },
  (t) => [
    // One order a person at a time.
    uniqueIndex("erasures_open").on(t.customerId).where(sql`state IN ('waiting', 'approved')`),
    // What the job works on.
    index("erasures_approved").on(t.decidedAt).where(sql`state = 'approved'`),
    check("erasures_state", sql`${t.state} IN ('waiting', 'approved', 'done', 'refused')`),
    check("erasures_looks_for", sql`(${t.looksFor} IS NOT NULL) = (${t.state} = 'approved')`),
    check("erasures_done", sql`(${t.doneAt} IS NOT NULL) = (${t.state} = 'done')`),
    check("erasures_decided", sql`${t.state} IN ('waiting', 'refused') OR ${t.decidedBy} IS NOT NULL`),
    // Letter case and spaces make nobody a second person.
    check(
      "erasures_second",
      sql`${t.state} = 'refused' OR ${t.decidedBy} IS NULL OR lower(regexp_replace(${t.decidedBy}, '[[:space:]]', '', 'g')) <> lower(regexp_replace(${t.orderedBy}, '[[:space:]]', '', 'g'))`,
    ),
  ],
);
