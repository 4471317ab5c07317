import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { connect } from "../../src/adapters/neon/database.ts";
import { rebuildDays } from "../../src/adapters/neon/rebuild-days.ts";
import {
  ask,
  at,
  close,
  copies,
  database,
  first,
  hours,
  METER,
  open,
  run,
  second,
  write,
} from "./consumption-world.ts";
import {
  DAY_MS,
  daysOf,
  dice,
  HOUR_MS,
  hoursOf,
  lifeOf,
  MINUTE_MS,
  type Point,
  reading,
  readings,
  storedDays,
  storedHours,
} from "./reading-rows.ts";
import { items, NOON } from "./rows.ts";

describe("readings of one meter", () => {
  beforeEach(open);
  afterEach(close);

  it("are spread over the hours between them in whole Wh that add up to the rise", async () => {
    await write(readings(first, METER, [at(0.5, 1_000), at(2.25, 1_100)]));
    // 105 minutes: 30, 60 and 15 of them. 28.57, 85.71 and 100 Wh at the edges.
    expect(await hours()).toEqual([
      [0, 29],
      [1, 57],
      [2, 14],
    ]);
  });

  it("say nothing with the first one alone, and nothing of hours that they do not cover", async () => {
    await write(readings(first, METER, [at(0.5, 1_000)]));
    expect(await hours()).toEqual([]);
    expect(await storedDays(database.ownerUrl)).toEqual([]);
    expect(await ask("SELECT count(*) FROM meter_readings")).toBe("1");
  });

  it("make a covered hour without use a row with 0, and an hour that ends on the edge no row after it", async () => {
    await write(readings(first, METER, [at(0, 1_000), at(1, 1_000)]));
    expect(await hours()).toEqual([[0, 0]]);
  });

  it("make hours estimated only where a gap is longer than 2 h", async () => {
    await write(readings(first, METER, [at(0, 0), at(2, 200), at(4.5, 450), at(4.75, 475), at(5.25, 525)]));
    expect(await hours()).toEqual([
      [0, 100],
      [1, 100],
      [2, 100, "estimated"],
      [3, 100, "estimated"],
      [4, 100, "estimated"],
      [5, 25],
    ]);
  });

  it("count nothing where the register falls, and go on from where it fell to", async () => {
    await write(readings(first, METER, [at(0, 900_000), at(1, 900_100), at(2, 7), at(3, 57)]));
    expect(await hours()).toEqual([
      [0, 100],
      [1, 0],
      [2, 50],
    ]);
  });

  it("count nothing up to one that begins anew, and go on from it, also when one before it comes late", async () => {
    const begun = { ...at(3, 90_000), begins: true };
    await write(readings(first, METER, [at(0, 1_000), at(1, 1_100), begun, at(4, 90_100)]));
    expect(await hours()).toEqual([
      [0, 100],
      [3, 100],
    ]);
    await write(readings(first, METER, [at(2, 1_150)], { version: 1 }));
    await write(readings(first, METER, [begun], { version: 1 }));
    expect(await hours()).toEqual([
      [0, 100],
      [1, 50],
      [3, 100],
    ]);
    expect(await ask("SELECT sum(energy_wh) FROM consumption_daily")).toBe("250");
    const order = { from: "2026-11-01", to: "2026-11-07", timeZone: "Africa/Maseru", meterNumbers: null, after: "" };
    const rebuilt = await rebuildDays(connect(database.appUrl, database.sqlUrl), { ...order, write: false });
    expect(rebuilt).toMatchObject({
      hours: { missing: 0, other: 0, extra: 0 },
      days: { missing: 0, other: 0, extra: 0 },
    });
  });

  it("change nothing when they come again, and of two registers of one instant the first stays", async () => {
    const row = readings(first, METER, [at(0, 0), at(1, 100)]);
    await write(row);
    await write(row, row);
    await write(readings(first, METER, [at(1, 777)], { version: 1 }));
    expect(await hours()).toEqual([[0, 100]]);
    expect(await ask("SELECT count(*) || '/' || max(register_wh) FROM meter_readings")).toBe("2/100");
    expect(await ask("SELECT register_wh || '/' || version FROM meter_registers")).toBe(`100/${NOON + HOUR_MS}`);
  });

  it("that come late give their hours another shape and leave the sum, and never move the register back", async () => {
    await write(readings(first, METER, [at(0, 0), at(5, 500)]));
    expect(await hours()).toEqual([0, 1, 2, 3, 4].map((hour) => [hour, 100, "estimated"]));
    await write(readings(first, METER, [at(1, 400)], { version: 1, registerWh: 400 }));
    expect(await hours()).toEqual([[0, 400], ...[1, 2, 3, 4].map((hour) => [hour, 25, "estimated"])]);
    expect(await ask("SELECT register_wh FROM meter_registers")).toBe("500");
    // Before all others: what lies before the first one is known now, too.
    await write(readings(first, METER, [at(-1, 0)], { version: 1 }));
    expect((await hours())[0]).toEqual([-1, 0]);
  });

  it("touch no hour but those between the neighbours of a late one", async () => {
    await write(readings(first, METER, [at(0, 0), at(1, 100), at(2, 200), at(3, 300)]));
    await run("UPDATE consumption_hourly SET energy_wh = 9999");
    await write(readings(first, METER, [at(1.5, 190), at(30, 300)], { version: 1 }));
    expect((await hours()).slice(0, 4)).toEqual([
      [0, 9999],
      [1, 100],
      [2, 9999],
      [3, 0, "estimated"],
    ]);
  });

  it("fill the running hour as far as they reach", async () => {
    await write(readings(first, METER, [at(0, 0), at(0.25, 30)]));
    expect(await hours()).toEqual([[0, 30]]);
    await write(readings(first, METER, [at(0.75, 90)]));
    expect(await hours()).toEqual([[0, 90]]);
  });

  it("spread a rise over years over its last 92 days alone", async () => {
    await write(readings(first, METER, [at(0, 0), at(-24 * 1_500, 0)], { version: 1 }));
    await write(readings(first, METER, [at(24 * 20, 2_208)]));
    expect(
      await ask("SELECT count(*) || '/' || sum(energy_wh) FROM consumption_hourly WHERE hour < cc_at(1793707200000)"),
    ).toBe("2208/0");
    expect(await ask("SELECT sum(energy_wh) FROM consumption_daily")).toBe("2208");
  });

  it("take nothing from a register that would overflow a plain product", async () => {
    await write(readings(first, METER, [at(0, 0), at(24 * 80, 9_007_199_254_740_991)]));
    expect(await ask("SELECT sum(energy_wh) FROM consumption_hourly")).toBe("9007199254740991");
  });

  it("of an unknown meter, or of a year that nobody made, are refused alone", async () => {
    const far = reading(Date.UTC(2201, 0, 1), 5);
    const written = await copies.write(
      items([
        readings(first, "9999", [at(0, 1)]),
        readings(first, METER, [at(0, 0), at(1, 60)]),
        readings(second, METER, [far]),
      ]),
    );
    expect(written.recorded).toEqual([1]);
    expect(written.refused).toEqual([
      { id: 0, because: "23502" },
      { id: 2, because: "23514" },
    ]);
    expect(await hours()).toEqual([[0, 60]]);
  });

  it("lose a value that no meter shows, not the reading", async () => {
    await write(
      readings(first, METER, [reading(NOON, 5, { powerW: 9e12, voltageMv: null, connected: null, source: "s3" })]),
    );
    expect(
      await ask(`SELECT json_build_array(power_w, voltage_mv, current_ma, connected, source, account_id = ${first})::text
        FROM meter_readings`),
    ).toBe('[null, null, 370, null, "s3", true]');
  });
});

