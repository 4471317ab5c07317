import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import type { Window } from "../../src/domain/energy-window.ts";
import type { OutboxRow } from "../../src/domain/outbox.ts";
import { GENESIS } from "../../src/domain/posting.ts";
import { energyWindow } from "../../src/queries/my-energy.ts";
import { myPayment, myPayments } from "../../src/queries/my-payments.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { DAY_MS, HOUR_MS, reading, readings } from "./reading-rows.ts";
import { credit, items, NOON, payment, seed } from "./rows.ts";

let database: FreshDatabase;
let db: Database;
let first: number;
let second: number;

const run = (query: string) => withClient(database.ownerUrl, (client) => client.query(query));
const write = async (...rows: OutboxRow[]) =>
  expect(await neonCopies(db).write(items(rows))).toMatchObject({ refused: [], conflicts: [] });
const place = (meter: string, accountId: number, role: string, from: number, to: number | null = null) =>
  run(`INSERT INTO meters (meter_number) VALUES ('${meter}') ON CONFLICT DO NOTHING;
    INSERT INTO meter_placements (meter_id, account_id, role, valid_from, valid_to, facts_version)
    SELECT id, ${accountId}, '${role}', cc_at(${from}), cc_at(${to}), 1 FROM meters WHERE meter_number = '${meter}'`);

beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  [first, second] = await seed(database.ownerUrl);
});
afterAll(() => database.drop());

describe("what a customer used", () => {
  /** NOON is 14:00 in Lesotho. */
  const now = NOON + 30 * 60_000;
  const look = (window: Window, account = "0045MAK") =>
    energyWindow(db, { account, window, now, timeZone: "Africa/Maseru", utcOffsetMinutes: 120 });

  beforeAll(async () => {
    await place("23099001", first, "primary", NOON - 40 * DAY_MS);
    await place("23099011", first, "check", NOON - 40 * DAY_MS);
    await place("23099002", second, "primary", NOON - 40 * DAY_MS);
    const told = (meter: string, accountId: number, points: [number, number][]) =>
      readings(
        accountId,
        meter,
        points.map(([hour, wh]) => reading(NOON + hour * HOUR_MS, wh)),
      );
    // Every hour since 12 h ago but for 13:00 to 16:00 UTC of the day before, when nothing was read for a while.
    await write(
      told("23099001", first, [
        [-26, 0],
        [-25, 100],
        [-3, 1_000],
        [-2, 1_050],
        [-1, 1_050],
        [0, 1_080],
      ]),
      told("23099011", first, [
        [-3, 0],
        [-2, 60],
        [-1, 60],
      ]),
      told("23099002", second, [
        [-2, 0],
        [-1, 777],
      ]),
    );
  });

  it("stands in local hours by the meter that bills: a hour without use is 0, the running one is a gap until it is read", async () => {
    const hours = await look("24h");
    expect(hours?.energyWh.slice(-5)).toEqual([expect.any(Number), 50, 0, 30, null]);
    expect(hours?.starts.at(-1)).toBe(NOON);
    expect(hours?.meters.map(({ meterNumber, energyWh }) => [meterNumber, energyWh.slice(-4)])).toEqual([
      ["23099001", [50, 0, 30, null]],
      ["23099011", [60, 0, null, null]],
    ]);
    // Spread over a gap of 22 hours: known, and said to be estimated.
    expect(hours?.estimatedHours.slice(0, 3)).toEqual([1, 1, 1]);
  });

  it("stands in local days, where midnight is the country's", async () => {
    const days = await look("7d");
    expect(days?.starts.at(-1)).toBe(Date.UTC(2026, 10, 2, 22));
    const [yesterday, today] = days?.energyWh.slice(-2) ?? [];
    expect((yesterday ?? 0) + (today ?? 0)).toBe(1_080);
    expect(days?.energyWh.slice(0, 5)).toEqual([null, null, null, null, null]);
  });

  it("stands in months", async () => {
    const months = await look("12m");
    expect(months?.energyWh.slice(-2)).toEqual([null, 1_080]);
    expect(months?.starts.at(-1)).toBe(Date.UTC(2026, 9, 31, 22));
  });

  it("is never another account's, and there is nothing of an account that does not exist", async () => {
    expect((await look("7d", "0046MAK"))?.energyWh.at(-1)).toBe(777);
    expect(await look("7d", "9999MAK")).toBeNull();
  });

  it("of a meter that left and came back within the day is counted once", async () => {
    await run(`UPDATE meter_placements SET valid_to = cc_at(${NOON - 6 * HOUR_MS})
      WHERE account_id = ${second} AND valid_to IS NULL`);
    await place("23099002", second, "primary", NOON - 5 * HOUR_MS);
    expect((await look("7d", "0046MAK"))?.energyWh.at(-1)).toBe(777);
  });
});

