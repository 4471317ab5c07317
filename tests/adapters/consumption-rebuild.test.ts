import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect } from "../../src/adapters/neon/database.ts";
import { type RebuildOrder, rebuildDays } from "../../src/adapters/neon/rebuild-days.ts";
import { ask, at, close, database, first, open, run, second, write } from "./consumption-world.ts";
import { DAY_MS, dice, HOUR_MS, hoursOf, lifeOf, reading, readings, storedDays, storedHours } from "./reading-rows.ts";
import { NOON } from "./rows.ts";

describe("a rebuild", () => {
  beforeAll(open);
  afterAll(close);
  const order = { from: "2026-11-01", to: "2026-11-07", timeZone: "Africa/Maseru", meterNumbers: null, after: "" };
  const right = { missing: 0, other: 0, extra: 0 };
  const rebuilt = async (over: Partial<RebuildOrder> = {}) =>
    rebuildDays(connect(database.appUrl, database.sqlUrl), { ...order, write: true, ...over });

  it("finds nothing to do after readings of any life came in any order", async () => {
    const meters = ["801", "802", "803", "804"];
    await run(`INSERT INTO meters (meter_number) VALUES ${meters.map((number) => `('${number}')`).join(", ")}`);
    const roll = dice(4_242);
    const lives = meters.flatMap((number, n) =>
      lifeOf(n + 77, number, n === 0 ? [first, second] : [first], 400, NOON - 3 * DAY_MS),
    );
    const sent = lives.toSorted((a, b) => a.readAt - b.readAt || a.registerWh - b.registerWh);
    while (sent.length > 0) {
      const batch = sent.splice(0, 30 + roll(200)).sort(() => roll(3) - 1);
      const own = Map.groupBy(batch, ({ meterNumber, accountId }) => `${meterNumber}/${accountId}`);
      await write(
        ...[...own.values()].map((points) =>
          readings(
            points[0]?.accountId ?? 0,
            points[0]?.meterNumber ?? "",
            points.map(({ readAt, registerWh }) => reading(readAt, registerWh)),
          ),
        ),
      );
    }
    const before = [await storedHours(database.ownerUrl), await storedDays(database.ownerUrl)];
    expect(before[0]).toEqual(hoursOf(lives));
    for (const from of ["2026-10-25", "2026-11-01", "2026-11-08", "2026-12-27"]) {
      const to = new Date(Date.parse(from) + 6 * DAY_MS).toISOString().slice(0, 10);
      expect(await rebuilt({ from, to })).toEqual({ meters: 4, last: "804", hours: right, days: right });
    }
    expect([await storedHours(database.ownerUrl), await storedDays(database.ownerUrl)]).toEqual(before);
  });

  it("makes whole days of the rule again from readings alone, whatever stood there", async () => {
    const before = [await storedHours(database.ownerUrl), await storedDays(database.ownerUrl)];
    await run("DELETE FROM consumption_hourly WHERE hour >= cc_at(1793707200000) AND hour < cc_at(1793750400000)");
    await run("UPDATE consumption_hourly SET energy_wh = energy_wh + 1 WHERE extract(hour FROM hour) = 7");
    await run("DELETE FROM consumption_daily WHERE day = '2026-11-02'");
    await run("UPDATE consumption_daily SET estimated_hours = 0, hours = 24 WHERE day = '2026-11-05'");
    await run(`INSERT INTO consumption_hourly SELECT id, ${second}, cc_at(${NOON}), 5, false, 'iot' FROM meters
      WHERE meter_number = '801' ON CONFLICT DO NOTHING`);
    const looked = await rebuilt({ from: "2026-11-01", to: "2026-11-07", write: false });
    expect(looked.hours.missing).toBeGreaterThan(0);
    expect(looked.hours.other).toBeGreaterThan(0);
    expect(looked.hours.extra).toBe(1);
    expect(looked.days.missing).toBeGreaterThan(0);
    expect(looked.days.other).toBeGreaterThan(0);
    // Only looked: it finds the same again, and then what it puts right.
    expect(await rebuilt({ write: false })).toEqual(looked);
    expect(await rebuilt()).toEqual(looked);
    expect(await rebuilt()).toMatchObject({ hours: right, days: right });
    for (const from of ["2026-10-25", "2026-11-08", "2026-11-15", "2026-11-22", "2026-11-29"])
      await rebuilt({ from, to: new Date(Date.parse(from) + 6 * DAY_MS).toISOString().slice(0, 10) });
    expect([await storedHours(database.ownerUrl), await storedDays(database.ownerUrl)]).toEqual(before);
  });

  it("takes the meters named, page by page, and leaves the others and the other days alone", async () => {
    await run("UPDATE consumption_hourly SET energy_wh = energy_wh + 1");
    expect(await rebuilt({ meterNumbers: ["802", "nobody"], to: "2026-11-01" })).toMatchObject({
      meters: 1,
      last: "802",
    });
    expect(
      await ask(`SELECT count(DISTINCT c.hour) FROM consumption_hourly c JOIN meters m ON m.id = c.meter_id
      WHERE meter_number = '802' AND hour >= '2026-10-31 22:00Z' AND hour < '2026-11-01 22:00Z'`),
    ).not.toBe("0");
    const wrong = await rebuilt({ write: false });
    expect(wrong.hours.other).toBeGreaterThan(100);
    expect(await rebuilt({ meterNumbers: ["802"], to: "2026-11-01", write: false })).toMatchObject({ hours: right });
    expect(await rebuilt({ after: "803", write: false })).toMatchObject({ meters: 1, last: "804" });
    expect(await rebuilt({ after: "804", write: false })).toEqual({ meters: 0, last: null, hours: right, days: right });
  });

  it("puts right what a placement, ended afterwards, has made wrong", async () => {
    await rebuilt();
    await run("INSERT INTO meters (meter_number) VALUES ('805')");
    await write(readings(first, "805", [at(0, 0), at(1, 100), at(2, 5_000), at(3, 5_050)]));
    await run(`INSERT INTO meter_placements (meter_id, account_id, role, valid_from, facts_version)
      SELECT id, ${first}, 'primary', cc_at(${NOON + 1.5 * HOUR_MS}), 1 FROM meters WHERE meter_number = '805'`);
    expect(await rebuilt({ meterNumbers: ["805"] })).toEqual({
      meters: 1,
      last: "805",
      hours: { missing: 0, other: 0, extra: 1 },
      days: { missing: 0, other: 1, extra: 0 },
    });
    expect(
      (await storedHours(database.ownerUrl)).filter(({ meter }) => meter === "805").map(({ energyWh }) => energyWh),
    ).toEqual([100, 50]);
  });
});
