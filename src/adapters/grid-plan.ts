import { z } from "zod";
import type { PlanProject } from "../domain/grid-plan/project.ts";
import { err, ok, type Result } from "../domain/result.ts";
import type { GridPlan, PlanTrouble, ToolConnection } from "../ports/grid-plan.ts";

const CALL_MS_MAX = 30_000;
const PAGE_SIZE = 1_000;
/** Twenty thousand connections of one project: no village has a tenth of it. */
const PAGES_MAX = 20;
const UPDATES_MAX = 500;

const text = z.union([z.string(), z.number()]).transform(String);
const Projects = z.object({ projects: z.array(z.object({ name: text.nullish(), code: text.nullish() })).max(2_000) });
const Loaded = z.object({ projectId: z.string().min(1) });
const Row = z.object({
  Survey_ID: text.nullish(),
  Customer_Code: text.nullish(),
  Customer_Type: text.nullish(),
  Meter_Serial: text.nullish(),
  GPS_X: z.unknown(),
  GPS_Y: z.unknown(),
});
const Rows = z.object({ rows: z.array(Row).max(PAGE_SIZE), total: z.number().int().nonnegative() });
const Updated = z.object({ updated: z.number().int().nonnegative(), not_found: z.array(text).default([]) });

export type GridPlanSettings = { url: string; employeeNumber: string; password: string };

type Called = { status: number; body: unknown; cookie: string | null };

