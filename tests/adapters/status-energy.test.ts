import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import type { OutboxRow, RegisterRow } from "../../src/domain/outbox.ts";
import { lightsNow, lowAccounts, meteredLately } from "../../src/queries/status-energy.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, reading, readings } from "./reading-rows.ts";
import { credit, items, NOON, payment, seed } from "./rows.ts";

let database: FreshDatabase;
let db: Database;
let first: number;
let second: number;
const ONE = "23099001";
const TWO = "23099002";
const CHECK = "23099011";

const run = (query: string) => withClient(database.ownerUrl, (client) => client.query(query));
const write = async (...rows: OutboxRow[]) =>
  expect(await neonCopies(db).write(items(rows))).toMatchObject({ refused: [], conflicts: [] });
const place = (meter: string, accountId: number, role = "primary", from = NOON - DAY_MS, to: number | null = null) =>
  run(`INSERT INTO meters (meter_number) VALUES ('${meter}') ON CONFLICT DO NOTHING;
    INSERT INTO meter_placements (meter_id, account_id, role, valid_from, valid_to, facts_version)
    SELECT id, ${accountId}, '${role}', cc_at(${from}), cc_at(${to}), 1 FROM meters WHERE meter_number = '${meter}'`);
/** A meter that said this register last, at an instant; posted up to `postedWh`. */
const said = (meter: string, accountId: number, at: number, over: Partial<RegisterRow> = {}) =>
  write(readings(accountId, meter, [reading(at, over.registerWh ?? 0)], over));
/** [minutes after NOON, register] each. */
const told = (meter: string, accountId: number, points: [number, number][]) =>
  write(
    readings(
      accountId,
      meter,
      points.map(([minutes, wh]) => reading(NOON + minutes * MINUTE_MS, wh)),
    ),
  );
let commands = 0;
const command = (
  meterNumber: string,
  accountId: number,
  seq: number,
  over: Partial<Extract<OutboxRow, { kind: "relay_command" }>> = {},
) =>
  write({
    kind: "relay_command",
    id: `c-${++commands}`,
    account: "0045MAK",
    accountId,
    meterNumber,
    seq,
    action: "disconnect",
    state: "completed",
    because: "zero_balance",
    requestedAt: NOON,
    publishedAt: null,
    endedAt: null,
    expiresAt: NOON + HOUR_MS,
    error: null,
    actor: null,
    reason: null,
    skipped: [],
    version: 1,
    ...over,
  });
const readingCase = (subject: string, state: "open" | "closed") =>
  write({
    kind: "case",
    caseKey: `reading:${subject}`,
    caseKind: "reading_quarantined",
    subject,
    detailsJson: "{}",
    state,
    openedAt: NOON,
    closedAt: null,
    version: 1,
  });
const low = (warnWh = 2_000) => lowAccounts(db, { now: NOON, warnWh });

// Every test has its own country: all of it is counted.
beforeEach(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  [first, second] = await seed(database.ownerUrl);
});
afterEach(() => database.drop());

