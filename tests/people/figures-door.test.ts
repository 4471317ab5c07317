import { beforeAll, describe, expect, it } from "vitest";
import { Browser, database, ops } from "./country.ts";

const run = (query: string) => database().transaction([{ query, params: [] }]);
const reason = "it has always asked";
let key: string;
let other: string;
const issue = async (scopes: string[]) =>
  String((await ops("POST", "/keys", { name: "O&M system", scopes, reason })).body.key);
const ask = (path: string, header = "X-CC-Integration-Key", shown = key) =>
  new Browser().ask("GET", `/api${path}`, undefined, { headers: { [header]: shown } });

beforeAll(async () => {
  await ops("POST", "/sites", {
    sites: [
      { code: "SEH", name: "Sehlabathebe", district: "Qacha's Nek" },
      { code: "LSB", name: "Lets'eng-la-Baroa", district: null },
    ],
  });
  const account = (number: string) => ({
    ...{ account: number, name: "Neo Mofokeng", phone: "26650000821", language: "st" },
    ...{ status: "live", aliases: [], meters: [] },
  });
  const numbers = ["0821SEH", "0822SEH", "0823SEH"];
  expect((await ops("POST", "/accounts", { accounts: numbers.map(account) })).body.error).toBeUndefined();
  await run(`UPDATE customers c SET customer_type = t.type FROM accounts a
    JOIN (VALUES ('0821SEH', 'HH2'), ('0822SEH', 'SCP')) t (number, type) ON t.number = a.account_number WHERE c.id = a.customer_id`);
  await run(`UPDATE accounts SET opened_at = '2026-03-10T10:00Z', status = 'terminated', terminated_at = '2026-03-20T22:00Z'
    WHERE account_number = '0823SEH'`);
  await run(`INSERT INTO metered_days (day, account_id, site_code, energy_wh, hours, estimated_hours)
    SELECT d::date, a.id, a.site_code, 1001, 24, 0 FROM accounts a, generate_series(date '2019-01-30', '2019-03-02', '1 day') d
    WHERE a.account_number = '0821SEH'`);
  await run(`INSERT INTO metered_months (month, account_id, site_code, energy_wh, days, hours, estimated_hours)
    SELECT date_trunc('month', day)::date, account_id, site_code, sum(energy_wh), count(*), sum(hours), 0 FROM metered_days
    WHERE day < '2020-01-01' GROUP BY 1, 2, 3`);
  key = await issue(["figures.read"]);
  other = await issue(["payments.read"]);
});

type Site = Record<string, unknown> & { site_code: string };

describe("a system of old, at the address where it has always asked", () => {
  it("gets the sites of a day by type of customer, those without light named", async () => {
    const { status, body } = await ask("/integration/doe/site-status");
    expect(status).toBe(200);
    const sites = body.sites as Site[];
    expect(sites.find(({ site_code }) => site_code === "SEH")).toMatchObject({
      ...{
        name: "Sehlabathebe",
        region: "Qacha's Nek",
        site_status: "not_connected",
        registered_total: 2,
        households: 1,
        schools: 1,
      },
      ...{
        other: 0,
        connections_total: 0,
        with_meter: 0,
        without_meter: 2,
        without_readyboard: 2,
        without_electricity: 2,
      },
    });
    expect(sites.find(({ site_code }) => site_code === "LSB")).toMatchObject({ region: null });
    expect(body.not_yet_connected).toEqual(expect.arrayContaining(["SEH", "LSB"]));
  });

  it("gets an overview of a local day: who had ended by then is not in it, and was the day before", async () => {
    const counted = async (day: string) => {
      const { body } = await ask(`/integration/om/overview?as_of=${day}`);
      const { by_type } = body.connections as { by_type: Record<string, number> };
      return by_type.unknown ?? 0;
    };
    // 22:00 UTC is midnight in Lesotho: the account has the 20th whole, and nothing of the 21st.
    expect((await counted("2026-03-19")) - (await counted("2026-03-20"))).toBe(0);
    expect((await counted("2026-03-20")) - (await counted("2026-03-21"))).toBe(1);
    const { body } = await ask("/integration/om/overview?as_of=2019-02-28");
    expect(body).toMatchObject({
      as_of: "2019-02-28",
      total_mwh: (30 * 1_001) / 1_000_000,
      energy_source: "metered_days",
    });
  });

  it.each([
    ["2019-02-01", "2019-02-28", 28],
    ["2019-01-31", "2019-03-01", 30],
    ["2019-02-10", "2019-02-10", 1],
    ["2019-02-10", "2019-02-28", 19],
    ["2019-02-01", "2019-02-27", 27],
  ])("gets what was used from %s to %s, both included: %i days", async (start, end, days) => {
    const { body } = await ask(`/integration/om/consumption?start=${start}&end=${end}`);
    expect(body).toMatchObject({ start, end, total_kwh: (days * 1_001) / 1_000 });
  });

  it("gets null where no day is known, never 0", async () => {
    const { body } = await ask("/integration/om/consumption?start=2018-01-01&end=2018-12-31");
    expect(body).toMatchObject({ total_kwh: null, total_mwh: null });
  });

  it("gets what the country costs, with the key in its own header", async () => {
    const { status, body } = await ask("/admin/cost-signals", "X-API-Key");
    expect(status).toBe(200);
    expect(body.country_code).toBe("LS");
    for (const name of ["active_customers", "active_meters", "db_size_bytes"])
      expect(Number.isSafeInteger(body[name])).toBe(true);
  });

  it("gets nothing with a key for something else, none, or in another's header; and is told which day is none", async () => {
    expect((await ask("/integration/om/overview", "X-CC-Integration-Key", other)).status).toBe(403);
    expect((await ask("/integration/om/overview", "X-CC-Integration-Key", "wrong")).status).toBe(401);
    expect((await ask("/integration/om/overview", "X-API-Key")).status).toBe(401);
    expect((await ask("/admin/cost-signals")).status).toBe(401);
    expect((await ask("/integration/om/overview?as_of=2026-02-30")).status).toBe(400);
    expect((await ask("/integration/om/consumption?start=2026-02-02&end=2026-02-01")).status).toBe(400);
  });
});
