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
  const byId = new Map([...org.wallets.customers.values()].map((customer) => [customer.rateE4PerKwh, customer]));
  return [...byId.values()].map((customer) => ({ ...tariffOf(org, customer), type: "flat_rate" }));
}
