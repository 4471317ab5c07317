/** Readings and totals of the old books, beside those of living meters: nothing of the one reaches the other. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonHeads } from "../../src/adapters/neon/heads.ts";
import { neonLegacyHistory } from "../../src/adapters/neon/legacy-history.ts";
import { rebuildDays } from "../../src/adapters/neon/rebuild-days.ts";
import { neonRegistry } from "../../src/adapters/neon/registry.ts";
import { neonRestores } from "../../src/adapters/neon/restore-accounts.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import { moveInReadings, moveInTotals } from "../../src/services/move-in-history.ts";
import { type FreshDatabase, freshDatabase, setFault } from "./database.ts";
import { HOUR_MS, reading, readings, storedDays, storedHours } from "./reading-rows.ts";
import { items, NOON, seed, value } from "./rows.ts";

const LS = COUNTRIES.LS;
const METER = "23099001";
const DAY = 24 * HOUR_MS;
const OLD = Date.UTC(2019, 4, 1, 10);
const by = { actor: "Lineo", reason: "the move-in", at: NOON };
const source = "access:tblmeterdata1";

let database: FreshDatabase;
let db: Database;
let account: number;
const ask = (query: string) => withClient(database.ownerUrl, (client) => value(client, query));
const count = async (from: string) => Number(await ask(`SELECT count(*) FROM ${from}`));
const move = (rows: Parameters<typeof moveInReadings>[1]["readings"], from = source) =>
  moveInReadings(neonLegacyHistory(db), { source: from, readings: rows }, by);
const old = (readAt: number, registerWh: number, meter = METER) => ({ meter, readAt, registerWh, powerW: 80 });
const live = (...rows: ReturnType<typeof reading>[]) =>
  neonCopies(db).write(items([readings(account, METER, rows, { version: rows[0]?.readAt ?? 0 })]));

beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  [account] = await seed(database.ownerUrl);
  await live(reading(NOON - 3 * HOUR_MS, 5_000), reading(NOON - 2 * HOUR_MS, 5_100), reading(NOON - HOUR_MS, 5_200));
});
afterAll(() => database.drop());

describe("meters of the old books", () => {
  it("are made once, on no account, each with its audit row", async () => {
    const history = neonLegacyHistory(db);
    expect(await history.addMeters(["70000001", "70000002", "70000001", METER], by)).toEqual({ made: 2 });
    expect(await history.addMeters(["70000001", "70000002"], by)).toEqual({ made: 0 });
    expect(await count("mutations WHERE action = 'meter.make'")).toBe(2);
    expect(await count("meter_placements p JOIN meters m ON m.id = p.meter_id WHERE m.meter_number LIKE '7000%'")).toBe(
      0,
    );
  });
});

describe("readings of the old books", () => {
  it("are stored once, on no account, and a row that cannot be says why", async () => {
    const rows = [
      old(OLD, 1_000),
      old(OLD + HOUR_MS, 1_100, "70000001"),
      old(OLD, 1_000, "000023099001"),
      old(OLD, 9_999),
      old(OLD, 1_000, "70000009"),
      old(Date.UTC(1970, 0, 1), 5),
      old(NOON + DAY, 5),
      { ...old(OLD, 5), registerWh: 1.5 },
    ];
    const refused = [
      { index: 3, because: "differs" },
      { index: 4, because: "meter_unknown" },
      { index: 5, because: "before_2010" },
      { index: 6, because: "in_the_future" },
      { index: 7, because: "register_unreadable" },
    ];
    expect(await move(rows)).toEqual({ taken: 2, known: 1, refused });
    expect(await move(rows)).toEqual({ taken: 0, known: 3, refused });
    expect(await count("meter_readings WHERE account_id IS NULL")).toBe(2);
    expect(
      await ask(`SELECT string_agg(subject || ' ' || (after->>'rows'), ', ') FROM mutations
        WHERE action = 'meter_readings.add'`),
    ).toBe("readings:access:tblmeterdata1 2");
  });

  it("of a year before 2018 make that year, and no other", async () => {
    const years = () =>
      ask(`SELECT string_agg(relname, ' ' ORDER BY 1) FROM pg_class WHERE relkind = 'r'
        AND relname LIKE 'meter_readings_y201_' AND relname < 'meter_readings_y2018'`);
    expect(await years()).toBeNull();
    const rows = [old(Date.UTC(2012, 11, 31, 23, 59), 10), old(Date.UTC(2013, 0, 1), 11), old(Date.UTC(2010, 0, 1), 1)];
    expect(await move(rows)).toMatchObject({ taken: 3, refused: [] });
    expect(await years()).toBe("meter_readings_y2010 meter_readings_y2012 meter_readings_y2013");
    expect(await move(rows)).toMatchObject({ taken: 0, known: 3 });
  });

  it("are in no hour and no day, in no restore, and in no head, and a rebuild agrees", async () => {
    const hours = await storedHours(database.ownerUrl);
    const days = await storedDays(database.ownerUrl);
    const heads = await neonHeads(db).meterHeads(["0045MAK"], 0);
    const kept = await neonRestores(db, LS).accountReadings(account, 0, null, 100);
    const beside = [NOON - 4 * HOUR_MS, NOON - 2.5 * HOUR_MS, NOON - 1.5 * HOUR_MS, NOON - 0.5 * HOUR_MS];
    expect(await move(beside.map((at, n) => old(at, 900_000 + n)))).toMatchObject({ taken: 4 });
    const order = { timeZone: LS.timeZone, meterNumbers: null, after: "", write: true };
    for (const day of ["2026-11-03", "2019-05-01"])
      expect(await rebuildDays(db, { ...order, from: day, to: day })).toMatchObject({
        hours: { missing: 0, other: 0, extra: 0 },
        days: { missing: 0, other: 0, extra: 0 },
      });
    // A reading that a meter sends between them finds its own neighbours alone.
    await live(reading(NOON, 5_300));
    const now = await storedHours(database.ownerUrl);
    expect(now.slice(0, hours.length)).toEqual(hours);
    expect(now.reduce((sum, { energyWh }) => sum + energyWh, 0)).toBe(300);
    expect((await storedDays(database.ownerUrl)).length).toBe(days.length);
    const [head] = await neonHeads(db).meterHeads(["0045MAK"], 0);
    expect([heads[0]?.readings, head?.readings, head?.sumWh]).toEqual([3, 4, 20_600]);
    const again = await neonRestores(db, LS).accountReadings(account, 0, null, 100);
    expect([kept, again].map((rows) => (rows === "down" ? rows : rows.length))).toEqual([3, 4]);
    expect(await count("ledger_entries")).toBe(0);
  });

  it("never take the place of what a meter sends of the same instant, whichever comes first", async () => {
    const at = NOON + 2 * HOUR_MS;
    const late = { ...by, at: at + HOUR_MS };
    const told = (registerWh: number, readAt: number) =>
      moveInReadings(neonLegacyHistory(db), { source, readings: [old(readAt, registerWh)] }, late);
    expect(await told(1, at)).toMatchObject({ taken: 1 });
    expect(await live(reading(at, 5_400))).toMatchObject({ refused: [], conflicts: [] });
    expect(await count(`meter_readings WHERE read_at = cc_at(${at}) AND account_id IS NOT NULL`)).toBe(1);
    // The meter was first: the same register is known, another one is said.
    await live(reading(at + 60_000, 5_500));
    expect(await told(5_500, at + 60_000)).toEqual({ taken: 0, known: 1, refused: [] });
    expect(await told(1, at + 60_000)).toMatchObject({ taken: 0, refused: [{ index: 0, because: "differs" }] });
    expect(await count(`meter_readings WHERE read_at = cc_at(${at + 60_000})`)).toBe(1);
  });

  it("end with the cut-over", async () => {
    const cutover = NOON - DAY;
    expect(await neonRegistry(db).putCutover(cutover, by)).toMatchObject({ ok: true });
    expect(await move([old(cutover - 1, 1), old(cutover, 2), old(cutover + 1, 3)])).toEqual({
      taken: 1,
      known: 0,
      refused: [
        { index: 1, because: "after_cut_over" },
        { index: 2, because: "after_cut_over" },
      ],
    });
    await ask("DELETE FROM country_settings WHERE key = 'cutover_at' RETURNING key");
  });

  it("come in pages of 5,000", async () => {
    const rows = Array.from({ length: 5_000 }, (_, n) => old(OLD + DAY + n * 60_000, n));
    expect(await move(rows, "postgres:meter_readings")).toEqual({ taken: 5_000, known: 0, refused: [] });
    expect(await move(rows, "postgres:meter_readings")).toEqual({ taken: 0, known: 5_000, refused: [] });
  });

  it.each([
    [
      "an account's first",
      "SELECT q.read_at FROM meter_readings q WHERE q.meter_id = g.meter_id AND q.account_id = g.account_id ORDER BY q.read_at LIMIT 1",
    ],
    [
      "the one before",
      `SELECT q.read_at FROM meter_readings q WHERE q.meter_id = g.meter_id AND q.account_id = g.account_id
      AND q.read_at < cc_at(${NOON - 3 * HOUR_MS}) ORDER BY q.read_at DESC LIMIT 1`,
    ],
  ])("are not gone through by a look for a living reading: %s", async (_, look) => {
    await ask("ANALYZE meter_readings");
    const lines = await withClient(database.ownerUrl, (client) =>
      client.query<{ "QUERY PLAN": string }>(`EXPLAIN (ANALYZE, COSTS OFF) SELECT (${look}) FROM meter_registers g`),
    );
    const text = lines.rows.map((row) => row["QUERY PLAN"]).join("\n");
    const passed = [...text.matchAll(/Rows Removed by Filter: (\d+)/g)].map(([, rows]) => Number(rows));
    expect(Math.max(0, ...passed), text).toBeLessThan(10);
  });

  it("are not half there when the answer is lost: the same page again finds them", async () => {
    const rows = [old(OLD - DAY, 1), old(OLD - 2 * DAY, 1)];
    await setFault("http-500-after-commit", 1);
    await expect(move(rows)).rejects.toThrow();
    expect(await move(rows)).toEqual({ taken: 0, known: 2, refused: [] });
  });

  it("have a source of the old books, and those of meters have none of them", async () => {
    const put = (source: string, of: string) =>
      ask(`INSERT INTO meter_readings (meter_id, read_at, register_wh, source, account_id, received_at)
        SELECT id, now() - interval '1 year', 1, '${source}', ${of}, now() FROM meters WHERE meter_number = '${METER}' RETURNING 1`);
    await expect(put("iot", "NULL")).rejects.toThrow("meter_readings_source");
    await expect(put("access:tblmeterdata", String(account))).rejects.toThrow("meter_readings_source");
  });
});

describe("totals of the old books", () => {
  const APRIL = Date.UTC(2019, 2, 31, 22);
  const total = (id: number, over: object = {}) => ({
    ...{ id, startsAt: APRIL, account: "0045mak", meter: METER, source: "accdb", energyWh: 12_300 },
    ...over,
  });
  const put = (
    totals: Parameters<typeof moveInTotals>[1]["totals"],
    kind: "consumption" | "sales" = "consumption",
    period: "month" | "hour" = "month",
  ) =>
    moveInTotals(
      { history: neonLegacyHistory(db), country: LS },
      { origin: "access:tblmonthlyconsumption", kind, period, totals },
      by,
    );

  it("are one row by account, meter, time, road and kind, also where the account or the meter is missing", async () => {
    const rows = [
      total(1),
      total(2, { account: "0045MAK", meter: "000023099001" }),
      total(3, { energyWh: 5 }),
      total(4, { account: null }),
      total(5, { account: null }),
      total(6, { meter: null, energyWh: null }),
      total(7, { meter: null, energyWh: null }),
      total(8, { source: "koios" }),
      total(9, { startsAt: APRIL + HOUR_MS }),
      total(10, { account: " ", meter: null }),
      total(11, { energyWh: 0.5 }),
    ];
    const refused = [
      { index: 2, because: "differs" },
      { index: 8, because: "not_a_month" },
      { index: 9, because: "nobody_named" },
      { index: 10, because: "number_unreadable" },
    ];
    expect(await put(rows)).toEqual({ taken: 4, known: 3, refused });
    expect(await put(rows)).toEqual({ taken: 0, known: 7, refused });
    expect(await ask("SELECT string_agg(origin_id, ' ' ORDER BY origin_id::int) FROM legacy_totals")).toBe("1 4 6 8");
    expect(await put([total(1, { amountMinor: 5_000, transactions: 3 })], "sales")).toMatchObject({ taken: 1 });
    expect(await put([total(1)], "consumption", "hour")).toMatchObject({ taken: 1 });
    expect(
      await ask("SELECT concat_ws(' ', amount_minor, currency, transactions) FROM legacy_totals WHERE kind = 'sales'"),
    ).toBe("5000 LSL 3");
    expect(await put([total(1, { amountMinor: 5_001, transactions: 3 })], "sales")).toMatchObject({
      refused: [{ index: 0, because: "differs" }],
    });
  });

  it("stay as they came, whoever asks", async () => {
    for (const change of [
      "UPDATE legacy_totals SET energy_wh = 1",
      "DELETE FROM legacy_totals",
      "TRUNCATE legacy_totals",
    ])
      await expect(ask(change)).rejects.toThrow("append-only");
  });
});
