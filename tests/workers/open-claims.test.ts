import { beforeEach, expect, it } from "vitest";
import { app } from "../../workers/index.ts";
import { KEYS, openCountry, settings } from "./country.ts";
import { aClaim, bookOf, inSuspense, openAccount } from "./receipt-book-world.ts";

beforeEach(() => openCountry());

const ask = async () =>
  (await app.request("/api/ops/claims/open", { headers: { "X-Ops-Key": KEYS.ops } }, settings)).json() as Promise<{
    total: number;
    claims: { receipt: string; claimedAt: number; changedAt: number }[];
  }>;

it("names every receipt that is not at rest, as many as the status page counts, also while the database is down", async () => {
  await openAccount("0181MAK");
  const paid = aClaim({ receipt: "OPENA", holder: { kind: "account", account: "0181MAK" } });
  await (await bookOf("OPENA")).claim(paid);
  await (await bookOf("OPENB")).claim(aClaim({ receipt: "OPENB", holder: inSuspense("two_accounts", ["0181MAK"]) }));
  const said = await ask();
  expect(said.claims.filter(({ receipt }) => receipt.startsWith("OPEN"))).toMatchObject([
    {
      receipt: "OPENA",
      phase: "recording",
      generation: 1,
      amountMinor: 10_000,
      holders: [{ holder: "account", account: "0181MAK", amountMinor: 10_000, posting: "posted" }],
    },
    {
      receipt: "OPENB",
      phase: "recording",
      holders: [{ holder: "suspense", account: null, amountMinor: 10_000, posting: "none" }],
    },
  ]);
  const status = await app.request("/api/ops/status", { headers: { "X-Ops-Key": KEYS.ops } }, settings);
  const { depths } = (await status.json()) as { depths: { openClaims: number } };
  expect([said.total, said.claims.length]).toEqual([depths.openClaims, depths.openClaims]);
  const changed = said.claims.map(({ changedAt }) => changedAt);
  expect(changed).toEqual(changed.toSorted((a, b) => a - b));
});
