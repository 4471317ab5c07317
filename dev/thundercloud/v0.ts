import { type Context, Hono } from "hono";
import { asRecord, parseJson } from "../serve.ts";
import { Cut } from "../vendors/http.ts";
import { uuidOf } from "../vendors/people.ts";
import type { TcState } from "./state.ts";
import { customerOf, failure, success, transactionOf } from "./wire.ts";

const WALLETS = ["credit", "debt", "plan"];
const EVENT_MS = 120_000;

/** ThunderCloud's documented interface. Its paths end with a slash or they are none. */
export function v0(tc: TcState, changed: () => void) {
  const noCustomer = (c: Context) => c.json(failure("no such customer"), 404);
  return new Hono({ strict: true })
    .get("/system-info", (c) =>
      c.json(
        tc.options.bases.map(({ serial }) => ({
          id: serial,
          serial,
          last_sync_date: new Date(tc.lastSync()).toISOString(),
        })),
      ),
    )
    .get("/customer/:code", (c) => {
      tc.settle();
      const found = tc.wallets.customers.get(c.req.param("code"));
      return found === undefined
        ? c.json({ ...failure("no such customer"), customers: [] }, 404)
        : c.json(success({ customers: [customerOf(tc, found)] }));
    })
    .get("/customers", (c) => {
      tc.settle();
      const details = c.req.query("reading_details") === "true";
      const all = [...tc.wallets.customers.values()].map((customer) => customerOf(tc, customer, details));
      return c.json(success({ customers: all }));
    })
    .post("/customer/", async (c) => {
      const body = await formOf(c);
      if (body === null) return c.json(failure("bad mimetype"), 415);
      const { serial, code, name, phone_number: phone = null } = body;
      if (!serial || !code || !name || !body.meter_tariff_name)
        return c.json(failure("serial, code, name and meter_tariff_name are needed"), 400);
      const known = tc.wallets.customers.get(code);
      const rateE4PerKwh = [...tc.wallets.customers.values()][0]?.rateE4PerKwh ?? 50_000;
      const site = tc.options.bases[0]?.site ?? "";
      const fresh = { code, site, kind: "household" as const, rateE4PerKwh, openingMinor: 0 };
      tc.wallets.customers.set(code, { ...fresh, ...known, serial, name, phone });
      changed();
      return c.json(success({ customer_id: tc.customerId(code) }), known === undefined ? 201 : 200);
    })
    .post("/transaction/", async (c) => {
      const body = await formOf(c);
      return body === null ? c.json(failure("bad mimetype"), 415) : credit(c, body);
    })
    .get("/transaction/:id", (c) => {
      // As its server does: a stroke within the path is none of its interface's paths.
      if (/%2f/i.test(new URL(c.req.url).pathname)) return c.html("<!doctype html><h1>404 Not Found</h1>", 404);
      tc.settle();
      const id = c.req.param("id");
      const found = tc.wallets.byId(id) ?? tc.wallets.byExternalId(id);
      return found === null
        ? c.json(failure("no such transaction"), 404)
        : c.json(success({ transaction: transactionOf(tc, found) }));
    })
    .post("/customers/:id/wallet/:wallet/zero-balance", (c) => {
      const wallet = c.req.param("wallet");
      if (!WALLETS.includes(wallet)) return c.json(failure(`wallet must be one of ${WALLETS.join(", ")}`), 400);
      const customer = tc.customerOf(c.req.param("id"));
      if (customer === null) return noCustomer(c);
      const amountMinor = wallet === "credit" ? -(tc.wallets.balanceMinor(customer.code) ?? 0) : 0;
      const at = tc.clock.now() + EVENT_MS;
      const order = { code: customer.code, amountMinor, memo: "zero balance", externalId: null, by: "api" as const };
      if (amountMinor !== 0) tc.wallets.book({ ...order, kind: "edit", processedAt: at });
      const id = uuidOf("thundercloud", "event", tc.events.size);
      tc.events.set(id, at);
      changed();
      return c.json(success({ event_id: id }));
    })
    .get("/event/:id", (c) => {
      const at = tc.events.get(c.req.param("id"));
      if (at === undefined) return c.json(failure("no such event"), 404);
      return c.json(success({ event: { status: at <= tc.clock.now() ? "processed" : "pending" } }));
    })
    .post("/customers/:id/reset-meter", (c) =>
      tc.customerOf(c.req.param("id")) === null ? noCustomer(c) : c.json(success({ reset: true })),
    )
    .get("/transaction/", (c) => c.html("<!doctype html><h1>405 Method Not Allowed</h1>", 405))
    .all("*", (c) => c.json(failure("no such api"), 404));

  function credit(c: Context, body: Record<string, string>): Response {
    const { board, wallets } = tc;
    if (board.once("cut_before") !== null) throw new Cut("before the credit was taken");
    const customer = tc.customerOf(body.customer_id ?? "");
    const refused = board.once("failure_in_200", customer?.code);
    if (refused !== null) return c.json(failure(String(refused.error)));
    if (customer === null || customer.serial === null) return noCustomer(c);
    const amountMinor = wallets.readMoney(body.amount ?? "");
    if (typeof amountMinor !== "number" || amountMinor === 0) return c.json(failure("amount must be a number"), 400);
    if (body.source !== "cash") return c.json(failure("source must be cash"), 400);
    const externalId = body.external_id ?? null;
    const order = { code: customer.code, amountMinor, memo: body.memo ?? "", externalId, by: "api" as const };
    const payment = wallets.book({ ...order, processedAt: tc.processedAt() });
    if (payment === null) return c.json(failure("external_id has already been used"), 400);
    changed();
    if (board.once("cut_after") !== null) throw new Cut("after the credit was taken");
    if (board.once("empty") !== null) return new Response(null, { status: 200 });
    return c.json({ transaction_id: payment.id, status: "success" }, 201);
  }
}

/** A form or JSON; null: neither. */
async function formOf(c: Context): Promise<Record<string, string> | null> {
  const type = c.req.header("content-type") ?? "";
  const texts = (values: Record<string, unknown>) =>
    Object.fromEntries(
      Object.entries(values).flatMap(([name, value]) => (value == null ? [] : [[name, String(value)]])),
    );
  if (type.startsWith("application/json")) return texts(asRecord(parseJson(await c.req.text())));
  const isForm = type.startsWith("application/x-www-form-urlencoded") || type.startsWith("multipart/form-data");
  return isForm ? texts(await c.req.parseBody()) : null;
}
