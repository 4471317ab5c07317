import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { lossOf } from "../../src/domain/metrics/losses.ts";
import { type LossOrder, lossDays, suppliedSites } from "../../src/queries/reports/losses.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { type Person, writePeople } from "./report-people-world.ts";

/** Two customers and the powerhouse of one site, another site without one. Small enough to add up on paper. */
const PEOPLE: Person[] = [
  { name: "One", accounts: [{ number: "0001MAK", meters: ["41", "42"] }] },
  { name: "Two", accounts: [{ number: "0002MAK", meters: ["43"] }] },
  { name: "Powerhouse", accounts: [{ number: "0099MAK", meters: ["99"] }] },
  { name: "Elsewhere", accounts: [{ number: "0001KET", meters: ["51"] }] },
];

let database: FreshDatabase;
let db: Database;
const run = (query: string) => withClient(database.ownerUrl, (client) => client.query(query));
const hour = (account: string, meter: string, at: string, wh: number, isEstimated = false) =>
  `INSERT INTO consumption_hourly SELECT m.id, a.id, '${at}:00Z', ${wh}, ${isEstimated}, 'iot' FROM meters m, accounts a
    WHERE m.meter_number = '${meter}' AND a.account_number = '${account}'`;

beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  await writePeople(database, PEOPLE);
  await run(
    [
      "SELECT cc_make_partitions(2026)",
      "UPDATE meter_placements SET role = 'supply' WHERE meter_id = (SELECT id FROM meters WHERE meter_number = '99')",
      // 1 October, Maseru: 00:00 local is 22:00 UTC of the day before.
      ...[hour("0099MAK", "99", "2026-09-30 22:00", 1_000), hour("0001MAK", "41", "2026-09-30 22:00", 500)],
      ...[hour("0001MAK", "42", "2026-09-30 22:00", 480), hour("0002MAK", "43", "2026-09-30 22:00", 400)],
      // One account is silent: neither what was fed nor what the other used counts.
      ...[hour("0099MAK", "99", "2026-09-30 23:00", 900), hour("0001MAK", "41", "2026-09-30 23:00", 500)],
      // The supply is silent.
      ...[hour("0001MAK", "41", "2026-10-01 00:00", 100), hour("0002MAK", "43", "2026-10-01 00:00", 100)],
      // What was spread over a gap is not known of this hour.
      ...[hour("0099MAK", "99", "2026-10-01 01:00", 700), hour("0001MAK", "41", "2026-10-01 01:00", 300)],
      hour("0002MAK", "43", "2026-10-01 01:00", 300, true),
      // Nobody used anything: it is known, and it is nought.
      ...[hour("0099MAK", "99", "2026-10-01 02:00", 20), hour("0001MAK", "41", "2026-10-01 02:00", 0)],
      hour("0002MAK", "43", "2026-10-01 02:00", 0),
      // 23:00 local, and the first hour of the next local day.
      ...[hour("0099MAK", "99", "2026-10-01 21:00", 2_000), hour("0001MAK", "41", "2026-10-01 21:00", 900)],
      hour("0002MAK", "43", "2026-10-01 21:00", 900),
      ...[hour("0099MAK", "99", "2026-10-01 22:00", 50), hour("0001MAK", "41", "2026-10-01 22:00", 50)],
      hour("0002MAK", "43", "2026-10-01 22:00", 0),
    ].join(";"),
  );
});
afterAll(() => database.drop());

const order = (over: Partial<LossOrder> = {}): LossOrder => ({
  ...{ site: "MAK", from: "2026-10-01", to: "2026-10-02", timeZone: "Africa/Maseru", knownPct: 100 },
  now: Date.UTC(2026, 9, 2, 4),
  ...over,
});

describe("losses of a site", () => {
  it("compare the same hours alone, by local day: partial hours are in neither sum", async () => {
    const days = await lossDays(db, order());
    expect(days).toEqual([
      {
        ...{ day: "2026-10-01", hours: 24, supplyHours: 5, comparedHours: 3 },
        ...{
          suppliedWh: 1_000 + 20 + 2_000,
          usedWh: 900 + 0 + 1_800,
          supplyWh: 4_620,
          expectedHours: 48,
          knownHours: 10,
        },
      },
      {
        ...{ day: "2026-10-02", hours: 6, supplyHours: 1, comparedHours: 1, suppliedWh: 50, usedWh: 50, supplyWh: 50 },
        ...{ expectedHours: 12, knownHours: 2 },
      },
    ]);
    // 3,020 were fed and 2,700 counted: 320 are lost, 10.6 %.
    expect(lossOf("2026-10-01", days.slice(0, 1))).toMatchObject({ lostWh: 320, lossBp: 1_060 });
  });

  it("bug of old: a check meter beside the one that bills doubles nothing", async () => {
    const [first] = await lossDays(db, order({ to: "2026-10-01" }));
    expect(first?.usedWh).toBe(2_700);
  });

  it("count hours of fewer accounts where somebody asks for it, and then what they used is lost too", async () => {
    const [half] = await lossDays(db, order({ to: "2026-10-01", knownPct: 50 }));
    expect(half).toMatchObject({ comparedHours: 5, suppliedWh: 4_620, usedWh: 3_500 });
  });

  it("are of sites whose supply is metered; another has no hour of supply, and not nought of it", async () => {
    expect(await suppliedSites(db)).toEqual(["MAK"]);
    const days = await lossDays(db, order({ site: "KET", to: "2026-10-01" }));
    expect(lossOf("2026-10-01", days)).toMatchObject({
      supplyHours: 0,
      suppliedWh: null,
      lossBp: null,
      supplyWh: null,
    });
  });
});
