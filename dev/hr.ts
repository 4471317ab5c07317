import { readControl, type Served, sendJson, serve } from "./serve.ts";

export type HrEmployee = { employee_id: string; name: string; email: string; department: string; status: string };
/** well: as it is; key: 401; empty: a whole answer of nobody; html: a proxy's page with 200; down: 502. */
export type HrMood = "well" | "key" | "empty" | "html" | "down";
export type HrState = { employees: HrEmployee[]; mood: HrMood; key: string };

/** The HR portal on a laptop. `POST /mood {"mood":"empty"}` and `POST /employees {…}`, one employee as they are now, change it. */
export function hrAnswer(state: HrState, path: string, key: string | null): Response {
  const json = (body: unknown, status = 200) => Response.json(body, { status });
  if (state.mood === "down") return new Response("bad gateway", { status: 502 });
  if (state.mood === "html")
    return new Response("<html>maintenance</html>", { headers: { "Content-Type": "text/html" } });
  if (state.mood === "key" || key !== state.key) return json({ error: "invalid key" }, 401);
  if (path === "/api/employees/meta")
    return json({ departments: [...new Set(state.employees.map((each) => each.department))] });
  if (path === "/api/employees/directory")
    return json({ employees: state.mood === "empty" ? [] : state.employees.map(full) });
  const id = /^\/api\/employees\/(?:show|lookup)\/(.+)$/.exec(path)?.[1];
  const found = state.employees.find((each) => each.employee_id === decodeURIComponent(id ?? ""));
  return found === undefined ? json({ error: "not found" }, 404) : json(full(found));
}

const full = (each: HrEmployee) => ({ ...each, memberships: [{ department_name: each.department, is_primary: true }] });

/** Serves it. Whoever starts it has a directory of nobody until somebody is put there. */
export const startHr = (port: number, state: HrState): Promise<Served> =>
  serve(port, async (req, res, url) => {
    if (req.method === "POST") {
      const told = await readControl(req);
      if (url.pathname === "/mood") state.mood = told.mood as HrMood;
      else put(state, told as HrEmployee);
      return sendJson(res, 200, { employees: state.employees.length, mood: state.mood });
    }
    const answer = hrAnswer(state, url.pathname, String(req.headers["x-api-key"] ?? ""));
    res.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
  });

function put(state: HrState, employee: HrEmployee) {
  state.employees = [...state.employees.filter(({ email }) => email !== employee.email), employee];
}
