import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { connect } from "../../src/adapters/neon/database.ts";
import { neonRefreshRuns } from "../../src/adapters/neon/refresh-runs.ts";
import { neonRestores } from "../../src/adapters/neon/restore-accounts.ts";
import { neonVendorSites } from "../../src/adapters/neon/vendor-sites.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { NOON, seed, value } from "./rows.ts";

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
  await seed(database.ownerUrl);
});
afterAll(() => database.drop());

const db = () => connect(database.appUrl, database.sqlUrl);
const by = { actor: "Mpho", reason: "the list of the vendor", at: NOON, requestId: "r1" };
const ask = (query: string) => withClient(database.ownerUrl, (client) => value(client, query));
const site = { site: "MAK", vendor: "thundercloud", vendorSiteId: "BS-0001" } as const;

describe("a site of a vendor", () => {
  it("is named once, audited, and its accounts are told", async () => {
    const sites = neonVendorSites(db());
    const first = await sites.put(site, by);
    const version = first.ok ? first.value.version : null;
    expect(await sites.list()).toEqual([{ ...site, version }]);
    // Twice is the same as once.
    expect(await sites.put(site, by)).toMatchObject({ ok: true });
    expect(await sites.list()).toEqual([{ ...site, version }]);
    expect(await ask("SELECT count(*) FROM mutations WHERE action = 'vendor_site.put'")).toBe("1");
    expect(await neonRefreshRuns(db()).due(NOON + 600_000, 10)).toEqual([`vendor_site:${version}`]);
  });

  it("is what an account of the site goes by", async () => {
    const [known] = await accountFacts();
    expect(known?.facts.siteVendor).toBe("thundercloud");
    const before = known?.facts.version ?? 0;
    await neonVendorSites(db()).put({ ...site, vendor: "koios", vendorSiteId: "site-9" }, by);
    const [after] = await accountFacts();
    expect(after?.facts.siteVendor).toBe("koios");
    // Higher, or the account would take it for an older word.
    expect(after?.facts.version).toBeGreaterThan(before);
    expect(
      await ask(`SELECT concat_ws('>', before->>'vendor', after->>'vendor') FROM mutations
        WHERE action = 'vendor_site.put' ORDER BY id DESC LIMIT 1`),
    ).toBe("thundercloud>koios");
  });

  it("never gets the id of another, nor a site that nobody knows", async () => {
    await withClient(database.ownerUrl, (client) =>
      client.query("INSERT INTO sites (code, name, facts_version) VALUES ('MAS', 'Mas', 1) ON CONFLICT DO NOTHING"),
    );
    const sites = neonVendorSites(db());
    expect(await sites.put({ site: "MAS", vendor: "koios", vendorSiteId: "site-9" }, by)).toEqual({
      ok: false,
      error: { kind: "exists", detail: "site MAK has this id already" },
    });
    expect(await sites.put({ ...site, site: "XXX" }, by)).toEqual({
      ok: false,
      error: { kind: "unknown", detail: "site XXX" },
    });
    expect(await sites.list()).toHaveLength(1);
  });
});

async function accountFacts() {
  const facts = await neonRestores(db(), COUNTRIES.LS).accountsFacts([
    String(await ask("SELECT account_number FROM accounts WHERE site_code = 'MAK' ORDER BY id LIMIT 1")),
  ]);
  if (facts === "down") throw new Error("the database is down");
  return facts;
}