describe("the lights of a country", () => {
  it("are counted over the meters that are placed now: heard in the last half hour, lit, dark, or not known", async () => {
    await place(ONE, first);
    await place(CHECK, first, "check");
    await place(TWO, second);
    await place("23099003", second, "backup");
    await said(ONE, first, NOON - 29 * MINUTE_MS);
    await said(CHECK, first, NOON - 31 * MINUTE_MS, { connected: false });
    await said(TWO, second, NOON - 5 * HOUR_MS, { connected: false });
    // The check meter's open relay is nobody's darkness, and the backup was never heard of.
    expect(await lightsNow(db, NOON)).toEqual({
      placed: 4,
      heard: 1,
      lit: 1,
      dark: 1,
      unknown: 0,
      darkWithCredit: 0,
      readingCases: 0,
    });
  });

  it("do not count a meter that has gone, has not come yet, or said so on another account", async () => {
    await place(ONE, first, "primary", NOON - DAY_MS, NOON);
    await place(TWO, first, "primary", NOON + 1);
    await place("23099003", second);
    await said(ONE, first, NOON - MINUTE_MS);
    await said("23099003", first, NOON - MINUTE_MS, { connected: false });
    expect(await lightsNow(db, NOON)).toMatchObject({ placed: 1, heard: 0, lit: 0, dark: 0, unknown: 1 });
  });

  it("are not known where a meter never told of its relay", async () => {
    await place(ONE, first);
    await said(ONE, first, NOON, { connected: null });
    expect(await lightsNow(db, NOON)).toMatchObject({ heard: 1, lit: 0, dark: 0, unknown: 1 });
  });

  it("name who is dark with something left, and readings that wait for a person", async () => {
    await place(ONE, first);
    await place(TWO, second);
    await said(ONE, first, NOON, { connected: false });
    await said(TWO, second, NOON, { connected: false });
    await write(payment(), credit(first).row);
    await readingCase("0045MAK", "open");
    await readingCase("0046MAK", "closed");
    expect(await lightsNow(db, NOON)).toMatchObject({ dark: 2, darkWithCredit: 1, readingCases: 1 });
  });

  it("name nobody dark with something left whose connect was ordered since the meter said so", async () => {
    await place(ONE, first);
    await said(ONE, first, NOON, { connected: false });
    await write(payment(), credit(first).row);
    await command(ONE, first, 1, { action: "connect", requestedAt: NOON });
    await command(ONE, first, 2, { action: "disconnect", requestedAt: NOON + 1 });
    await place(TWO, first, "check");
    await command(TWO, first, 3, { action: "connect", requestedAt: NOON + 1 });
    expect(await lightsNow(db, NOON)).toMatchObject({ dark: 1, darkWithCredit: 1 });
    await command(ONE, first, 4, { action: "connect", requestedAt: NOON + 2 });
    expect(await lightsNow(db, NOON)).toMatchObject({ dark: 1, darkWithCredit: 0 });
  });

  it("do not count a meter that reports to its site's vendor: nobody waits to hear it", async () => {
    await place(ONE, first);
    await place("SM16R-01-0000AB77", second);
    expect(await lightsNow(db, NOON)).toMatchObject({ placed: 2 });
    await run(`INSERT INTO vendor_sites (site_code, vendor, vendor_site_id, facts_version)
      SELECT site_code, 'koios', 'v-1', 1 FROM accounts WHERE id = ${second}`);
    expect(await lightsNow(db, NOON)).toMatchObject({ placed: 1, unknown: 1 });
    await run("DELETE FROM vendor_sites");
  });

  it("of a country without meters are none", async () => {
    expect(await lightsNow(db, NOON)).toMatchObject({ placed: 0, heard: 0, lit: 0, dark: 0, unknown: 0 });
    expect(await low()).toEqual([]);
  });
});

