import { createServer, type Server } from "node:http";

export type HrEmployee = { employee_id: string; name: string; email: string; department: string; status: string };
/** how: as it is; key: 401; empty: a whole answer of nobody; html: a proxy's page with 200; slow: says nothing. */
export type HrMood = "well" | "key" | "empty" | "html" | "down";

/** The HR portal on a laptop. `POST /mood {"mood":"empty"}` and `POST /employees [...]` change it. */
export function hrAnswer(
  state: { employees: HrEmployee[]; mood: HrMood; key: string },
  path: string,
  key: string | null,
): Response {
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

/** Serves it; only whoever starts it changes its people. */
export function startHr(port: number, state: Parameters<typeof hrAnswer>[0]): Server {
  return createServer(async (request, response) => {
    const answer = hrAnswer(state, request.url ?? "/", String(request.headers["x-api-key"] ?? ""));
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
  }).listen(port, "127.0.0.1");
}
