/** Koios's REST interface as its clients find it: a simulator without a quirk would let a client pass that has not met it. */
import { describe, expect, it } from "vitest";
import { koiosOf } from "./vendor-sims.ts";

const pay = (over: Record<string, unknown> = {}) => ({
  customer_code: "1001MAT",
  amount: "50.0",
  memo: "receipt QK7",
  external_id: "receipt:mpesa:QK7",
  ...over,
});
type Payment = { id: string; status: string; amount: { value: string; currency: string }; external_id: string };
const paymentIn = (json: Record<string, unknown>) => json.data as Payment;
const titleOf = (json: Record<string, unknown>) => (json.errors as { title: string }[] | undefined)?.[0]?.title;

describe("a customer's wallet at Koios", () => {
  it("is found by its code, with the meter, the tariff and a balance in currency, all of them texts", async () => {
    const { ask } = koiosOf();
    const { json } = await ask("GET", "/api/v1/customers?code=1001MAT");
    expect(json).toMatchObject({
      errors: [],
      cursor: null,
      data: [
        {
          code: "1001MAT",
          balances: { credit: { value: expect.stringMatching(/^-?\d+\.\d{2}$/), currency: "LSL" } },
          meters: [
            {
              serial: expect.stringMatching(/^SM16R-01-[0-9A-F]{8}$/),
              tariff: { electricity_rate: { value: "5.000", unit: "LSL/kWh" } },
              latest_reading: null,
            },
          ],
        },
      ],
    });
  });

  it("falls with what the meter counts, at the customer's rate, and rises with a payment", async () => {
    const { ask, clock } = koiosOf();
    const before = await ask("GET", "/truth?code=1001MAT");
    clock.advance(24 * 3_600_000);
    const later = (await ask("GET", "/truth?code=1001MAT")).json;
    const usedWh = Number(later.usedWh) - Number(before.json.usedWh);
    expect(usedWh).toBeGreaterThan(100);
    expect(Number(before.json.balanceMinor) - Number(later.balanceMinor)).toBeCloseTo((usedWh * 500) / 1_000, -1);
    await ask("POST", "/api/v1/payments", pay());
    const paid = (await ask("GET", "/truth?code=1001MAT")).json;
    expect(Number(paid.balanceMinor) - Number(later.balanceMinor)).toBe(5_000);
  });

  it("has no decimals in Benin, and refuses an amount that has", async () => {
    const { bj } = koiosOf();
    const wallet = (await bj("GET", "/api/v1/customers?code=1001GBO")).json.data as { balances: { credit: unknown } }[];
    expect(wallet[0]?.balances.credit).toEqual({ value: expect.stringMatching(/^-?\d+$/), currency: "XOF" });
    const refused = await bj("POST", "/api/v1/payments", pay({ customer_code: "1001GBO", amount: "500.0" }));
    expect([refused.status, titleOf(refused.json)]).toEqual([400, "too many decimal places"]);
    const taken = await bj("POST", "/api/v1/payments", pay({ customer_code: "1001GBO", amount: "500" }));
    expect(paymentIn(taken.json).amount).toEqual({ value: "500", currency: "XOF" });
  });

  it("is not seen by another organisation's key, and its credit cannot be ordered with one", async () => {
    const { bj } = koiosOf();
    expect((await bj("GET", "/api/v1/customers?code=1001MAT")).json.data).toEqual([]);
    expect((await bj("POST", "/api/v1/payments", pay({ amount: "50" }))).status).toBe(404);
  });
});

