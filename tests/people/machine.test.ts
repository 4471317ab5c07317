import { beforeAll, describe, expect, it } from "vitest";
import { Browser, database, ops } from "./country.ts";

const run = (query: string) => database().transaction([{ query, params: [] }]);
const reason = "the books are kept elsewhere";
const WINDOW = "from=2026-02-01T00:00:00Z&to=2026-02-03T00:00:00Z";
let key: string;
const issue = async (scopes: string[]) =>
  String((await ops("POST", "/keys", { name: "Accounting", scopes, reason })).body.key);
const ask = (path: string, shown = key) =>
  new Browser().ask("GET", `/api/machine/v1${path}`, undefined, { headers: { Authorization: `Bearer ${shown}` } });
type Page = { rows: Record<string, unknown>[]; next: string | null };
async function all(path: string): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  for (let next: string | null = "", pages = 0; next !== null && pages < 20; pages++) {
    const { status, body } = await ask(`${path}${next === "" ? "" : `&after=${encodeURIComponent(next)}`}`);
    expect([status, body.error]).toEqual([200, undefined]);
    const page = body as unknown as Page;
    found.push(...page.rows);
    next = page.next === null ? null : String(page.next);
  }
  return found;
}

beforeAll(async () => {
  await ops("POST", "/sites", { sites: [{ code: "NKU", name: "Ha Nkau", district: "Maseru" }] });
  const account = (number: string) => ({
    ...{
      account: number,
      name: "Neo Mofokeng",
      phone: "26650000811",
      language: "st",
      status: "live",
      aliases: [],
      meters: [],
    },
  });
  await ops("POST", "/accounts", { accounts: [account("0811NKU"), account("0812NKU"), account("0813NKU")] });
  // Two at the same instant: a page may end between them.
  await run(`INSERT INTO payments (receipt, shard, provider, amount_minor, currency, account_id, holder_kind, paid_at, road, generation,
      version, blocked, claimed_at)
    SELECT 'MACH' || n, 1, 'mpesa', 1000 + n, 'LSL', a.id, 'account', timestamptz '2026-02-01T10:00Z' + (n / 2) * interval '1 hour', 'sms', 1, 1,
      false, now() FROM generate_series(0, 4) n JOIN accounts a ON a.account_number = '0811NKU'`);
  await run(`INSERT INTO payment_allocations (receipt, generation, share, holder_kind, account_id, amount_minor, entry_key, at)
    SELECT receipt, 1, 1, 'account', account_id, amount_minor, 'receipt:' || receipt, now() FROM payments WHERE receipt LIKE 'MACH%'`);
  await run(`INSERT INTO metered_days (day, account_id, site_code, energy_wh, hours, estimated_hours)
    SELECT '2026-02-01', id, site_code, 1000 + id, 24, 0 FROM accounts WHERE site_code = 'NKU'`);
  key = await issue(["payments.read", "readings.read"]);
});

describe("a machine with a key", () => {
  it("reads payments page after page, each once, in whole minor units", async () => {
    for (const limit of [1, 2, 500]) {
      const found = (await all(`/payments?${WINDOW}&limit=${limit}`)).filter(({ receipt }) =>
        /^MACH/.test(String(receipt)),
      );
      expect(found.map(({ receipt, amountMinor }) => [receipt, amountMinor])).toEqual(
        [0, 1, 2, 3, 4].map((n) => [`MACH${n}`, 1_000 + n]),
      );
      expect(found[0]?.holders).toEqual([
        { holder: "account", account: "0811NKU", amountMinor: 1_000, energyWh: null },
      ]);
      expect(Object.keys(found[0] ?? {})).not.toContain("payerPhone");
    }
  });

  it("reads a day of readings account after account, in whole watt-hours", async () => {
    const found = (await all("/readings?day=2026-02-01&limit=1")).filter(({ site }) => site === "NKU");
    expect(found.map(({ account }) => account)).toEqual(["0811NKU", "0812NKU", "0813NKU"]);
    expect(found.every(({ energyWh }) => Number.isSafeInteger(energyWh))).toBe(true);
  });

  it("reads what its key was issued for and nothing else", async () => {
    expect((await ask("/tickets")).status).toBe(403);
    expect((await ask("/webhook-deliveries")).status).toBe(403);
    const other = await issue(["tickets.read", "webhooks.read"]);
    expect((await ask("/tickets", other)).status).toBe(200);
    expect((await ask("/webhook-deliveries?limit=1", other)).status).toBe(200);
    expect((await ask(`/payments?${WINDOW}`, other)).status).toBe(403);
    expect((await ask(`/payments?${WINDOW}`, `cck_${"x".repeat(43)}`)).status).toBe(401);
  });

  it.each([
    "/payments",
    "/payments?from=2026-02-03T00:00:00Z&to=2026-02-01T00:00:00Z",
    "/payments?from=2026-02-01T00:00:00Z&to=2026-03-05T00:00:00Z",
    `/payments?${WINDOW}&limit=0`,
    `/payments?${WINDOW}&limit=501`,
    `/payments?${WINDOW}&after=yesterday`,
    `/payments?${WINDOW}&site=MAK`,
    "/readings?day=2026-02-30",
  ])("is told which field is wrong: %s", async (path) => {
    const { status, body } = await ask(path);
    expect([status, body.error?.kind]).toEqual([400, "bad_field"]);
  });
});
