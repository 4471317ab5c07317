import { expect } from "vitest";
import { KEYS } from "../workers/country.ts";
import { Browser } from "./country.ts";

/** Asks with the operators' key, in somebody's name; `key`: what makes twice the same as once. */
export const ask = (method: string, path: string, body?: unknown, actor = "Mpho", key?: string) =>
  new Browser().ask(method, path, body, {
    headers: { "X-Ops-Key": KEYS.ops, "X-Actor": actor, ...(key === undefined ? {} : { "Idempotency-Key": key }) },
  });

/** A country that has gone over, with a site, a tariff and one account that is live and has no meter. */
export async function oneLiveAccount(account: { account: string; name: string; phone: string }) {
  const iso = (at: number) => new Date(at).toISOString();
  const made = [
    await ask("POST", "/api/ops/init", { cutoverAt: iso(Date.now() - 48 * 3_600_000) }),
    await ask("POST", "/api/ops/sites", { sites: [{ code: "MAK", name: "Ha Makebe" }] }),
    await ask("POST", "/api/ops/rates", {
      rates: [{ scope: "global", subject: null, rateE4PerKwh: 50_000, validFrom: iso(0) }],
    }),
    await ask("POST", "/api/ops/accounts", { accounts: [{ ...account, status: "live", meters: [] }] }),
  ];
  expect(made.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
}