describe("a payment at Koios", () => {
  it("is booked and answered 201, and found again by its external id and its number", async () => {
    const { ask } = koiosOf();
    const booked = await ask("POST", "/api/v1/payments", pay());
    expect(booked.status).toBe(201);
    expect(paymentIn(booked.json)).toMatchObject({
      amount: { value: "50.00", currency: "LSL" },
      external_id: "receipt:mpesa:QK7",
      status: "processed",
    });
    const found = await ask("GET", "/api/v1/payments?external_id=receipt%3Ampesa%3AQK7");
    expect(paymentIn(found.json).id).toBe(paymentIn(booked.json).id);
    expect((await ask("GET", `/api/v1/payments/${paymentIn(booked.json).id}`)).status).toBe(200);
    expect((await ask("GET", "/api/v1/payments?external_id=another")).status).toBe(404);
  });

  it("is not booked twice under one external id", async () => {
    const { ask, orgs } = koiosOf();
    await ask("POST", "/api/v1/payments", pay());
    const again = await ask("POST", "/api/v1/payments", pay({ amount: "70.0" }));
    expect([again.status, titleOf(again.json)]).toEqual([400, "external_id has already been taken"]);
    expect(orgs[0]?.wallets.payments).toHaveLength(1);
  });

  it("is a bare Bad Request for a customer without a meter, and 404 for a code that nobody has", async () => {
    const { ask, orgs } = koiosOf();
    const wallets = orgs[0]?.wallets;
    const customer = wallets?.customers.get("1001MAT");
    if (customer !== undefined) wallets?.customers.set("1001MAT", { ...customer, serial: null });
    expect((await ask("GET", "/api/v1/customers?code=1001MAT")).json.data).toEqual([]);
    const refused = await ask("POST", "/api/v1/payments", pay());
    expect([refused.status, refused.json.errors]).toEqual([400, [{ title: "Bad Request", details: null }]]);
    expect((await ask("POST", "/api/v1/payments", pay({ customer_code: "1001mat" }))).status).toBe(404);
  });

  it("is taken back once, however often that is asked", async () => {
    const { ask, orgs } = koiosOf();
    const { id } = paymentIn((await ask("POST", "/api/v1/payments", pay())).json);
    const first = await ask("POST", `/api/v1/payments/${id}/reverse`);
    const second = await ask("POST", `/api/v1/payments/${id}/reverse`);
    expect(first.json).toEqual(second.json);
    expect(first.json.data).toMatchObject({ type: "reversal", amount: { value: "-50.00" } });
    expect(orgs[0]?.wallets.payments).toHaveLength(2);
  });

  it("is never listed without its external id", async () => {
    const { ask } = koiosOf();
    for (const query of ["", "?service_area_id=x", "?from=2026-11-01&to=2026-11-02"]) {
      const refused = await ask("GET", `/api/v1/payments${query}`);
      expect([refused.status, titleOf(refused.json)]).toEqual([400, "Bad Request"]);
    }
  });

  it("is refused with a key that only reads", async () => {
    const { reader } = koiosOf();
    const refused = await reader("POST", "/api/v1/payments", pay());
    expect([refused.status, titleOf(refused.json)]).toEqual([403, "ForbiddenError"]);
  });
});

