import type { Context, MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import { givenRequestId } from "../src/domain/log-text.ts";
import { forRequest, log } from "../src/ports/log.ts";
import type { Env } from "./env.ts";
import { gatewayPath } from "./ingest/gateway-request.ts";
import { measure } from "./metrics.ts";

/** In a request: what its caller calls it. In each answer: what the log calls it. */
export const REQUEST_ID = "X-Request-Id";

/** Under this name the id that is made here, whatever the caller said, goes along with a request. */
const ACT_ID = "actId";

/**
 * The id of what is done by a request, for the audit: always made here. Two requests to which their caller gave one id are two
 * acts, and each leaves its row.
 */
export const actIdOf = (c: Context): string => (c as Context).get(ACT_ID) ?? crypto.randomUUID();

/**
 * Each request has an id, the caller's own or one that is made; the answer says it, and so does every line of the log that is
 * written for the request, in objects and queues as well. One line a request that may have changed something; of a phone's its
 * Mailbox writes one, if it brought something.
 */
export const withRequestId: MiddlewareHandler<{ Bindings: Env }> = async (c, next) => {
  const actId = crypto.randomUUID();
  (c as Context).set(ACT_ID, actId);
  const requestId = givenRequestId(c.req.header(REQUEST_ID)) ?? actId;
  const beganAt = Date.now();
  await forRequest(requestId, async () => {
    await next();
    const { method } = c.req;
    const ms = Date.now() - beganAt;
    measure(c.env, { kind: "request", name: `${method} ${routePath(c, -1)}`, outcome: String(c.res.status), ms });
    if (isWorthALine(c)) {
      log.info("request", { actId, method, route: routePath(c, -1), status: c.res.status, ms });
    }
  });
  c.header(REQUEST_ID, requestId);
};

const isWorthALine = (c: Context): boolean =>
  c.req.method !== "GET" && c.req.method !== "HEAD" && gatewayPath(new URL(c.req.url).pathname) === null;
