import { sql } from "drizzle-orm";
import { check, index, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { instant, whole } from "./columns.ts";

/** Something a person has to look at. The kinds are not checked here: a case of a new kind must never be refused. */
export const reconciliationCases = pgTable(
  "reconciliation_cases",
  {
    caseKey: text("case_key").primaryKey(),
    caseKind: text("case_kind").notNull(),
    subject: text("subject").notNull(),
    details: jsonb("details").notNull(),
    state: text("state").notNull(),
    openedAt: instant("opened_at").notNull(),
    closedAt: instant("closed_at"),
    version: whole("version").notNull(),
  },
  (t) => [
    // The open ones, oldest first.
    index("reconciliation_cases_open").on(t.openedAt).where(sql`state = 'open'`),
    // Everything about one account, receipt, till or phone.
    index("reconciliation_cases_subject").on(t.subject),
    check("reconciliation_cases_state", sql`${t.state} IN ('open', 'closed')`),
  ],
);
