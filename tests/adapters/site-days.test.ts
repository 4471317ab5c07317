import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonRollups } from "../../src/adapters/neon/rollups.ts";
import type { OutboxRow } from "../../src/domain/outbox.ts";
import { siteDays } from "../../src/queries/site-days.ts";
import { statusRows } from "../../src/queries/status.ts";
import { waiting } from "../../src/queries/waiting.ts";
import { refreshRollups } from "../../src/services/refresh-rollups.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { HOUR_MS } from "./reading-rows.ts";
import { credit, items, NOON, payment, seed } from "./rows.ts";

let database: FreshDatabase;
let db: Database;
let account: number;
const ZONE = "Africa/Maseru";
const run = (query: string) => withClient(database.ownerUrl, (client) => client.query(query));
const write = async (...rows: OutboxRow[]) =>
  expect(await neonCopies(db).write(items(rows))).toMatchObject({ refused: [], conflicts: [] });

beforeEach(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  [account = 0] = await seed(database.ownerUrl);
});
afterEach(() => database.drop());

describe("each site, day by day", () => {
  it("gives a payment to the local day of its own instant, not to the day on which it was read", async () => {
    // 23:30 of 2 November in Maseru, read at half past midnight
    const late = Date.UTC(2026, 10, 2, 21, 30);
    const claimedAt = late + HOUR_MS;
    const posted = credit(account, {}).row;
    const rows = posted.rows.map((row) => ({ ...row, occurredAt: late, acceptedAt: claimedAt }));
    await write(payment({ paidAt: late, claimedAt }), { ...posted, rows });
    const now = Date.UTC(2026, 10, 2, 23);
    const { today, days, received } = await siteDays(db, { now, timeZone: ZONE });
    expect(today).toBe("2026-11-03");
    expect(days).toEqual([
      { site: "MAK", day: "2026-11-02", creditedMinor: 2_000, payments: 1, energyWh: null, meters: 0 },
    ]);
    expect(received).toEqual([{ day: "2026-11-02", amountMinor: 2_000, payments: 1 }]);
    // and the status page says the same of both: neither belongs to the day that has just begun
    const status = await statusRows(db, ZONE, now);
    expect(status.today).toMatchObject({ payments: 0, paidMinor: 0, creditedMinor: 0 });
  });

  it("counts energy of the meter that bills, and hears only meters of our own", async () => {
    await run(`INSERT INTO meters (meter_number) VALUES ('23099001'), ('23099002') ON CONFLICT DO NOTHING;
      INSERT INTO meter_placements (meter_id, account_id, role, valid_from, facts_version)
        SELECT id, ${account}, CASE meter_number WHEN '23099001' THEN 'primary' ELSE 'check' END, cc_at(0), 1 FROM meters WHERE meter_number IN ('23099001', '23099002');
      INSERT INTO consumption_daily (meter_id, account_id, day, energy_wh, hours, estimated_hours)
        SELECT id, ${account}, '2026-11-03', 700, 24, 0 FROM meters WHERE meter_number IN ('23099001', '23099002')`);
    const { sites, days } = await siteDays(db, { now: NOON, timeZone: ZONE });
    expect(days).toEqual([{ site: "MAK", day: "2026-11-03", creditedMinor: 0, payments: 0, energyWh: 700, meters: 1 }]);
    expect(sites.find(({ site }) => site === "MAK")).toMatchObject({
      placed: 2,
      heard: 0,
      lit: 0,
      dark: 0,
      unknown: 1,
    });
  });
});

