import { Hono } from "hono";
import { asRecord, parseJson } from "../serve.ts";
import { DAY_MS } from "../vendors/energy.ts";
import { uuidOf } from "../vendors/people.ts";
import type { KoiosEnv } from "./app-env.ts";
import type { OrgState } from "./org.ts";
import { paged } from "./v1-customers.ts";
import { errors, list, one, stamp, tariffOf } from "./wire.ts";

const NOT_FOUND = errors("Not Found");

/** The rest of Koios's REST interface: places, tariffs, meters without a customer, alerts, relays. */
export const rest = new Hono<KoiosEnv>()
  .get("/service_areas", (c) =>
    paged(c, c.get("org").sites, ({ serviceAreaId, name }) => ({ id: serviceAreaId, name })),
  )
  .get("/tariffs", (c) => paged(c, tariffs(c.get("org")), (tariff) => tariff))
  .get("/tariffs/:id", (c) => {
    const found = tariffs(c.get("org")).find(({ id }) => id === c.req.param("id"));
    return found === undefined ? c.json(NOT_FOUND, 404) : c.json(one(found));
  })
  .post("/tariffs", async (c) => {
    const rateE4PerKwh = rateIn(parseJson(await c.req.text()));
    if (rateE4PerKwh === null) return c.json(errors("Validation Error", "rate_amount must be a decimal text"), 400);
    const org = c.get("org");
    org.spareRates.add(rateE4PerKwh);
    return c.json(one({ ...tariffOf(org, { rateE4PerKwh }), type: "flat_rate" }), 201);
  })
  // Whoever changes a tariff changes it for all who have it.
  .on(["PUT", "PATCH"], "/tariffs/:id", async (c) => {
    const org = c.get("org");
    const rateE4PerKwh = rateIn(parseJson(await c.req.text()));
    if (rateE4PerKwh === null) return c.json(errors("Validation Error", "rate_amount must be a decimal text"), 400);
    const id = c.req.param("id");
    if (!tariffs(org).some((tariff) => tariff.id === id)) return c.json(NOT_FOUND, 404);
    for (const customer of [...org.wallets.customers.values()])
      if (org.tariffId(customer.rateE4PerKwh) === id) org.wallets.changeRate(customer.code, rateE4PerKwh);
    return c.json(one({ ...tariffOf(org, { rateE4PerKwh }), type: "flat_rate" }));
  })
  .get("/unassigned_meters", (c) => paged(c, c.get("org").freeMeters, (meter) => meter))
  .post("/unassigned_meters", async (c) => {
    const org = c.get("org");
    const serial = String(asRecord(parseJson(await c.req.text())).serial ?? "");
    if (serial === "") return c.json(errors("Validation Error", "serial is needed"), 400);
    const meter = { id: org.meterId(serial), serial };
    if (!org.freeMeters.some((known) => known.serial === serial)) org.freeMeters.push(meter);
    return c.json(one(meter), 201);
  })
  .get("/live-status/alerts", (c) => {
    const org = c.get("org");
    const at = Math.floor(org.clock.now() / DAY_MS) * DAY_MS;
    const alerts = org.sites.map(({ code, id }) => ({
      id: uuidOf("koios", org.options.org, "alert", code, at),
      site_id: id,
      timestamp: stamp(at),
      updated_timestamp: stamp(at),
      resolved_timestamp: null,
      severity: "warning",
      type: "meter_offline",
    }));
    return c.json(list(alerts));
  })
  // Some organisations have no relay control at all: Benin's is one.
  .post("/meters/:order{disconnect|reconnect}", async (c) => {
    const org = c.get("org");
    const serial = String(asRecord(parseJson(await c.req.text())).meter_serial ?? "");
    const isKnown = [...org.wallets.customers.values()].some((customer) => customer.serial === serial);
    if (org.options.country === "BJ" || !isKnown) return c.json(NOT_FOUND, 404);
    org.relays.set(serial, c.req.param("order") === "disconnect" ? "off" : "on");
    return new Response(null, { status: 202 });
  });

function tariffs(org: OrgState) {
  const rates = new Set([...org.wallets.customers.values()].map(({ rateE4PerKwh }) => rateE4PerKwh));
  const all = [...new Set([...rates, ...org.spareRates])];
  return all.map((rateE4PerKwh) => ({ ...tariffOf(org, { rateE4PerKwh }), type: "flat_rate" }));
}

/** The rate of a tariff as it is sent, or of its replacement in a JSON Patch. */
function rateIn(body: unknown): number | null {
  const patched = Array.isArray(body) ? body.map(asRecord).find(({ path }) => path === "/rate_amount")?.value : null;
  const [, whole = "", decimals = ""] =
    /^(\d{1,6})(?:\.(\d{1,4}))?$/.exec(String(patched ?? asRecord(body).rate_amount)) ?? [];
  const rateE4PerKwh = Number(`${whole}${decimals.padEnd(4, "0")}`);
  return whole === "" || rateE4PerKwh === 0 ? null : rateE4PerKwh;
}
