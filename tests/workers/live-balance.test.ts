import { describe, expect, it, vi } from "vitest";
import type { Env } from "../../workers/env.ts";
import { app } from "../../workers/index.ts";
import { facts, KEYS, openCountry, settings } from "./country.ts";

const koios = { KOIOS_URL: "https://koios.test", KOIOS_ORG: "org-ls", KOIOS_READ_KEY: "read-id:read-secret" };
const ask = (path: string, env: Env, headers: Record<string, string>) => app.request(path, { headers }, env);

describe("the balance of an account with a wallet on a platform", () => {
  it("is the ledger's while the database is down, says so with its age, and asks no vendor", async () => {
    await openCountry([facts("0071MAT", { siteVendor: "koios" }), facts("0072MAT", { siteVendor: "koios" })]);
    const vendor = vi.spyOn(globalThis, "fetch").mockImplementation(async (input) => {
      const url = String(input instanceof Request ? input.url : input);
      if (url.includes("koios.test")) throw new Error("no vendor may be asked");
      throw new Error("nobody listens");
    });
    try {
      const env = { ...settings, ...koios } as Env;
      const gateway = await ask("/api/payments/gateway/balance/0071MAT", env, { "X-Gateway-Key": KEYS.gateway });
      expect([gateway.status, await gateway.json()]).toEqual([
        200,
        {
          account_number: "0071MAT",
          balance_kwh: 0,
          balance_currency: 0,
          tariff_rate: 5,
          as_of: expect.stringMatching(/^20/),
          age_seconds: expect.any(Number),
          balance_source: "engine",
          balance_stale: false,
          ledger_kwh: 0,
        },
      ]);
      const staff = await ask("/api/ops/accounts/0072MAT/live-balance", env, {
        "X-Ops-Key": KEYS.ops,
        "X-Actor": "Mpho",
      });
      expect([staff.status, await staff.json()]).toMatchObject([
        200,
        {
          account: "0072MAT",
          currency: "LSL",
          shown: { source: "engine", ageMs: expect.any(Number) },
          ledger: { availableWh: 0 },
        },
      ]);
      expect(vendor.mock.calls.filter(([input]) => String(input).includes("koios.test"))).toEqual([]);
    } finally {
      vendor.mockRestore();
    }
  });

  it("is nobody's without a key, and no account's without an account", async () => {
    expect((await ask("/api/payments/gateway/balance/0071MAT", settings, {})).status).toBe(403);
    const ops = { "X-Ops-Key": KEYS.ops, "X-Actor": "Mpho" };
    expect((await ask("/api/ops/accounts/71/live-balance", settings, ops)).status).toBe(404);
  });
});
