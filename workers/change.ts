import type { Context } from "hono";
import type { Change } from "../src/ports/registry.ts";
import type { Env } from "./env.ts";
import { clockOf } from "./ports.ts";

/** As long as the reason of a body may be. */
const REASON_CHARS_MAX = 500;

/** Who changes what by this request, why and when, as the audit keeps it. The reason of the body, or of X-Reason. */
export const changeOf = (c: Context, reason?: string): Change => {
  const { env, var: said } = c as Context<{ Bindings: Env; Variables: { actor: string; requestId: string } }>;
  return {
    actor: said.actor,
    reason: reason ?? c.req.header("X-Reason")?.slice(0, REASON_CHARS_MAX) ?? null,
    at: clockOf(env).now(),
    requestId: said.requestId,
  };
};
