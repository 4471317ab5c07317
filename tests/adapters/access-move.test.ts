/** The Access files, written to a real database by the command's own hand: what Postgres then holds equals the answer key. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readAccess } from "../../dev/access/migrate.ts";
import { AccessSpools } from "../../dev/access/spools.ts";
import { toWrite } from "../../dev/access/to-write.ts";
import { withClient } from "../../dev/database-server.ts";
import type { Call } from "../../dev/move-in.ts";
import { writeMove } from "../../dev/moving-in/write.ts";
import type { Written } from "../../dev/moving-in/written.ts";
import { neonCommissionings } from "../../src/adapters/neon/commissioning-write.ts";
import { neonCustomers } from "../../src/adapters/neon/customers-write.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonLegacyBooks } from "../../src/adapters/neon/legacy-books.ts";
import { neonLegacyHistory } from "../../src/adapters/neon/legacy-history.ts";
import { neonRegistry } from "../../src/adapters/neon/registry.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import { movedInCustomers, presentAccounts, sitesHere } from "../../src/queries/moved-in.ts";
import { claimLegacy } from "../../src/services/claim-legacy.ts";
import { makeClosedSites } from "../../src/services/make-closed-sites.ts";
import { moveInReadings, moveInTotals } from "../../src/services/move-in-history.ts";
import { moveInAccounts, moveInCustomers } from "../../src/services/move-in-records.ts";
import { moveInSteps } from "../../src/services/move-in-steps.ts";
import { recordCommissioning } from "../../src/services/record-commissioning.ts";
import { DERIVED_PATH, key, MAIN_PATH } from "../access-files.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { NOON, value } from "./rows.ts";

const LS = COUNTRIES.LS;
const { expected } = key;
const by = { actor: "Lineo", reason: "the move-in", at: NOON };
const folder = mkdtempSync(join(tmpdir(), "cc-access-move-"));
const spools = new AccessSpools(join(folder, "report.json"));
const plan = { main: MAIN_PATH, derived: DERIVED_PATH, country: LS, asOf: key.asOf, now: NOON };
const moved = readAccess(plan, () => undefined, spools);

const stepsProven = moved.records.accounts.reduce((sum, { steps = [] }) => sum + steps.length, 0);

let database: FreshDatabase;
let db: Database;
const ask = (query: string) => withClient(database.ownerUrl, (client) => value(client, query));
/** What a query says, by name. */
const byName = async (query: string) =>
  JSON.parse(
    (await ask(`SELECT coalesce(json_object_agg(name, n ORDER BY name), '{}')::text FROM (${query}) q`)) ?? "{}",
  );

