import { afterAll, beforeAll, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { type Period, periodsBetween } from "../../src/domain/metrics/periods.ts";
import { customerGrowth } from "../../src/queries/reports/customer-growth.ts";
import { customerStatistics } from "../../src/queries/reports/customer-statistics.ts";
import { addMeasures } from "../../src/queries/reports/measures.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { type Person, writePeople } from "./report-people-world.ts";

/** One rule of who is connected, for accounts and for customers. Five people, to be counted on one hand. */
const PEOPLE: Person[] = [
  { name: "Recorded", accounts: [{ number: "0001MAK", steps: { commissioned: "2026-06-10T12:00Z" } }] },
  { name: "Used power, nobody recorded it", accounts: [{ number: "0002MAK", meters: ["42"] }] },
  { name: "Bought power, nobody recorded it", accounts: [{ number: "0003MAK" }] },
  { name: "Paid a fee, and has a meter that tells nought", accounts: [{ number: "0004MAK", meters: ["44"] }] },
  { name: "Powerhouse", accounts: [{ number: "0099MAK", meters: ["99"] }] },
];

let database: FreshDatabase;
let db: Database;
const used = (account: string, day: string, wh: number) =>
  `INSERT INTO metered_days SELECT '${day}', id, site_code, ${wh}, 24, 0 FROM accounts WHERE account_number = '${account}'`;
const sold = (account: string, day: string, minor: number, wh: number) =>
  `INSERT INTO sales_account_days VALUES ('${day}', '${account}', 'MAK', 'mpesa', 1, ${minor}, 0, ${wh === 0 ? 0 : minor}, ${wh === 0 ? minor : 0}, 0, 0, ${wh})`;

beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  await writePeople(database, PEOPLE);
  await withClient(database.ownerUrl, (client) =>
    client.query(
      [
        "UPDATE meter_placements SET role = 'supply' WHERE meter_id = (SELECT id FROM meters WHERE meter_number = '99')",
        ...[used("0002MAK", "2026-06-21", 500), used("0004MAK", "2026-06-05", 0)],
        ...[sold("0003MAK", "2026-06-26", 1_000, 2_000), sold("0004MAK", "2026-06-01", 50_100, 0)],
      ].join(";"),
    ),
  );
});
afterAll(() => database.drop());

const MASERU = { timeZone: "Africa/Maseru", site: null, type: null };
const connectedOn = async (to: string) => {
  const [row] = await customerStatistics(db, { ...MASERU, from: "2026-04-01", to });
  return [row?.registered, row?.connected, row?.waiting, row?.newlyConnected, row?.dateNotKnown];
};
/** Accounts connected on a day, as the registry's figures count them. */
async function accountsOn(day: string) {
  const periods = periodsBetween({ from: day, to: day, grain: "total" }, Date.UTC(2026, 7, 1), 120) as Period[];
  const order = { grain: "total" as const, periods, by: "none" as const, today: "2026-08-01" };
  const [added] = await addMeasures(db, { ...MASERU, ...order, measures: ["connected_days", "days"] });
  return added?.sums.connected_days ?? 0;
}

it("customers and accounts are connected by one rule: what somebody recorded, else the first use; a fee and a dark meter are none", async () => {
  // Four customers: the powerhouse is none.
  expect([await connectedOn("2026-06-09"), await accountsOn("2026-06-09")]).toEqual([[4, 0, 4, 0, 2], 0]);
  expect([await connectedOn("2026-06-10"), await accountsOn("2026-06-10")]).toEqual([[4, 1, 3, 1, 2], 1]);
  expect([await connectedOn("2026-06-21"), await accountsOn("2026-06-21")]).toEqual([[4, 2, 2, 1, 2], 2]);
  expect([await connectedOn("2026-06-30"), await accountsOn("2026-06-30")]).toEqual([[4, 3, 1, 1, 2], 3]);
});

it("bug of old: a first payment was taken for the day of light; whom nobody recorded is in the sums and in no quarter", async () => {
  const changes = await customerGrowth(db, { ...MASERU, today: "2026-08-01" });
  expect(changes).toEqual([
    { site: "MAK", quarter: null, connected: 2, ended: 0 },
    { site: "MAK", quarter: "2026-04-01", connected: 1, ended: 0 },
  ]);
});