describe("what goes wrong with a payment, when it is switched on", () => {
  it("pending: the wallet rises when its time has come", async () => {
    const { ask, clock } = koiosOf();
    await ask("POST", "/faults", { pending: { seconds: 600, count: 1 } });
    const { id, status } = paymentIn((await ask("POST", "/api/v1/payments", pay())).json);
    const before = (await ask("GET", "/truth?code=1001MAT")).json;
    expect(status).toBe("pending");
    clock.advance(600_000);
    expect(paymentIn((await ask("GET", `/api/v1/payments/${id}`)).json).status).toBe("processed");
    const after = (await ask("GET", "/truth?code=1001MAT")).json;
    expect(Number(after.balanceMinor)).toBeGreaterThan(Number(before.balanceMinor) + 4_000);
  });

  it("empty_slow: booked, and an empty 2xx after a minute", async () => {
    const { ask, clock, orgs } = koiosOf();
    await ask("POST", "/faults", { empty_slow: { count: 1 } });
    let answered = false;
    const waiting = ask("POST", "/api/v1/payments", pay()).then((said) => {
      answered = true;
      return said;
    });
    await expect.poll(() => orgs[0]?.wallets.payments.length).toBe(1);
    clock.advance(59_000);
    expect(answered).toBe(false);
    clock.advance(1_000);
    expect(await waiting).toMatchObject({ status: 201, text: "" });
  });

  it("errors_in_200: refused, though the status says otherwise", async () => {
    const { ask, orgs } = koiosOf();
    await ask("POST", "/faults", { errors_in_200: { title: "Meter is offline", count: 1 } });
    const refused = await ask("POST", "/api/v1/payments", pay());
    expect([refused.status, titleOf(refused.json)]).toEqual([200, "Meter is offline"]);
    expect(orgs[0]?.wallets.payments).toHaveLength(0);
    expect((await ask("POST", "/api/v1/payments", pay())).status).toBe(201);
  });

  it("detail_500 and empty_without_booking: no success, and nothing booked", async () => {
    const { ask, orgs } = koiosOf();
    await ask("POST", "/faults", { detail_500: { count: 1 } });
    expect(await ask("POST", "/api/v1/payments", pay())).toMatchObject({
      status: 500,
      json: { detail: expect.any(String) },
    });
    await ask("POST", "/faults", { empty_without_booking: { status: 504, count: 1 } });
    expect(await ask("POST", "/api/v1/payments", pay())).toMatchObject({ status: 504, text: "" });
    expect(orgs[0]?.wallets.payments).toHaveLength(0);
  });

  it("cut_before and cut_after: the line breaks either side of the booking", async () => {
    const { ask, orgs } = koiosOf();
    await ask("POST", "/faults", { cut_before: { count: 1 } });
    await expect(ask("POST", "/api/v1/payments", pay())).rejects.toThrow();
    expect(orgs[0]?.wallets.payments).toHaveLength(0);
    await ask("POST", "/faults", { cut_after: { count: 1 } });
    await expect(ask("POST", "/api/v1/payments", pay())).rejects.toThrow();
    expect(orgs[0]?.wallets.payments).toHaveLength(1);
    expect(titleOf((await ask("POST", "/api/v1/payments", pay())).json)).toBe("external_id has already been taken");
  });

  it("unauthorised: in each of its three shapes", async () => {
    const { ask, as } = koiosOf();
    const shapes: unknown[] = [];
    for (const shape of [1, 2, 3]) {
      await ask("POST", "/faults", { unauthorised: { shape, count: 1 } });
      const { status, json } = await ask("GET", "/api/v1/customers?code=1001MAT");
      expect(status).toBe(401);
      shapes.push(json);
    }
    expect(shapes).toEqual([
      { errors: [{ title: "Authentication Error", details: "Missing API key" }] },
      { detail: "Invalid API key" },
      { detail: ["Invalid API key"] },
    ]);
    expect((await as("ls-write", "r")("GET", "/api/v1/service_areas")).status).toBe(401);
  });

  it("storm, html and forbidden: at any endpoint", async () => {
    const { ask } = koiosOf();
    await ask("POST", "/faults", { storm: true });
    expect([502, 504]).toContain((await ask("GET", "/api/v1/service_areas")).status);
    await ask("POST", "/faults", { storm: false, html: true });
    expect(await ask("GET", "/api/v1/service_areas")).toMatchObject({
      status: 200,
      text: expect.stringContaining("<!doctype html>"),
    });
    await ask("POST", "/faults", { all: false, forbidden: true });
    expect((await ask("POST", "/api/v1/payments", pay())).status).toBe(403);
    expect((await ask("GET", "/api/v1/service_areas")).status).toBe(200);
  });

  it("is the same again from the same seed, and refuses a fault that it does not know", async () => {
    const run = async (seed: number) => {
      const { ask } = koiosOf({ seed });
      await ask("POST", "/faults", { storm: { permille: 400, status: 502 } });
      const statuses = [];
      for (let time = 0; time < 40; time++) statuses.push((await ask("GET", "/api/v1/service_areas")).status);
      return statuses;
    };
    const first = await run(1);
    expect(await run(1)).toEqual(first);
    expect(new Set(first)).toEqual(new Set([200, 502]));
    expect(await run(2)).not.toEqual(first);
    const { ask } = koiosOf();
    expect(await ask("POST", "/faults", { strom: true })).toMatchObject({ status: 400 });
    expect(await ask("POST", "/faults", { storm: { often: 1 } })).toMatchObject({ status: 400 });
    expect((await ask("GET", "/faults")).json.on).toEqual({});
  });
});
