import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** The one error shape. `message` says what to do; `details` name the field, the value and what was expected. */
export type ApiError = { error: { kind: string; message: string; details: unknown } };

export const fail = (
  c: Context,
  status: ContentfulStatusCode,
  kind: string,
  message: string,
  details: unknown = null,
) => c.json({ error: { kind, message, details } } satisfies ApiError, status);

/** Unexpected: logged once under an id, and the client learns only that id. */
export function unexpected(thrown: unknown, c: Context) {
  if (thrown instanceof HTTPException && thrown.status < 500)
    return fail(
      c,
      thrown.status as ContentfulStatusCode,
      "bad_request",
      thrown.message || "the request cannot be read",
    );
  const requestId = crypto.randomUUID();
  const said = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  console.error(JSON.stringify({ at: "route", requestId, method: c.req.method, route: c.req.routePath, error: said }));
  return c.json(
    { error: { kind: "unexpected", message: "something failed here; send the same again", details: { requestId } } },
    503,
  );
}