describe("what a customer paid", () => {
  const list = (over: object = {}) => myPayments(db, { account: "0045MAK", before: null, limit: 2, ...over });

  beforeAll(async () => {
    let head = GENESIS;
    for (const receipt of ["QK7AAA", "QK7BBB", "QK7CCC"]) {
      const next = credit(first, { head, receipt });
      head = next.head;
      await write(next.row, payment({ receipt }));
    }
    const whole = credit(second, { receipt: "QK7ZZZ", account: "0046MAK" });
    const part = credit(second, { head: whole.head, receipt: "QK7SPL", account: "0046MAK", amountMinor: 700 });
    const rest = { head: part.head, receipt: "QK7SPL", account: "0046MAK", amountMinor: 500, share: 2 };
    await write(whole.row, part.row, credit(second, rest).row);
    await run(`INSERT INTO relay_commands (id, account_id, meter_id, seq, action, state, because, requested_at, ended_at, expires_at, version)
      SELECT 'c-1', ${first}, id, 1, 'connect', 'completed', 'payment', cc_at(${NOON + 1_500}), cc_at(${NOON + 4_000}), cc_at(${NOON + 300_000}), 1
        FROM meters WHERE meter_number = '23099001'`);
    await run(`INSERT INTO vendor_credits (external_id, account_id, vendor, amount_minor, currency, state, queued_at, sent_at, confirmed_at, version)
      VALUES ('receipt:QK7BBB#1.1', ${first}, 'koios', 2000, 'LSL', 'confirmed', cc_at(${NOON}), cc_at(${NOON + 1}), cc_at(${NOON + 9}), 1)`);
  });

  it("is listed newest first, page by page, each once", async () => {
    const page = await list();
    expect(page.payments.map(({ receipt }) => receipt)).toEqual(["QK7CCC", "QK7BBB"]);
    const rest = await list({ before: page.next });
    expect([rest.payments.map(({ receipt }) => receipt), rest.next]).toEqual([["QK7AAA"], null]);
  });

  it("says how far each is: by our own meter to the light, by the vendor's to the wallet", async () => {
    const { payments } = await list({ limit: 3 });
    const steps = Object.fromEntries(
      payments.map(({ receipt, delivery }) => [receipt, delivery.map(({ step, state }) => `${step} ${state}`)]),
    );
    expect(steps.QK7AAA).toEqual(["received done", "credited done", "meter done", "light done"]);
    expect(steps.QK7BBB).toEqual(["received done", "credited done", "meter done"]);
    expect(payments[0]).toMatchObject({ amountMinor: 2_000, energyWh: 4_000, rateE4PerKwh: 50_000, takenBack: false });
  });

  it("is found by its receipt, for its own account alone", async () => {
    expect(await myPayment(db, "0045MAK", "QK7AAA")).toMatchObject({ receipt: "QK7AAA", balanceAfterWh: 4_000 });
    expect(await myPayment(db, "0045MAK", "QK7ZZZ")).toBeNull();
    expect(await myPayment(db, "0046MAK", "QK7ZZZ")).not.toBeNull();
  });

  it("is whole on its receipt when two shares of it are the same account's", async () => {
    const split = await myPayment(db, "0046MAK", "QK7SPL");
    expect(split).toMatchObject({ amountMinor: 1_200, energyWh: 2_400, balanceAfterWh: 6_400, takenBack: false });
  });
});
