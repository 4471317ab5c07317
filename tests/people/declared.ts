import type { Hono } from "hono";
import type { Permission } from "../../src/domain/permission.ts";
import type { Caller } from "../../workers/keys.ts";

/** Whom a route is for, as its own guards say. */
export type Declared =
  | { for: "permission"; permission: Permission }
  | { for: "machines"; callers: readonly Caller[] }
  | { for: "staff"; where: "here" | "anywhere" }
  | { for: "customer" }
  | { for: "key"; scope: string }
  | { for: "anyone"; because: string };

export type Route = { method: string; path: string; declared: Declared | null };

type Tags = {
  permission?: Permission;
  callers?: readonly Caller[];
  signedIn?: "staff" | "customer";
  open?: string;
  credential?: "phone";
  where?: "here" | "anywhere";
  scope?: string;
};
type Routes = Pick<Hono, "routes">["routes"];

const covers = (pattern: string, path: string) =>
  pattern === path || (pattern.endsWith("/*") && path.startsWith(pattern.slice(0, -1)));

/** Every route of the app, from its router, with what guards it: its own guards, and those of the folder it is mounted in. */
export function routesOf(app: { routes: Routes }): Route[] {
  const found = new Map<string, Route>();
  for (const { method, path } of app.routes) {
    if (method === "ALL") continue;
    const guards = app.routes.filter((each) =>
      each.method === "ALL" ? covers(each.path, path) : each.method === method && each.path === path,
    );
    found.set(`${method} ${path}`, {
      method,
      path,
      declared: declaredBy(guards.map(({ handler }) => handler as Tags)),
    });
  }
  return [...found.values()];
}

/** A machine's door stands before everything behind it. */
function declaredBy(guards: Tags[]): Declared | null {
  const of = <Key extends keyof Tags>(key: Key) => guards.map((each) => each[key]).find((tag) => tag !== undefined);
  const [callers, permission, signedIn, open] = [of("callers"), of("permission"), of("signedIn"), of("open")];
  const scope = of("scope");
  if (scope !== undefined) return { for: "key", scope };
  if (callers !== undefined) return { for: "machines", callers };
  if (permission !== undefined) return { for: "permission", permission };
  if (signedIn === "staff") return { for: signedIn, where: of("where") ?? "here" };
  if (signedIn !== undefined) return { for: signedIn };
  return open === undefined ? null : { for: "anyone", because: open };
}

/** What answers on every path and is no guard: by name, since each could answer in a route's place. */
export const answersEverywhere = (app: { routes: Routes }) =>
  app.routes
    .filter(({ method, handler }) => method === "ALL" && Object.keys(handler).length === 0)
    .map(({ path }) => path);
