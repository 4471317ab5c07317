import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { meteredLately } from "../../src/queries/status-energy.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "./reading-rows.ts";
import { NOON } from "./rows.ts";
import { rowsRead } from "./rows-read.ts";
import { begin, CHECK, database, db, end, first, ONE, place, second, TWO, told } from "./status-energy-world.ts";

/** Some sixty days. */
const HOURS_BEFORE = 1_440;
const METERS = 100;
beforeEach(begin);
afterEach(end);

describe("what was metered", () => {
  const metered = (now = NOON + 20 * MINUTE_MS) => meteredLately(db, { now, timeZone: "Africa/Maseru" });
  /** Hours that are known, by how far they lie from NOON. */
  const known = async (now?: number) =>
    (await metered(now)).hours.flatMap(({ hour, energyWh, meters }) =>
      energyWh === null ? [] : [[(hour - NOON) / HOUR_MS, energyWh, meters]],
    );

  it("in the last 24 hours is told hour by hour: what nothing covers is a gap, what was not used is 0", async () => {
    await place(ONE, first);
    await place(TWO, second);
    await told(ONE, first, [
      [-120, 0],
      [-60, 600],
      [0, 600],
      [15, 650],
    ]);
    await told(TWO, second, [
      [-120, 100],
      [-60, 500],
    ]);
    const { hours } = await metered();
    expect(hours).toHaveLength(24);
    expect(hours[0]).toEqual({ hour: NOON - 23 * HOUR_MS, energyWh: null, meters: 0 });
    // The running hour last, as far as it is covered.
    expect(await known()).toEqual([
      [-2, 1_000, 2],
      [-1, 0, 1],
      [0, 50, 1],
    ]);
  });

  it("an hour ago yesterday is no more of the last 24 hours, nor is what a meter says of the future", async () => {
    await place(ONE, first, "primary", NOON - 3 * DAY_MS);
    await told(ONE, first, [
      [-24 * 60, 0],
      [-23 * 60, 10],
      [-22 * 60, 30],
      [60, 31],
      [120, 40],
    ]);
    const hours = await known();
    expect([hours[0], hours.at(-1)?.[0]]).toEqual([[-23, 20, 1], 0]);
  });

  it("by others than the primary meter is not counted, nor before it was placed, nor twice where it came back", async () => {
    await place(CHECK, first, "check");
    await place(ONE, first, "primary", NOON - DAY_MS, NOON - 40 * MINUTE_MS);
    await place(ONE, first, "primary", NOON - 20 * MINUTE_MS);
    await place(TWO, second, "primary", NOON - 60 * MINUTE_MS);
    const points: [number, number][] = [
      [-120, 0],
      [-60, 100],
      [-45, 150],
      [-15, 200],
      [0, 250],
    ];
    for (const [meter, account] of [
      [ONE, first],
      [CHECK, first],
      [TWO, second],
    ] as const)
      await told(meter, account, points);
    const hours = await known();
    // The second meter's own hour is all that lies in its placement; what the first one counted between its two is nobody's.
    expect(hours).toEqual([
      [-2, 100, 1],
      [-1, 100 + 150, 2],
    ]);
    expect((await metered()).todayMeters).toBe(2);
  });

  it("by a meter that moved within the hour is counted on both accounts, as one meter", async () => {
    await place(ONE, first, "primary", NOON - DAY_MS, NOON - 30 * MINUTE_MS);
    await place(ONE, second, "primary", NOON - 30 * MINUTE_MS);
    await told(ONE, first, [
      [-60, 0],
      [-35, 40],
    ]);
    await told(ONE, second, [
      [-25, 50],
      [-5, 70],
    ]);
    expect(await known()).toEqual([[-1, 60, 1]]);
    expect(await metered()).toMatchObject({ todayWh: 60, todayMeters: 1 });
  });

  it("today begins at the local midnight, and is not known before a meter was read", async () => {
    expect(await metered()).toMatchObject({ todayWh: null, todayMeters: 0 });
    await place(ONE, first, "primary", NOON - 2 * DAY_MS);
    // Midnight in Maseru is 22:00 in UTC, fourteen hours before NOON.
    await told(ONE, first, [
      [-15 * 60, 0],
      [-14 * 60, 7],
      [-13 * 60, 107],
    ]);
    expect(await metered(NOON - 14 * HOUR_MS - 1)).toMatchObject({ todayWh: 7, todayMeters: 1 });
    expect(await metered(NOON - 14 * HOUR_MS)).toMatchObject({ todayWh: 100, todayMeters: 1 });
    expect(await metered(NOON + DAY_MS)).toMatchObject({ todayWh: null, todayMeters: 0 });
  });

  it("is found in the hours of its day alone, which lie beside each other, whatever a year holds", async () => {
    const superUrl = Object.assign(new URL(inject("databaseSuperUrl")), {
      pathname: new URL(database.ownerUrl).pathname,
    });
    await withClient(superUrl.href, async (client) => {
      // Meters of nobody: what counts is where their hours lie.
      await client.query("SET session_replication_role = replica");
      await client.query(
        `INSERT INTO consumption_hourly (meter_id, account_id, hour, energy_wh, estimated, source)
         SELECT n, n, to_timestamp($1::float8 / 1000) - h * interval '1 hour', 1, false, 'iot'
         FROM generate_series(0, ${HOURS_BEFORE}) h CROSS JOIN generate_series(1001, 1000 + ${METERS}) n ORDER BY h DESC`,
        [String(NOON)],
      );
      await client.query("VACUUM (ANALYZE) consumption_hourly");
    });
    const read = await rowsRead(database.ownerUrl, (reader) =>
      meteredLately(reader, { now: NOON, timeZone: "Africa/Maseru" }),
    );
    const hours = Object.entries(read).filter(([table]) => table.startsWith("consumption_hourly"));
    expect(hours.map(([table]) => table)).toEqual(["consumption_hourly_y2026"]);
    // Two ranges of pages at its ends hold other hours too.
    expect(hours[0]?.[1]).toBeLessThan(24 * METERS + 10_000);
    expect(hours[0]?.[1]).toBeGreaterThan(22 * METERS);
  });
});
