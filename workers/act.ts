import type { Context } from "hono";
import { changeOf } from "./change.ts";
import type { Env } from "./env.ts";
import { gateOf } from "./objects/locate.ts";

/**
 * Leaves the audit row of something that a person orders and that has no row of its own in Postgres, before it is done: what
 * cannot be written down is not done either. The country's gate keeps it until Postgres has it.
 */
export async function recordAct(c: Context, action: string, subject: string, after?: unknown, reason?: string) {
  const by = changeOf(c, reason);
  await gateOf((c as Context<{ Bindings: Env }>).env).recordAct({
    action,
    subject,
    afterJson: after === undefined ? null : JSON.stringify(after),
    actor: by.actor,
    reason: by.reason,
    requestId: by.requestId ?? "",
    at: by.at,
  });
}
