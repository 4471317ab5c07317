import { type Context, Hono } from "hono";
import { asRecord, parseJson } from "../serve.ts";
import { Cut } from "../vendors/http.ts";
import type { VendorCustomer } from "../vendors/people.ts";
import type { WalletPayment } from "../vendors/wallets.ts";
import type { KoiosEnv } from "./app-env.ts";
import { errors, one, paymentOf } from "./wire.ts";

type C = Context<KoiosEnv>;

const NOT_FOUND = errors("Not Found", "No such record");
const NO_ENUMERATION = errors("Bad Request", "Full payment enumeration is unsupported");

/** Credits into wallets, and the questions that may be asked about them. */
export const payments = new Hono<KoiosEnv>()
  .post("/payments", async (c) => {
    const body = asRecord(parseJson(await c.req.text()));
    const org = c.get("org");
    const code = body.customer_code === undefined ? null : String(body.customer_code);
    const id = body.customer_id === undefined ? null : String(body.customer_id);
    const customer = code === null ? org.customerOf(id ?? "") : (org.wallets.customers.get(code) ?? null);
    return pay(c, customer, body);
  })
  .post("/customers/:id/payments", async (c) =>
    pay(c, c.get("org").customerOf(c.req.param("id")), asRecord(parseJson(await c.req.text()))),
  )
  .get("/payments", (c) => {
    const externalId = c.req.query("external_id");
    if (externalId === undefined) return c.json(NO_ENUMERATION, 400);
    const found = c.get("org").wallets.byExternalId(externalId);
    return found === null ? c.json(NOT_FOUND, 404) : c.json(one(paymentOf(c.get("org"), found)));
  })
  .get("/payments/:id", (c) => {
    const found = c.get("org").wallets.byId(c.req.param("id"));
    return found === null || found.kind === "edit"
      ? c.json(NOT_FOUND, 404)
      : c.json(one(paymentOf(c.get("org"), found)));
  })
  .post("/payments/:id/reverse", (c) => {
    const reversal = c.get("org").wallets.reverse(c.req.param("id"));
    return reversal === null ? c.json(NOT_FOUND, 404) : c.json(one(paymentOf(c.get("org"), reversal)), 201);
  });

async function pay(c: C, customer: VendorCustomer | null, body: Record<string, unknown>): Promise<Response> {
  const org = c.get("org");
  const { board, clock, wallets } = org;
  if (board.once("cut_before") !== null) throw new Cut("before the payment was booked");
  const refused = board.once("errors_in_200", customer?.code);
  if (refused !== null) return c.json(errors(String(refused.title)), 200);
  if (board.once("detail_500") !== null) return c.json({ detail: "Internal error while crediting" }, 500);
  const silent = board.once("empty_without_booking");
  if (silent !== null) return new Response(null, { status: Number(silent.status) });
  if (customer === null || customer.hidden === true) return c.json(NOT_FOUND, 404);
  if (customer.serial === null) return c.json(errors("Bad Request"), 400);
  const amountMinor = wallets.readMoney(String(body.amount ?? ""));
  // A number instead of a text is taken like any other body that the schema does not know.
  if (typeof body.amount !== "string" || amountMinor === "not an amount" || amountMinor === 0)
    return c.json(errors("Validation Error", "amount must be a decimal string above zero"), 400);
  if (amountMinor === "too many decimal places") return c.json(errors("too many decimal places"), 400);
  const externalId = body.external_id === undefined || body.external_id === null ? null : String(body.external_id);
  const order = { code: customer.code, amountMinor, memo: String(body.memo ?? ""), externalId, by: "api" as const };
  const payment = wallets.book({ ...order, processedAt: processedAt(c) });
  if (payment === null) return c.json(errors("external_id has already been taken"), 400);
  return answered(c, payment);

  async function answered(c: C, payment: WalletPayment): Promise<Response> {
    if (board.once("cut_after") !== null) throw new Cut("after the payment was booked");
    const empty = board.once("empty_slow");
    if (empty === null) return c.json(one(paymentOf(org, payment)), 201);
    await clock.sleep(Number(empty.seconds) * 1_000);
    return new Response(null, { status: 201 });
  }
}

/** When the wallet will hold it; null: never. */
function processedAt(c: C): number | null {
  const { board, clock } = c.get("org");
  if (board.once("never_processed") !== null) return null;
  const pending = board.once("pending");
  return clock.now() + (pending === null ? 0 : Number(pending.seconds) * 1_000);
}
