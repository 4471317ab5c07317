import { readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { demoVendorCustomers } from "../../dev/demo-vendors.ts";
import type { MorningPayment } from "../../dev/morning.ts";
import { ask, startWorld } from "./world.ts";

const DATA = ".data/story-first";
/** Two cores, others at work on them. On a quiet machine it is a third of this. */
const READY_MS_MAX = 120_000;

let world: Awaited<ReturnType<typeof startWorld>>;

beforeAll(async () => {
  world = await startWorld({ firstPort: 17_787, data: DATA, quiet: false });
});
afterAll(() => world?.stop());

const read = <T>(name: string) =>
  JSON.parse(readFileSync(fileURLToPath(new URL(`../../${DATA}/${name}`, import.meta.url)), "utf8")) as T;

describe("the first start of a fresh clone", () => {
  it("is ready in time, and says where everything is", () => {
    expect(world.readyMs).toBeLessThan(READY_MS_MAX);
    for (const country of Object.values(world.local.countries)) {
      expect(country.customers.length).toBeGreaterThanOrEqual(20);
      expect(country.customers.every(({ meter, phone }) => meter !== "" && phone !== "")).toBe(true);
      expect(country.phones.length).toBeGreaterThanOrEqual(2);
    }
  });

  it("keeps its keys from other users of the machine", () => {
    for (const name of ["local.json", "keys.json"])
      expect(statSync(fileURLToPath(new URL(`../../${DATA}/${name}`, import.meta.url))).mode & 0o077).toBe(0);
  });

  it.each(["LS", "BJ"] as const)("has credited in %s exactly what the answer key says", async (code) => {
    const paid = read<Record<string, MorningPayment[]>>("answer-key.json")[code] ?? [];
    expect(paid.length).toBeGreaterThan(10);
    const database = new pg.Client({ connectionString: world.local.countries[code].databaseUrl });
    await database.connect();
    try {
      const { rows } = await database.query<{ receipt: string; account: string; amount: string }>(
        `SELECT e.receipt, a.account_number AS account, sum(e.amount_minor) AS amount FROM ledger_entries e
          JOIN accounts a ON a.id = e.account_id WHERE e.book = 'customer_energy' AND e.kind = 'payment' GROUP BY 1, 2 ORDER BY 1`,
      );
      const credited = rows.map(({ receipt, account, amount }) => ({ receipt, account, amountMinor: Number(amount) }));
      const wanted = paid.toSorted((a, b) => (a.receipt < b.receipt ? -1 : 1));
      expect(credited).toEqual(wanted.map(({ receipt, account, amountMinor }) => ({ receipt, account, amountMinor })));
      const opened = await database.query<{ account: string; energy: string }>(
        `SELECT a.account_number AS account, e.energy_wh AS energy FROM ledger_entries e
          JOIN accounts a ON a.id = e.account_id WHERE e.kind = 'opening' ORDER BY 1`,
      );
      const wallets = demoVendorCustomers(code).map(({ account, openingWh }) => ({
        account,
        energy: String(openingWh),
      }));
      expect(opened.rows).toEqual(wallets.toSorted((a, b) => (a.account < b.account ? -1 : 1)));
      const waiting = await database.query("SELECT because FROM suspense_cases WHERE state = 'open'");
      expect(waiting.rows).toEqual([{ because: "no_account_token" }]);
    } finally {
      await database.end();
    }
  });

  it("is at rest: nothing waits, and every customer was told", async () => {
    for (const { url, opsKey } of Object.values(world.local.countries)) {
      const { body } = await ask<{ depths: Record<string, number>; outgoing: { state: string }[] }>(
        `${url}/api/ops/status`,
        { headers: { "X-Ops-Key": opsKey } },
      );
      expect(Object.values(body.depths).every((depth) => depth === 0)).toBe(true);
      expect(new Set(body.outgoing.map(({ state }) => state))).toEqual(new Set(["delivered"]));
    }
  });

  it("shows a screen at the portal, and gives a stranger nothing", async () => {
    const page = await fetch(world.local.portal);
    expect(await page.text()).toContain("1PWR Customer Care");
    const { status } = await ask(`${world.local.countries.LS.url}/api/ops/status`);
    expect(status).toBe(403);
  });
});
