import { beforeAll, expect, it } from "vitest";
import { app } from "../../workers/index.ts";
import { portalCsv, portalRow } from "../domain/statements/files.ts";
import { KEYS } from "../workers/country.ts";
import { country, ops, rows, session } from "./country.ts";

/** Gbo is Benin's. */
const GBO = "GBO";
const rate = { rateE4PerKwh: 50_000, validFrom: "2026-01-01T00:00:00+02:00" };

/** With the operator's key, as a file. */
async function file(path: string, content: string) {
  const headers = { "X-Ops-Key": KEYS.ops, "X-Actor": "Lineo", "Idempotency-Key": crypto.randomUUID() };
  const response = await app.request(path, { method: "POST", headers, body: content }, country);
  return { status: response.status, body: (await response.json()) as { [key: string]: unknown } };
}

beforeAll(async () => {
  await ops("POST", "/sites", { sites: [{ code: "MAK", name: "Ha Makebe", district: null }] });
});

it.each<[door: string, method: string, path: string, body: unknown]>([
  ["sites", "POST", "/sites", { sites: [{ code: GBO, name: "Gbo", district: null }] }],
  [
    "accounts",
    "POST",
    "/accounts",
    { accounts: [{ account: `0045${GBO}`, name: "Somebody", status: "live", meters: [] }] },
  ],
  ["a site's rate", "POST", "/rates", { rates: [{ scope: "site", subject: GBO, ...rate }] }],
  ["an account's rate", "POST", "/rates", { rates: [{ scope: "account", subject: `0045${GBO}`, ...rate }] }],
  ["a vendor's sites", "POST", "/vendor-sites", { site: GBO, vendor: "koios", vendorSiteId: "x", reason: "a list" }],
  ["a vendor's file", "POST", `/uploads?kind=monthly_payments&site=${GBO}&month=2024-03`, "x"],
  ["the list of customers", "GET", `/customers?q=a&site=${GBO}`, undefined],
])("a site of another country is refused at the door of %s, which says so", async (_, method, path, body) => {
  const answer = await ops(method, path, body);
  expect([400, 422], JSON.stringify(answer.body)).toContain(answer.status);
  expect(JSON.stringify(answer.body)).toMatch(/GBO/);
});

it.each<[door: string, method: string, path: string, body: unknown]>([
  ["tables", "POST", "/api/tables/sites", { code: GBO, name: "Gbo" }],
  ["tariffs", "POST", "/api/tariffs", { scope: "site", site: GBO, rateE4PerKwh: 50_000, reason: "a test" }],
  ["commissioning", "GET", `/api/commissioning?site=${GBO}`, undefined],
])("a site of another country is refused to people at the door of %s", async (_, method, path, body) => {
  const { browser } = await session(["superadmin"]);
  const answer = await browser.ask(method, path, body);
  expect([400, 422], JSON.stringify(answer.body)).toContain(answer.status);
  expect(JSON.stringify(answer.body)).toMatch(/site of Lesotho|one of MAK/);
});

it.each<[file: string, path: string, body: string, said: RegExp]>([
  ["registrations for one site", "/api/registrations?site=GBO", "First name,Last name\r\nKoffi,Adande", /one of/],
  ["a till's statement", "/api/uploads?kind=statement&till=bj-till-1", "x", /a till of this country/],
  ["payments of a vendor's site", `/api/uploads?kind=portfolio_payments&site=${GBO}`, "x", /GBO/],
])("a file of %s of another country is refused, and says so", async (_, path, body, said) => {
  const answer = await file(path, body);
  expect([400, 422], JSON.stringify(answer.body)).toContain(answer.status);
  expect(JSON.stringify(answer.body)).toMatch(said);
});

it("rows of a registration sheet that name another country's site are wrong, each by itself, and nobody comes of them", async () => {
  const sheet = "First name,Last name,Site\r\nKoffi,Adande,GBO\r\nThabo,Mokoena,MAK";
  const { status, body } = await file("/api/registrations", sheet);
  expect(status, JSON.stringify(body)).toBe(201);
  expect(body).toMatchObject({
    batch: { rows: { all: 2, good: 1, faulty: 1 } },
    problems: [
      { verdict: "wrong", faults: [{ field: "site", value: "GBO", expected: "a site of Lesotho that is set up" }] },
    ],
  });
});

it("rows of a statement in another country's money are told one by one, and claim nothing", async () => {
  const till = { tillId: "ls-till-doors", name: "Doors", senders: ["MPESA"] };
  expect((await ops("POST", "/tills", till)).status).toBe(200);
  const statement = portalCsv([
    portalRow({ receipt: "08XX0TESTBJ1", currency: "XOF" }),
    portalRow({ receipt: "08XX0TESTLS1" }),
  ]);
  const { status, body } = await file("/api/uploads?kind=statement&till=ls-till-doors&dry=1", statement);
  expect(status, JSON.stringify(body)).toBe(200);
  const [foreign] = body.rows as { result: string; fault: unknown }[];
  expect(foreign).toMatchObject({
    result: "refused",
    receipt: null,
    fault: { field: "Currency", value: "XOF", expected: "LSL" },
  });
});

it("a move-in of another country's accounts is refused whole, and its customers one by one", async () => {
  const account = { account: `0045${GBO}`, legacyId: 9_001, openedAt: null, terminatedAt: null, meters: [] };
  expect(await ops("POST", "/move-in/accounts", { accounts: [account] })).toMatchObject({
    status: 422,
    body: { error: { kind: "foreign_site", details: [`0045${GBO}`] } },
  });
  const nothing = Object.fromEntries(
    ["givenName", "familyName", "email", "language", "nationalId", "gender", "customerType", "plotNumber"].map(
      (each) => [each, null],
    ),
  );
  const place = { latitude: null, longitude: null, street: null, place: null, district: null, note: null };
  const fields = {
    ...nothing,
    ...place,
    name: "Koffi Adande",
    phones: [],
    phonesTyped: [],
    site: GBO,
    legacyId: 9_001,
  };
  // In another spelling than the one they are looked for by, or without a dial code.
  for (const phone of ["97000122", "22997000122"])
    expect(
      await ops("POST", "/move-in/customers", {
        customers: [{ legacyId: 9_001, fields: { ...fields, phones: [phone] } }],
      }),
    ).toMatchObject({ status: 400, body: { error: { kind: "bad_field" } } });
  expect(await ops("POST", "/move-in/customers", { customers: [{ legacyId: 9_001, fields }] })).toMatchObject({
    status: 200,
    body: { outcomes: [{ outcome: "refused" }] },
  });
  expect(await rows("SELECT FROM customers WHERE legacy_id = 9001")).toEqual([]);
});

it("and nothing of it is in the database", async () => {
  expect(await rows("SELECT code FROM sites WHERE code = 'GBO'")).toEqual([]);
  expect(await rows("SELECT id FROM accounts WHERE site_code = 'GBO'")).toEqual([]);
  expect(country.COUNTRY).toBe("LS");
});
