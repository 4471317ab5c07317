import type { MiddlewareHandler } from "hono";
import type { Permission } from "../src/domain/permission.ts";
import { ACTOR_CHARS_MAX, presentedKey } from "./door.ts";
import type { Env } from "./env.ts";
import { fail } from "./errors.ts";
import { isKeyOf } from "./keys.ts";

/** Who acts, as the audit names them, and the name of this request. */
export type Acting = { actor: string; requestId: string };

/**
 * Lets through who may do this; before the body is read, so that a stranger costs nothing. Every route for people names its
 * permission with this, and a test reads them from the router. Whoever holds the operator's key may do all, and says with
 * X-Actor whose hand it is where something is written.
 */
export const allow = (permission: Permission) => {
  const guard: MiddlewareHandler<{ Bindings: Env; Variables: Acting }> = async (c, next) => {
    const key = presentedKey(c, "ops");
    if (key === undefined) return fail(c, 401, "not_signed_in", "sign in, or send this deployment's key in X-Ops-Key");
    if (!isKeyOf(c.env, "ops", key)) return fail(c, 403, "bad_key", "send this deployment's key in X-Ops-Key");
    const said = c.req.header("X-Actor")?.trim() ?? "";
    const writes = c.req.method !== "GET" && c.req.method !== "HEAD";
    if ((said === "" && writes) || said.length > ACTOR_CHARS_MAX)
      return fail(c, 400, "bad_field", "say who does this", [
        { field: "X-Actor", expected: `a name of 1 to ${ACTOR_CHARS_MAX} characters` },
      ]);
    c.set("actor", said);
    c.set("requestId", crypto.randomUUID());
    await next();
    c.header("Cache-Control", "no-store");
  };
  return Object.assign(guard, { permission });
};