// biome-ignore lint/suspicious/noExplicitAny: bodies as the command makes them; the routes' own shapes are tested beside them.
type Body = any;
/** The operators' door without its HTTP. Openings are the accounts' own and tested beside them. */
const routes: Record<string, (body: Body) => Promise<unknown>> = {
  "/move-in/customers": async ({ customers }) => {
    const named = customers.map(({ fields }: Body) => fields.site);
    await makeClosedSites(ports(), { country: LS, named }, by);
    return { outcomes: await moveInCustomers(ports(), customers, by) };
  },
  "/move-in/accounts": async ({ accounts }) => {
    const named = accounts.map(({ account }: Body) => account.slice(-3));
    await makeClosedSites(ports(), { country: LS, named }, by);
    const outcomes = await moveInAccounts(ports(), accounts, by);
    return {
      outcomes,
      steps: await moveInSteps({ country: LS, commissionings: neonCommissionings(db, LS) }, accounts, by),
    };
  },
  "/legacy/claim": async (page) => {
    const books = neonLegacyBooks(db);
    const receipts = { claim: nobody, state: nobody };
    const done = await claimLegacy({ country: LS, receipts, books }, page, by);
    await books.advance(page.job, page.from, page.from + page.rows.length, page.total, by.at);
    return done.ok ? done.value : nobody();
  },
  "/openings": async ({ openings }) => ({
    results: openings.map(({ account }: Body) => ({ account, status: "opened", because: null, balanceWh: 0 })),
  }),
  "/rates": async ({ rates: [{ rateE4PerKwh, validFrom }] }) => {
    const set = await neonRegistry(db).putTariff(
      { scope: "global", rateE4PerKwh, validFrom: Date.parse(validFrom) },
      by,
    );
    if (!set.ok) throw new Error(`here answered 409: ${set.error.detail}`);
  },
  "/move-in/meters": async ({ meters }) => {
    const { made } = await neonLegacyHistory(db).addMeters(meters, by);
    return { made, known: meters.length - made };
  },
  "/move-in/readings": async (page) => {
    const done = await moveInReadings(neonLegacyHistory(db), page, by);
    await neonLegacyBooks(db).advance(page.job, page.from, page.from + page.readings.length, page.total, by.at);
    return done;
  },
  "/move-in/totals": async (page) => {
    const done = await moveInTotals({ history: neonLegacyHistory(db), country: LS }, page, by);
    await neonLegacyBooks(db).advance(page.job, page.from, page.from + page.totals.length, page.total, by.at);
    return done;
  },
};
const nobody = (): never => {
  throw new Error("no row of these files has a receipt");
};
const ports = () => ({
  customers: neonCustomers(db),
  registry: neonRegistry(db),
  present: {
    customers: (keys: readonly string[]) => movedInCustomers(db, keys),
    accounts: (accounts: readonly string[]) => presentAccounts(db, accounts),
  },
  sitesHere: (codes: readonly string[]) => sitesHere(db, codes),
});
/** `dies`: the call, by path, at which the door shuts for good. */
async function write(dies: { path: string; after: number } | null = null): Promise<Written> {
  let left = dies?.after ?? 0;
  const call: Call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    if (method === "GET")
      return ((await neonLegacyBooks(db).progress(path.split("/").at(-1) ?? "")) ?? { rows: 0, done: false }) as T;
    if (path === dies?.path && left-- <= 0) throw new Error("here answered 403: no");
    return (await routes[path]?.(body)) as T;
  };
  const nothing = () => undefined;
  return writeMove(call, toWrite(moved, spools, LS), { country: LS, cutoverAt: null }, nothing, nothing);
}

beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  const sites = LS.siteCodes.map((code) => ({ code, name: `Site ${code}`, district: null }));
  const made = await neonRegistry(db).upsertSites(sites, by);
  if (!made.ok) throw new Error(made.error.detail);
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await database.drop();
});

const sumOf = (all: Record<string, number>) => Object.values(all).reduce((sum, n) => sum + n, 0);
const tablesOf = (written: Written, names: RegExp) =>
  Object.entries(written.tables)
    .filter(([name]) => names.test(name))
    .map(([, table]) => table);

it("a run that is stopped in the readings, and one in the totals, leave what they wrote; the next one goes on", async () => {
  await expect(write({ path: "/move-in/readings", after: 1 })).rejects.toThrow("answered 403");
  const some = Number(await ask("SELECT count(*) FROM meter_readings"));
  expect(some).toBeGreaterThan(0);
  expect(some).toBeLessThan(expected.readings.taken);
  await expect(write({ path: "/move-in/totals", after: 1 })).rejects.toThrow("answered 403");
  expect(Number(await ask("SELECT count(*) FROM meter_readings"))).toBe(expected.readings.taken);
  const whole = await write();
  const readings = tablesOf(whole, /^tblmeterdata/);
  expect(readings.reduce((sum, { taken, known }) => sum + taken + known, 0)).toBe(expected.readings.taken);
  expect(whole.refusedRows).toEqual([]);
});

