import type { HrPerson } from "../../domain/hr.ts";
import type { Role } from "../../domain/permission.ts";
import type { HrBooks } from "../../ports/hr.ts";
import type { Database } from "./database.ts";
import { BY, change } from "./registry-write.ts";

const PUT_DEPARTMENT = [
  `WITH r AS (SELECT * FROM jsonb_to_record($1::jsonb) AS r(department text, roles text[])),
  was AS (SELECT d.* FROM r JOIN hr_departments d ON d.department = r.department), made AS (
    INSERT INTO hr_departments AS d (department, roles) SELECT r.department, r.roles FROM r
    ON CONFLICT (department) DO UPDATE SET roles = excluded.roles WHERE d.roles IS DISTINCT FROM excluded.roles RETURNING *)
  INSERT INTO mutations (actor, reason, at, action, subject, before, after)
  SELECT ${BY}, 'hr_department.put', 'hr_department:' || made.department,
    CASE WHEN was.department IS NOT NULL THEN to_jsonb(was) END, to_jsonb(made) FROM made LEFT JOIN was ON true`,
];
const KEEP = `INSERT INTO hr_people AS p (email, employee_id, departments, status, seen_at)
  SELECT DISTINCT ON (r.email) r.email, r."employeeId", r.departments, r.status, cc_at($2::bigint)
  FROM jsonb_to_recordset($1::jsonb) AS r(email text, "employeeId" text, departments text[], status text)
  ON CONFLICT (email) DO UPDATE SET employee_id = excluded.employee_id, departments = excluded.departments, status = excluded.status,
    seen_at = excluded.seen_at`;
const PEOPLE_MAX = 20_000;

export const neonHrBooks = (db: Database): HrBooks => ({
  known: () =>
    db.read<HrPerson>(
      `SELECT email, employee_id AS "employeeId", departments, status FROM hr_people ORDER BY email LIMIT ${PEOPLE_MAX}`,
    ),
  departments: () =>
    db.read<{ department: string; roles: Role[] }>("SELECT department, roles FROM hr_departments ORDER BY department"),
  putDepartment: (department, roles, by) => change(db, { department, roles }, by, PUT_DEPARTMENT),
  async keep(people, at) {
    await db.transaction([{ query: KEEP, params: [JSON.stringify(people), String(at)] }]);
  },
});