/** uGridPlan's API. A session that has ended is begun anew once; a loaded project that the session lost is loaded anew once. */
export function gridPlan({ url, employeeNumber, password }: GridPlanSettings, ask: typeof fetch = fetch): GridPlan {
  const origin = url.replace(/\/+$/, "");
  let cookie: string | null = null;
  const loaded = new Map<string, string>();

  async function send(method: string, path: string, body?: unknown): Promise<Called> {
    const response = await ask(`${origin}${path}`, {
      method,
      headers: {
        Accept: "application/json",
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(cookie === null ? {} : { Cookie: cookie }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: "manual",
      signal: AbortSignal.timeout(CALL_MS_MAX),
    });
    const set = /\baccess_token=[^;]+/.exec(response.headers.get("Set-Cookie") ?? "")?.[0] ?? null;
    return { status: response.status, body: await response.json().catch(() => null), cookie: set };
  }

  async function signIn(): Promise<PlanTrouble | null> {
    cookie = null;
    loaded.clear();
    const answer = await send("POST", "/auth/login", { employeeNumber, password });
    if (answer.status === 401 || answer.status === 403) return { kind: "sign_in", detail: String(answer.status) };
    if (answer.status !== 200 || answer.cookie === null) return unavailable(`sign-in ${answer.status}`);
    cookie = answer.cookie;
    return null;
  }

  /** The answer, signed in; `sign_in` again only where a fresh session is refused too. */
  async function call<T extends z.ZodType>(
    method: string,
    path: string,
    shape: T,
    body?: unknown,
  ): Promise<Result<z.infer<T>, PlanTrouble & { status?: number }>> {
    try {
      for (const isLast of [false, true]) {
        const refused = cookie === null ? await signIn() : null;
        if (refused !== null) return err(refused);
        const answer = await send(method, path, body);
        if (answer.status === 401 && !isLast) {
          cookie = null;
          continue;
        }
        if (answer.status !== 200)
          return err({ ...unavailable(`${path.split("?")[0]} ${answer.status}`), status: answer.status });
        const read = shape.safeParse(answer.body);
        return read.success ? ok(read.data) : err(unavailable(`${path.split("?")[0]}: an answer of another shape`));
      }
      return err({ kind: "sign_in", detail: "a fresh session is refused" });
    } catch (thrown) {
      return err(unavailable(thrown instanceof Error ? thrown.name : "no answer"));
    }
  }

  /** By its code, by what the tool makes of it, by its name: the tool's key of a project is one of these. */
  async function load(project: PlanProject): Promise<Result<string, PlanTrouble>> {
    const known = loaded.get(keyOf(project));
    if (known !== undefined) return ok(known);
    const keys = [project.code, ...["minigrid", "ci", "ipp"].map((kind) => `${project.code}_${kind}`), project.name];
    for (const key of keys.filter((each) => each !== "" && !each.startsWith("_"))) {
      const answer = await call("POST", `/projects/${encodeURIComponent(key)}/load`, Loaded, {});
      if (answer.ok) {
        loaded.set(keyOf(project), answer.value.projectId);
        return ok(answer.value.projectId);
      }
      if (answer.error.status !== 404 && answer.error.status !== 400) return err(answer.error);
    }
    return err({ kind: "gone", detail: `no project ${project.code || project.name}` });
  }

  /** Work in a loaded project, done once more where the session has forgotten it; it begins at its beginning. */
  async function within<T>(
    project: PlanProject,
    work: (projectId: string) => Promise<Result<T, PlanTrouble & { status?: number }>>,
  ): Promise<Result<T, PlanTrouble>> {
    for (const isLast of [false, true]) {
      const projectId = await load(project);
      if (!projectId.ok) return projectId;
      const done = await work(projectId.value);
      if (done.ok) return done;
      // An id of a session before is refused like one that never was.
      const isStale =
        done.error.status === 404 || done.error.status === 400 || loaded.get(keyOf(project)) === undefined;
      if (!isStale || isLast) return err({ kind: done.error.kind, detail: done.error.detail });
      loaded.delete(keyOf(project));
    }
    return err(unavailable("the project cannot be kept loaded"));
  }

  return {
    async projects() {
      const answer = await call("GET", "/projects", Projects);
      if (!answer.ok) return answer;
      return ok(answer.value.projects.map(({ name, code }) => ({ name: name ?? "", code: code ?? "" })));
    },
    connections: (project) =>
      within(project, async (projectId) => {
        const found: ToolConnection[] = [];
        for (let page = 1; page <= PAGES_MAX; page++) {
          const asked = new URLSearchParams({
            ...{ projectId, elementType: "connection" },
            ...{ page: String(page), pageSize: String(PAGE_SIZE) },
          });
          const answer = await call("GET", `/project/table-data?${asked}`, Rows);
          if (!answer.ok) return answer;
          found.push(...answer.value.rows.map(connectionOf));
          if (found.length >= answer.value.total) return ok(found);
          // Fewer than it says there are, and no more to come: half a list would look like connections that are gone.
          if (answer.value.rows.length === 0)
            return err(unavailable(`${found.length} of ${answer.value.total} connections`));
        }
        return err(unavailable(`more than ${PAGES_MAX * PAGE_SIZE} connections`));
      }),
    update: (project, updates) =>
      within(project, async (projectId) => {
        const entries = [...updates];
        let updated = 0;
        const notFound: string[] = [];
        for (let from = 0; from < entries.length; from += UPDATES_MAX) {
          const some = Object.fromEntries(entries.slice(from, from + UPDATES_MAX));
          const answer = await call("POST", "/project/batch-connection-update", Updated, { projectId, updates: some });
          if (!answer.ok) return answer;
          // Signed in anew half way, the tool has lost the part before: from the beginning.
          if (loaded.get(keyOf(project)) !== projectId)
            return err({ ...unavailable("the session was lost"), status: 404 });
          updated += answer.value.updated;
          notFound.push(...answer.value.not_found);
        }
        const saved = await call("POST", "/project/save-in-place", z.unknown(), { projectId, userId: employeeNumber });
        if (!saved.ok) return saved;
        if (loaded.get(keyOf(project)) !== projectId)
          return err({ ...unavailable("the session was lost"), status: 404 });
        return ok({ updated, notFound });
      }),
  };
}

const keyOf = ({ code, name }: PlanProject) => `${code}\n${name}`;
const unavailable = (detail: string): PlanTrouble => ({ kind: "unavailable", detail });
const connectionOf = (row: z.infer<typeof Row>): ToolConnection => ({
  surveyId: (row.Survey_ID ?? "").trim(),
  customerCode: (row.Customer_Code ?? "").trim(),
  customerType: row.Customer_Type ?? null,
  meterSerial: row.Meter_Serial ?? null,
  gpsX: row.GPS_X,
  gpsY: row.GPS_Y,
});
