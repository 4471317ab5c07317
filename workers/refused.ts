import type { Context, MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import { log } from "../src/ports/log.ts";
import type { StaffSession } from "../src/ports/sessions.ts";
import type { Env } from "./env.ts";

/** Not let in, not allowed, asked too often. */
const REFUSALS = [401, 403, 429];

/**
 * One line in the log for each refusal (ASVS 5, 16.3): which route, and which member of staff where one is signed in. The route
 * as it is declared, never the address: a phone's token or a person's number may stand there. `ray` leads to the platform's own
 * record of the request, which knows from where it came.
 */
export const logRefused: MiddlewareHandler<{ Bindings: Env }> = async (c, next) => {
  await next();
  const { status } = c.res;
  if (!REFUSALS.includes(status)) return;
  // Set by the guards of people's routes; machines' have none.
  const person: StaffSession | null | undefined = (c as Context).get("person");
  const staff = person?.staffId ?? null;
  const ray = c.req.header("CF-Ray") ?? null;
  log.warn("refused", { status, method: c.req.method, route: routePath(c, -1), staff, ray });
};
