import { describe, expect, it } from "vitest";
import { koiosBalances } from "../src/adapters/koios/balances.ts";
import { koiosCredits } from "../src/adapters/koios/credits.ts";
import { type KoiosSettings, koiosSecrets } from "../src/adapters/koios/door.ts";
import { koiosPayments } from "../src/adapters/koios/payments.ts";
import { answer, vendorWorld } from "./vendor-door.ts";

const writeKey = { id: "write-id", secret: "write-secret" };
const login = { email: "ops@example.test", password: "p:w#" };
const ls: KoiosSettings = {
  url: "https://koios.test",
  org: "org-ls",
  currency: "LSL",
  minorDigits: 2,
  firstWebPage: 1,
  readKey: { id: "read-id", secret: "read-secret" },
  writeKey,
  webLogin: login,
};
const bj: KoiosSettings = { ...ls, org: "org-bj", currency: "XOF", minorDigits: 0, firstWebPage: 0 };
const order = {
  externalId: "receipt:QK7AAA#1.1",
  customerCode: "0045SEH",
  amountMinor: 5_000,
  currency: "LSL",
  memo: "cc receipt:QK7AAA#1.1",
} as const;

const world = (answers: Parameters<typeof vendorWorld>[0], settings = ls) => {
  const made = vendorWorld(answers, koiosSecrets(settings));
  return {
    ...made,
    credits: koiosCredits(settings, writeKey, made.door),
    balances: koiosBalances(settings, made.door),
    payments: koiosPayments(settings, login, made.door),
  };
};

describe("a credit", () => {
  it("is sent with the write key, as a decimal text, under our name", async () => {
    const one = world([answer({ errors: [], data: { id: "p-1", status: "processed" } }, 201)]);
    expect(await one.credits.send(order)).toEqual({
      came: "answer",
      status: 201,
      body: '{"errors":[],"data":{"id":"p-1","status":"processed"}}',
    });
    expect(one.asked[0]).toMatchObject({
      method: "POST",
      url: "https://koios.test/api/v1/payments",
      headers: { "x-api-key": "write-id", "x-api-secret": "write-secret" },
    });
    expect(JSON.parse(one.asked[0]?.body ?? "")).toEqual({
      customer_code: "0045SEH",
      amount: "50.00",
      memo: "cc receipt:QK7AAA#1.1",
      external_id: "receipt:QK7AAA#1.1",
    });
  });

  it("in XOF has no decimals", async () => {
    const one = world([answer("", 201)], bj);
    await one.credits.send({ ...order, currency: "XOF" });
    expect(JSON.parse(one.asked[0]?.body ?? "").amount).toBe("5000");
  });

  it.each<[string, Response | Error, object]>([
    ["an empty body", answer("", 201), { came: "answer", status: 201, body: "" }],
    ["a refusal with 200", answer({ errors: [{ title: "locked" }] }), { came: "answer", status: 200 }],
    ["a page for people with 200", answer("<html>hi</html>"), { came: "answer", status: 200, body: "<html>hi</html>" }],
    ["a failure", answer({ detail: "boom" }, 500), { came: "answer", status: 500 }],
    ["a broken line", new Error("reset by peer"), { came: "none", detail: "reset by peer" }],
  ])("carries what came and judges nothing: %s", async (_, given, said) => {
    expect(await world([given]).credits.send(order)).toMatchObject(said);
  });

  it("is not sent where the day is spent", async () => {
    const one = world([answer({ message: "daily" }, 429)]);
    await one.credits.find("x", "0045SEH");
    expect(await one.credits.send(order)).toEqual({
      came: "not_sent",
      because: "budget_spent",
      retryAt: Date.parse("2026-11-04T00:00:00Z"),
    });
    expect(one.asked).toHaveLength(1);
  });

  it("is found by our name, and taken back by theirs", async () => {
    const one = world([answer({ data: null, errors: [{ title: "Not Found" }] }, 404), answer({ data: {} }, 201)]);
    expect(await one.credits.find(order.externalId, "0045SEH")).toMatchObject({ status: 404 });
    expect(await one.credits.reverse("p/1", order.externalId)).toMatchObject({ status: 201 });
    expect(one.asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "GET https://koios.test/api/v1/payments?external_id=receipt%3AQK7AAA%231.1",
      "POST https://koios.test/api/v1/payments/p%2F1/reverse",
    ]);
  });

  it("never goes out in another country's currency, nor at or below zero", async () => {
    const one = world([]);
    await expect(one.credits.send({ ...order, currency: "XOF" })).rejects.toThrow("LSL");
    await expect(one.credits.send({ ...order, amountMinor: -5 })).rejects.toThrow("above zero");
    expect(one.asked).toEqual([]);
  });

  it("is answered without a secret, even if the vendor repeats one", async () => {
    const said = await world([answer({ detail: "write-secret of write-id?" }, 401)]).credits.send(order);
    expect(JSON.stringify(said)).not.toMatch(/write-secret|write-id/);
  });
});

