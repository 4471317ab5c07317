/** Three weeks of two sites at the simulator, with all that goes wrong there at once: what the accounts end with is the truth. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { koiosSiteId } from "../../dev/koios/org.ts";
import { connect } from "../../src/adapters/neon/database.ts";
import { DAYS_BACK, type UnitName } from "../../src/domain/imports/unit.ts";
import { DAY_MS, dayNamed, HOUR_MS } from "../../src/domain/imports/vendor-day.ts";
import { newestHours } from "../../src/queries/meter-days.ts";
import { claimImports } from "../../src/services/claim-imports.ts";
import { importStep } from "../../src/services/import-step.ts";
import { koiosClients } from "../vendor-clients.ts";
import { koiosOf, lesotho } from "../vendor-sims.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { worldOf } from "./import-world.ts";

const BEGIN = Date.UTC(2026, 8, 1);
/** Days whose truth is compared; the story goes on until the last of them is closed. */
const DAYS = 9;
const LOOK_MS = 6 * HOUR_MS;
const SITES = ["MAT", "KET"] as const;

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

/** The platform's customers as our accounts, each with its meter since long ago. */
const register = (org: string, people: readonly { code: string; site: string; serial: string | null }[]) =>
  withClient(database.ownerUrl, async (client) => {
    await client.query(
      "INSERT INTO sites (code, name, facts_version) VALUES ('MAT', 'Matsoaing', 1), ('KET', 'Ketane', 1)",
    );
    for (const site of SITES)
      await client.query("INSERT INTO vendor_sites VALUES ($1, 'koios', $2, 1)", [site, koiosSiteId(org, site)]);
    const rows = JSON.stringify(people.filter(({ serial }) => serial !== null));
    await client.query(
      "INSERT INTO customers (customer_key, name, phones) SELECT code, code, '{}' FROM jsonb_to_recordset($1) AS r(code text)",
      [rows],
    );
    await client.query(
      `INSERT INTO accounts (account_number, site_code, customer_id, status, facts_version) SELECT r.code, r.site, c.id, 'live', 1
        FROM jsonb_to_recordset($1) AS r(code text, site text) JOIN customers c ON c.customer_key = r.code`,
      [rows],
    );
    await client.query(
      "INSERT INTO meters (meter_number) SELECT serial FROM jsonb_to_recordset($1) AS r(serial text)",
      [rows],
    );
    await client.query(
      `INSERT INTO meter_placements (meter_id, account_id, role, valid_from, facts_version) SELECT m.id, a.id, 'primary', '2026-01-01', 1
        FROM jsonb_to_recordset($1) AS r(code text, serial text) JOIN meters m ON m.meter_number = r.serial
          JOIN accounts a ON a.account_number = r.code`,
      [rows],
    );
  });

it("is the truth of every day and meter, to the watt-hour, however late, repeated, broken off and degraded it comes", async () => {
  const sim = koiosOf({ now: () => BEGIN, openedAt: BEGIN });
  expect(
    sim.board.set({
      duplicates: { times: 2.6, permille: 500 },
      missing_code: { permille: 300 },
      garbage: { perMille: 20, instead: true, healsAfterHours: 60 },
      big_page_504: { over: 100 },
      storm: { permille: 60 },
      html: { permille: 20 },
      later_page_500: { permille: 10 },
      cursor_dies: { permille: 5 },
      late: { days: 4, permille: 300 },
      degraded: { permille: 200, healsAfterHours: 40 },
      short_history: { days: 2 },
    }),
  ).toBeNull();
  const [org] = sim.orgs;
  if (org === undefined) throw new Error("no organisation");
  await register(lesotho().org, lesotho().customers);
  const { historical, report, health, statuses } = koiosClients(sim);
  const world = worldOf(database, historical, BEGIN);
  const ports = {
    ...world.ports,
    feed: (source: UnitName["source"]) => (source === "koios" ? historical : source === "koios_report" ? report : null),
    now: () => sim.clock.now(),
  };
  const reader = connect(database.appUrl, database.sqlUrl);
  let steps = 0;
  for (let at = BEGIN + DAY_MS; at < BEGIN + (DAYS + DAYS_BACK) * DAY_MS; at += LOOK_MS) {
    sim.clock.advance(Math.max(0, at - sim.clock.now()));
    const due: UnitName[] = [];
    await claimImports(
      {
        days: ports.days,
        sites: async () =>
          SITES.map((site) => ({
            site,
            vendor: "koios" as const,
            vendorSiteId: koiosSiteId(lesotho().org, site),
            version: 1,
          })),
        feed: ports.feed,
        send: async (units) => void due.push(...units.map(({ site, day, source }) => ({ site, day, source }))),
        newest: () => newestHours(reader),
        openCaseKeys: async () => [],
        putCases: async () => {},
      },
      sim.clock.now(),
    );
    for (const unit of due) for (let more = true; more; steps++) more = (await importStep(ports, unit)).is === "more";
  }
  const days = Array.from({ length: DAYS }, (_, n) => dayNamed(BEGIN + n * DAY_MS));
  for (const day of days) {
    const truth: Record<string, number> = {};
    for (const customer of org.wallets.customers.values()) {
      if (customer.serial === null) continue;
      let sum = 0;
      for (let at = Date.parse(day); at < Date.parse(day) + DAY_MS; at += HOUR_MS / 4)
        sum += org.wallets.energyOf(customer)?.intervalWh(at) ?? 0;
      truth[`${customer.code} ${customer.serial}`] = sum;
    }
    expect(world.accounts.totals(day), day).toEqual(Object.fromEntries(Object.entries(truth).sort()));
  }
  const open = await withClient(database.ownerUrl, (client) =>
    client.query(
      `SELECT site_code, day::text FROM meter_days WHERE day < $1 GROUP BY 1, 2 HAVING NOT bool_or(complete)`,
      [dayNamed(BEGIN + DAYS * DAY_MS)],
    ),
  );
  expect(open.rows).toEqual([]);
  // The budget is kept to the request: the vendor never had to say no.
  expect(statuses).not.toContain(429);
  expect(Object.values(health().used).reduce((sum, n) => sum + n, 0)).toBeLessThanOrEqual(health().dailyMax);
  expect(steps).toBeGreaterThan(100);
}, 300_000);
