import { sql } from "drizzle-orm";
import { check, pgTable, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";

/** Whom the HR directory has named, as it named them last. Who was never here is not the directory's to lock. */
export const hrPeople = pgTable(
  "hr_people",
  {
    email: text("email").primaryKey(),
    employeeId: text("employee_id").notNull(),
    departments: text("departments").array().notNull(),
    status: text("status").notNull(),
    seenAt: instant("seen_at").notNull(),
  },
  (t) => [check("hr_people_email_spelling", sql`${t.email} = lower(btrim(${t.email}))`)],
);

/** Which roles a department brings. Never the one that manages staff: that is a person's gift. */
export const hrDepartments = pgTable(
  "hr_departments",
  {
    /** As the directory writes it, in small letters. */
    department: text("department").primaryKey(),
    roles: text("roles").array().notNull(),
  },
  (t) => [
    check("hr_departments_spelling", sql`${t.department} = lower(btrim(${t.department})) AND ${t.department} <> ''`),
    check(
      "hr_departments_roles",
      sql`${t.roles} <@ ARRAY['onm_team', 'finance_team', 'engineering', 'field_registrar', 'generic']`,
    ),
  ],
);
