import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { migrate } from "../../dev/migrate.ts";
import { CALL_MS_MAX, connect, orDown } from "../../src/adapters/neon/database.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";

const SITE = (code: string) => `INSERT INTO sites (code, name, facts_version) VALUES ('${code}', '${code}', 1)`;

let ours: FreshDatabase;
beforeAll(async () => {
  ours = await freshDatabase();
  await migrate(ours.ownerUrl, COUNTRIES.LS);
});
afterAll(async () => {
  await ours.drop();
});

const run = (query: string, database = ours) => withClient(database.ownerUrl, (client) => client.query(query));
const as = (country: string, database = ours) => connect(database.appUrl, database.sqlUrl, CALL_MS_MAX, country);

describe("a country's database", () => {
  it("is not brought on for another country, and nothing of it changes", async () => {
    await expect(migrate(ours.ownerUrl, COUNTRIES.BJ)).rejects.toThrow(
      "this database belongs to LS, not to BJ: nothing was changed",
    );
    const { rows } = await run("SELECT code, currency, site_codes FROM database_country");
    expect(rows).toEqual([
      { code: "LS", currency: "LSL", site_codes: [...COUNTRIES.LS.siteCodes, ...COUNTRIES.LS.closedSiteCodes] },
    ]);
  });

  it("that has another's sites is not named for this one", async () => {
    const mixed = await freshDatabase();
    await run(`${SITE("MAK")}; ${SITE("GBO")}`, mixed);
    await expect(migrate(mixed.ownerUrl, COUNTRIES.LS)).rejects.toThrow(
      "this database holds GBO, no sites of Lesotho: nothing was changed",
    );
    expect((await run("SELECT FROM database_country", mixed)).rowCount).toBe(0);
    await mixed.drop();
  });

  it("gets the sites that its file has gained, when it is brought on again", async () => {
    await migrate(ours.ownerUrl, { ...COUNTRIES.LS, siteCodes: [...COUNTRIES.LS.siteCodes, "NEW"] });
    await run(SITE("NEW"));
    await run("DELETE FROM sites WHERE code = 'NEW'");
    await migrate(ours.ownerUrl, COUNTRIES.LS);
    await expect(run(SITE("NEW"))).rejects.toThrow("NEW is no site of LS");
  });

  it.each([
    ["a site of another country", SITE("GBO"), "GBO is no site of LS, whose database this is"],
    ["a site that becomes another's", "UPDATE sites SET code = 'SAM' WHERE code = 'MAK'", "SAM is no site of LS"],
    [
      "an account of another's site",
      "INSERT INTO accounts (account_number, site_code, customer_id, status, facts_version) VALUES ('0045GBO', 'GBO', 1, 'live', 1)",
      "violates foreign key constraint",
    ],
    [
      "a till in another's currency",
      `INSERT INTO tills VALUES ('t', 'T', '{momo}', '{X}', 'XOF', 1, 1, 1, 1, 1)`,
      "XOF is not the currency of LS, whose database this is",
    ],
    [
      "a payment in another's currency",
      `INSERT INTO payments (receipt, shard, provider, amount_minor, currency, holder_kind, paid_at, road, generation, version,
        blocked, claimed_at) VALUES ('R1', 3, 'momo', 1, 'XOF', 'suspense', now(), 'sms', 1, 1, false, now())`,
      "XOF is not the currency of LS, whose database this is",
    ],
    ["another name", "UPDATE database_country SET code = 'BJ'", "this database belongs to LS, and to no other country"],
    ["to be nobody's", "DELETE FROM database_country", "this database belongs to LS, and to no other country"],
    [
      "a second country",
      "INSERT INTO database_country (code, currency, site_codes) VALUES ('BJ', 'XOF', '{GBO}')",
      "duplicate key",
    ],
  ])("refuses %s by itself", async (_, query, says) => {
    await run(`${SITE("MAK")} ON CONFLICT DO NOTHING`);
    await expect(run(query)).rejects.toThrow(says);
  });

  it("takes its own sites, and those of its past", async () => {
    await run(`${SITE("KET")}; ${SITE("KIT")}`);
  });
});

describe("a Worker with another country's database", () => {
  it("reads nothing and writes nothing, and says whose it is", async () => {
    const says = "this database belongs to LS, and this Worker serves BJ";
    await expect(as("BJ").read("SELECT code FROM sites")).rejects.toThrow(says);
    const write = { query: "INSERT INTO fx_rates DEFAULT VALUES", params: [] };
    await expect(as("BJ").transaction([write])).rejects.toThrow(says);
  });

  it("goes on as while the database is down, where a port can say so", async () => {
    expect(await orDown("test", () => as("BJ").read("SELECT 1 AS one"))).toBe("down");
  });

  it("does not work with one that nobody has named, and does when it was named", async () => {
    const database = await freshDatabase();
    await expect(as("ZM", database).read("SELECT 1 AS one")).rejects.toThrow(
      "this database was not named yet: npm run db:migrate -- --country zm",
    );
    await database.drop();
  });

  it("asks once whose it is: what is known is not asked again", async () => {
    expect(await as("LS").read("SELECT 1 AS one")).toEqual([{ one: 1 }]);
    await run("ALTER TABLE database_country RENAME TO hidden");
    try {
      expect(await as("LS").read("SELECT 1 AS one")).toEqual([{ one: 1 }]);
    } finally {
      await run("ALTER TABLE hidden RENAME TO database_country");
    }
  });
});
