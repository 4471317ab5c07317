import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { foreignSites, silentMeters, siteMonths } from "../../src/queries/reports/coverage-audit.ts";
import { recordCompleteness } from "../../src/queries/reports/record-completeness.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { type Person, writePeople } from "./report-people-world.ts";

const lit = (at: string | null) => ({ steps: { commissioned: at } });
const PEOPLE: Person[] = [
  {
    ...{ name: "Two accounts", type: "HH1" },
    accounts: [
      { number: "0001MAK", meters: ["41", "42"], ...lit("2026-01-01T12:00Z") },
      { number: "0002MAK", meters: ["43"], ...lit("2026-06-03T12:00Z") },
    ],
  },
  {
    ...{ name: "Ended", type: "HH2" },
    accounts: [{ number: "0003MAK", status: "terminated", endedAt: "2026-06-03T12:00Z", ...lit("2026-01-01T12:00Z") }],
  },
  { name: "Date not known", type: "SME", accounts: [{ number: "0001KET", meters: ["44"], ...lit(null) }] },
  { name: "Never connected", type: "SCH", accounts: [{ number: "0002KET", meters: ["45"] }] },
];

let database: FreshDatabase;
let db: Database;
beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  await writePeople(database, PEOPLE);
  const days: [string, string, number][] = [
    ...["05-31", "06-01", "06-02", "06-03", "06-04", "06-06"].map((each): [string, string, number] => [
      "0001MAK",
      each,
      24,
    ]),
    ["0002MAK", "06-03", 12],
    ["0002MAK", "06-04", 6],
    ["0003MAK", "06-02", 24],
    ["0003MAK", "06-04", 24],
    ["0001KET", "06-02", 24],
  ];
  await withClient(database.ownerUrl, (client) =>
    client.query(
      [
        ...days.map(
          ([
            account,
            at,
            hours,
          ]) => `INSERT INTO metered_days SELECT '2026-${at}', id, site_code, 0, ${hours}, 0 FROM accounts
            WHERE account_number = '${account}'`,
        ),
        `INSERT INTO metered_months SELECT date_trunc('month', day)::date, account_id, site_code, sum(energy_wh), count(*), sum(hours), 0
          FROM metered_days GROUP BY 1, 2, 3`,
        `INSERT INTO consumption_daily SELECT m.id, a.id, '2026-06-06', 0, 24, 0 FROM meters m, accounts a
          WHERE m.meter_number = '41' AND a.account_number = '0001MAK'`,
        `INSERT INTO consumption_daily SELECT m.id, a.id, '2026-05-20', 0, 24, 0 FROM meters m, accounts a
          WHERE m.meter_number = '43' AND a.account_number = '0002MAK'`,
      ].join(";"),
    ),
  );
});
afterAll(() => database.drop());

const JUNE = { from: "2026-06-01", to: "2026-06-05", site: null, timeZone: "Africa/Maseru" };
const hours = async (over = {}) =>
  (await recordCompleteness(db, { ...JUNE, ...over })).map((row) => [row.type, row.actualHours, row.expectedHours]);

describe("record completeness", () => {
  it("bug of old: hours outside the window were counted, so that there could be more than all", async () => {
    // 0001MAK: 5 days, of which 4 are there. 0002MAK: 4 and 5 June, of which 6 hours. 0003MAK: 1 and 2 June, of which one.
    expect(await hours()).toEqual([
      ["HH", 96 + 6 + 24, 24 * (5 + 2 + 2)],
      ["SME", 0, 0],
    ]);
    expect(await hours({ from: "2026-06-02", to: "2026-06-02" })).toEqual([
      ["HH", 48, 48],
      ["SME", 0, 0],
    ]);
  });

  it("counts who has two accounts once, and of whom nobody knows since when nothing is expected", async () => {
    const [households, shops] = await recordCompleteness(db, JUNE);
    expect(households).toMatchObject({ customers: 2, accounts: 3, accountsWithRecords: 3, dateNotKnown: 0 });
    expect(households).toMatchObject({ firstDay: "2026-06-01", lastDay: "2026-06-04" });
    expect(shops).toMatchObject({ customers: 1, accounts: 1, accountsWithRecords: 0, dateNotKnown: 1 });
  });

  it("expects nothing of accounts that ended before, nor of a site without one", async () => {
    expect(await hours({ from: "2026-06-04", to: "2026-06-05" })).toEqual([
      ["HH", 24 + 6, 24 * (2 + 2)],
      ["SME", 0, 0],
    ]);
    expect(await hours({ site: "SEB" })).toEqual([]);
  });
});

describe("the coverage audit", () => {
  it("has every month from a site's first one on, those without an hour too", async () => {
    const rows = await siteMonths(db, { from: "2026-04-01", to: "2026-07-01", site: null });
    expect(rows.map(({ site, month, hours: told }) => [site, month, told])).toEqual([
      ["KET", "2026-06-01", 24],
      ["KET", "2026-07-01", 0],
      ["MAK", "2026-05-01", 24],
      ["MAK", "2026-06-01", 24 * 5 + 18 + 48],
      ["MAK", "2026-07-01", 0],
    ]);
  });

  it("names meters that are silent, those that never told anything first, and no check meter", async () => {
    const silent = await silentMeters(db, { since: "2026-06-01", site: null, timeZone: "Africa/Maseru" });
    expect(silent.map(({ account, meter, lastDay }) => [account, meter, lastDay])).toEqual([
      ["0001KET", "44", null],
      ["0002KET", "45", null],
      ["0002MAK", "43", "2026-05-20"],
    ]);
    const later = await silentMeters(db, { since: "2026-06-07", site: "MAK", timeZone: "Africa/Maseru" });
    expect(later.map(({ meter }) => meter)).toEqual(["43", "41"]);
  });

  it("bug of old: hours of another country's site leaked in unseen", async () => {
    expect(await foreignSites(db, ["MAK", "KET"])).toEqual([]);
    expect(await foreignSites(db, ["MAK"])).toEqual(["KET"]);
  });
});
