import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import type { OutboxRow } from "../../src/domain/outbox.ts";
import { type CheckPair, checkPairs } from "../../src/queries/check-meters.ts";
import { energyDays } from "../../src/queries/energy-measures.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { DAY_MS, HOUR_MS, reading, readings } from "./reading-rows.ts";
import { credit, items, NOON, payment, seed } from "./rows.ts";

let database: FreshDatabase;
let db: Database;
let first: number;
let second: number;
const PRIMARY = "23099001";
const CHECK = "23099011";

const run = (query: string) => withClient(database.ownerUrl, (client) => client.query(query));
const write = async (...rows: OutboxRow[]) =>
  expect(await neonCopies(db).write(items(rows))).toMatchObject({ refused: [], conflicts: [] });
const place = (meter: string, accountId: number, role: string, from: number, to: number | null = null) =>
  run(`INSERT INTO meters (meter_number) VALUES ('${meter}') ON CONFLICT DO NOTHING;
    INSERT INTO meter_placements (meter_id, account_id, role, valid_from, valid_to, facts_version)
    SELECT id, ${accountId}, '${role}', cc_at(${from}), cc_at(${to}), 1 FROM meters WHERE meter_number = '${meter}'`);
/** [hours after NOON, register] each. */
const told = (meter: string, points: [number, number][], accountId = first) =>
  readings(
    accountId,
    meter,
    points.map(([hour, wh]) => reading(NOON + hour * HOUR_MS, wh)),
  );
const pairs = (now: number, days = 30, after: Parameters<typeof checkPairs>[1]["after"] = null) =>
  checkPairs(db, { now, days, after });

beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  [first, second] = await seed(database.ownerUrl);
});
afterAll(() => database.drop());

describe("a check meter", () => {
  beforeAll(async () => {
    await place(PRIMARY, first, "primary", NOON - 30 * DAY_MS);
    await place(CHECK, first, "check", NOON - 30 * DAY_MS);
    await write(
      //                  matched         estimated both    ref 0         reset of the check
      told(PRIMARY, [
        [0, 0],
        [1, 1_000],
        [2, 3_000],
        [3, 3_100],
        [7, 3_500],
        [8, 3_500],
        [9, 4_000],
        [10, 4_500],
        [10.5, 4_700],
      ]),
      told(CHECK, [
        [0, 500],
        [1, 1_510],
        [2, 3_470],
        [3, 3_570],
        [7, 3_970],
        [8, 3_990],
        [9, 10],
        [10, 520],
        [10.5, 700],
      ]),
    );
  });

  it("bug of old: hours of next to nothing ruled the mean; the total of matched hours is compared, what is estimated or reset set aside", async () => {
    const [pair] = await pairs(NOON + 11 * HOUR_MS);
    // Hours 0, 1, 2 and 9: +1 %, -2 %, 0 % and +2 %. 3 to 6 estimated, 8 reset, 7 without energy, 10 not over.
    expect(pair).toEqual({
      account: "0045MAK",
      checkMeter: CHECK,
      primaryMeter: PRIMARY,
      checkHealth: "online",
      primaryHealth: "online",
      checkSeenAt: NOON + 10.5 * HOUR_MS,
      primarySeenAt: NOON + 10.5 * HOUR_MS,
      matchedHours: 4,
      excludedHours: 5,
      unmatchedHours: 1,
      checkWh: 1_010 + 1_960 + 100 + 510,
      primaryWh: 1_000 + 2_000 + 100 + 500,
      totalDeviationPct: -0.5556,
      meanDeviationPct: 0.25,
      populationDeviationPct: 1.479,
    } satisfies CheckPair);
  });

  it.each([
    [12.4, "online"],
    [12.6, "late"],
    [16.4, "late"],
    [16.6, "offline"],
  ])("last heard of at 10.5 h is, at %d h, %s", async (hour, health) => {
    expect(await pairs(NOON + hour * HOUR_MS)).toEqual([
      expect.objectContaining({ checkHealth: health, primaryHealth: health }),
    ]);
  });

  it("is compared over the days asked for", async () => {
    expect(await pairs(NOON + DAY_MS + 9 * HOUR_MS, 1)).toEqual([
      expect.objectContaining({ matchedHours: 1, totalDeviationPct: 2 }),
    ]);
    expect(await pairs(NOON + 20 * DAY_MS, 1)).toEqual([
      expect.objectContaining({ matchedHours: 0, checkWh: null, totalDeviationPct: null, meanDeviationPct: null }),
    ]);
  });

  it("placed within an hour has that hour set aside, and is compared from the next one", async () => {
    await place("23099021", second, "primary", NOON);
    await place("23099022", second, "check", NOON + 1.25 * HOUR_MS);
    await write(
      told(
        "23099021",
        [
          [0, 0],
          [1, 100],
          [2, 200],
          [3, 300],
        ],
        second,
      ),
      told(
        "23099022",
        [
          [1.25, 0],
          [1.5, 25],
          [2, 75],
          [3, 180],
        ],
        second,
      ),
    );
    const found = await pairs(NOON + 4 * HOUR_MS, 30, { account: "0045MAK", checkMeter: CHECK });
    expect(found).toEqual([
      expect.objectContaining({
        account: "0046MAK",
        checkMeter: "23099022",
        matchedHours: 1,
        excludedHours: 0,
        totalDeviationPct: 5,
      }),
    ]);
    // It had been read there before: then its hour is set aside for the placement.
    await write(told("23099022", [[0.5, 0]], second));
    expect(await pairs(NOON + 4 * HOUR_MS, 30, { account: "0045MAK", checkMeter: CHECK })).toEqual([
      expect.objectContaining({ matchedHours: 1, excludedHours: 1 }),
    ]);
  });

  it("that was never heard of is offline, and one that is no check meter any more is no pair", async () => {
    await run(`UPDATE meter_placements SET valid_to = cc_at(${NOON + 3 * HOUR_MS}) WHERE meter_id =
      (SELECT id FROM meters WHERE meter_number = '23099022')`);
    await place("23099023", second, "check", NOON + 3 * HOUR_MS);
    expect(await pairs(NOON + 4 * HOUR_MS, 30, { account: "0045MAK", checkMeter: CHECK })).toEqual([
      expect.objectContaining({ checkMeter: "23099023", checkHealth: "offline", checkSeenAt: null, matchedHours: 0 }),
    ]);
  });
});

describe("what an account was sold and what it used", () => {
  const days = (from: string, to: string, account = "0045MAK") =>
    energyDays(db, { account, from, to, timeZone: "Africa/Maseru" });

  it("stand side by side by local day: no payment is 0 sold, no reading is nothing known of use", async () => {
    await write(payment(), credit(first).row);
    expect(await days("2026-11-02", "2026-11-04")).toEqual([
      { day: "2026-11-02", vendedWh: 0, meteredWh: null, meteredHours: 0, estimatedHours: 0 },
      // NOON is 14:00 there: ten hours until midnight, the eleventh is tomorrow's. The check meter is not counted.
      { day: "2026-11-03", vendedWh: 4_000, meteredWh: 4_500, meteredHours: 10, estimatedHours: 4 },
      { day: "2026-11-04", vendedWh: 0, meteredWh: 200, meteredHours: 1, estimatedHours: 0 },
    ]);
  });

  it("are unknown for an account that there is not", async () => {
    expect(await days("2026-11-02", "2026-11-04", "9999MAK")).toBeNull();
  });
});