describe("a placement", () => {
  beforeEach(open);
  afterEach(close);
  const place = (accountId: number, from: number, base: number | null, to: number | null = null) =>
    run(`INSERT INTO meter_placements (meter_id, account_id, role, valid_from, valid_to, base_register_wh, facts_version)
      SELECT id, ${accountId}, 'primary', cc_at(${from}), cc_at(${to}), ${base}, 1 FROM meters WHERE meter_number = '${METER}'`);

  it("with a known base counts as a reading of its first instant", async () => {
    await place(first, NOON, 1_000);
    await write(readings(first, METER, [at(1.5, 1_150)]));
    expect(await hours()).toEqual([
      [0, 100],
      [1, 50],
    ]);
    // A late one between the two takes the base as its neighbour.
    await write(readings(first, METER, [at(1, 1_020)], { version: 1 }));
    expect(await hours()).toEqual([
      [0, 20],
      [1, 130],
    ]);
  });

  it("without one begins with its first reading", async () => {
    await place(first, NOON, null);
    await write(readings(first, METER, [at(0.5, 1_000), at(1, 1_030)]));
    expect(await hours()).toEqual([[0, 30]]);
  });

  it("that ends leaves what the meter counts elsewhere out, also when the meter comes back", async () => {
    await place(first, NOON, 0, NOON + 2 * HOUR_MS);
    await place(second, NOON + 2 * HOUR_MS, 210, NOON + 4 * HOUR_MS);
    await place(first, NOON + 4 * HOUR_MS, null);
    await write(
      readings(first, METER, [at(1, 100), at(1.75, 200), at(4.5, 5_000), at(5, 5_060)]),
      readings(second, METER, [at(2.5, 250), at(3.5, 900)]),
    );
    const stored = await storedHours(database.ownerUrl);
    expect(
      stored.filter(({ account }) => account === first).map(({ hour, energyWh }) => [hour - NOON, energyWh]),
    ).toEqual([
      [0, 100],
      [HOUR_MS, 100],
      [4 * HOUR_MS, 60],
    ]);
    expect(stored.filter(({ account }) => account === second).map(({ energyWh }) => energyWh)).toEqual([365, 325]);
  });
});

