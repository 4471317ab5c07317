import { Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";
import { copyQueue } from "./copy.ts";
import { deadLetterQueue } from "./dead-letters.ts";
import type { Env } from "./env.ts";
import { fail, unexpected } from "./errors.ts";
import { forwardQueue } from "./forward.ts";
import { importQueue } from "./imports.ts";
import { gatewayRoutes } from "./ingest/gateway.ts";
import { gatewayPath } from "./ingest/gateway-request.ts";
import { health } from "./ingest/health.ts";
import { payments } from "./ingest/payments.ts";
import { readings } from "./ingest/readings.ts";
import { relayAck } from "./ingest/relay-ack.ts";
import { no, sms } from "./ingest/sms.ts";
import { jobQueue, runCron } from "./jobs.ts";
import { settingFaults } from "./keys.ts";
import { accountEnergy } from "./portal/account-energy.ts";
import { accountLiveBalance } from "./portal/account-live-balance.ts";

import { audit } from "./portal/audit.ts";

import { accountCommissioning, commissioning } from "./portal/commissioning.ts";
import { contractLink } from "./portal/contract-link.ts";
import { accountContracts, contracts } from "./portal/contracts.ts";

import { corrections } from "./portal/corrections.ts";
import { customerAccounts, customers } from "./portal/customers.ts";
import { exportFiles, exports_ } from "./portal/exports.ts";
import { imports } from "./portal/imports.ts";
import { live, myLive } from "./portal/live.ts";
import { merges } from "./portal/merges.ts";
import { meters } from "./portal/meters.ts";
import { metersCheck } from "./portal/meters-check.ts";
import { my } from "./portal/my.ts";
import { ops } from "./portal/ops.ts";
import { opsAccounts } from "./portal/ops-accounts.ts";
import { opsCopies } from "./portal/ops-copies.ts";
import { opsDisconnects } from "./portal/ops-disconnects.ts";
import { opsReceipts } from "./portal/ops-receipts.ts";
import { opsStatus } from "./portal/ops-status.ts";
import { opsTills } from "./portal/ops-tills.ts";
import { records } from "./portal/records.ts";
import { registrations } from "./portal/registrations.ts";
import { relays } from "./portal/relays.ts";
import { signInRoutes } from "./portal/sign-in.ts";
import { staffRoutes } from "./portal/staff.ts";
import { statements } from "./portal/statements.ts";
import { tables } from "./portal/tables.ts";
import { accountTariff, tariffs } from "./portal/tariffs.ts";
import { unmapped } from "./portal/unmapped.ts";
import { uploads } from "./portal/uploads.ts";
import { vendorCredits } from "./portal/vendor-credits.ts";
import { accountWallet, wallets } from "./portal/wallets.ts";
import { queueTable } from "./queues.ts";

export { AccountLedger } from "./objects/account-ledger.ts";
export { Directory } from "./objects/directory.ts";
export { DisconnectGate } from "./objects/disconnect-gate.ts";
export { Mailbox } from "./objects/mailbox.ts";
export { ReceiptBook } from "./objects/receipt-book.ts";
export { Till } from "./objects/till.ts";
export { UnmappedMeters } from "./objects/unmapped-meters.ts";
export { VendorBudget } from "./objects/vendor-budget.ts";

/** Everything the Worker answers, mounted in one place. */
export const app = new Hono<{ Bindings: Env }>()
  .use(secureHeaders())
  .use(async (c, next) => {
    // A deployment that lacks a secret serves nobody, and says which one.
    const faults = settingFaults(c.env);
    if (faults.length === 0) return next();
    // A phone's app may stop on a body of another shape; one that is refused sends the same again.
    const isPhone = gatewayPath(new URL(c.req.url).pathname) !== null;
    const because = "this deployment is not configured";
    return isPhone ? no(c, 503, because) : fail(c, 503, "not_configured", because, faults);
  })
  .route("/", health)
  .route("/", sms)
  .route("/api/payments", payments)
  .route("/api", gatewayRoutes)
  .route("/api/meters", relayAck)
  .route("/api/meters", readings)
  .route("/api/meters", unmapped)
  .route("/api/meters", meters)
  .route("/api/meters", metersCheck)
  .route("/api/accounts", accountEnergy)
  .route("/api/accounts", accountLiveBalance)
  .route("/api/accounts", customerAccounts)
  .route("/api/accounts", accountTariff)
  .route("/api/customers", customers)
  .route("/api/customers/merges", merges)
  .route("/api/corrections", corrections)
  .route("/api/vendor-credits", vendorCredits)
  .route("/api/tariffs", tariffs)
  .route("/api/audit", audit)
  .route("/api/accounts", accountCommissioning)
  .route("/api/accounts", accountContracts)
  .route("/api/contracts", contracts)
  .route("/c", contractLink)
  .route("/api/commissioning", commissioning)
  .route("/api/registrations", registrations)
  .route("/api/uploads", uploads)
  .route("/api/statements", statements)
  .route("/api/wallets", wallets)
  .route("/api/accounts", accountWallet)
  .route("/api/tables", tables)
  .route("/api/tables", records)
  .route("/api/exports", exports_)
  .route("/api/exports", exportFiles)
  .route("/api/imports", imports)
  .route("/api/meters", relays)
  .route("/api", signInRoutes)
  .route("/api/staff", staffRoutes)
  .route("/api/my", my)
  .route("/api/my", myLive)
  .route("/api/live", live)
  // The operators' own routes, for whoever is signed in and may.
  .route("/api", opsReceipts)
  .route("/api", opsTills)
  .route("/api", opsCopies)
  .route("/api", opsDisconnects)
  .route("/api", opsAccounts)
  .route("/api", opsStatus)
  .route("/api/ops", ops)
  .notFound((c) =>
    c.req.path.startsWith("/api/") || c.req.method !== "GET"
      ? fail(c, 404, "no_such_route", "there is no such route here")
      : c.env.ASSETS.fetch(c.req.raw),
  )
  .onError(unexpected);

export default {
  fetch: app.fetch,
  queue: queueTable({
    copy: copyQueue,
    forward: forwardQueue,
    imports: importQueue,
    job: jobQueue,
    dead: deadLetterQueue,
  }),
  scheduled: (controller, env, ctx) => ctx.waitUntil(runCron(env, controller.cron, controller.scheduledTime)),
} satisfies ExportedHandler<Env>;
