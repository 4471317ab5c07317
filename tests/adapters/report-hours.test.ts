import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { daysAPage, hourAccounts, hourRuns } from "../../src/queries/reports/hours.ts";
import { type HourOrder, hourLines } from "../../workers/exports/hour-lines.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";

let database: FreshDatabase;
let db: Database;
const DAY: HourOrder = {
  ...{ from: "2026-10-01", to: "2026-10-01", site: null, type: null, timeZone: "Africa/Maseru" },
};
const linesOf = async (order = DAY) => {
  let text = "";
  for await (const piece of hourLines(db, order)) text += piece;
  return text.slice(1).split("\r\n");
};

/** Three accounts: one that used, one whose meter was swapped within an hour and has a check meter beside it, one of which nothing is known. */
beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  const hour = (meter: string, account: string, at: string, wh: number, estimated = false) =>
    `INSERT INTO consumption_hourly (meter_id, account_id, hour, energy_wh, estimated, source) SELECT m.id, a.id, '${at}', ${wh}, ${estimated}, 'koios'
      FROM meters m, accounts a WHERE m.meter_number = '${meter}' AND a.account_number = '${account}'`;
  const place = (meter: string, account: string, role: string, from: string, to: string | null) =>
    `INSERT INTO meter_placements (meter_id, account_id, role, valid_from, valid_to, facts_version) SELECT m.id, a.id, '${role}', '${from}',
      ${to === null ? "NULL" : `'${to}'`}, 1 FROM meters m, accounts a WHERE m.meter_number = '${meter}' AND a.account_number = '${account}'`;
  await withClient(database.ownerUrl, (client) =>
    client.query(
      [
        "SELECT cc_make_partitions(2026)",
        "INSERT INTO sites (code, name, facts_version) VALUES ('MAK', 'Ha Makebe', 1), ('KET', 'Ketane', 1)",
        "INSERT INTO customers (customer_key, name, customer_type) VALUES ('c1', 'Test', 'HH1'), ('c2', 'Other', NULL)",
        `INSERT INTO accounts (account_number, site_code, customer_id, status, facts_version) VALUES ('0001MAK', 'MAK', 1, 'live', 1),
          ('0002KET', 'KET', 2, 'live', 1), ('0003MAK', 'MAK', 2, 'live', 1)`,
        "INSERT INTO meters (meter_number) VALUES ('111'), ('221'), ('222'), ('229')",
        place("111", "0001MAK", "primary", "2026-01-01", null),
        place("221", "0002KET", "primary", "2026-01-01", "2026-10-01T10:30:00Z"),
        place("222", "0002KET", "primary", "2026-10-01T10:30:00Z", null),
        place("229", "0002KET", "check", "2026-01-01", null),
        // The last hour of the local day before, its first, and the first of the next.
        hour("111", "0001MAK", "2026-09-30T21:00:00Z", 1),
        hour("111", "0001MAK", "2026-09-30T22:00:00Z", 0),
        hour("111", "0001MAK", "2026-10-01T21:00:00Z", 7, true),
        hour("111", "0001MAK", "2026-10-01T22:00:00Z", 9),
        hour("221", "0002KET", "2026-10-01T09:00:00Z", 100),
        hour("221", "0002KET", "2026-10-01T10:00:00Z", 40),
        hour("222", "0002KET", "2026-10-01T10:00:00Z", 60),
        hour("222", "0002KET", "2026-10-01T11:00:00Z", 100),
        hour("229", "0002KET", "2026-10-01T11:00:00Z", 99),
      ].join(";"),
    ),
  );
});
afterAll(() => database.drop());

const HEAD = "hour (UTC),account,meter,site,type,energy Wh,estimated";
const OF_MAK = ["2026-09-30T22:00:00Z,0001MAK,111,MAK,HH,0,no", "2026-10-01T21:00:00Z,0001MAK,111,MAK,HH,7,yes"];
const OF_KET = [
  "2026-10-01T09:00:00Z,0002KET,221,KET,,100,no",
  "2026-10-01T10:00:00Z,0002KET,221+222,KET,,100,no",
  "2026-10-01T11:00:00Z,0002KET,222,KET,,100,no",
];

describe("the raw hours of a time", () => {
  it("are those of local days, each account's hour once, by the meter that bills; 0 is known, an hour that nobody knows has no line", async () => {
    expect(await linesOf()).toEqual([HEAD, ...OF_MAK, ...OF_KET, "# end of file: 5 rows"]);
  });

  it("are of a site or a type, and of nobody a file with its end", async () => {
    expect(await linesOf({ ...DAY, site: "KET" })).toEqual([HEAD, ...OF_KET, "# end of file: 3 rows"]);
    expect(await linesOf({ ...DAY, type: "HH" })).toEqual([HEAD, ...OF_MAK, "# end of file: 2 rows"]);
    expect(await linesOf({ ...DAY, site: "LEB" })).toEqual([HEAD, "# end of file: 0 rows"]);
  });

  it("come some days after others, each hour once, also where a page ends at the swap", async () => {
    const accounts = await hourAccounts(db, DAY, 0);
    expect(accounts.map(({ account }) => account)).toEqual(["0001MAK", "0002KET", "0003MAK"]);
    expect(await hourAccounts(db, DAY, accounts[1]?.accountId ?? 0)).toHaveLength(1);
    const days = ["2026-09-30", "2026-10-01", "2026-10-02"].map((day) => ({ ...DAY, from: day, to: day }));
    const runs = (await Promise.all(days.map((day) => hourRuns(db, day, accounts)))).map((found) =>
      found.flatMap(({ hours }) => hours.split(",").map((told) => Number(told.split(" ")[1]))),
    );
    expect(runs).toEqual([[1], [0, 7, 100, 100, 100], [9]]);
    expect((await linesOf({ ...DAY, from: "2026-09-01", to: "2026-10-31" })).at(-1)).toBe("# end of file: 7 rows");
  });

  it.each([
    [0, 2_083],
    [50, 41],
    [1_041, 2],
    [2_000, 1],
  ])("of %d accounts are asked %d days at a time", (accounts, days) => expect(daysAPage(accounts)).toBe(days));

  it("break off without their last line when the database goes away", async () => {
    const failing: Pick<Database, "read"> = { read: () => Promise.reject(new Error("gone")) };
    const pieces: string[] = [];
    await expect(
      (async () => {
        for await (const piece of hourLines(failing, DAY)) pieces.push(piece);
      })(),
    ).rejects.toThrow("gone");
    expect(pieces.join("")).not.toContain("# end of file");
  });
});