describe("days", () => {
  beforeEach(open);
  afterEach(close);

  it("are local: two hours before midnight UTC another one begins, also at the end of a year", async () => {
    const eve = Date.UTC(2026, 11, 31, 20);
    const quarter = (n: number) => reading(eve + n * 15 * MINUTE_MS, n * 10);
    await write(
      readings(
        first,
        METER,
        Array.from({ length: 25 }, (_, n) => quarter(n)),
      ),
    );
    expect(
      (await storedDays(database.ownerUrl)).map(({ day, energyWh, hours: known, estimatedHours }) => [
        day,
        energyWh,
        known,
        estimatedHours,
      ]),
    ).toEqual([
      ["2026-12-31", 80, 2, 0],
      ["2027-01-01", 160, 4, 0],
    ]);
    expect(
      await ask(
        "SELECT string_agg(month || ' ' || energy_wh || ' ' || days, ', ' ORDER BY month) FROM consumption_monthly",
      ),
    ).toBe("2026-12-01 80 1, 2027-01-01 160 1");
    expect(await ask("SELECT count(DISTINCT tableoid::regclass) FROM consumption_hourly")).toBe("2");
  });

  it("keep the hours of earlier batches", async () => {
    await write(readings(first, METER, [at(0, 0), at(1, 100)]));
    await write(readings(first, METER, [at(2, 150)]));
    await write(readings(first, METER, [at(6, 190)]));
    expect(await storedDays(database.ownerUrl)).toEqual([
      { meter: METER, account: first, day: "2026-11-03", energyWh: 190, hours: 6, estimatedHours: 4 },
    ]);
  });
});

describe("any life of meters", () => {
  beforeAll(open);
  afterAll(close);

  it.each([1, 2, 3, 4, 5, 6])(
    "gives the hours and days of the rule, however its readings come (seed %i)",
    async (seedNumber) => {
      await run("TRUNCATE consumption_hourly, consumption_daily");
      const roll = dice(seedNumber * 7_919);
      const meterNumbers = ["a", "b", "c"].map((name) => `9${seedNumber}${name}`);
      await run(`INSERT INTO meters (meter_number) VALUES ${meterNumbers.map((number) => `('${number}')`).join(", ")}`);
      // A year's end, a midnight, and a meter that moves from one account to the other.
      const from = seedNumber % 2 === 0 ? Date.UTC(2026, 11, 30) : NOON - 10 * DAY_MS;
      const points: Point[] = meterNumbers.flatMap((number, n) =>
        lifeOf(seedNumber * 31 + n, number, n === 0 ? [first, second] : [n === 1 ? first : second], 120, from),
      );
      // Sent in pieces, some twice, shuffled within an hour or two, now and then hours late.
      const sent = points
        .flatMap((point) => (roll(12) === 0 ? [point, point] : [point]))
        .map((point) => ({ point, key: point.readAt + (roll(10) === 0 ? roll(40) * HOUR_MS : roll(90) * MINUTE_MS) }))
        .sort((a, b) => a.key - b.key)
        .map(({ point }) => point);
      while (sent.length > 0) {
        const batch = sent.splice(0, 1 + roll(40));
        const byMeter = Map.groupBy(batch, ({ meterNumber, accountId }) => `${meterNumber}/${accountId}`);
        await write(
          ...[...byMeter.values()].flatMap((own) => {
            const [one] = own;
            if (one === undefined) return [];
            return [
              readings(
                one.accountId,
                one.meterNumber,
                own.map(({ readAt, registerWh }) => reading(readAt, registerWh)),
              ),
            ];
          }),
        );
      }
      const expected = hoursOf(points);
      expect(expected.length).toBeGreaterThan(100);
      expect(await storedHours(database.ownerUrl)).toEqual(expected);
      expect(await storedDays(database.ownerUrl)).toEqual(daysOf(expected));
    },
  );
});
