import { type Context, Hono } from "hono";
import { z } from "zod";
import { neonHrBooks } from "../../src/adapters/neon/hr.ts";
import { hasLeft } from "../../src/domain/hr.ts";
import { ROLES, type Role } from "../../src/domain/permission.ts";
import type { HrTrouble } from "../../src/ports/hr.ts";
import { type DirectoryMark, directoryMarks, lastNamedAt } from "../../src/queries/hr.ts";
import { jobEnds } from "../../src/queries/job-ends.ts";
import { planHr, syncHr } from "../../src/services/sync-hr.ts";
import { type Acting, allow } from "../allow.ts";
import { json, limited, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { hrPortsOf } from "../hr.ts";
import { clockOf, databaseOf, readerOf } from "../ports.ts";
import { line, reason } from "./fields.ts";
import { refuse } from "./refusals.ts";

const BROUGHT = ROLES.filter((role) => role !== "superadmin");
const DepartmentBody = z.strictObject({
  department: line(120).transform((typed) => typed.toLowerCase()),
  roles: z
    .array(z.enum(BROUGHT as [Role, ...Role[]], { error: "a role, and never superadmin" }))
    .max(BROUGHT.length)
    .transform((given) => [...new Set(given)].toSorted()),
  reason,
});
const SyncBody = z.strictObject({ force: z.boolean().default(false), reason: reason.optional() });

const JOB = "hr-directory";
const NEVER = { endedAt: null, failedAt: null, error: null };

type C = Context<{ Bindings: Env; Variables: Acting }>;

/** The HR directory: what its word would change, doing it, which roles a department brings, and whether somebody is known there. */
export const hrRoutes = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/", allow("staff.manage"), async (c) => {
    const db = readerOf(c.env);
    const [ends, marks, namedAt] = await Promise.all([jobEnds(db), directoryMarks(db), lastNamedAt(db)]);
    const { job: _, ...sync } = ends.find(({ job }) => job === JOB) ?? { job: JOB, ...NEVER };
    return c.json({
      asOf: clockOf(c.env).now(),
      isConfigured: hrPortsOf(c.env) !== null,
      sync,
      namedAt,
      people: marks.map((mark) => ({ ...mark, standing: standingOf(mark, namedAt) })),
    });
  })
  .get("/plan", allow("staff.manage"), async (c) => {
    const ports = hrPortsOf(c.env);
    if (ports === null) return none(c);
    const plan = await planHr(ports);
    return plan.ok ? c.json({ plan: plan.value }) : trouble(c, plan.error);
  })
  .post("/sync", allow("staff.manage"), limited, saysJson, json(SyncBody), async (c) => {
    const ports = hrPortsOf(c.env);
    if (ports === null) return none(c);
    const { force, reason: why } = c.req.valid("json");
    const synced = await syncHr(ports, changeOf(c, why), force);
    return synced.ok ? c.json(synced.value) : trouble(c, synced.error);
  })
  .get("/people/:employee", allow("staff.manage"), async (c) => {
    const ports = hrPortsOf(c.env);
    if (ports === null) return none(c);
    const found = await ports.directory.lookUp(c.req.param("employee").slice(0, 40));
    if (!found.ok) return trouble(c, found.error);
    if (found.value === null) return fail(c, 404, "unknown", "the directory knows nobody under this number");
    return c.json({ person: found.value, worksHere: !hasLeft(found.value) });
  })
  .get("/departments", allow("staff.manage"), async (c) =>
    c.json({ departments: await neonHrBooks(databaseOf(c.env)).departments() }),
  )
  .put("/departments", allow("staff.manage"), limited, saysJson, json(DepartmentBody), async (c) => {
    const { department, roles, reason: why } = c.req.valid("json");
    const put = await neonHrBooks(databaseOf(c.env)).putDepartment(department, roles, changeOf(c, why));
    return put.ok ? c.json({ department, roles }) : refuse(c, put.error);
  });

/** What the directory said last of somebody. Each sync dates all whom it finds named: who is dated before the last one is named no more. */
type Named = "named" | "left" | "absent";
const standingOf = (mark: DirectoryMark, namedAt: number | null): Named =>
  hasLeft(mark) ? "left" : namedAt !== null && mark.seenAt < namedAt ? "absent" : "named";

const none = (c: C) =>
  fail(c, 409, "no_directory", "no HR directory is configured here, or staff are at home in another country");
/** Neither a yes nor a no: whoever needs one asks again. */
const trouble = (c: C, { kind, detail }: HrTrouble) =>
  fail(c, 503, kind, "the HR directory does not answer as it should; nothing was changed, ask again", { detail });
