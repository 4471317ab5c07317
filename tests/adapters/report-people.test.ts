import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { growthOf } from "../../src/domain/metrics/growth.ts";
import { type Period, periodsBetween } from "../../src/domain/metrics/periods.ts";
import { customerGrowth } from "../../src/queries/reports/customer-growth.ts";
import { customerStatistics } from "../../src/queries/reports/customer-statistics.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { type Person, writePeople } from "./report-people-world.ts";

const lit = (at: string | null) => ({ steps: { commissioned: at } });
/** What is counted below, on paper. Noon in UTC is noon enough on both clocks; the rest says its hour. */
const PEOPLE: Person[] = [
  { name: "One account", type: "HH1", accounts: [{ number: "0001MAK", ...lit("2026-02-10T12:00Z") }] },
  {
    name: "Two accounts, two meters",
    type: "SME",
    accounts: [
      { number: "0002MAK", meters: ["21", "22"], ...lit("2026-08-01T12:00Z") },
      { number: "0001KET", meters: ["23"], ...lit("2026-02-01T12:00Z") },
    ],
  },
  { name: "No account", lives: "MAK" },
  { name: "Nobody knows when", accounts: [{ number: "0003MAK", ...lit(null) }] },
  {
    name: "Ended in the quarter",
    accounts: [{ number: "0001SEB", status: "terminated", endedAt: "2026-09-01T12:00Z", ...lit("2026-02-15T12:00Z") }],
  },
  {
    name: "Ended after the quarter",
    accounts: [{ number: "0002SEB", status: "terminated", endedAt: "2026-10-20T12:00Z", ...lit("2026-08-05T12:00Z") }],
  },
  { name: "Never connected", accounts: [{ number: "0002KET" }] },
  { name: "Somebody else", withdrawn: true, accounts: [{ number: "0009MAK", ...lit("2026-08-06T12:00Z") }] },
  { name: "Of no site" },
  { name: "At midnight", accounts: [{ number: "0004MAK", ...lit("2026-03-31T22:30Z") }] },
  { name: "Registered later", source: "portal", registeredOn: "2026-11-01T12:00Z", lives: "KET" },
];

let database: FreshDatabase;
let db: Database;
beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  await writePeople(database, PEOPLE);
});
afterAll(() => database.drop());

const MASERU = { timeZone: "Africa/Maseru", site: null, type: null };
const statistics = (from: string, to: string, over = {}) =>
  customerStatistics(db, { ...MASERU, from, to, ...over }).then((rows) =>
    rows.map(({ site, registered, connected, waiting, ended, newlyConnected }) => [
      ...[site, registered, connected, waiting, ended, newlyConnected],
    ]),
  );

describe("customer statistics", () => {
  it("count everybody once at one site, and connected, waiting and ended are all who are registered", async () => {
    expect(await statistics("2026-07-01", "2026-09-30")).toEqual([
      ["KET", 1, 0, 1, 0, 0],
      ["MAK", 5, 4, 1, 0, 0],
      ["SEB", 2, 1, 0, 1, 1],
      [null, 1, 0, 1, 0, 0],
    ]);
  });

  it("bug of old: terminated on a later day counted as terminated now", async () => {
    expect((await statistics("2026-10-01", "2026-10-19", { site: "SEB" }))[0]).toEqual(["SEB", 2, 1, 0, 1, 0]);
    expect((await statistics("2026-10-01", "2026-10-20", { site: "SEB" }))[0]).toEqual(["SEB", 2, 0, 0, 2, 0]);
  });

  it("bug of old: who was registered and never connected counted as active", async () => {
    expect((await statistics("2026-07-01", "2026-09-30", { site: "KET" }))[0]).toEqual(["KET", 1, 0, 1, 0, 0]);
  });

  it("of the first quarter know its two newcomers of MAK and not the one of the local midnight after it", async () => {
    const first = await statistics("2026-01-01", "2026-03-31", { site: "MAK" });
    expect(first).toEqual([["MAK", 5, 3, 2, 0, 2]]);
    // An hour further west it is still the day before.
    const benin = await statistics("2026-01-01", "2026-03-31", { site: "MAK", timeZone: "Africa/Porto-Novo" });
    expect(benin).toEqual([["MAK", 5, 4, 1, 0, 3]]);
  });

  it("keep a site without such customers, with 0, and add up the tiers of households", async () => {
    expect(await statistics("2026-07-01", "2026-09-30", { type: "HH" })).toEqual([
      ["KET", 0, 0, 0, 0, 0],
      ["MAK", 1, 1, 0, 0, 0],
      ["SEB", 0, 0, 0, 0, 0],
    ]);
  });

  it("say of how many who had light nobody knows since when", async () => {
    const rows = await customerStatistics(db, { ...MASERU, from: "2026-07-01", to: "2026-09-30", site: "MAK" });
    expect(rows[0]).toMatchObject({ everConnected: 4, dateNotKnown: 1 });
  });
});

describe("customer growth", () => {
  const NOW = Date.UTC(2026, 10, 15, 12);
  const quarters = periodsBetween({ from: "2025-10-01", to: "2026-11-15", grain: "quarter" }, NOW, 120) as Period[];
  const growth = async (over = {}) =>
    growthOf(await customerGrowth(db, { ...MASERU, today: "2026-11-15", ...over }), quarters);
  const numbers = (each: Awaited<ReturnType<typeof growth>>["quarters"][number]) => [
    ...[each.quarter, each.newlyConnected, each.ended, each.everConnected, each.connected],
  ];

  it("has every quarter, those with nobody too, and ends apart; who has no date is counted, never dropped", async () => {
    const { quarters: found, dateNotKnown } = await growth();
    expect(found.map(numbers)).toEqual([
      ["2025-10-01", 0, 0, 1, 1],
      ["2026-01-01", 3, 0, 4, 4],
      ["2026-04-01", 1, 0, 5, 5],
      ["2026-07-01", 1, 1, 6, 5],
      ["2026-10-01", 0, 1, 6, 4],
    ]);
    expect(dateNotKnown).toEqual({ connected: 1, ended: 0 });
    expect(found.map(({ isPartial }) => isPartial)).toEqual([false, false, false, false, true]);
  });

  it("of a later beginning keeps what was before in its sums", async () => {
    const changes = await customerGrowth(db, { ...MASERU, today: "2026-11-15" });
    expect(growthOf(changes, quarters.slice(3)).quarters.map(numbers)).toEqual(
      (await growth()).quarters.slice(3).map(numbers),
    );
  });

  it("of the sites is that of the whole", async () => {
    const whole = await growth();
    const parts = await Promise.all(["KET", "MAK", "SEB"].map((site) => growth({ site })));
    for (const [nth, quarter] of whole.quarters.entries())
      for (const what of ["newlyConnected", "ended", "everConnected", "connected"] as const)
        expect(parts.reduce((sum, part) => sum + (part.quarters[nth]?.[what] ?? 0), 0)).toBe(quarter[what]);
  });

  it("ends each quarter with those whom the statistics call connected that day", async () => {
    for (const [nth, { from, to }] of quarters.entries()) {
      const rows = await customerStatistics(db, { ...MASERU, from, to });
      const { quarters: found } = await growth();
      expect(rows.reduce((sum, row) => sum + row.connected, 0)).toBe(found[nth]?.connected);
    }
  });
});
