import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ClientErrorStatusCode, ServerErrorStatusCode } from "hono/utils/http-status";
import { ForeignDatabase, troubleOf } from "../src/adapters/neon/database.ts";
import { log, requestIdNow } from "../src/ports/log.ts";
import { OtherAccount } from "./other-account.ts";

/** The one error shape. `message` says what to do; `details` name the field, the value and what was expected. */
export type ApiError = { error: { kind: string; message: string; details: unknown } };

export const fail = (
  c: Context,
  status: ClientErrorStatusCode | ServerErrorStatusCode,
  kind: string,
  message: string,
  details: unknown = null,
) => c.json({ error: { kind, message, details } } satisfies ApiError, status);
export type Failed = ReturnType<typeof fail>;

const TROUBLE = {
  down: { kind: "database_down", message: "the database does not answer; send the same again", retrySeconds: 10 },
  busy: { kind: "busy", message: "others are at work on the same; send the same again", retrySeconds: 2 },
  not_ready: { kind: "not_ready", message: "not ready yet; send the same again", retrySeconds: 2 },
} as const;

const UNEXPECTED_RETRY_SECONDS = "5";

/** Unexpected: logged once under an id, and the client learns only that id. */
export function unexpected(thrown: unknown, c: Context) {
  if (thrown instanceof HTTPException && thrown.status < 500)
    return fail(
      c,
      thrown.status as ClientErrorStatusCode,
      "bad_request",
      thrown.message || "the request cannot be read",
    );
  const requestId = requestIdNow() ?? crypto.randomUUID();
  log.error("route", { requestId, method: c.req.method, route: c.req.routePath, error: thrown });
  if (thrown instanceof ForeignDatabase)
    return fail(c, 503, "foreign_database", thrown.message, { requestId, owner: thrown.owner });
  if (thrown instanceof OtherAccount) return fail(c, 409, "other_account", thrown.message, thrown.accounts);
  // An object that is still restoring itself throws this word where its answer has no place for it.
  const isRestoring = thrown instanceof Error && thrown.message === "not_ready";
  const trouble = isRestoring ? "not_ready" : troubleOf(thrown);
  if (trouble === null) {
    c.header("Retry-After", UNEXPECTED_RETRY_SECONDS);
    return fail(c, 503, "unexpected", "something failed here; send the same again", { requestId });
  }
  const { kind, message, retrySeconds } = TROUBLE[trouble];
  c.header("Retry-After", String(retrySeconds));
  return fail(c, 503, kind, message, { requestId });
}
