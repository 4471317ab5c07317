import { readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { QuarterKey } from "../../dev/demo-history.ts";
import { demoVendorCustomers } from "../../dev/demo-vendors.ts";
import type { MorningPayment } from "../../dev/morning.ts";
import { ask, startWorld, until } from "./world.ts";

const DATA = ".data/story-first";
/** Two cores, others at work on them. On a quiet machine it is a third of this. */
const READY_MS_MAX = 120_000;
const ADDED_MS_MAX = 420_000;

let world: Awaited<ReturnType<typeof startWorld>>;

beforeAll(async () => {
  world = await startWorld({ firstPort: 17_787, data: DATA, quiet: false });
});
afterAll(() => world?.stop());

/** As somebody of the demo, by the portal's own button. */
async function signedIn(code: "LS" | "BJ"): Promise<string> {
  const answer = await fetch(`${world.local.portal}/${code.toLowerCase()}/demo/sign-in`, {
    method: "POST",
    body: JSON.stringify({ email: "finance-team@example.org" }),
  });
  const cookies = answer.headers.getSetCookie().map((each) => each.split(";")[0] ?? "");
  return [...new Map(cookies.map((each) => [each.split("=")[0], each])).values()].join("; ");
}

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

  it.each(["LS", "BJ"] as const)("reports in %s what the answer key says, quarter by quarter", async (code) => {
    const key = read<Record<string, Record<string, QuarterKey>>>("answer-reports.json")[code] ?? {};
    const running = `${new Date().getUTCFullYear()}-${String(Math.floor(new Date().getUTCMonth() / 3) * 3 + 1).padStart(2, "0")}-01`;
    const over = Object.entries(key).filter(([quarter]) => quarter < running);
    expect(over.length).toBeGreaterThan(5);
    const cookie = await signedIn(code);
    const figure = async (id: string) => {
      const { body } = await ask<{ rows: { period: string; value: number | null }[] }>(
        `${world.local.portal}/${code.toLowerCase()}/api/reports/metrics/${id}?grain=quarter&from=${over[0]?.[0]}`,
        { headers: { Cookie: cookie } },
      );
      return new Map(body.rows.map(({ period, value }) => [period, value]));
    };
    // Added up within five minutes of the start; the crons of a new world fire at once.
    const added = () => Promise.all([figure("paid"), figure("accounts_ever"), figure("arpu_ever")]);
    const [paid, ever, arpu] = await until("the reports", ADDED_MS_MAX, added, ([paid]) =>
      over.every(([quarter, { paidMinor }]) => paid.get(quarter) === paidMinor),
    );
    for (const [quarter, { paidMinor, everPaid }] of over) {
      expect([quarter, paid.get(quarter), ever.get(quarter)]).toEqual([quarter, paidMinor, everPaid]);
      expect(Math.abs((arpu.get(quarter) ?? 0) - paidMinor / everPaid)).toBeLessThanOrEqual(0.5);
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
