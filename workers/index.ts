import { Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";
import { checkCountries } from "../src/domain/countries/check.ts";
import { FILES } from "../src/domain/countries/index.ts";
import { copyQueue } from "./copy.ts";
import { deadLetterQueue } from "./dead-letters.ts";
import type { Env } from "./env.ts";
import { fail, unexpected } from "./errors.ts";
import { forwardQueue } from "./forward.ts";
import { importQueue } from "./imports.ts";
import { bridge } from "./ingest/bridge.ts";
import { gatewayRoutes } from "./ingest/gateway.ts";
import { gatewayPath } from "./ingest/gateway-request.ts";
import { health } from "./ingest/health.ts";
import { readings } from "./ingest/readings.ts";
import { relayAck } from "./ingest/relay-ack.ts";
import { no, sms } from "./ingest/sms.ts";
import { jobQueue, runCron } from "./jobs.ts";
import { settingFaults } from "./keys.ts";
import { figures } from "./neighbours/figures.ts";
import { machine } from "./neighbours/machine.ts";
import { odyssey } from "./neighbours/odyssey.ts";
import { portalApi } from "./portal/api.ts";
import { contractLink } from "./portal/contract-link.ts";
import { myApp, myFolder } from "./portal/my-app.ts";
import { myPage } from "./portal/my-page.ts";
import { ops } from "./portal/ops.ts";
import { queueTable } from "./queues.ts";
import { logRefused } from "./refused.ts";
import { withRequestId } from "./requests.ts";
import { room } from "./room.ts";

export { AccountLedger } from "./objects/account-ledger.ts";
export { Directory } from "./objects/directory.ts";
export { DisconnectGate } from "./objects/disconnect-gate.ts";
export { Mailbox } from "./objects/mailbox.ts";
export { ReceiptBook } from "./objects/receipt-book.ts";
export { Till } from "./objects/till.ts";
export { UnmappedMeters } from "./objects/unmapped-meters.ts";
export { VendorBudget } from "./objects/vendor-budget.ts";

// Before anything is served: of a file that is wrong nobody should learn by a payment.
checkCountries(FILES);

/** Everything the Worker answers, mounted in one place. */
export const app = new Hono<{ Bindings: Env }>()
  // A form without a script says from which page it comes only where its own host may know.
  .use(secureHeaders({ referrerPolicy: "same-origin", strictTransportSecurity: "max-age=31536000; includeSubDomains" }))
  .use(withRequestId)
  .use(logRefused)
  .use(room)
  .use(async (c, next) => {
    // A deployment that lacks a secret serves nobody, and says which one.
    const faults = settingFaults(c.env);
    if (faults.length === 0) return next();
    // A phone's app may stop on a body of another shape; one that is refused sends the same again.
    const isPhone = gatewayPath(new URL(c.req.url).pathname) !== null;
    const because = "this deployment is not configured";
    return isPhone ? no(c, 503, because) : fail(c, 503, "not_configured", because, faults);
  })
  .use(async (c, next) => {
    // No table takes U+0000 and nobody types it: said once, for every address.
    const { pathname, search } = new URL(c.req.url);
    return /%00/.test(pathname + search) && gatewayPath(pathname) === null
      ? fail(c, 400, "bad_request", "an address without U+0000 (%00)")
      : next();
  })
  .route("/", health)
  .route("/", sms)
  .route("/api", gatewayRoutes)
  .route("/api/bridge", bridge)
  .route("/api/meters", relayAck)
  .route("/api/meters", readings)
  .route("/api/odyssey/v1", odyssey)
  .route("/api/machine/v1", machine)
  .route("/api", figures)
  .route("/c", contractLink)
  .route("/my", myPage)
  .route("/my", myApp)
  .route("/", myFolder)
  .route("/api", portalApi)
  .route("/api/ops", ops)
  .notFound(async (c) => {
    if (c.req.path.startsWith("/api/") || c.req.method !== "GET")
      return fail(c, 404, "no_such_route", "there is no such route here");
    const file = await c.env.ASSETS.fetch(c.req.raw);
    // As it came nobody may add a header to it.
    return new Response(file.body, file);
  })
  .onError(unexpected);

/** On a host that several countries share the country comes first: `/ls/api/me` is this Worker's `/api/me`, in Lesotho. */
const OWN_PATHS = /^\/(?:api|my)(?:\/|$)/;
function ownPath(request: Request, country: string): Request {
  const url = new URL(request.url);
  const prefix = `/${country.toLowerCase()}`;
  if (!url.pathname.startsWith(`${prefix}/`) || !OWN_PATHS.test(url.pathname.slice(prefix.length))) return request;
  url.pathname = url.pathname.slice(prefix.length);
  return new Request(url, request);
}

export default {
  fetch: (request, env, ctx) => app.fetch(ownPath(request, env.COUNTRY), env, ctx),
  queue: queueTable({
    copy: copyQueue,
    forward: forwardQueue,
    imports: importQueue,
    job: jobQueue,
    dead: deadLetterQueue,
  }),
  scheduled: (controller, env, ctx) => ctx.waitUntil(runCron(env, controller.cron, controller.scheduledTime)),
} satisfies ExportedHandler<Env>;
