import { type Context, Hono } from "hono";
import { z } from "zod";
import { gridPlan } from "../../src/adapters/grid-plan.ts";
import { neonAudit } from "../../src/adapters/neon/revert.ts";
import { projectsBySite, type SiteName } from "../../src/domain/grid-plan/project.ts";
import { pairOf } from "../../src/domain/vendor-settings.ts";
import type { GridPlan } from "../../src/ports/grid-plan.ts";
import { actOfRequest, planAccounts, planActs, planRun } from "../../src/queries/plan-accounts.ts";
import { type PlanRefusal, previewPlan, projectName, runPlan, undoPlan } from "../../src/services/sync-grid-plan.ts";
import { type Acting, allow } from "../allow.ts";
import { json, limited, query, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { countryOf, databaseOf, readerOf } from "../ports.ts";
import { reason } from "./fields.ts";

const project = z.string().trim().min(1).max(120).optional();
const PreviewQuery = z.strictObject({ project });
const RunBody = z.strictObject({ project, reason });
const UndoBody = z.strictObject({ reason });
const KeptChanges = z.array(
  z.strictObject({
    surveyId: z.string(),
    field: z.enum(["Customer_Code", "Customer_Type", "Meter_Serial"]),
    from: z.string(),
    to: z.string(),
  }),
);

type C = Context<{ Bindings: Env; Variables: Acting }>;

/** The planning tool (uGridPlan): whose each of its connections is, writing that there, and taking it back. */
export const gridPlanRoutes = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/", allow("meters.write"), async (c) => {
    const plan = planOf(c.env);
    const runs = await planActs(readerOf(c.env), null);
    if (plan === null) return c.json({ isConfigured: false, sites: [], unclaimed: [], runs });
    const projects = await plan.projects();
    if (!projects.ok) return refuse(c, projects.error);
    return c.json({ isConfigured: true, ...projectsBySite(sitesOf(c), projects.value), runs });
  })
  .get("/:site{[A-Z]{3}}", allow("meters.write"), query(PreviewQuery), async (c) => {
    const asked = askedOf(c, c.req.valid("query").project);
    if (asked === null) return noTool(c);
    if (asked.site === null) return noSite(c);
    const preview = await previewPlan(asked.ports, { site: asked.site, project: asked.project });
    return preview.ok ? c.json(preview.value) : refuse(c, preview.error);
  })
  .post("/:site{[A-Z]{3}}/run", allow("meters.write"), limited, saysJson, json(RunBody), async (c) => {
    const { reason: why, project: named } = c.req.valid("json");
    const asked = askedOf(c, named);
    if (asked === null) return noTool(c);
    if (asked.site === null) return noSite(c);
    const by = changeOf(c, why);
    const done = await runPlan(asked.ports, { site: asked.site, project: asked.project }, async (preview) => {
      const after = { site: preview.site, project: projectName(preview.project), changes: preview.changes };
      await neonAudit(databaseOf(c.env)).record(
        { action: "grid_plan.run", subject: `grid_plan:${preview.site}`, after },
        by,
      );
    });
    if (!done.ok) return refuse(c, done.error);
    const actId =
      done.value.preview.changes.length === 0 ? null : await actOfRequest(readerOf(c.env), by.requestId ?? "");
    return c.json({ actId, ...done.value });
  })
  .post("/runs/:id{[0-9]{1,15}}/undo", allow("meters.write"), limited, saysJson, json(UndoBody), async (c) => {
    const plan = planOf(c.env);
    if (plan === null) return noTool(c);
    const actId = Number(c.req.param("id"));
    const run = await planRun(readerOf(c.env), actId);
    if (run === null) return fail(c, 404, "unknown", "no run of the planning tool has this number");
    const changes = KeptChanges.parse(run.changes);
    const by = changeOf(c, c.req.valid("json").reason);
    const done = await undoPlan(plan, run.project, changes, (back) =>
      neonAudit(databaseOf(c.env)).record(
        {
          action: "grid_plan.undo",
          subject: `grid_plan:${run.site}`,
          after: { run: actId, project: run.project, changes: back },
        },
        by,
      ),
    );
    return done.ok ? c.json(done.value) : refuse(c, done.error);
  });

/** Null: this deployment has no tool. */
function planOf(env: Env): GridPlan | null {
  const login = pairOf(env.UGP_LOGIN ?? "");
  return !env.UGP_URL || login === null
    ? null
    : gridPlan({ url: env.UGP_URL, employeeNumber: login.id, password: login.secret });
}

function askedOf(c: C, named: string | undefined) {
  const plan = planOf(c.env);
  if (plan === null) return null;
  const { box } = countryOf(c.env);
  const site = sitesOf(c).find(({ code }) => code === c.req.param("site"));
  const ports = { plan, bounds: box, accounts: (code: string) => planAccounts(readerOf(c.env), code) };
  return {
    ports,
    project: named ?? null,
    site: site ?? null,
  };
}

const sitesOf = (c: C): SiteName[] => countryOf(c.env).sites.map(({ code, name }) => ({ code, name: name ?? code }));

const noTool = (c: C) => fail(c, 409, "no_tool", "no planning tool is configured here: UGP_URL and UGP_LOGIN");
const noSite = (c: C) => fail(c, 404, "unknown", "no such site here");

const refuse = (c: C, refusal: PlanRefusal) =>
  refusal.kind === "no_project"
    ? fail(c, 422, refusal.kind, refusal.detail, { candidates: refusal.candidates })
    : fail(c, 503, refusal.kind, "the planning tool does not answer as it should; ask again", {
        detail: refusal.detail,
      });
