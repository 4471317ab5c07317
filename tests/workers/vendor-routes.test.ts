import { describe, expect, it } from "vitest";
import type { Env } from "../../workers/env.ts";
import { app } from "../../workers/index.ts";
import { feedOf, vendorBalancesOf, vendorCreditsOf, vendorPaymentsOf } from "../../workers/vendors.ts";
import { KEYS, settings } from "./country.ts";

const koios = {
  KOIOS_URL: "https://koios.test",
  KOIOS_ORG: "org-ls",
  KOIOS_READ_KEY: "read-id:read)#&secret",
};
const full = { ...koios, KOIOS_WRITE_KEY: "write-id:write-secret", KOIOS_WEB_LOGIN: "ops@example.test:p:w" };
const ask = (path: string, more: Partial<Env>, init: RequestInit = {}) =>
  app.request(
    `/api/ops${path}`,
    { ...init, headers: { "X-Ops-Key": KEYS.ops, "X-Actor": "Mpho", "Content-Type": "application/json" } },
    { ...settings, ...more },
  );

describe("what this country has of a vendor", () => {
  it("is nothing without settings, and everything that would ask says so", async () => {
    const said = await (await ask("/vendors", {})).json<{ vendors: { configured: boolean }[]; budgets: unknown[] }>();
    expect(said.vendors.map(({ configured }) => configured)).toEqual([false, false, false]);
    expect(said.budgets).toEqual([]);
    const bare = { ...settings } as Env;
    for (const vendor of ["koios", "thundercloud"] as const)
      expect([vendorCreditsOf(bare, vendor), vendorBalancesOf(bare, vendor), vendorPaymentsOf(bare, vendor)]).toEqual([
        null,
        null,
        null,
      ]);
    expect([feedOf(bare, "koios"), feedOf(bare, "koios_report"), feedOf(bare, "thundercloud")]).toEqual([
      null,
      null,
      null,
    ]);
  });

  it("is shown by name, with its day, and never with a secret", async () => {
    const text = await (await ask("/vendors", full)).text();
    expect(JSON.parse(text)).toMatchObject({
      vendors: [{ vendor: "koios", configured: true, unset: [] }, {}, {}],
      budgets: [{ name: "koios:org-ls", usedTotal: 0, dailyMax: 30_000 }],
    });
    expect(text).not.toMatch(/secret|read-id|write-id|p:w|ops@/);
  });

  it("credits nobody without the write key, and lists no payments without the login", () => {
    const at = { ...settings, ...koios } as Env;
    expect(feedOf(at, "koios")).not.toBeNull();
    expect([vendorCreditsOf(at, "koios"), vendorPaymentsOf(at, "koios")]).toEqual([null, null]);
    expect(vendorCreditsOf({ ...settings, ...full } as Env, "koios")).not.toBeNull();
  });

  it("is refused when it is half there, by name and without a value", async () => {
    const response = await ask("/vendors", { KOIOS_URL: "https://koios.test", KOIOS_READ_KEY: "half-of-a-secret" });
    const text = await response.text();
    expect(response.status).toBe(503);
    expect(JSON.parse(text)).toMatchObject({
      error: { kind: "not_configured", details: ["KOIOS_ORG is missing", "KOIOS_READ_KEY must hold id:secret"] },
    });
    expect(text).not.toContain("half-of-a-secret");
  });
});

describe("a site of a vendor", () => {
  const body = { site: "MAT", vendor: "koios", vendorSiteId: "3f0c-site", reason: "the vendor's list" };
  it.each<[string, object, number, string]>([
    ["of another country is refused", { site: "GBO" }, 422, "foreign_site"],
    ["of a vendor that nobody knows is refused", { vendor: "acme" }, 400, "bad_field"],
    ["without an id is refused", { vendorSiteId: "" }, 400, "bad_field"],
    ["without a reason is refused", { reason: " " }, 400, "bad_field"],
  ])("%s", async (_, over, status, kind) => {
    const response = await ask("/vendor-sites", {}, { method: "POST", body: JSON.stringify({ ...body, ...over }) });
    expect([response.status, (await response.json<{ error: { kind: string } }>()).error.kind]).toEqual([status, kind]);
  });
  it("is nobody's business without the key", async () => {
    expect((await app.request("/api/ops/vendor-sites", {}, settings)).status).toBe(403);
  });
});
