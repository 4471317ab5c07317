import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect } from "../../src/adapters/neon/database.ts";
import { neonHeads } from "../../src/adapters/neon/heads.ts";
import { neonRestores } from "../../src/adapters/neon/restore-accounts.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import { emptyDay } from "../../src/domain/imports/vendor-day.ts";
import type { OutboxRow } from "../../src/domain/outbox.ts";
import { ask, close, copies, database, first, open, run, second, write } from "./consumption-world.ts";
import { HOUR_MS, storedDays, storedHours } from "./reading-rows.ts";
import { items } from "./rows.ts";

const METER = "SM16R-01-0000ABCD";
const DAY = "2026-11-03";
const MIDNIGHT = Date.parse("2026-11-03T00:00:00Z");

beforeAll(async () => {
  await open();
  await run(`INSERT INTO meters (meter_number) VALUES ('${METER}')`);
});
afterAll(() => close());

const told = (version: number, hours: Record<number, number>, over: object = {}): OutboxRow => {
  const day = emptyDay();
  for (const [nth, wh] of Object.entries(hours)) {
    day.energyWh[Number(nth)] = wh;
    day.sources[Number(nth)] = "koios";
    day.billed |= 1 << Number(nth);
  }
  const names = { account: "0045MAK", accountId: first, meterNumber: METER, day: DAY, timeZone: "Africa/Maseru" };
  return { kind: "vendor_day", ...names, ...day, version, ...over };
};
const hours = async () =>
  (await storedHours(database.ownerUrl)).map(({ account, hour, energyWh }) => [
    account,
    (hour - MIDNIGHT) / HOUR_MS,
    energyWh,
  ]);
const days = async () =>
  (await storedDays(database.ownerUrl)).map(({ account, day, energyWh, hours: known }) => [
    account,
    day,
    energyWh,
    known,
  ]);

describe("a vendor's day in Postgres", () => {
  it("becomes hours, and the local days that they belong to, however often it comes", async () => {
    for (let n = 0; n < 3; n++) await write(told(1, { 0: 10, 21: 20, 22: 40, 23: 80 }));
    expect(await hours()).toEqual([
      [first, 0, 10],
      [first, 21, 20],
      [first, 22, 40],
      [first, 23, 80],
    ]);
    expect(await days()).toEqual([
      [first, "2026-11-03", 30, 2],
      [first, "2026-11-04", 120, 2],
    ]);
  });

  it("takes the newest version of those that come together or out of order", async () => {
    await write(told(3, { 0: 10, 1: 1 }), told(2, { 0: 9, 1: 2, 2: 3 }));
    await write(told(2, { 0: 9, 1: 2, 2: 3 }));
    expect(await hours()).toEqual([
      [first, 0, 10],
      [first, 1, 1],
    ]);
    expect(await days()).toEqual([[first, "2026-11-03", 11, 2]]);
  });

  it("has an hour of a meter that changed hands within it once for each account", async () => {
    await write(told(1, { 1: 5 }, { account: "0046MAK", accountId: second }));
    expect(await hours()).toEqual([
      [first, 0, 10],
      [first, 1, 1],
      [second, 1, 5],
    ]);
  });

  it("ends with the same rows when two writers bring it at once", async () => {
    await Promise.all(Array.from({ length: 8 }, (_, n) => write(told(10 + (n % 4), { 0: 100 + (n % 4) }))));
    expect(await hours()).toEqual([
      [first, 0, 103],
      [second, 1, 5],
    ]);
  });

  it("of a meter that nobody knows is refused, and its neighbours are written", async () => {
    const written = await copies.write(
      items([told(1, { 0: 1 }, { meterNumber: "SM16R-01-0000FFFF" }), told(20, { 0: 7 })]),
    );
    expect(written).toMatchObject({
      recorded: [expect.anything()],
      refused: [{ because: expect.stringContaining("23502") }],
    });
    expect(await ask("SELECT sum(energy_wh) FROM consumption_hourly")).toBe("12");
  });

  it("is what the account's object loads, and what it is compared with", async () => {
    const db = connect(database.appUrl, database.sqlUrl);
    await write(told(1, { 5: 3 }, { day: "2026-11-04" }));
    const restores = neonRestores(db, COUNTRIES.LS);
    const page = await restores.accountVendorDays(first, null, 1);
    expect(page).toEqual([
      expect.objectContaining({
        meterNumber: METER,
        day: DAY,
        version: 20,
        billed: 1,
        energyWh: [7, ...new Array(23).fill(null)],
      }),
    ]);
    const next = await restores.accountVendorDays(first, { meterNumber: METER, day: DAY }, 10);
    expect(next).toEqual([expect.objectContaining({ day: "2026-11-04" })]);
    const heads = neonHeads(db);
    const account = (await ask(`SELECT account_number FROM accounts WHERE id = ${first}`)) ?? "";
    expect(await heads.meterHeads([account], MIDNIGHT)).toEqual([
      { account, meterNumber: METER, readings: 2, sumWh: 10 },
    ]);
    expect(await heads.meterHeads([account], MIDNIGHT + 1)).toEqual([
      { account, meterNumber: METER, readings: 1, sumWh: 3 },
    ]);
  });
});
