import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { appliedIn, chainOnDisk, compareChain, passedOver } from "../../dev/deliver/chain.ts";
import { freshDatabase } from "./database.ts";
import { begin, close, database, deliver, deliverTo, open } from "./deploy-world.ts";

beforeAll(open);
afterAll(close);
beforeEach(begin);

describe("the database of a delivery", () => {
  beforeEach(async () => {
    deliverTo(await freshDatabase());
  });
  afterEach(() => database.drop());
  const rows = (query: string) => withClient(database.ownerUrl, (client) => client.query(query));

  it("whose tables are there though it says that it has none is refused: it is no chain to go on from", async () => {
    await rows("DELETE FROM drizzle.__drizzle_migrations WHERE id > 0");
    const { text } = await deliver();
    expect(text).toContain("9/12 migrate the database: REFUSED");
  });

  it("with another migration than the chain has is refused before anything is written", async () => {
    await rows("UPDATE drizzle.__drizzle_migrations SET hash = repeat('0', 64) WHERE id = 3");
    const { text } = await deliver();
    expect(text).toMatch(
      /9\/12 migrate the database: REFUSED, 0002_\w+ is another one in the database: 000000000000 there/,
    );
  });

  it("that is ahead of the chain is refused", async () => {
    await rows("INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ('feed', 9999999999999)");
    expect((await deliver()).text).toContain("REFUSED, the database has a migration that is not in the chain: feed");
  });

  it("that is newer than a migration it lacks is refused: the migrator would pass it over", async () => {
    await rows(
      "UPDATE drizzle.__drizzle_migrations SET created_at = 9999999999999 WHERE id = (SELECT max(id) - 1 FROM drizzle.__drizzle_migrations); DELETE FROM drizzle.__drizzle_migrations WHERE id = (SELECT max(id) FROM drizzle.__drizzle_migrations)",
    );
    expect((await deliver()).text).toMatch(
      /REFUSED, \d{4}_\w+ is older than what the database has: it would be passed over/,
    );
  });

  it("of another country is refused", async () => {
    await rows("INSERT INTO sites (code, name, district, facts_version) VALUES ('GBO', 'Gbowélé', 'Zou', 1)");
    expect((await deliver()).text).toContain(
      "REFUSED, this database holds GBO, no sites of Lesotho: nothing was changed",
    );
  });

  it("that was named for another country is refused", async () => {
    await rows("INSERT INTO database_country (code, currency, site_codes) VALUES ('BJ', 'XOF', '{GBO}')");
    expect((await deliver()).text).toContain("REFUSED, this database belongs to BJ, not to LS: nothing was changed");
  });

  it("has the chain of this clone", async () => {
    const applied = await appliedIn(database.ownerUrl);
    expect(compareChain(chainOnDisk(), applied)).toEqual({ pending: [], faults: [] });
    expect(passedOver(chainOnDisk(), applied)).toEqual([]);
    expect(await appliedIn(inject("databaseSuperUrl"))).toEqual([]);
  });
});
