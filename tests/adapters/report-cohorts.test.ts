import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import { cohortOf } from "../../src/domain/metrics/cohort.ts";
import { funnelOf } from "../../src/domain/metrics/funnel.ts";
import { cohortCustomer, cohortCustomers } from "../../src/queries/reports/customer-cohorts.ts";
import { customerFunnel } from "../../src/queries/reports/customer-funnel.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { type Person, writeMoney, writePeople } from "./report-people-world.ts";

const AT = "2026-06-01T12:00Z";
const PEOPLE: Person[] = [
  { name: "Nothing yet", lives: "MAK", source: "portal" },
  { name: "Moved in, fee unknown", source: "postgres", accounts: [{ number: "0001MAK", steps: { commissioned: AT } }] },
  {
    name: "Two accounts, two meters",
    source: "portal",
    accounts: [
      {
        ...{ number: "0002MAK", meters: ["31", "32"] },
        steps: { connection_fee_paid: AT, meter_installed: AT, commissioned: AT },
      },
      { number: "0001KET", meters: ["33"], steps: { connection_fee_paid: AT, meter_installed: AT } },
    ],
  },
  {
    name: "Bought much, paid no fee",
    source: "portal",
    accounts: [{ number: "0003MAK", meters: ["34"], steps: { commissioned: null } }],
  },
  {
    name: "Paid both fees and has no meter",
    source: "portal",
    accounts: [{ number: "0004MAK", steps: { commissioned: AT } }],
  },
  { name: "Took the fee back", source: "portal", accounts: [{ number: "0005MAK" }] },
  { name: "Old books know the fee", source: "postgres", accounts: [{ number: "0006MAK" }] },
  {
    name: "Ended",
    accounts: [{ number: "0007MAK", status: "terminated", endedAt: AT, steps: { commissioned: "2026-01-01T12:00Z" } }],
  },
  {
    name: "Ends tomorrow",
    source: "portal",
    accounts: [{ number: "0008MAK", status: "terminated", endedAt: "2026-11-16T12:00Z" }],
  },
];

let database: FreshDatabase;
let db: Database;
beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  await writePeople(database, PEOPLE);
  await writeMoney(database, [
    { account: "0003MAK", book: "customer_energy", kind: "payment", minor: 100_000, at: AT },
    { account: "0004MAK", book: "customer_fees", kind: "payment", minor: 50_100, at: AT },
    { account: "0004MAK", book: "customer_fees", kind: "payment", minor: 49_900, at: AT },
    { account: "0005MAK", book: "customer_fees", kind: "payment", minor: 50_100, at: AT },
    { account: "0005MAK", book: "customer_fees", kind: "reversal", minor: -50_100, at: AT },
    { account: "0005MAK", book: "customer_energy", kind: "opening", minor: 70_000, at: AT },
  ]);
  await withClient(database.ownerUrl, (client) =>
    client.query(`INSERT INTO legacy_transactions (source, source_id, kind, account_number, amount_minor, currency, paid_at)
      VALUES ('t', '1', 'fee', '0006MAK', 50100, 'LSL', '2019-05-01T23:00Z'), ('t', '2', 'payment', '0006MAK', 99900, 'LSL', '2019-05-02T12:00Z')`),
  );
});
afterAll(() => database.drop());

const MASERU = { timeZone: "Africa/Maseru", site: null, type: null, today: "2026-11-15" };

describe("the funnel", () => {
  const funnel = async (site: string | null) => {
    const counts = await customerFunnel(db, { ...MASERU, site });
    return funnelOf(counts).map(({ step, customers, dropOffPct, isLarger }) => [step, customers, dropOffPct, isLarger]);
  };

  it("golden h, bug of old: two accounts or two meters counted twice; everybody counts once in every stage, without an account too", async () => {
    expect(await funnel(null)).toEqual([
      ["registered", 9, null, false],
      ["connection_fee_paid", 1, 88.9, false],
      ["readyboard_fee_paid", 0, 100, false],
      ["readyboard_tested", 0, null, false],
      ["readyboard_installed", 0, null, false],
      ["airdac_connected", 0, null, false],
      ["meter_installed", 1, null, true],
      ["commissioned", 5, -400, true],
    ]);
  });

  it("bug of old: people without a meter vanished when a site was chosen", async () => {
    expect((await funnel("MAK"))[0]).toEqual(["registered", 9, null, false]);
    expect((await funnel("KET"))[0]).toEqual(["registered", 0, null, false]);
  });

  it("says of how many steps nobody knows the day", async () => {
    const lit = funnelOf(await customerFunnel(db, MASERU)).at(-1);
    expect(lit).toMatchObject({ step: "commissioned", customers: 5, dateNotKnown: 1 });
  });
});

describe("cohorts", () => {
  const list = () => cohortCustomers(db, MASERU, 0, 100);
  const placed = async () =>
    (await list()).map((customer) => {
      const { status, feePaidMinor, feeDebtMinor } = cohortOf(customer, COUNTRIES.LS.fees);
      return [customer.name, status, feePaidMinor, feeDebtMinor];
    });

  it("are worked out from fees and light, and money for electricity never counts towards a fee", async () => {
    expect(await placed()).toEqual([
      ["Nothing yet", "not_paid", 0, 100_000],
      ["Moved in, fee unknown", "fee_unknown_not_metered", null, null],
      ["Two accounts, two meters", "partially_paid_connected", 100_200, 99_800],
      ["Bought much, paid no fee", "not_paid", 0, 100_000],
      ["Paid both fees and has no meter", "fully_paid_not_metered", 100_000, 0],
      ["Took the fee back", "not_paid", 0, 100_000],
      ["Old books know the fee", "partially_paid_not_connected", 50_100, 49_900],
      ["Ended", "terminated", null, null],
      ["Ends tomorrow", "not_paid", 0, 100_000],
    ]);
  });

  it("say what was paid for electricity, without openings, and the local day of the first fee", async () => {
    const rows = await list();
    expect(rows.map(({ electricityMinor }) => electricityMinor)).toEqual([0, 0, 0, 100_000, 0, 0, 99_900, 0, 0]);
    expect(rows[6]?.firstFeeOn).toBe("2019-05-02");
    expect(rows[4]?.accounts.map(({ account }) => account)).toEqual(["0004MAK"]);
  });

  it("bug of old: list and detail disagreed", async () => {
    const rows = await list();
    for (const row of rows) expect(await cohortCustomer(db, MASERU, row.customerId)).toEqual(row);
    expect(await cohortCustomer(db, MASERU, 999_999)).toBeNull();
  });

  it("come page by page, each once, and site and type narrow together in any order", async () => {
    const rows = await list();
    const pages = [];
    for (let after = 0; ; ) {
      const page = await cohortCustomers(db, MASERU, after, 2);
      if (page.length === 0) break;
      pages.push(...page);
      after = page.at(-1)?.customerId ?? after;
    }
    expect(pages).toEqual(rows);
    expect(await cohortCustomers(db, { ...MASERU, site: "MAK", type: "SME" }, 0, 100)).toEqual([]);
    expect(await cohortCustomers(db, { ...MASERU, site: "KET" }, 0, 100)).toEqual([]);
  });
});
