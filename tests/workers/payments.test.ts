import { beforeEach, describe, expect, it } from "vitest";
import { app } from "../../workers/index.ts";
import { accountLocator } from "../../workers/objects/locate.ts";
import { facts, KEYS, openCountry, settings } from "./country.ts";

type Answer = { status?: string; error?: { kind: string; details: unknown }; [name: string]: unknown };

async function post(path: string, body: unknown, headers: Record<string, string>, raw?: string) {
  const response = await app.request(
    path,
    { method: "POST", headers: { "Content-Type": "application/json", ...headers }, body: raw ?? JSON.stringify(body) },
    settings,
  );
  return { status: response.status, body: (await response.json()) as Answer };
}

const webhook = (body: unknown, key = KEYS.gateway) => post("/api/payments/webhook", body, { "X-Gateway-Key": key });
const record = (body: unknown, actor = "Lineo") =>
  post("/api/payments/record", body, { "X-Ops-Key": KEYS.ops, "X-Actor": actor });
const balance = async (account = "0045MAK") => {
  const view = await accountLocator(settings, account).view(account);
  return view === null || view === "not_ready" ? view : view.balanceWh;
};

let n = 0;
const payment = (change: Record<string, unknown> = {}) => ({
  account_number: "0045MAK",
  amount: 20,
  reference: `08XX0TEST${String(++n).padStart(3, "0")}`,
  phone: "26650000102",
  provider: "mpesa",
  ...change,
});

beforeEach(() =>
  openCountry([
    facts("0045MAK"),
    facts("0046MAK"),
    facts("0047MAK", { status: "terminated" }),
    facts("0048MAK", { rates: [] }),
  ]),
);

