import { afterAll, beforeAll, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { connect } from "../../src/adapters/neon/database.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import { foreignRows } from "../../src/queries/isolation.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";

let database: FreshDatabase;
beforeAll(async () => {
  // Not named: as it was before a database knew whose it is.
  database = await freshDatabase();
});
afterAll(() => database.drop());
const run = (query: string) => withClient(database.ownerUrl, (client) => client.query(query));
const found = (country = COUNTRIES.LS) =>
  foreignRows(connect(database.appUrl, database.sqlUrl), country, Date.UTC(2026, 0, 1));

it("nothing of another country is found where there is none, sites of the past among the own", async () => {
  await run("INSERT INTO sites (code, name, facts_version) VALUES ('MAK', 'M', 1), ('KIT', 'K', 1)");
  await run("INSERT INTO tills VALUES ('own', 'T', '{mpesa}', '{X}', 'LSL', 1, 1, 1, 1, 1)");
  expect(await found()).toEqual([]);
});

it("sites, accounts, tills, money and vendors of another country are found, each with how much it is", async () => {
  await run(`INSERT INTO sites (code, name, facts_version) VALUES ('GBO', 'G', 1), ('QQQ', 'Q', 1);
    INSERT INTO tills VALUES ('foreign', 'T', '{momo}', '{X}', 'XOF', 1, 1, 1, 1, 1);
    INSERT INTO vendor_sites (site_code, vendor, vendor_site_id, facts_version) VALUES ('MAK', 'thundercloud', 'x', 1);
    INSERT INTO payments (receipt, shard, provider, amount_minor, currency, holder_kind, paid_at, road, generation, version,
      blocked, claimed_at) VALUES ('R1', 3, 'momo', 1, 'XOF', 'suspense', '2026-11-01', 'sms', 1, 1, false, now()),
      ('R2', 3, 'momo', 1, 'XOF', 'suspense', '2025-11-01', 'sms', 1, 1, false, now())`);
  expect(await found()).toEqual([
    { what: "payments", which: "XOF", rows: 1 },
    { what: "site", which: "GBO", rows: 0 },
    { what: "site", which: "QQQ", rows: 0 },
    { what: "tills", which: "foreign", rows: 1 },
  ]);
  expect(await found(COUNTRIES.BJ)).toContainEqual({ what: "vendor_sites", which: "thundercloud", rows: 1 });
});