describe("accounts that run low or are dark", () => {
  /** 4,000 Wh each. */
  const paid = async () => {
    await write(payment(), credit(first).row);
    await write(
      payment({ receipt: "QK7BBB", account: "0046MAK" }),
      credit(second, { receipt: "QK7BBB", account: "0046MAK" }).row,
    );
  };

  it("are named by what is left: the balance less what their primary meter counted and was not posted", async () => {
    await paid();
    await place(ONE, first);
    await place(TWO, second);
    await place(CHECK, second, "check");
    await said(ONE, first, NOON - 10 * MINUTE_MS, { registerWh: 12_000, postedWh: 10_000, seenWh: 12_100 });
    await said(TWO, second, NOON - 5 * MINUTE_MS, { registerWh: 9_300, postedWh: 5_000, seenWh: 9_000 });
    await said(CHECK, second, NOON, { registerWh: 50_000, postedWh: 0 });
    expect(await low()).toEqual([
      {
        account: "0046MAK",
        site: "MAK",
        leftWh: -300,
        seenAt: NOON - 5 * MINUTE_MS,
        connected: true,
        command: null,
      },
      expect.objectContaining({ account: "0045MAK", leftWh: 1_900 }),
    ]);
    expect(await low(1_899)).toEqual([expect.objectContaining({ account: "0046MAK" })]);
  });

  it("also count what a meter that was replaced has not been posted for yet, as the account itself does", async () => {
    await paid();
    await place(ONE, first, "primary", NOON - DAY_MS, NOON - HOUR_MS);
    await place(TWO, first, "primary", NOON - HOUR_MS);
    await said(ONE, first, NOON - 2 * HOUR_MS, { registerWh: 3_000, postedWh: 0 });
    await said(TWO, first, NOON, { registerWh: 500, postedWh: 0 });
    expect(await low()).toEqual([expect.objectContaining({ account: "0045MAK", leftWh: 500, seenAt: NOON })]);
  });

  it("have nothing known, and never 0, where nothing is recorded; those come last", async () => {
    await write(payment(), credit(first).row);
    await place(ONE, first);
    await place(TWO, second);
    await said(TWO, second, NOON, { connected: false });
    expect(await low(4_000)).toEqual([
      { account: "0045MAK", site: "MAK", leftWh: 4_000, seenAt: null, connected: null, command: null },
      { account: "0046MAK", site: "MAK", leftWh: null, seenAt: NOON, connected: false, command: null },
    ]);
  });

  it("are dark with credit left too, and tell which command was the newest of this meter here", async () => {
    await paid();
    await place(ONE, first);
    await said(ONE, first, NOON, { connected: false });
    await command(ONE, first, 1, { requestedAt: NOON });
    // Within the same millisecond, and one of the account that had the meter before.
    await command(ONE, first, 2, { action: "connect", state: "queued", because: "credit_restored" });
    await command(ONE, second, 9, { requestedAt: NOON + 1 });
    expect(await low()).toEqual([
      expect.objectContaining({
        account: "0045MAK",
        leftWh: 4_000,
        connected: false,
        command: { action: "connect", state: "queued", because: "credit_restored", requestedAt: NOON },
      }),
    ]);
  });

  it.each(["postpaid", "terminated"])("are none of those that are %s", async (status) => {
    await place(ONE, first);
    await said(ONE, first, NOON, { connected: false });
    expect(await low()).toHaveLength(1);
    await run(`UPDATE accounts SET status = '${status}'`);
    expect(await low()).toEqual([]);
  });

  it("are none without a meter that bills them now", async () => {
    await write(payment(), credit(first).row);
    await place(CHECK, first, "check");
    await place(ONE, first, "primary", NOON - DAY_MS, NOON);
    expect(await low(100_000)).toEqual([]);
  });
});

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

  it("is found along the keys of one year's partition, whatever the years before hold", async () => {
    const plans: string[] = [];
    await meteredLately(
      {
        read: async (query, params = []) => {
          // A laptop's tables are small enough to be read whole; here it is what grows that counts.
          const plan = await withClient(database.ownerUrl, async (client) => {
            await client.query("SET enable_seqscan = off");
            return client.query<{ "QUERY PLAN": string }>(`EXPLAIN ${query}`, params);
          });
          plans.push(plan.rows.map((row) => row["QUERY PLAN"]).join("\n"));
          return [];
        },
      },
      { now: NOON, timeZone: "Africa/Maseru" },
    );
    const plan = plans.join("\n");
    expect(plan.match(/consumption_hourly_y\d+(?= )/g)).toEqual(["consumption_hourly_y2026"]);
    expect(plan).toMatch(
      /on consumption_hourly_y2026 .*\n\s+Index Cond: \(\(meter_id = .* AND \(account_id = .* AND \(hour >= /,
    );
    expect(plan).toMatch(/on consumption_daily .*\n\s+Index Cond: \(.*account_id = .* AND \(day = /);
  });
});
