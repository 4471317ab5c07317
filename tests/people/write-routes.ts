/**
 * Every route by which a person writes, with what it leaves in the audit. A new one goes here: a test reads the routes from the
 * router, sends what `send` says and looks for the acts. `copied` names the object whose row brings the act; `because` says
 * why a route is not sent here, and where its act is seen.
 */
export type WriteRoute =
  | { acts: string[]; send: (known: Known) => Sent; copied?: (known: Known) => { object: Copied; name: string } }
  | { because: string };
type Copied = "disconnect_gate";
type Sent = { path?: Record<string, string | number>; body?: unknown; key?: string; status?: number };
/** What the routes before have made. */
export type Known = {
  account: string;
  customerId: number;
  staffId: number;
  tariffId: number;
  actId: number;
  phoneId: string;
};

const HOUR = 3_600_000;
const iso = (at: number) => new Date(at).toISOString();
const reason = "a test";
const meter = (id: string) => ({ id });
const gate = () => ({ object: "disconnect_gate" as const, name: "gate" });
const SIGN_IN = "changes only the person's own way in; tests/people/sign-in.test.ts looks at its acts";
const CASE =
  "closes a case that an object has opened: the case's row brings the act, tests/adapters/audit-chain.test.ts";
const MY = "a customer's own way in: tests/people/my.test.ts";
const MY_PAGE = "the same by a form without a script: tests/people/my-page.test.ts";
const LIGHT = "tests/adapters/commissioning.test.ts looks at its acts";
const BATCH = "a whole file: tests/people/registrations.test.ts";
const FILE = "a whole file: tests/people/statements.test.ts";
const HOOKS = "tests/people/webhooks.test.ts looks at their acts";
const PLAN = "tests/people/grid-plan.test.ts looks at what a run keeps";
const PERSON = "tests/people/personal.test.ts looks at their acts";
const MERGE = "tests/people/merges.test.ts looks at its acts";
const ANSWER = "tests/people/bridge.test.ts looks at its acts";
const CAMPAIGN = "tests/adapters/campaigns.test.ts looks at its acts";
const TICKET = "tests/people/tickets.test.ts looks at its acts";
const ACCOUNT = "the account's object brings the act with its own row: tests/adapters/audit-chain.test.ts";
const MOVED = "the receipt's shard brings the act with the shares: tests/adapters/audit-chain.test.ts";