describe("a stated payment", () => {
  it("credits once, and says the second time that it was already", async () => {
    const before = (await balance()) as number;
    const body = payment();
    expect(await webhook(body)).toMatchObject({
      status: 200,
      body: { status: "ok", kwh_vended: 4, rate: 5, receipt: body.reference },
    });
    expect(await webhook({ ...body, reference: ` ${body.reference.toLowerCase()}. ` })).toMatchObject({
      status: 200,
      body: { status: "duplicate" },
    });
    expect(await balance()).toBe(before + 4000);
  });

  it("credits once when forty arrive at the same moment", async () => {
    const before = (await balance()) as number;
    const body = payment();
    const answers = await Promise.all(Array.from({ length: 40 }, () => webhook(body)));
    expect(answers.filter(({ body: said }) => said.status === "ok")).toHaveLength(1);
    expect(await balance()).toBe(before + 4000);
  });

  it("refuses another amount under the same receipt, and moves nothing", async () => {
    const body = payment();
    await webhook(body);
    const before = await balance();
    expect(await webhook({ ...body, amount: 21 })).toMatchObject({
      status: 409,
      body: { error: { kind: "amount_differs" } },
    });
    expect(await balance()).toBe(before);
  });

  it("answers 409 when another account holds the receipt", async () => {
    const body = payment();
    await webhook(body);
    expect(await webhook({ ...body, account_number: "0046MAK" })).toMatchObject({
      status: 409,
      body: { error: { kind: "held_by_another" } },
    });
    expect(await balance("0046MAK")).toBe(0);
  });

  it.each([
    { name: "a terminated account", change: { account_number: "0047MAK" }, because: "terminated_account" },
    { name: "an account without a tariff", change: { account_number: "0048MAK" }, because: "tariff_unset" },
    { name: "a time in 1970", change: { timestamp: "1970-01-01T00:00:00Z" }, because: "date" },
    { name: "a time in 2099", change: { timestamp: "2099-01-01T00:00:00Z" }, because: "date" },
    { name: "a time that is none", change: { timestamp: "yesterday" }, because: "date" },
    { name: "an amount above the cap", change: { amount: 20_000.01 }, because: "cap" },
  ])("keeps the money of $name in suspense", async ({ change, because }) => {
    expect(await webhook(payment(change))).toMatchObject({ status: 200, body: { status: "held", because } });
  });

  it("answers 503 for an account that nobody can look up while the database is down", async () => {
    expect(await webhook(payment({ account_number: "0999MAK" }))).toMatchObject({
      status: 503,
      body: { error: { kind: "not_ready" } },
    });
  });

  it("holds a likely twin by hand for a second person", async () => {
    await webhook(payment({ account_number: "0046MAK", amount: 33 }));
    expect(await record(payment({ account_number: "0046MAK", amount: 33 }))).toMatchObject({
      status: 200,
      body: { status: "held", because: "second_person" },
    });
  });

  it.each(
    [
      { field: "amount", value: 0 },
      { field: "amount", value: -5 },
      { field: "amount", value: 20.001 },
      { field: "amount", value: 1e21 },
      { field: "amount", value: "1e9" },
      { field: "amount", value: "NaN" },
      { field: "amount", value: null },
      { field: "amount", value: {} },
      { field: "account_number", value: "12345MAK" },
      { field: "account_number", value: "" },
      { field: "account_number", value: undefined },
      { field: "account_number", value: ["0045MAK"] },
      { field: "account_number", value: "0045MAK\u0000" },
      { field: "reference", value: undefined },
      { field: "reference", value: "" },
      { field: "reference", value: "QK7\ud800" },
      { field: "reference", value: "x".repeat(81) },
      { field: "provider", value: "bitcoin" },
      { field: "provider", value: "momo" },
      { field: "currency", value: "XOF" },
      { field: "currency", value: "zmw" },
      { field: "country", value: "BJ" },
    ].map((row, index) => ({ ...row, name: `${row.field} (${index})` })),
  )("refuses a bad $name with a 400 that names the field", async ({ field, value }) => {
    const before = await balance();
    const answer = await webhook(payment({ [field]: value }));
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain(field);
    expect(await balance()).toBe(before);
  });

  it.each([
    { name: "no key", headers: {}, status: 403 },
    { name: "a wrong key", headers: { "X-Gateway-Key": "wrong" }, status: 403 },
    { name: "the key of another door", headers: { "X-Gateway-Key": KEYS.iot }, status: 403 },
  ])("refuses $name before it reads anything", async ({ headers, status }) => {
    expect((await post("/api/payments/webhook", null, headers as Record<string, string>, "{")).status).toBe(status);
  });

  it.each([
    { name: "half a JSON", raw: '{"amount":', headers: {}, status: 400 },
    { name: "an array", raw: "[]", headers: {}, status: 400 },
    { name: "no JSON at all", raw: "amount=20", headers: { "Content-Type": "text/plain" }, status: 415 },
    { name: "more than a megabyte", raw: JSON.stringify({ note: "x".repeat(1024 * 1024) }), headers: {}, status: 413 },
  ])("answers $name with JSON and $status", async ({ raw, headers, status }) => {
    const answer = await post("/api/payments/webhook", null, { "X-Gateway-Key": KEYS.gateway, ...headers }, raw);
    expect(answer.status).toBe(status);
    expect(answer.body.error?.kind).toBeTypeOf("string");
  });

  it("does not record by hand without a name", async () => {
    const answer = await post("/api/payments/record", payment(), { "X-Ops-Key": KEYS.ops });
    expect(answer).toMatchObject({ status: 400, body: { error: { kind: "bad_field" } } });
  });
});

describe("every other door", () => {
  it("answers JSON where there is no route", async () => {
    const response = await app.request("/api/nothing", {}, settings);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { kind: "no_such_route" } });
  });

  it("serves nobody while a setting is missing, and names it", async () => {
    const { IOT_KEY_SHA256: _left, ...rest } = settings;
    const response = await app.request("/health", {}, { ...rest, IOT_KEY_SHA256: "" });
    expect(response.status).toBe(503);
    expect(JSON.stringify(await response.json())).toContain("IOT_KEY_SHA256");
  });

  it("shows operators nothing without their key", async () => {
    for (const path of ["/api/ops/status", "/api/ops/suspense", "/api/ops/phones"])
      expect((await app.request(path, { headers: { "X-Ops-Key": KEYS.gateway } }, settings)).status).toBe(403);
  });

  it("says what it is to anyone, without counting people", async () => {
    const response = await app.request("/api/config", {}, settings);
    expect(await response.json()).toMatchObject({ code: "LS", currency: "LSL", timeZone: "Africa/Maseru" });
  });
});
