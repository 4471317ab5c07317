import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { feeds } from "../../src/queries/feeds.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { seed } from "./rows.ts";

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 10, 29, 12);
const DEAD_SINCE = NOW - 200 * DAY_MS;
const day = (at: number) => new Date(at).toISOString().slice(0, 10);

let database: FreshDatabase;
let db: Database;

const own = (text: string, params: unknown[] = []) =>
  withClient(database.ownerUrl, async (client) => (await client.query(text, params)).rows);
const namesOf = async (kind: string, vendors = ["koios", "thundercloud"]) =>
  (await feeds(db, NOW, vendors)).flatMap((feed) => (feed.kind === kind ? [[feed.name, feed.newestAt]] : []));

beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  await seed(database.ownerUrl);
  await own(`INSERT INTO sites (code, name, district, facts_version) SELECT c, c, 'Maseru', 1 FROM unnest(ARRAY['KET', 'SEB', 'TLH']) AS c
    ON CONFLICT DO NOTHING`);
});
afterAll(() => database.drop());

const unit = (site: string, at: number, source: string, freshAt: number | null) =>
  own(
    `INSERT INTO meter_days (site_code, day, source, fresh_at) VALUES ($1, $2, $3, cc_at($4::bigint))
      ON CONFLICT ON CONSTRAINT meter_days_key DO UPDATE SET fresh_at = excluded.fresh_at`,
    [site, day(at), source, freshAt],
  );
const vendorSite = (site: string, vendor: string) =>
  own("INSERT INTO vendor_sites (site_code, vendor, vendor_site_id, facts_version) VALUES ($1, $2, $1, 1)", [
    site,
    vendor,
  ]);

describe("a vendor's days", () => {
  it("are as old as their newest hour, however long the vendor is dead and though each new day stays empty", async () => {
    await vendorSite("KET", "koios");
    await unit("KET", DEAD_SINCE, "koios", DEAD_SINCE);
    for (let n = 1; n <= 40; n++) await unit("KET", NOW - n * DAY_MS, "koios", null);
    expect(await namesOf("vendor_days")).toEqual([["KET koios", DEAD_SINCE]]);
  });

  it("are one feed of all the vendor's sources, and what a person brought as a file is none of them", async () => {
    await unit("KET", NOW - DAY_MS, "koios_file", NOW);
    expect(await namesOf("vendor_days")).toEqual([["KET koios", DEAD_SINCE]]);
    await unit("KET", NOW - 3 * DAY_MS, "koios_report", NOW - DAY_MS);
    expect(await namesOf("vendor_days")).toEqual([["KET koios", NOW - DAY_MS]]);
  });

  it("that never came say so, and a site that has no vendor any more or one that nobody reads is no feed", async () => {
    await vendorSite("SEB", "thundercloud");
    await unit("TLH", DEAD_SINCE, "koios", DEAD_SINCE);
    expect(await namesOf("vendor_days")).toEqual([
      ["KET koios", NOW - DAY_MS],
      ["SEB thundercloud", null],
    ]);
    expect(await namesOf("vendor_days", ["thundercloud"])).toEqual([["SEB thundercloud", null]]);
    expect(await namesOf("vendor_balances", ["koios"])).toEqual([["koios", null]]);
    expect(await namesOf("vendor_days", [])).toEqual([]);
  });
});

describe("a till's statements", () => {
  const till = (id: string, providers: string[]) =>
    own(
      `INSERT INTO tills (id, name, providers, senders, currency, payment_minor_max, account_day_minor_max, till_day_minor_max,
        chain_break_minor_max, facts_version) VALUES ($1, $1, $2, '{}', 'LSL', 1, 1, 1, 1, 1)`,
      [id, providers],
    );
  const covered = (id: string, provider: string) =>
    own(
      `INSERT INTO till_days (till_id, provider, day, currency, statement_minor, payments_minor, suspense_minor, treasury_minor,
        withdrawn_minor, reversed_minor, difference_minor, lines, missing, unexplained, covered, state, computed_at)
        VALUES ($1, $2, $3, 'LSL', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, true, 'open', now())`,
      [id, provider, day(DEAD_SINCE)],
    );
  const phone = (id: string, tillId: string, revoked: boolean) =>
    own(
      `INSERT INTO gateway_phones (id, name, till_id, channel, token_hashes, facts_version, revoked_at)
        VALUES ($1, $1, $2, 'electricity', ARRAY[$1], 1, CASE WHEN $3 THEN now() END)`,
      [id, tillId, revoked],
    );

  it("are late of a till that is in use, and none of one whose phones are all revoked or of an operator that it gave up", async () => {
    for (const id of ["in-use", "retired", "no-phone"]) {
      await till(id, ["mpesa"]);
      await covered(id, "mpesa");
    }
    await covered("in-use", "ecocash");
    await phone("old-phone", "in-use", true);
    await phone("new-phone", "in-use", false);
    await phone("last-phone", "retired", true);
    const at = Date.parse(day(DEAD_SINCE));
    expect(await namesOf("statement")).toEqual([
      ["in-use mpesa", at],
      ["no-phone mpesa", at],
    ]);
  });
});
