import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { connect } from "../../src/adapters/neon/database.ts";
import { neonLiveBalances } from "../../src/adapters/neon/live-balances.ts";
import { neonRegistry } from "../../src/adapters/neon/registry.ts";
import { neonVendorSites } from "../../src/adapters/neon/vendor-sites.ts";
import type { KeptLook, LiveBalances } from "../../src/ports/live-balances.ts";
import { customerOfAccount } from "../../src/queries/customers.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { NOON, value } from "./rows.ts";

const by = { actor: "Lineo", reason: "a test", at: NOON };
const HOUR = 3_600_000;

let database: FreshDatabase;
let live: LiveBalances;
const owner = (query: string) => withClient(database.ownerUrl, (client) => value(client, query));
const db = () => connect(database.appUrl, database.sqlUrl);

beforeAll(async () => {
  database = await freshDatabase();
  live = neonLiveBalances(db());
  const registry = neonRegistry(db());
  await registry.upsertSites(
    [
      { code: "MAT", name: "Mat", district: null },
      { code: "KET", name: "Ket", district: null },
    ],
    by,
  );
  const account = (
    number: string,
    meterNumber: string,
    over: { role?: "primary" | "check"; status?: "live" | "terminated" } = {},
  ) => ({
    account: number,
    site: number.slice(4),
    status: over.status ?? ("live" as const),
    customer: { key: number, name: "Test", phones: [], language: null },
    meters: [
      {
        meterNumber,
        thing: null,
        role: over.role ?? ("primary" as const),
        from: NOON - 48 * HOUR,
        to: null,
        baseRegisterWh: null,
        ratingW: null,
      },
    ],
    aliases: [],
    rates: [],
  });
  const made = await registry.upsertAccounts(
    [
      account("0001MAT", "SM16R-01-0000AB01"),
      account("0002MAT", "23099002"),
      account("0003MAT", "SM16R-01-0000AB03", { role: "check" }),
      account("0004MAT", "SM16R-01-0000AB04", { status: "terminated" }),
      account("0005KET", "SM16R-01-0000AB05"),
    ],
    by,
  );
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  await registry.putTariff({ scope: "global", rateE4PerKwh: 50_000, validFrom: NOON - 48 * HOUR }, by);
  await neonVendorSites(db()).put({ site: "MAT", vendor: "koios", vendorSiteId: "site-mat" }, by);
  await owner(`INSERT INTO consumption_daily (meter_id, account_id, day, energy_wh, hours, estimated_hours)
    SELECT m.id, p.account_id, d.day::date, 2400, 24, 0 FROM meters m JOIN meter_placements p ON p.meter_id = m.id
    CROSS JOIN (VALUES ('2026-11-02'), ('2026-11-01'), ('2026-10-01')) AS d(day) WHERE m.meter_number = 'SM16R-01-0000AB01'`);
});
afterAll(() => database.drop());

const idOf = async (account: string) =>
  Number(await owner(`SELECT id FROM accounts WHERE account_number = '${account}'`));
const look = (accountId: number, over: Partial<KeptLook> = {}): KeptLook => ({
  accountId,
  vendor: "koios",
  rateE4PerKwh: 50_000,
  walletMinor: 6_150,
  balanceWh: 12_300,
  readAt: NOON,
  ...over,
});

describe("the accounts that are looked at", () => {
  it("are live ones whose primary meter is of their site's vendor, with what they usually use", async () => {
    expect(await live.candidates(NOON, 100)).toEqual([
      {
        accountId: await idOf("0001MAT"),
        account: "0001MAT",
        vendor: "koios",
        ledgerWh: 0,
        rateE4PerKwh: 50_000,
        usualWhPerHour: 100,
        look: null,
      },
    ]);
    expect(await live.one("0002MAT", NOON)).toBeNull();
    expect(await live.one("0005KET", NOON)).toBeNull();
    // Before its meter hung there.
    expect(await live.one("0001MAT", NOON - 49 * HOUR)).toBeNull();
  });
});

describe("a look", () => {
  it("is kept with its age, and an older one never replaces a newer", async () => {
    const id = await idOf("0001MAT");
    await live.keep([look(id)], "LSL");
    await live.keep([look(id, { walletMinor: 1, balanceWh: 2, readAt: NOON - 1 })], "LSL");
    expect((await live.one("0001MAT", NOON))?.look).toEqual({ walletMinor: 6_150, balanceWh: 12_300, readAt: NOON });
    await live.keep([look(id, { walletMinor: null, balanceWh: null, readAt: NOON + HOUR })], "LSL");
    expect((await live.one("0001MAT", NOON))?.look).toEqual({
      walletMinor: null,
      balanceWh: null,
      readAt: NOON + HOUR,
    });
    expect(await owner("SELECT count(*) FROM live_balances")).toBe("1");
  });

  it("of another vendor's time says nothing about the wallet at this one", async () => {
    await neonVendorSites(db()).put({ site: "MAT", vendor: "thundercloud", vendorSiteId: "BS-1" }, by);
    expect(await live.one("0001MAT", NOON)).toMatchObject({ vendor: "thundercloud", look: null });
    await neonVendorSites(db()).put({ site: "MAT", vendor: "koios", vendorSiteId: "site-mat" }, by);
  });

  it("stands on the customer's card, as money with its instant", async () => {
    await live.keep([look(await idOf("0001MAT"), { readAt: NOON + 2 * HOUR })], "LSL");
    const card = await customerOfAccount(db(), "0001MAT");
    expect(card?.accounts[0]?.wallet).toEqual({
      vendor: "koios",
      walletMinor: 6_150,
      currency: "LSL",
      balanceWh: 12_300,
      readAt: NOON + 2 * HOUR,
    });
    expect((await customerOfAccount(db(), "0002MAT"))?.accounts[0]?.wallet).toBeNull();
  });

  it("makes no posting: the ledger stays as it was", async () => {
    expect(await owner("SELECT count(*) FROM ledger_entries")).toBe("0");
  });
});