describe("a wallet", () => {
  const customer = (over: object = {}) => ({
    id: "c-1",
    code: "0045SEH",
    balances: { credit: { value: "61.50", currency: "LSL" } },
    meters: [{ serial: "SM16R-01-0000ABCD", tariff: { electricity_rate: { value: "5.000", unit: "LSL/kWh" } } }],
    ...over,
  });
  const list = (...data: object[]) => answer({ errors: [], data, cursor: null });

  it("is read in minor units, with the platform's rate beside it", async () => {
    const one = world([list(customer())]);
    expect(await one.balances.balance("0045SEH")).toEqual({
      customerCode: "0045SEH",
      balanceMinor: 6_150,
      serials: ["SM16R-01-0000ABCD"],
      rateE4PerKwh: 50_000,
    });
    expect([one.told, one.asked[0]?.headers["x-api-key"]]).toEqual([[["balance", "ok"]], "read-id"]);
  });

  it("may be below nothing, and is never a float's", async () => {
    const got = await world([
      list(customer({ balances: { credit: { value: "-0.07", currency: "LSL" } } })),
    ]).balances.balance("0045SEH");
    expect(got).toMatchObject({ balanceMinor: -7 });
  });

  it.each<[string, Response]>([
    ["an empty list", list()],
    ["404", answer({ errors: [{ title: "Not Found" }] }, 404)],
    ["somebody else, where the filter was ignored", list(customer({ code: "0046SEH" }))],
  ])("is unknown: %s", async (_, given) => {
    expect(await world([given]).balances.balance("0045SEH")).toBe("unknown");
  });

  it("in another country's money is not read: those would be another country's keys", async () => {
    const foreign = list(customer({ balances: { credit: { value: "8825", currency: "XOF" } } }));
    expect(await world([foreign]).balances.balance("0045SEH")).toMatchObject({ refused: "unreadable" });
  });
});

describe("the list of payments", () => {
  const loginPage = () =>
    answer('<!doctype html><input id="csrf_token" name="csrf_token" value="t"><input name="password">');
  const signedIn = () =>
    new Response(null, { status: 302, headers: { location: "/", "set-cookie": "session=s1; Path=/" } });
  const toLogin = () => new Response(null, { status: 302, headers: { location: "https://koios.test/login?next=x" } });
  const line = (over: object = {}) => ({
    id: "p-9",
    external_id: "12345",
    credited_at: "2026-11-02T10:00:00+00:00",
    amount: { value: "50.00", currency: "LSL" },
    status: "processed",
    memo: "cc receipt:QK7AAA#1.1",
    recipient_id: "c-1",
    customer_meter_serial: "SM16R-01-0000ABCD",
    customer_code: "0045SEH",
    ...over,
  });
  const page = (...payments: object[]) => answer({ payments, total_count: 200 });

  it("is read in a session, newest first, with reversals below zero", async () => {
    const one = world([
      loginPage(),
      signedIn(),
      page(
        line(),
        line({ id: "p-8", type: "reversal", amount: { value: "-20.00", currency: "LSL" } }),
        line({ id: "p-7", type: "reversal", amount: { value: "20.00", currency: "LSL" } }),
      ),
      page(),
    ]);
    const first = await one.payments.page(0);
    expect(first).toMatchObject({ leftOut: {}, more: true });
    expect(
      "payments" in first && first.payments.map(({ key, amountMinor, isReversal }) => [key, amountMinor, isReversal]),
    ).toEqual([
      ["p-9", 5_000, false],
      ["p-8", -2_000, true],
      ["p-7", -2_000, true],
    ]);
    expect("payments" in first && first.payments[0]).toEqual({
      key: "p-9",
      vendorId: "p-9",
      externalId: "12345",
      customerCode: "0045SEH",
      serial: "SM16R-01-0000ABCD",
      amountMinor: 5_000,
      memo: "cc receipt:QK7AAA#1.1",
      status: "processed",
      isReversal: false,
      at: Date.parse("2026-11-02T10:00:00Z"),
    });
    expect(await one.payments.page(1)).toEqual({ payments: [], leftOut: {}, more: false });
    expect(one.asked.slice(2).map(({ url }) => new URL(url).searchParams.get("page"))).toEqual(["1", "2"]);
    expect(one.told.every(([kind]) => kind === "web")).toBe(true);
  });

  it("counts Benin's pages from 0", async () => {
    const one = world([loginPage(), signedIn(), page()], bj);
    await one.payments.page(0);
    expect(one.asked[2]?.url).toContain("/sm/organizations/org-bj/payments?page=0&");
  });

  it("leaves out another country's money, and what cannot be read", async () => {
    const got = await world([
      loginPage(),
      signedIn(),
      page(line({ amount: { value: "50", currency: "XOF" } }), line({ credited_at: null }), { nothing: true }),
    ]).payments.page(0);
    expect(got).toEqual({ payments: [], leftOut: { other_currency: 1, unreadable: 2 }, more: true });
  });

  it("is asked for in a new session when it is sent to the form", async () => {
    const one = world([loginPage(), signedIn(), toLogin(), loginPage(), signedIn(), page(line())]);
    expect(await one.payments.page(0)).toMatchObject({ more: true });
  });

  it("gives up on a login that is not taken, after two questions and without the password", async () => {
    const one = world([loginPage(), loginPage()]);
    const said = await one.payments.page(0);
    expect(said).toMatchObject({ refused: "unauthorised" });
    expect(JSON.stringify(said)).not.toContain("p:w#");
    expect(one.asked).toHaveLength(2);
  });

  it("gives up when a session is lost each time it is opened", async () => {
    const one = world([loginPage(), signedIn(), toLogin(), loginPage(), signedIn(), toLogin()]);
    expect(await one.payments.page(0)).toMatchObject({ refused: "unauthorised" });
    expect(one.asked).toHaveLength(6);
  });

  it("is unavailable when the vendor is", async () => {
    expect(await world([answer("", 503)]).payments.page(0)).toMatchObject({ refused: "unavailable", retryAt: null });
  });
});
