import { beforeAll, expect, it } from "vitest";
import { country, ops, rows, session } from "./country.ts";

/** Gbo is Benin's. */
const GBO = "GBO";
const rate = { rateE4PerKwh: 50_000, validFrom: "2026-01-01T00:00:00+02:00" };

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

it("and nothing of it is in the database", async () => {
  expect(await rows("SELECT code FROM sites WHERE code = 'GBO'")).toEqual([]);
  expect(await rows("SELECT id FROM accounts WHERE site_code = 'GBO'")).toEqual([]);
  expect(country.COUNTRY).toBe("LS");
});
