import { readBytes, type Served, serve } from "./serve.ts";

/** The planning tool on a laptop, with its quirks: what is not saved is lost with the session, and sessions end. */
export type GridPlanRow = Record<string, unknown> & { Survey_ID: string };
export type GridPlanProject = { name: string; code: string; key: string; rows: GridPlanRow[] };
type Session = { loaded: Map<string, { project: GridPlanProject; rows: GridPlanRow[] }> };

export class GridPlanTool {
  readonly projects: GridPlanProject[];
  readonly password: string;
  /** What was asked, for whoever looks. */
  readonly asked: string[] = [];
  #sessions = new Map<string, Session>();
  #drawn = 0;

  constructor(projects: GridPlanProject[], password = "of this month") {
    this.projects = projects;
    this.password = password;
  }

  /** All sessions end, with what was not saved in them. */
  endSessions() {
    this.#sessions.clear();
  }
  /** Sessions live on, and the ids of loaded projects are forgotten. */
  forgetProjects() {
    for (const session of this.#sessions.values()) session.loaded.clear();
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const url = new URL(String(input));
    const path = url.pathname.replace(/^\/api/, "");
    const body = init?.body === undefined ? {} : (JSON.parse(String(init.body)) as Record<string, unknown>);
    this.asked.push(`${init?.method ?? "GET"} ${path}`);
    if (path === "/auth/login") return this.#signIn(body);
    const session = this.#sessions.get(new Headers(init?.headers).get("Cookie") ?? "");
    if (session === undefined) return Response.json({ error: "unauthorised" }, { status: 401 });
    return this.#answer(session, path, url.searchParams, body);
  };

  #signIn({ password }: Record<string, unknown>): Response {
    if (password !== this.password) return Response.json({ error: "wrong" }, { status: 401 });
    const cookie = `access_token=t${++this.#drawn}`;
    this.#sessions.set(cookie, { loaded: new Map() });
    return Response.json({ status: "ok" }, { headers: { "Set-Cookie": `${cookie}; Path=/; HttpOnly` } });
  }

  #answer(session: Session, path: string, query: URLSearchParams, body: Record<string, unknown>): Response {
    if (path === "/projects")
      return Response.json({ projects: this.projects.map(({ name, code }) => ({ name, code })) });
    const key = /^\/projects\/(.+)\/load$/.exec(path)?.[1];
    if (key !== undefined) return this.#load(session, decodeURIComponent(key));
    const loaded = session.loaded.get(query.get("projectId") ?? String(body.projectId));
    if (loaded === undefined) return Response.json({ error: "no such project" }, { status: 404 });
    if (path === "/project/table-data") {
      const [page, size] = [Number(query.get("page")), Number(query.get("pageSize"))];
      return Response.json({ rows: loaded.rows.slice((page - 1) * size, page * size), total: loaded.rows.length });
    }
    if (path === "/project/batch-connection-update") {
      const updates = Object.entries(body.updates as Record<string, object>);
      const isThere = (id: string) => loaded.rows.some((row) => row.Survey_ID === id);
      for (const [id, change] of updates)
        for (const row of loaded.rows) if (row.Survey_ID === id) Object.assign(row, change);
      const notFound = updates.map(([id]) => id).filter((id) => !isThere(id));
      return Response.json({
        updated: updates.length - notFound.length,
        not_found: notFound,
        total_requested: updates.length,
      });
    }
    if (path !== "/project/save-in-place") return Response.json({ error: "no such route" }, { status: 404 });
    loaded.project.rows = structuredClone(loaded.rows);
    return Response.json({ status: "ok" });
  }

  #load(session: Session, key: string): Response {
    const project = this.projects.find((each) => each.key === key);
    if (project === undefined) return Response.json({ error: "not found" }, { status: 404 });
    const id = `p${++this.#drawn}`;
    session.loaded.set(id, { project, rows: structuredClone(project.rows) });
    return Response.json({ projectId: id });
  }
}

/** Serves it. */
export const startGridPlan = (port: number, tool: GridPlanTool): Promise<Served> =>
  serve(port, async (req, res, url) => {
    const body = req.method === "GET" ? undefined : (await readBytes(req)).toString("utf8");
    const answer = await tool.fetch(url, {
      method: req.method ?? "GET",
      headers: { Cookie: req.headers.cookie ?? "" },
      ...(body === undefined ? {} : { body }),
    });
    res.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
  });
