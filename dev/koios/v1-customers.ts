import { type Context, Hono } from "hono";
import { asRecord, parseJson } from "../serve.ts";
import type { VendorCustomer } from "../vendors/people.ts";
import type { KoiosEnv } from "./app-env.ts";
import { customerOf, errors, list, one } from "./wire.ts";

type C = Context<KoiosEnv>;

const NOT_FOUND = errors("Not Found", "Customer not found");
const PER_PAGE_MAX = 50;
const E164 = /^\+[1-9]\d{7,14}$/;
const REASONS = ["Customer move out", "Meter replacement", "Meter fault", "Other"];

/** Koios's customers, of which only those with a meter are seen. */
export const customers = new Hono<KoiosEnv>()
  .get("/customers", (c) => {
    const org = c.get("org");
    const { code, service_area_id: area } = c.req.query();
    const seen = [...org.wallets.customers.values()].filter(
      (customer) => customer.serial !== null && customer.hidden !== true,
    );
    if (code !== undefined) {
      const found = seen.filter((customer) => customer.code === code && org.board.once("lookup_404") === null);
      if (found.length === 0 && org.board.once("code_404") !== null) return c.json(NOT_FOUND, 404);
      return c.json(list(found.map((customer) => customerOf(org, customer))));
    }
    const inArea = seen.filter((customer) => area === undefined || org.site(customer.site)?.serviceAreaId === area);
    // Benin's organisation answers with everybody, whatever site is asked for; no other knows this filter as `site_id`.
    const site = org.options.country === "BJ" ? undefined : c.req.query("site_id");
    return paged(
      c,
      inArea.filter((customer) => site === undefined || org.site(customer.site)?.id === site),
      (customer) => customerOf(org, customer),
    );
  })
  .get("/customers/:id", (c) => withCustomer(c, (customer) => c.json(one(customerOf(c.get("org"), customer)))))
  .delete("/customers/:id", (c) => c.json(errors("Method Not Allowed"), 405))
  .post("/customers", async (c) => create(c, asRecord(parseJson(await c.req.text()))))
  .on(["PUT", "PATCH"], "/customers/:id", async (c) => {
    const wanted = changes(parseJson(await c.req.text()), c.req.method);
    if (wanted === null) return c.json(errors("Bad Request", "JSON Patch with replace of root paths only"), 400);
    return withCustomer(c, (customer) => {
      const { name = customer.name, phone_number: phone = customer.phone } = wanted;
      if (phone !== null && !E164.test(String(phone))) return c.json(errors("phone_number is not valid E.164"), 400);
      const changed = { ...customer, name: String(name), phone: phone === null ? null : String(phone) };
      c.get("org").wallets.customers.set(customer.code, changed);
      return c.json(one(customerOf(c.get("org"), changed)));
    });
  })
  .on(["PUT", "PATCH"], "/customers/:id/meter", async (c) => attach(c, asRecord(parseJson(await c.req.text()))))
  .post("/customers/:id/meter/reset", (c) => withCustomer(c, () => c.json(one({ reset: true }))))
  .post("/customers/:id/meter/dissociate", async (c) => {
    const { reason } = asRecord(parseJson(await c.req.text()));
    if (!REASONS.includes(String(reason)))
      return c.json(errors("Bad Request", `reason must be one of ${REASONS.join(", ")}`), 400);
    return withCustomer(c, (customer) => {
      c.get("org").wallets.customers.set(customer.code, { ...customer, serial: null });
      return c.json(one({ dissociated: true }));
    });
  });

/** A list by pages: at most 50, the next one by cursor; a page's number is not looked at. */
export function paged<T>(c: C, all: readonly T[], shape: (item: T) => unknown): Response {
  const perPage = Number(c.req.query("per_page") ?? PER_PAGE_MAX);
  if (!(Number.isInteger(perPage) && perPage > 0 && perPage <= PER_PAGE_MAX))
    return c.json(errors("Bad Request", `per_page must be between 1 and ${PER_PAGE_MAX}`), 400);
  const from = Number(atob(c.req.query("cursor") ?? btoa("0")));
  if (!Number.isInteger(from)) return c.json(errors("Bad Request", "cursor"), 400);
  const next = from + perPage < all.length ? btoa(String(from + perPage)) : null;
  return c.json(list(all.slice(from, from + perPage).map(shape), next));
}

function withCustomer(c: C, then: (customer: VendorCustomer) => Response): Response {
  const customer = c.get("org").customerOf(c.req.param("id") ?? "");
  if (customer === null || customer.hidden === true || c.get("org").board.once("lookup_404") !== null)
    return c.json(NOT_FOUND, 404);
  return then(customer);
}

function create(c: C, body: Record<string, unknown>): Response {
  const org = c.get("org");
  const code = String(body.code ?? "");
  const site = org.sites.find(({ serviceAreaId, id }) => serviceAreaId === body.service_area_id || id === body.site_id);
  if (code === "" || site === undefined)
    return c.json(errors("Validation Error", "code and service_area_id are needed"), 400);
  if (org.wallets.customers.has(code)) return c.json(errors("Conflict", `code ${code} already exists`), 409);
  const phone = body.phone_number === undefined || body.phone_number === null ? null : String(body.phone_number);
  if (phone !== null && !E164.test(phone)) return c.json(errors("phone_number is not valid E.164"), 400);
  const rateE4PerKwh = [...org.wallets.customers.values()][0]?.rateE4PerKwh ?? 50_000;
  const hidden = !c.get("isPerson") && org.board.on("visible_after_create") === null;
  const made = { code, name: String(body.name ?? ""), phone, site: site.code, serial: null, rateE4PerKwh, hidden };
  const customer: VendorCustomer = { ...made, kind: "household", openingMinor: 0 };
  org.wallets.customers.set(code, customer);
  return c.json(one(customerOf(org, customer)), 201);
}

function attach(c: C, body: Record<string, unknown>): Response {
  const org = c.get("org");
  const id = c.req.param("id") ?? "";
  const tries = (org.attachTries.get(id) ?? 0) + 1;
  org.attachTries.set(id, tries);
  const late = org.board.on("attach_404");
  if (late !== null && tries <= Number(late.times)) return c.json(NOT_FOUND, 404);
  const serial = String(body.serial ?? "");
  return withCustomer(c, (customer) => {
    const holder = [...org.wallets.customers.values()].find((other) => other.serial === serial);
    if (holder !== undefined) return c.json(errors("Conflict", "Meter is already attached"), 409);
    const free = org.freeMeters.findIndex((meter) => meter.serial === serial);
    if (free < 0) return c.json(NOT_FOUND, 404);
    org.freeMeters.splice(free, 1);
    org.wallets.customers.set(customer.code, { ...customer, serial });
    return c.json(one({ serial }), 201);
  });
}

/** What a PUT's object or a PATCH's list of replacements changes; null: it cannot be read so. */
function changes(body: unknown, method: string): { name?: unknown; phone_number?: unknown } | null {
  if (method === "PUT") return asRecord(body);
  if (!Array.isArray(body)) return null;
  const out: Record<string, unknown> = {};
  for (const each of body.map(asRecord)) {
    const [, field] = /^\/([a-z_]+)$/.exec(String(each.path)) ?? [];
    if (each.op !== "replace" || field === undefined) return null;
    out[field] = each.value;
  }
  return out;
}
