import { NeonDbError } from "@neondatabase/serverless";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect, type Database, NoAnswer } from "../../src/adapters/neon/database.ts";
import { ask, close, copies, database, first, METER, open, run, write } from "./consumption-world.ts";
import { DAY_MS, hoursOf, MINUTE_MS, type Point, reading, readings, storedHours } from "./reading-rows.ts";
import { items, NOON } from "./rows.ts";

describe("partitions", () => {
  beforeAll(open);
  afterAll(close);

  it("are there through next year, are made ahead by the application, and once", async () => {
    const names = () =>
      ask(`SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class WHERE relispartition AND relkind = 'r'`);
    const before = (await names()) ?? "";
    const year = new Date().getUTCFullYear();
    for (const table of ["meter_readings", "consumption_hourly"]) {
      expect(before).toContain(`${table}_y2018`);
      expect(before).toContain(`${table}_y${year + 1}`);
      expect(before).not.toContain(`${table}_y${year + 2}`);
    }
    const db = connect(database.appUrl, database.sqlUrl);
    const make = (through: number) => db.read("SELECT cc_make_partitions($1::int) AS made", [String(through)]);
    expect(await Promise.all([make(year + 3), make(year + 3)])).toEqual(
      expect.arrayContaining([[{ made: 4 }], [{ made: 0 }]]),
    );
    expect(await names()).toContain(`meter_readings_y${year + 3}`);
    // Rights and keys of the table are those of its new parts, too.
    await write(
      readings(first, METER, [reading(Date.UTC(year + 3, 5, 1), 1), reading(Date.UTC(year + 3, 5, 1, 1), 61)]),
    );
    expect(await ask(`SELECT energy_wh FROM consumption_hourly_y${year + 3}`)).toBe("60");
  });
});

describe("much at once", () => {
  beforeAll(open);
  afterAll(close);
  const steady = (meterNumber: string, count: number, from = NOON) =>
    Array.from({ length: count }, (_, n) => ({
      meterNumber,
      accountId: first,
      readAt: from + n * 900_000,
      registerWh: n,
    }));
  const rowOf = (points: Point[]) =>
    readings(
      first,
      points[0]?.meterNumber ?? "",
      points.map(({ readAt, registerWh }) => reading(readAt, registerWh)),
    );

  it("passes: a thousand readings of one meter in one row, and more rows than one transaction takes", async () => {
    await run("INSERT INTO meters (meter_number) SELECT (7000000 + n)::text FROM generate_series(1, 5) AS n");
    const lives = [1, 2, 3, 4, 5].map((n) => steady(String(7_000_000 + n), 1_000));
    const written = await copies.write(items(lives.map(rowOf)));
    expect(written).toEqual({ recorded: [0, 1, 2, 3, 4], refused: [], conflicts: [] });
    expect(await storedHours(database.ownerUrl)).toEqual(hoursOf(lives.flat()));
  });

  it("is halved when the server gives it up, and alone it comes again later", async () => {
    const db = connect(database.appUrl, database.sqlUrl);
    const tried: number[] = [];
    const slow = (passes: number): Database => ({
      ...db,
      async transaction(statements) {
        const rows = JSON.parse(statements.at(-1)?.params[0] ?? "[]").length;
        tried.push(rows);
        if (rows > passes) throw Object.assign(new NeonDbError("too long"), { code: "57014" });
        return db.transaction(statements);
      },
    });
    const days = [0, 1, 2, 3].map((n) => rowOf(steady(METER, 4, NOON + n * DAY_MS)));
    expect(await neonCopies(slow(1)).write(items(days))).toMatchObject({ recorded: [0, 1, 2, 3], refused: [] });
    expect(tried).toEqual([4, 2, 1, 1, 2, 1, 1]);
    await expect(neonCopies(slow(0)).write(items(days.slice(0, 1)))).rejects.toThrow("too long");
  });

  it("is halved when no answer comes in time, whatever was committed, and a database that hangs is not asked for ever", async () => {
    const db = connect(database.appUrl, database.sqlUrl);
    let tried: number[] = [];
    const silent = (passes: number): Database => ({
      ...db,
      async transaction(statements) {
        const rows = JSON.parse(statements.at(-1)?.params[0] ?? "[]").length;
        tried.push(rows);
        const answer = await db.transaction(statements);
        if (rows > passes) throw new NoAnswer("no answer in 1 ms");
        return answer;
      },
    });
    const days = [0, 1, 2, 3].map((n) => rowOf(steady(METER, 4, NOON + (20 + n) * DAY_MS)));
    expect(await neonCopies(silent(2)).write(items(days))).toMatchObject({ recorded: [0, 1, 2, 3], refused: [] });
    expect(tried).toEqual([4, 2, 2]);
    tried = [];
    await expect(neonCopies(silent(0)).write(items(days))).rejects.toThrow("no answer");
    expect(tried).toEqual([4, 2, 1]);
  });
});

it("two writers of one meter at once leave the hours of all its readings", async () => {
  await open();
  const other = neonCopies(connect(database.appUrl, database.sqlUrl));
  const rows = Array.from({ length: 40 }, (_, n) =>
    readings(first, METER, [reading(NOON + n * 10 * MINUTE_MS, n * 7)]),
  );
  await Promise.all(
    [0, 1, 2, 3].map(async (writer) => {
      for (let n = writer; n < rows.length; n += 4)
        await (writer % 2 === 0 ? copies : other).write(items(rows.slice(n, n + 1)));
    }),
  );
  const points = rows.map((_, n) => ({
    meterNumber: METER,
    accountId: first,
    readAt: NOON + n * 10 * MINUTE_MS,
    registerWh: n * 7,
  }));
  expect(await storedHours(database.ownerUrl)).toEqual(hoursOf(points));
  await close();
});
