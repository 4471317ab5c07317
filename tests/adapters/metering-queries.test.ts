import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { checkHours } from "../../src/queries/check-hours.ts";
import { importRunsOf } from "../../src/queries/import-runs.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { HOUR_MS } from "./reading-rows.ts";
import { NOON, seed } from "./rows.ts";

let database: FreshDatabase;
let db: Database;
let first: number;
let second: number;

const run = (query: string) => withClient(database.ownerUrl, (client) => client.query(query));
const hour = (meter: string, accountId: number, at: number, wh: number) =>
  run(`INSERT INTO meters (meter_number) VALUES ('${meter}') ON CONFLICT DO NOTHING;
    INSERT INTO consumption_hourly (meter_id, account_id, hour, energy_wh, estimated, source)
    SELECT id, ${accountId}, cc_at(${at}), ${wh}, false, 'iot' FROM meters WHERE meter_number = '${meter}'`);

beforeEach(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  [first, second] = await seed(database.ownerUrl);
});
afterEach(() => database.drop());

describe("the hours of a pair of meters", () => {
  it("are those of the account and the days, each with what the meters know of it", async () => {
    await hour("1", first, NOON - HOUR_MS, 10);
    await hour("2", first, NOON - HOUR_MS, 11);
    await hour("2", first, NOON - 2 * HOUR_MS, 0);
    // On another account, before the days, and in the hour that has only begun.
    await hour("1", second, NOON - 2 * HOUR_MS, 99);
    await hour("1", first, NOON - 25 * HOUR_MS, 99);
    await hour("1", first, NOON, 99);
    const pair = { account: "0045MAK", checkMeter: "1", primaryMeter: "2" };
    expect(await checkHours(db, pair, { now: NOON, days: 1 })).toEqual([
      { hour: NOON - 2 * HOUR_MS, checkWh: null, primaryWh: 0 },
      { hour: NOON - HOUR_MS, checkWh: 10, primaryWh: 11 },
    ]);
  });
});

describe("runs of the imports", () => {
  it("come newest first, a page after another, by site and by what became of them", async () => {
    await run(`INSERT INTO import_runs (source, site_code, day, state, error, ended_at, started_at) VALUES
      ('koios', 'MAK', '2026-11-01', 'done', NULL, cc_at(${NOON}), cc_at(${NOON})),
      ('koios', 'MAK', '2026-11-02', 'failed', '503', cc_at(${NOON}), cc_at(${NOON})),
      ('koios', 'MAK', '2026-11-03', 'running', NULL, NULL, cc_at(${NOON}))`);
    const asked = { site: null, state: null, before: null, limit: 2 };
    const page = await importRunsOf(db, asked);
    expect(page.map(({ day, state }) => [day, state])).toEqual([
      ["2026-11-03", "running"],
      ["2026-11-02", "failed"],
    ]);
    expect(await importRunsOf(db, { ...asked, before: page[1]?.id ?? 0 })).toMatchObject([
      { day: "2026-11-01", state: "done", isFile: false, endedAt: NOON, rowsTaken: 0 },
    ]);
    expect(await importRunsOf(db, { ...asked, state: "failed", site: "MAK" })).toMatchObject([{ error: "503" }]);
    expect(await importRunsOf(db, { ...asked, site: "TOS" })).toEqual([]);
  });
});
