/** Koios's customers, tariffs and relays as its clients find them, and what a person does at its console. */
import { describe, expect, it } from "vitest";
import { koiosOf, NOON } from "./vendor-sims.ts";

describe("Koios's lists of customers", () => {
  it("come by 50 at most, go on by cursor, and do not look at a page's number", async () => {
    const { ask } = koiosOf();
    expect((await ask("GET", "/api/v1/customers?per_page=51")).status).toBe(400);
    const first = (await ask("GET", "/api/v1/customers?per_page=20")).json;
    const numbered = (await ask("GET", "/api/v1/customers?per_page=20&page=2")).json;
    expect(numbered).toEqual(first);
    const second = (await ask("GET", `/api/v1/customers?per_page=20&cursor=${String(first.cursor)}`)).json;
    const codes = [first, second].flatMap(({ data }) => (data as { code: string }[]).map(({ code }) => code));
    expect(new Set(codes).size).toBe(28);
    expect(second.cursor).toBeNull();
  });

  it("cannot be made shorter by deleting, and a customer made with an API key is not in them", async () => {
    const { ask } = koiosOf();
    const areas = (await ask("GET", "/api/v1/service_areas")).json.data as { id: string }[];
    const wanted = { code: "2000MAT", name: "Somebody New", service_area_id: areas[0]?.id };
    const made = await ask("POST", "/api/v1/customers", wanted);
    const { id } = made.json.data as { id: string };
    expect(made.status).toBe(201);
    expect((await ask("GET", `/api/v1/customers/${id}`)).status).toBe(404);
    expect((await ask("GET", "/api/v1/customers?code=2000MAT")).json.data).toEqual([]);
    expect(await ask("POST", "/api/v1/customers", wanted)).toMatchObject({ status: 409 });
    expect((await ask("DELETE", `/api/v1/customers/${id}`)).status).toBe(405);
    expect((await ask("POST", "/api/v1/customers", { ...wanted, code: "2001MAT", phone_number: "12" })).status).toBe(
      400,
    );
  });

  it("change a name by JSON Patch, and attach a free meter after some refusals", async () => {
    const { ask, orgs } = koiosOf();
    await ask("POST", "/faults", { visible_after_create: true, attach_404: { times: 3 } });
    const areas = (await ask("GET", "/api/v1/service_areas")).json.data as { id: string }[];
    const made = await ask("POST", "/api/v1/customers", {
      code: "2000MAT",
      name: "New",
      service_area_id: areas[0]?.id,
    });
    const { id } = made.json.data as { id: string };
    const patch = [{ op: "replace", path: "/name", value: "Newer" }];
    expect((await ask("PATCH", `/api/v1/customers/${id}`, patch)).json.data).toMatchObject({ name: "Newer" });
    expect((await ask("PATCH", `/api/v1/customers/${id}`, [{ op: "add", path: "/name", value: "x" }])).status).toBe(
      400,
    );
    const free = (await ask("GET", "/api/v1/unassigned_meters")).json.data as { serial: string }[];
    const attach = async (serial: string) => (await ask("PUT", `/api/v1/customers/${id}/meter`, { serial })).status;
    const serial = free[0]?.serial ?? "";
    expect([await attach(serial), await attach(serial), await attach(serial), await attach(serial)]).toEqual([
      404, 404, 404, 201,
    ]);
    expect(await attach(orgs[0]?.metered("KET")[0]?.serial ?? "")).toBe(409);
    expect((await ask("GET", "/api/v1/customers?code=2000MAT")).json.data).toHaveLength(1);
  });
});

describe("Koios's tariffs", () => {
  it("are listed, made, and changed for everybody who has them, from then on", async () => {
    const { ask } = koiosOf();
    const listed = async () => (await ask("GET", "/api/v1/tariffs")).json.data as { id: string; rate_amount: string }[];
    expect((await listed()).map(({ rate_amount: rate }) => rate)).toEqual(["5.000", "4.500"]);
    expect((await ask("POST", "/api/v1/tariffs", { rate_amount: "6.25" })).json.data).toMatchObject({
      rate_amount: "6.250",
    });
    const id = (await listed())[0]?.id ?? "";
    const patch = [{ op: "replace", path: "/rate_amount", value: "5.5" }];
    expect((await ask("PATCH", `/api/v1/tariffs/${id}`, patch)).status).toBe(200);
    expect((await ask("GET", "/truth?code=1001MAT")).json).toMatchObject({ rateE4PerKwh: 55_000 });
    expect((await ask("GET", "/truth?code=1001KET")).json).toMatchObject({ rateE4PerKwh: 45_000 });
    expect((await ask("PUT", `/api/v1/tariffs/${id}`, { rate_amount: "5.5" })).status).toBe(404);
    expect((await ask("POST", "/api/v1/tariffs", { rate_amount: 5 })).status).toBe(201);
    expect((await ask("POST", "/api/v1/tariffs", { rate_amount: "-1" })).status).toBe(400);
  });

  it("alerts and relays: a list, and an order that Benin's organisation does not know", async () => {
    const { ask, bj, orgs } = koiosOf();
    expect((await ask("GET", "/api/v1/live-status/alerts")).json.data).toHaveLength(2);
    const meter_serial = orgs[0]?.metered("KET")[0]?.serial;
    expect((await ask("POST", "/api/v1/meters/disconnect", { meter_serial })).status).toBe(202);
    const shown = (await ask("GET", "/api/v1/customers?code=1000KET")).json.data as { meters: object[] }[];
    expect(shown[0]?.meters[0]).toMatchObject({ operating_mode: "off" });
    const other = orgs[1]?.metered("GBO")[0]?.serial;
    expect((await bj("POST", "/api/v1/meters/disconnect", { meter_serial: other })).status).toBe(404);
  });
});

describe("the platform's console", () => {
  it("books what an operator types and takes back, without an external id", async () => {
    const { ask } = koiosOf();
    const typed = await ask("POST", "/console/payments", {
      code: "1001MAT",
      amount: "20.00",
      at: new Date(NOON - 3_600_000).toISOString(),
    });
    expect(typed.json).toMatchObject({ externalId: null, amountMinor: 2_000, by: "operator" });
    await ask("POST", "/console/reversals", { id: typed.json.id });
    const truth = (await ask("GET", "/truth?code=1001MAT")).json.payments as { amountMinor: number }[];
    expect(truth.map(({ amountMinor }) => amountMinor)).toEqual([2_000, -2_000]);
  });
});