export const WRITE_ROUTES: Record<string, WriteRoute> = {
  "POST /api/ops/vendors/mirror": {
    acts: ["vendor.mirror"],
    send: () => ({ status: 409, body: { vendor: "koios" } }),
    copied: gate,
  },
  "POST /api/ops/init": { acts: ["setting.put"], send: () => ({ body: { cutoverAt: iso(Date.now() - 48 * HOUR) } }) },
  "POST /api/ops/sites": {
    acts: ["site.put"],
    send: () => ({ body: { sites: [{ code: "MAK", name: `Ha Makebe ${Date.now()}` }] } }),
  },
  "POST /api/ops/rates": {
    acts: ["tariff.put"],
    send: () => ({ body: { rates: [{ scope: "global", subject: null, rateE4PerKwh: 50_000, validFrom: iso(0) }] } }),
  },
  "POST /api/ops/tills": {
    acts: ["till.create"],
    send: () => ({ body: { tillId: "till-audit", name: "North", senders: ["MPESA"] } }),
  },
  "POST /api/ops/accounts": {
    acts: ["account.create"],
    send: () => ({
      body: {
        accounts: [
          {
            account: "0045MAK",
            name: "Test One",
            phone: "50000101",
            status: "live",
            meters: [{ meterNumber: "23099001", thing: "t-1" }],
          },
        ],
      },
    }),
  },
  "POST /api/ops/templates": {
    acts: ["template.put"],
    send: () => ({ body: { kind: "low_balance", language: "en", text: "{account}: {balance_kwh} left." } }),
  },
  "POST /api/settings/wordings": {
    acts: ["template.put"],
    send: () => ({
      body: { kind: "balance", language: "en", text: "{account}: {balance_kwh} left.", version: null, reason },
    }),
  },
  "POST /api/usd-rates": {
    acts: ["fx_rate.create"],
    send: () => ({
      body: {
        rates: [{ validFrom: "2026-02-03", usdPerUnit: "0.0571", source: "central bank", version: null }],
        reason,
      },
    }),
  },
  "POST /api/credit-writers": {
    acts: ["credit_writer.put"],
    send: () => ({ body: { site: "MAK", writer: "ours", reason } }),
  },
  "POST /api/ops/vendor-sites": {
    acts: ["vendor_site.put"],
    send: () => ({ body: { site: "MAK", vendor: "koios", vendorSiteId: "site-audit", reason } }),
  },
  "POST /api/ops/accounts/again": { because: "tests/people/unregistered.test.ts looks at its act" },
  "POST /api/ops/openings": { because: ACCOUNT },
  "POST /api/ops/legacy/claim": { because: "one act a page: tests/adapters/legacy-books.test.ts" },
  "POST /api/ops/move-in/customers": {
    because: "by the registrations of people: tests/adapters/move-in-records.test.ts",
  },
  "POST /api/ops/move-in/accounts": { because: "by the roads of accounts: tests/adapters/move-in-records.test.ts" },
  "POST /api/ops/move-in/meters": { because: "looks only: which meters are known" },
  "POST /api/ops/move-in/readings": { because: "one act a page: tests/adapters/legacy-history.test.ts" },
  "POST /api/ops/move-in/totals": { because: "one act a page: tests/adapters/legacy-history.test.ts" },
  "POST /api/ops/backfill": {
    acts: ["reading.backfill"],
    send: () => ({ body: { readings: [{ meter_id: "none" }] } }),
    copied: gate,
  },
  "POST /api/ops/sync/samples": { acts: ["reading.sync"], send: () => ({ body: {} }), copied: gate },
  "POST /api/ops/sync/steama": { acts: ["reading.sync"], send: () => ({ body: {}, status: 422 }), copied: gate },
  "POST /api/ops/sms/replay": {
    because: "writes only where a text reads otherwise now: recordAct before the first is read again",
  },
  "POST /api/heads": { acts: ["heads.compare"], send: () => ({ body: {} }), copied: gate },
  "POST /api/forwards/:phoneId/:forwardId/send": {
    acts: ["forward.send"],
    send: ({ phoneId }) => ({ path: { phoneId, forwardId: 1 }, status: 404 }),
    copied: gate,
  },
  "POST /api/alarms/:name/acknowledge": { because: "tests/people/alarms.test.ts looks at its act" },
  "POST /api/dead-letters/:id/replay": { because: "tests/people/dead-letters.test.ts looks at its act" },
  "POST /api/ops/consumption/rebuild": {
    acts: ["consumption.rebuild"],
    send: () => ({ body: { from: "2026-11-01", to: "2026-11-01", write: true } }),
    copied: gate,
  },

  "POST /api/ops/tickets/mirror": {
    acts: ["ticket.mirror"],
    send: () => ({ body: { reason } }),
    copied: gate,
  },

  "POST /api/ops/rollups/verify": {
    acts: ["rollups.rebuild"],
    send: () => ({ body: { from: "2026-11-01", to: "2026-11-01", write: true } }),
    copied: gate,
  },

  "POST /api/uploads": { because: FILE },
  "POST /api/customers": {
    acts: ["account.create", "customer.create"],
    send: () => ({
      body: { givenName: "Thabo", familyName: "Mokoena", phones: [], account: { site: "MAK" } },
      key: "audit-key-1",
      status: 201,
    }),
  },
  "PATCH /api/customers/:id": { because: "with its version: tests/adapters/customers.test.ts" },
  "POST /api/customers/:id/accounts": {
    acts: ["account.create"],
    send: ({ customerId }) => ({ path: { id: customerId }, body: { site: "MAK" }, key: "audit-key-2", status: 201 }),
  },
  "POST /api/accounts/:account/terminate": {
    acts: ["account.terminate"],
    send: ({ account }) => ({ path: { account }, body: { reason } }),
  },
  "POST /api/accounts/:account/unallocated/energy": {
    because: "needs a payment that nothing took: tests/people/unallocated.test.ts looks at its act",
  },
  "POST /api/accounts/:account/meters/swap": {
    acts: ["meter.swap"],
    send: () => ({
      path: { account: "0045MAK" },
      body: { old: "23099001", new: "23099002", at: iso(Date.now() - HOUR), thing: "t-2", reason },
    }),
  },
  "PATCH /api/meters/:id/role": {
    acts: ["meter.role"],
    send: () => ({ path: meter("23099002"), body: { role: "check" } }),
  },
  "POST /api/meters/:id/place": {
    acts: ["meter.create", "meter.place"],
    send: () => ({ path: meter("23099009"), body: { account: "0045MAK", role: "check", reason } }),
  },
  "POST /api/meters/:id/relay": { because: ACCOUNT },
  "PUT /api/meters/:id/override": { because: ACCOUNT },
  "POST /api/meters/:id/quarantine/release": { because: CASE },
  "POST /api/tariffs": {
    acts: ["tariff.put"],
    send: () => ({
      body: { scope: "site", site: "MAK", rateE4PerKwh: 60_000, validFrom: iso(Date.now() + 48 * HOUR), reason },
      status: 201,
    }),
  },
  "POST /api/tariffs/back-dated": { because: "the same act as POST /api/tariffs, by whoever may date it back" },
  "POST /api/tariffs/dry-run": { because: "changes nothing" },
  "POST /api/tariffs/:id/cancel": { because: "tests/adapters/tariffs.test.ts looks at tariff.cancel" },
  "POST /api/cases/close": { because: "tests/adapters/cases.test.ts looks at its acts" },
  "POST /api/cases/reopen": { because: "tests/adapters/cases.test.ts looks at its acts" },
  "POST /api/ops/wallets/compare": { because: "asks the vendor, and changes neither side" },
  "POST /api/accounts/:account/wallet/compare": { because: "asks the vendor, and changes neither side" },
  "POST /api/accounts/:account/wallet/close": { because: "tests/adapters/wallet-books.test.ts looks at case.close" },
  "POST /api/tariffs/told": { because: "tells accounts again what they should know already" },
  "POST /api/disconnects": { acts: ["setting.put"], send: () => ({ body: { on: true, reason } }) },
  "POST /api/breakers/:site/reset": { because: CASE },
  "PUT /api/tills/:tillId/limits": { because: "tests/people/till-limits.test.ts looks at its act" },
  "POST /api/tills/:tillId/chain/close": { because: CASE },
  "POST /api/copies/resume": {
    acts: ["copy.resume"],
    send: () => ({ body: { object: "receipt_book", name: "shard-00" } }),
    copied: gate,
  },
  "POST /api/suspense/typed-receipt": {
    acts: ["receipt.type"],
    send: () => ({
      body: { receipt: "QK7AUDIT", account: "0045MAK", amountMinor: 100, provider: "mpesa", caseKey: "text:none" },
      status: 404,
    }),
    copied: gate,
  },
  "POST /api/suspense/dismiss-text": {
    acts: ["text.dismiss"],
    send: () => ({ body: { caseKey: "text:none", reason }, status: 404 }),
    copied: gate,
  },
  "POST /api/payments/record": { because: MOVED },
  "POST /api/phones": {
    acts: ["phone.create"],
    send: () => ({
      body: { phoneId: "phone-audit", name: "Shop", tillId: "till-audit", channel: "electricity" },
      status: 201,
    }),
  },
  "POST /api/phones/:phoneId/rotate": { acts: ["phone.rotate"], send: ({ phoneId }) => ({ path: { phoneId } }) },
  "POST /api/phones/:phoneId/revoke": { acts: ["phone.revoke"], send: ({ phoneId }) => ({ path: { phoneId } }) },
  "POST /api/sms/in/:id/replay": { because: "of a stored SMS: recordAct before it is read again" },
  "POST /api/receipts/:receipt/move": { because: MOVED },
  "POST /api/receipts/:receipt/assign": { because: MOVED },
  "POST /api/receipts/:receipt/treasury": { because: MOVED },
  "POST /api/receipts/:receipt/returned": { because: MOVED },
  "POST /api/receipts/:receipt/reverse": { because: MOVED },
  "POST /api/receipts/:receipt/unblock": { because: CASE },
  "POST /api/audit/:id/revert": {
    acts: ["site.revert"],
    send: ({ actId }) => ({ path: { id: actId }, body: { reason } }),
  },
  "POST /api/tables/:table": {
    acts: ["meter.create"],
    send: () => ({ path: { table: "meters" }, body: { meter_number: "0077000009", rated_w: 500 }, status: 201 }),
  },
  "PATCH /api/tables/:table/:name": {
    acts: ["meter.change"],
    send: () => ({
      path: { table: "meters", name: "77000009" },
      body: { set: { rated_w: 600 }, seen: { rated_w: 500 } },
    }),
  },
  "DELETE /api/tables/:table/:name": {
    acts: ["meter.delete"],
    send: () => ({ path: { table: "meters", name: "77000009" }, body: { seen: { rated_w: 600 } } }),
  },
  "POST /api/imports/fetch": { because: "asks a vendor's platform: tests/people/imports.test.ts" },
  "PUT /api/imports/priorities/:scope": {
    acts: ["import.prioritise"],
    send: () => ({ path: { scope: "MAK" }, body: { sources: ["koios_report", "koios"], reason } }),
    copied: gate,
  },
  "POST /api/ops/imports/step": { because: "a step of what somebody asked for by POST /api/imports/fetch" },
  "POST /api/reports/frozen": {
    acts: ["report.freeze"],
    send: () => ({ body: { report: "days", site: "MAK", reason }, key: "audit-key-frozen", status: 201 }),
  },
  "POST /api/exports": {
    acts: ["export.make"],
    send: () => ({ body: { table: "sites", format: "csv" }, status: 201 }),
  },
  "PUT /api/programmes/:code": {
    acts: ["programme.create"],
    send: () => ({
      path: { code: "AUDIT-1" },
      body: { name: "Audit", funder: "A funder", sites: ["MAK"], reason },
    }),
  },
  "POST /api/keys": {
    acts: ["api_key.issue"],
    send: () => ({ body: { name: "Audit", scopes: ["payments.read"], reason }, status: 201 }),
  },
  "POST /api/keys/:id/revoke": {
    acts: ["api_key.revoke"],
    send: () => ({ path: { id: 1 }, body: { reason } }),
  },
  "POST /api/grid-plan/:site/run": { because: PLAN },
  "POST /api/grid-plan/runs/:id/undo": { because: PLAN },
  "POST /api/hr/sync": { because: "tests/people/hr.test.ts looks at what it leaves" },
  "PUT /api/hr/departments": {
    acts: ["hr_department.put"],
    send: () => ({ body: { department: "Audit", roles: ["generic"], reason } }),
  },
  "POST /api/webhooks": { because: HOOKS },
  "POST /api/webhooks/:endpoint/rotate": { because: HOOKS },
  "POST /api/webhooks/:endpoint/retire": { because: HOOKS },
  "POST /api/webhooks/:endpoint/active": { because: HOOKS },
  "POST /api/webhooks/events/:event/resend": { because: HOOKS },
  "POST /api/staff": {
    acts: ["staff.add"],
    send: () => ({ body: { email: "audit@example.org", name: "Audit", roles: ["generic"] }, status: 201 }),
  },
  "PATCH /api/staff/:id": {
    acts: ["staff.change"],
    send: ({ staffId }) => ({ path: { id: staffId }, body: { name: "Other" } }),
  },
  "POST /api/staff/:id/invite": { acts: ["staff.invite"], send: ({ staffId }) => ({ path: { id: staffId } }) },
  "POST /api/staff/:id/free-address": { because: "tests/people/identity.test.ts looks at its act" },
  "POST /api/staff/:id/reset-totp": { because: SIGN_IN },
  "DELETE /api/staff/:id/sessions/:sessionId": { because: SIGN_IN },
  "POST /api/ops/claim-codes": { because: MY },
  "POST /api/my/code": { because: MY },
  "POST /api/my/claim": { because: MY },
  "POST /api/my/sign-in": { because: MY },
  "POST /api/my/sign-out": { because: MY },
  "POST /api/my/password": { because: MY },
  "POST /my/sign-in": { because: MY_PAGE },
  "POST /my/code": { because: MY_PAGE },
  "POST /my/claim": { because: MY_PAGE },
  "POST /my/sign-out": { because: MY_PAGE },
  "POST /api/accounts/:account/commissioning": { because: LIGHT },
  "POST /api/accounts/:account/decommission": { because: LIGHT },
  "POST /api/commissioning/bulk": { because: LIGHT },
  "POST /api/registrations": { because: BATCH },
  "POST /api/registrations/:id/commit": { because: BATCH },
  "POST /api/registrations/:id/undo": { because: BATCH },
  "POST /api/customers/merges": { because: MERGE },
  "POST /api/customers/merges/:id/dismiss": { because: MERGE },
  "POST /api/customers/merges/:id/accept": { because: MERGE },
  "POST /api/customers/merges/:id/undo": { because: MERGE },
  "POST /api/accounts/:account/commission": { because: LIGHT },
  "POST /api/contracts/:id/links": { because: LIGHT },
  "PUT /api/registrations/welcome": {
    because: "one switch for all tests of this database: tests/people/merges.test.ts",
  },
  "POST /api/ops/move-in/figures/accounts": { because: "looks only: figures to compare with the old books" },
  "POST /api/sign-in": { because: SIGN_IN },
  "POST /api/sign-in/enrol": { because: SIGN_IN },
  "POST /api/sign-in/second-factor": { because: SIGN_IN },
  "POST /api/sign-in/token": { because: "tests/people/identity.test.ts looks at its acts" },
  "POST /api/identity/token": { because: "signs what is true, and writes nothing" },
  "POST /api/sign-out": { because: SIGN_IN },
  "POST /api/invitations/take": { because: SIGN_IN },
  "POST /api/me/password": { because: SIGN_IN },
  "DELETE /api/me/sessions/:sessionId": { because: SIGN_IN },
  "POST /api/vendor-credits/retry": {
    acts: ["vendor_credit.retry"],
    // Nothing of it is there to try: the order is written down all the same.
    send: () => ({ status: 404, body: { account: "0045MAK", externalId: "receipt:NONE#1.1", reason } }),
    copied: gate,
  },
  "POST /api/vendor-credits/settle": {
    acts: ["vendor_credit.settle"],
    send: () => ({ status: 404, body: { account: "0045MAK", externalId: "receipt:NONE#1.1", reason } }),
    copied: gate,
  },
  "POST /api/tickets": {
    acts: ["ticket.open"],
    send: () => ({
      key: "audit-ticket-1",
      status: 201,
      body: { summary: "a pole leans", category: "vegetation", site: "MAK" },
    }),
  },
  "POST /api/care/customers/:id": { because: ANSWER },
  "POST /api/care/drafts/:id/approve": { because: ANSWER },
  "POST /api/care/drafts/:id/dismiss": { because: ANSWER },
  "POST /api/tickets/:id/comments": { because: TICKET },
  "POST /api/tickets/:id/assign": { because: TICKET },
  "PATCH /api/tickets/:id": { because: TICKET },
  "POST /api/tickets/:id/resolve": { because: TICKET },
  "POST /api/tickets/:id/reopen": { because: TICKET },
  "POST /api/campaigns/preview": { because: "counts, and writes nothing" },
  "POST /api/campaigns": { because: CAMPAIGN },
  "POST /api/campaigns/:id/start": { because: CAMPAIGN },
  "POST /api/campaigns/:id/stop": { because: CAMPAIGN },
  "PUT /api/settings/retention": {
    acts: ["setting.put"],
    send: () => ({ body: { mailboxDays: 40, claimCodeDays: 3, sessionDays: 60, version: null, reason } }),
  },
  "PUT /api/settings/carrier": {
    acts: ["setting.put"],
    send: () => ({
      body: {
        routes: { low_balance: "carrier" },
        partPriceMinor: 30,
        perHourMax: 200,
        perDayMax: 900,
        version: null,
        reason,
      },
    }),
  },
  "POST /api/corrections": {
    acts: ["correction.order"],
    send: () => ({
      key: "audit-correction-1",
      status: 202,
      body: { account: "0045MAK", amountMinor: 1_000_000, code: "goodwill", document: "letter 3", reason },
    }),
  },
  "PUT /api/corrections/limit": { acts: ["setting.put"], send: () => ({ body: { limitMinor: 12_345, reason } }) },
  "POST /api/agreements": { because: "tests/adapters/agreements.test.ts looks at its acts" },
  "POST /api/fees": {
    acts: ["fee_order.writeoff"],
    send: () => ({
      key: "audit-fee-order-1",
      status: 202,
      body: { act: "writeoff", account: "0045MAK", part: "connection", amountMinor: 100, document: "letter 4", reason },
    }),
  },
  "PUT /api/fees/from": { acts: ["setting.put"], send: () => ({ body: { from: "2036-01-01T00:00:00Z", reason } }) },
  "POST /api/fees/verifications": { because: "tests/adapters/fees.test.ts looks at its acts" },
  "POST /api/fees/:id/approve": { because: "tests/adapters/fees.test.ts looks at its acts" },
  "POST /api/fees/:id/refuse": { because: "tests/adapters/fees.test.ts looks at its acts" },
  "POST /api/personal/customers/:id/export": { because: PERSON },
  "POST /api/personal/customers/:id/erasure": { because: PERSON },
  "POST /api/personal/erasures/:id/approve": { because: PERSON },
  "POST /api/personal/erasures/:id/refuse": { because: PERSON },
  "POST /api/corrections/:id/approve": { because: "tests/adapters/corrections.test.ts looks at its acts" },
  "POST /api/corrections/:id/refuse": { because: "tests/adapters/corrections.test.ts looks at its acts" },
};