describe("what Postgres holds afterwards", () => {
  it("has the customers, the accounts and the meters of the key, those of closed sites too", async () => {
    expect(await byName("SELECT site_code AS name, count(*) AS n FROM customers GROUP BY 1")).toEqual(
      expected.customersBySite,
    );
    expect(await byName("SELECT site_code AS name, count(*) AS n FROM accounts GROUP BY 1")).toEqual(
      expected.accountsBySite,
    );
    expect(Number(await ask("SELECT count(*) FROM meters"))).toBe(expected.meters);
    expect(await ask("SELECT string_agg(code, ' ' ORDER BY code) FROM sites WHERE name = code")).toBe(
      LS.closedSiteCodes.join(" "),
    );
  });

  it("has its transactions by kind, and its payments to the lisente and the watt-hour, by site and year", async () => {
    expect(await byName("SELECT kind AS name, count(*) AS n FROM legacy_transactions GROUP BY 1")).toEqual(
      expected.transactions.takenByKind,
    );
    const sums = await byName(`SELECT site AS name, json_object_agg(year, sums) AS n FROM (
        SELECT right(account_number, 3) AS site, extract(year FROM paid_at AT TIME ZONE 'Africa/Maseru')::text AS year,
          json_build_object('payments', count(*), 'ofThemNegative', count(*) FILTER (WHERE amount_minor < 0),
            'ofThemWithNullKwh', count(*) FILTER (WHERE energy_wh IS NULL), 'amountMinor', sum(amount_minor),
            'energyWh', coalesce(sum(energy_wh), 0)) AS sums
        FROM legacy_transactions WHERE kind = 'payment' GROUP BY 1, 2) y GROUP BY 1`);
    expect(sums).toEqual(expected.payments.bySiteAndYear);
  });

  it("has its readings by year and meter, each with its table, on no account and in no hour", async () => {
    expect(
      await byName(`SELECT extract(year FROM read_at AT TIME ZONE 'Africa/Maseru')::text AS name, count(*) AS n
        FROM meter_readings GROUP BY 1`),
    ).toEqual(expected.readings.takenByYear);
    expect(Number(await ask("SELECT count(DISTINCT meter_id) FROM meter_readings"))).toBe(expected.readings.meters);
    expect(Number(await ask("SELECT count(*) FROM meter_readings WHERE account_id IS NOT NULL"))).toBe(0);
    const bySource = await byName("SELECT source AS name, count(*) AS n FROM meter_readings GROUP BY 1");
    expect(Object.keys(bySource)).toEqual(["access:tblmeterdata", "access:tblmeterdata1", "access:tblmeterdatadump"]);
    expect(sumOf(bySource)).toBe(expected.readings.taken);
    expect(Number(await ask("SELECT count(*) FROM meter_readings WHERE power_w IS NULL"))).toBe(
      key.defects.readings_without_power.count,
    );
    for (const nothing of ["consumption_hourly", "meter_registers", "ledger_entries"])
      expect([nothing, await ask(`SELECT count(*) FROM ${nothing}`)]).toEqual([nothing, "0"]);
  });

  it("has of each parked or doubled reading none: those of the key's 1970, of its future, of its unknown meters", async () => {
    expect(
      await ask("SELECT count(*) FROM meter_readings WHERE read_at < '2010-01-01' OR read_at > '2025-10-17'"),
    ).toBe("0");
    const { rows } = key.defects.same_reading_in_two_tables;
    const asked = rows.map(({ meter, date }: { meter: string; date: string }) => `('${meter}', '${date}+02')`);
    const copies = `SELECT count(*) FROM (VALUES ${asked.join(", ")}) AS k(meter, at) JOIN meters m ON m.meter_number = k.meter
      JOIN meter_readings r ON r.meter_id = m.id AND r.read_at = k.at::timestamptz`;
    expect(Number(await ask(copies))).toBe(rows.length);
  });

  type Totals = {
    distinct: number;
    distinctBySource: Record<string, number>;
    kwhBySource: Record<string, string>;
    amountMinorBySource?: Record<string, number>;
  };
  it.each(Object.entries<Totals>(expected.derived))("has %s by source", async (table, of) => {
    const sums = (what: string) =>
      byName(`SELECT source AS name, ${what} AS n FROM legacy_totals WHERE origin = 'access:${table}' GROUP BY 1`);
    expect(await sums("count(*)")).toEqual(of.distinctBySource);
    if (of.amountMinorBySource !== undefined) expect(await sums("sum(amount_minor)")).toEqual(of.amountMinorBySource);
    const energyWh = await sums("coalesce(sum(energy_wh), 0)");
    // The old books have ten-thousandths of a kWh, and each row is whole watt-hours here: half a watt-hour a row at most.
    for (const [source, kwh] of Object.entries(of.kwhBySource))
      expect(Math.abs(energyWh[source] - Number(kwh) * 1_000)).toBeLessThanOrEqual(
        (of.distinctBySource[source] ?? 0) / 2,
      );
  });

  it("has of each total kind, period and begin: months from their first local midnight", async () => {
    expect(await byName(`SELECT kind || ' ' || period AS name, count(*) AS n FROM legacy_totals GROUP BY 1`)).toEqual({
      "consumption hour": expected.derived.tblhourlyconsumption.distinct,
      "consumption month": expected.derived.tblmonthlyconsumption.distinct,
      "sales month": expected.derived.tblmonthlytransactions.distinct,
    });
    expect(
      await ask(`SELECT count(*) FROM legacy_totals WHERE period = 'month'
        AND starts_at <> date_trunc('month', starts_at, 'Africa/Maseru')`),
    ).toBe("0");
    const withoutAccount = key.defects.derived_rows_with_a_meter_id_as_account.count;
    expect(Number(await ask("SELECT count(*) FROM legacy_totals WHERE account_number IS NULL"))).toBe(withoutAccount);
  });

  it("has who was connected, on which day, and by which old row; a day that is doubtful is in the report", async () => {
    expect(await byName("SELECT stage AS name, count(*) AS n FROM account_stages GROUP BY 1")).toEqual({
      commissioned: 145,
      meter_installed: 3,
      terminated: 12,
    });
    for (const { customerId, date } of key.defects.service_connected_missing.customersWithDate) {
      const said =
        await ask(`SELECT string_agg(concat_ws(' ', (e.at AT TIME ZONE 'Africa/Maseru')::date, e.reason), '|')
        FROM commissioning_events e JOIN accounts a ON a.id = e.account_id JOIN customers c ON c.id = a.customer_id
        WHERE c.legacy_id = ${customerId} AND e.step = 'commissioned' AND e.reason LIKE '%tblcustomer%'`);
      const isDoubtful = moved.report.left.some(
        ({ what, detail }) => what === "step_not_taken" && detail.includes(`(tblcustomer ${customerId},`),
      );
      expect([customerId, said]).toEqual([
        customerId,
        isDoubtful ? null : `${date} old books: tblcustomer ${customerId}, connected`,
      ]);
    }
    expect(moved.report.left.filter(({ what }) => what === "step_not_taken")).toHaveLength(1);
  });

  it("has the rate from its day", async () => {
    expect(await ask("SELECT concat_ws(' ', scope, rate, valid_from AT TIME ZONE 'UTC') FROM tariffs")).toBe(
      `global ${expected.config.therate} 2023-03-31 22:00:00`,
    );
  });

  it("takes a person's word: a day that is put right, and light that is withdrawn", async () => {
    const proven = moved.records.accounts.filter(
      ({ terminatedAt, steps = [] }) =>
        terminatedAt === null && steps.some(({ step, day }) => step === "commissioned" && day),
    );
    const [one, other] = proven.map(({ account }) => account);
    const said = [
      {
        account: one ?? "",
        ask: { act: "correct", step: "commissioned", day: "2025-10-01" },
        reason: "the book",
      } as const,
      { account: other ?? "", ask: { act: "withdraw", step: "commissioned" }, reason: "no light yet" } as const,
    ];
    const done = await recordCommissioning(
      { country: LS, commissionings: neonCommissionings(db, LS) },
      said,
      "all",
      by,
    );
    expect(done).toMatchObject({ ok: true, value: { written: 2 } });
    // What follows runs the whole move again.
  });

  it("is not changed by the same files once more", async () => {
    const tables = ["customers", "accounts", "meters", "meter_placements", "legacy_transactions", "meter_readings"];
    const all = [...tables, "legacy_totals", "tariffs", "mutations", "sites", "commissioning_events"];
    const now = async () =>
      Promise.all(
        all.map(async (table) => [
          table,
          await ask(`SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM ${table} t`),
        ]),
      );
    const before = await now();
    const again = await write();
    expect(await now()).toEqual(before);
    expect(Object.values(again.tables).filter(({ taken }) => taken > 0)).toEqual([]);
    expect(again).toMatchObject({
      customers: { known: expected.customers },
      accounts: { known: expected.accounts },
      steps: { written: 0, known: stepsProven, left: [] },
      meters: { made: 0, known: expected.meters, unreadable: [] },
      rate: { outcome: "set" },
    });
  });
});