describe("the energy of a site's days", () => {
  const METERS = ["23099001", "23099002", "23099003", "23099004"];
  const placed = (meter: string, whose: string, from: string, to: string | null, role = "primary") =>
    run(`INSERT INTO meter_placements (meter_id, account_id, role, valid_from, valid_to, facts_version)
      SELECT m.id, a.id, '${role}', '${from}', ${to === null ? "NULL" : `'${to}'`}, 1
      FROM meters m, accounts a WHERE m.meter_number = '${meter}' AND a.account_number = '${whose}'`);
  const counted = (meter: string, whose: string, day: string, wh: number) =>
    run(`INSERT INTO consumption_daily (meter_id, account_id, day, energy_wh, hours, estimated_hours)
      SELECT m.id, a.id, '${day}', ${wh}, 24, 0 FROM meters m, accounts a WHERE m.meter_number = '${meter}' AND a.account_number = '${whose}'
      ON CONFLICT (meter_id, account_id, day) DO UPDATE SET energy_wh = excluded.energy_wh`);
  const asked = async () =>
    (await siteDays(db, { now: NOON, timeZone: ZONE })).days
      .map(({ day, energyWh, meters }) => [day, energyWh, meters])
      .toSorted();
  const kept = async () =>
    (
      await db.read<{ day: string; wh: number; meters: number }>(
        "SELECT day::text AS day, energy_wh AS wh, meters FROM metered_site_days ORDER BY day",
      )
    ).map(({ day, wh, meters }) => [day, wh, meters]);
  const addUp = () => refreshRollups(neonRollups(db, ZONE), 120);

  it("is the same before and after it is added up, also of a day on which a meter was changed or went to another account", async () => {
    await run(
      `INSERT INTO meters (meter_number) VALUES ${METERS.map((meter) => `('${meter}')`)} ON CONFLICT DO NOTHING`,
    );
    await placed("23099001", "0045MAK", "2026-01-01", "2026-11-02T10:00:00Z");
    await placed("23099002", "0045MAK", "2026-11-02T10:00:00Z", "2026-11-03T08:00:00Z");
    // It goes over to the neighbour's, where another one was.
    await placed("23099002", "0046MAK", "2026-11-03T08:00:00Z", null);
    await placed("23099003", "0046MAK", "2026-01-01", "2026-11-01T10:00:00Z");
    await placed("23099004", "0046MAK", "2026-01-01", null, "check");
    await counted("23099001", "0045MAK", "2026-10-30", 100);
    await counted("23099003", "0046MAK", "2026-10-30", 10);
    await counted("23099001", "0045MAK", "2026-11-02", 200);
    await counted("23099002", "0045MAK", "2026-11-02", 300);
    await counted("23099002", "0045MAK", "2026-11-03", 400);
    await counted("23099002", "0046MAK", "2026-11-03", 500);
    await counted("23099004", "0046MAK", "2026-11-03", 7_000);
    // After it had gone: it bills nobody there.
    await counted("23099001", "0045MAK", "2026-11-03", 9_000);
    const days = [
      ["2026-10-30", 110, 2],
      ["2026-11-02", 500, 2],
      ["2026-11-03", 900, 1],
    ];
    expect(await asked()).toEqual(days);
    expect((await addUp()).more).toBe(false);
    expect(await db.read("SELECT FROM rollup_touched WHERE what = 'energy'")).toEqual([]);
    expect(await asked()).toEqual(days);
    expect(await kept()).toEqual(days);
  });

  it("is forgotten with a day of an account that anybody writes, and asked of the meters until it is added up again", async () => {
    await placed("23099001", "0045MAK", "2026-01-01", null);
    await counted("23099001", "0045MAK", "2026-11-02", 200);
    await counted("23099001", "0045MAK", "2026-11-03", 300);
    await addUp();
    // As a version does that does not know the sums of sites.
    await counted("23099001", "0045MAK", "2026-11-02", 250);
    await run("UPDATE metered_days SET energy_wh = 250 WHERE day = '2026-11-02'; DELETE FROM rollup_touched");
    expect(await kept()).toEqual([["2026-11-03", 300, 1]]);
    const days = [
      ["2026-11-02", 250, 1],
      ["2026-11-03", 300, 1],
    ];
    expect(await asked()).toEqual(days);
    await run("DELETE FROM metered_days WHERE day = '2026-11-03'");
    expect([await kept(), await asked()]).toEqual([[], days]);
  });

  it("takes what changed since it was added up, at once", async () => {
    await placed("23099001", "0045MAK", "2026-01-01", null);
    await counted("23099001", "0045MAK", "2026-11-02", 200);
    await counted("23099001", "0045MAK", "2026-11-03", 300);
    await addUp();
    await counted("23099001", "0045MAK", "2026-11-02", 250);
    expect(await asked()).toEqual([
      ["2026-11-02", 250, 1],
      ["2026-11-03", 300, 1],
    ]);
  });
});

describe("what waits for a person", () => {
  it("is empty where nothing waits, and says how many, since when and how much", async () => {
    expect(await waiting(db)).toEqual([]);
    await run(`INSERT INTO dead_letters (queue, message_id, body, died_at) VALUES ('q', 'm', '{}', cc_at(${NOON}));
      INSERT INTO suspense_cases (case_key, amount_minor, currency, because, hint_accounts, hint_note, state, opened_at, version)
        VALUES ('a', 1500, 'LSL', 'no_account_token', '{}', '', 'open', cc_at(${NOON - 1}), 1),
          ('b', 700, 'LSL', 'no_account_token', '{}', '', 'closed', cc_at(${NOON - 2}), 1)`);
    expect(await waiting(db)).toEqual([
      { kind: "suspense", count: 1, oldestAt: NOON - 1, amountMinor: 1_500 },
      { kind: "dead_letter", count: 1, oldestAt: NOON, amountMinor: null },
    ]);
  });
});
