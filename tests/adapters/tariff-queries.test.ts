import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonRegistry } from "../../src/adapters/neon/registry.ts";
import { energyForMoney } from "../../src/domain/energy.ts";
import { buildPosting, GENESIS, type LedgerHead, paymentLines, reversalLines } from "../../src/domain/posting.ts";
import { resolveTariff } from "../../src/domain/tariff.ts";
import { effectOf } from "../../src/domain/tariff-effect.ts";
import type { Registry, TariffRegistration } from "../../src/ports/registry.ts";
import { otherwisePriced, tellingRuns, wantedVersions } from "../../src/queries/tariff-checks.ts";
import { boughtUnder, tariffProfiles } from "../../src/queries/tariff-effect.ts";
import { ownRates, rowsOfAccount, tariffHistory, tariffOf, wideRows } from "../../src/queries/tariffs.ts";
import { random } from "../random.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { NOON, value } from "./rows.ts";

const DAY = 86_400_000;
const by = { actor: "Lineo", reason: "a test", at: NOON };
const ACCOUNTS = ["0001MAK", "0002MAK", "0003MAK", "0001SHG", "0002SHG"];

let database: FreshDatabase;
let db: Database;
let registry: Registry;
const put = (tariff: TariffRegistration, at = NOON) => registry.putTariff(tariff, { ...by, at });
const idOf = (account: string) =>
  withClient(database.ownerUrl, (client) =>
    value(client, `SELECT id FROM accounts WHERE account_number = '${account}'`),
  ).then(Number);

const heads = new Map<string, LedgerHead>();
async function pay(account: string, receipt: string, amountMinor: number, paidAt: number, reversed = false) {
  const accountId = await idOf(account);
  const { rows = [] } = (await rowsOfAccount(db, account)) ?? {};
  const { tariffId, rateE4PerKwh } = resolveTariff(rows, paidAt);
  const energyWh = energyForMoney(amountMinor, 2, rateE4PerKwh ?? 1);
  const entryKey = `receipt:${receipt}#1.1`;
  const frame = {
    accountId,
    postingId: entryKey,
    currency: "LSL",
    provider: "mpesa",
    tariffId,
    rateE4PerKwh,
    receipt,
  } as const;
  const rest = { actor: null, reason: null, occurredAt: paidAt, acceptedAt: paidAt };
  const post = {
    entryKey,
    receipt,
    provider: "mpesa",
    road: "sms",
    amountMinor,
    currency: "LSL",
    paidAt,
    payerPhone: null,
  } as const;
  const built = buildPosting(
    heads.get(account) ?? GENESIS,
    { ...frame, ...rest },
    paymentLines({ ...post, contra: "clearing", actor: null, twinAllowed: false }, energyWh),
  );
  const postings = [built.posting];
  heads.set(account, built.head);
  if (reversed) {
    const [own] = built.posting.rows;
    if (own === undefined) throw new Error("no row");
    const back = buildPosting(built.head, { ...frame, ...rest, postingId: `${entryKey}:reversal` }, reversalLines(own));
    postings.push(back.posting);
    heads.set(account, back.head);
  }
  const written = await neonCopies(db).write(
    postings.map((posting, id) => ({ id, row: { kind: "posting" as const, account, accountId, ...posting } })),
  );
  expect(written.refused).toEqual([]);
  return energyWh;
}

beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  registry = neonRegistry(db);
  await registry.upsertSites(
    ["MAK", "SHG"].map((code) => ({ code, name: `Ha ${code}`, district: null })),
    by,
  );
  await registry.upsertAccounts(
    ACCOUNTS.map((account) => ({
      account,
      site: account.slice(4),
      status: account === "0003MAK" ? ("terminated" as const) : ("live" as const),
      customer: { key: account, name: "Test", phones: [], language: null },
      meters: [],
      aliases: [],
      rates: [],
    })),
    by,
  );
  await put({ scope: "global", rateE4PerKwh: 50_000, validFrom: 0 });
  await put({ scope: "site", site: "SHG", rateE4PerKwh: 45_000, validFrom: 0 });
  await put({ scope: "account", account: "0002MAK", rateE4PerKwh: 30_000, validFrom: 0 });
  await put({ scope: "account", account: "0002SHG", rateE4PerKwh: 20_000, validFrom: NOON + 60 * DAY });
});
afterAll(() => database.drop());

describe("what stands", () => {
  it("is read as the resolver needs it: wide rows, those of an account, and accounts with their own, by pages", async () => {
    expect((await wideRows(db)).map(({ scope, site, createdBy }) => [scope, site, createdBy])).toEqual([
      ["global", null, "Lineo"],
      ["site", "SHG", "Lineo"],
    ]);
    const of = await rowsOfAccount(db, "0002SHG");
    expect(of?.site).toBe("SHG");
    expect(of?.rows.map(({ scope }) => scope)).toEqual(["global", "site", "account"]);
    expect(resolveTariff(of?.rows ?? [], NOON)).toMatchObject({ scope: "site", rateE4PerKwh: 45_000 });
    expect(await rowsOfAccount(db, "9999MAK")).toBeNull();
    const pages = [await ownRates(db, "", 1), await ownRates(db, "0002MAK", 1), await ownRates(db, "0002SHG", 1)];
    expect(pages.map((page) => page.map(({ account, rows }) => [account, rows.length]))).toEqual([
      [["0002MAK", 1]],
      [["0002SHG", 1]],
      [],
    ]);
  });

  it("has a history with who and why, cancelled rows too, by pages and by whose it is", async () => {
    await put({ scope: "site", site: "MAK", rateE4PerKwh: 1, validFrom: NOON + 99 * DAY });
    const [last] = await tariffHistory(db, { scope: null, site: null, account: null, before: null, limit: 1 });
    await registry.cancelTariff(last?.tariffId ?? 0, { actor: "Mpho", reason: "cents for units", at: NOON + 1 });
    const all = await tariffHistory(db, { scope: null, site: null, account: null, before: null, limit: 10 });
    expect(all.map(({ scope, site, account }) => [scope, site ?? account])).toEqual([
      ["site", "MAK"],
      ["account", "0002SHG"],
      ["account", "0002MAK"],
      ["site", "SHG"],
      ["global", null],
    ]);
    expect(all[0]).toMatchObject({
      cancelledBy: "Mpho",
      cancelReason: "cents for units",
      cancelledAt: NOON + 1,
      createdBy: "Lineo",
      reason: "a test",
      ends: false,
    });
    expect(await tariffOf(db, all[0]?.tariffId ?? 0)).toEqual(all[0]);
    const page = { scope: "account", site: null, account: null, before: all[1]?.tariffId ?? 0, limit: 10 } as const;
    expect((await tariffHistory(db, page)).map(({ account }) => account)).toEqual(["0002MAK"]);
    expect(await tariffHistory(db, { ...page, before: null, scope: null, account: "0002SHG" })).toHaveLength(1);
  });

  it("has for each account the version its object should have", async () => {
    const before = await wantedVersions(db, "", 10);
    await put({ scope: "account", account: "0001SHG", rateE4PerKwh: 2, validFrom: NOON + 70 * DAY });
    const after = await wantedVersions(db, "", 10);
    expect(
      after.filter(({ version }, index) => version !== before[index]?.version).map(({ account }) => account),
    ).toEqual(["0001SHG"]);
    const [run] = await tellingRuns(db, 1);
    expect(run).toMatchObject({
      change: expect.stringMatching(/^tariff:/),
      state: "running",
      accounts: 1,
      seen: 0,
      late: [],
    });
  });
});

describe("a dry run", () => {
  const wanted = { scope: "global", rateE4PerKwh: 70_000, ends: false, validFrom: NOON + DAY } as const;

  it("counts who is served, by the rows that decide for them", async () => {
    const profiles = await tariffProfiles(db, { site: null, account: null });
    expect(profiles.map(({ site, account, accounts }) => [site, account, accounts])).toEqual([
      ["MAK", null, 1],
      ["SHG", "0001SHG", 1],
      ["MAK", "0002MAK", 1],
      ["SHG", "0002SHG", 1],
    ]);
    expect(effectOf(profiles, [], wanted, NOON)).toMatchObject({
      accounts: 4,
      changes: [{ at: wanted.validFrom, fromE4PerKwh: 50_000, toE4PerKwh: 70_000, accounts: 1 }],
      shielded: expect.arrayContaining([
        { by: "account", accounts: 1, sites: ["MAK"] },
        { by: "site", accounts: 2, sites: ["SHG"] },
      ]),
    });
    expect(await tariffProfiles(db, { site: null, account: "0002MAK" })).toMatchObject([
      { account: "0002MAK", accounts: 1 },
    ]);
    expect(await tariffProfiles(db, { site: null, account: "0003MAK" })).toEqual([]);
  });

  it("says what the payments of a time bought and would buy, each rounded by itself, without what was taken back", async () => {
    const draw = random(20_261_129);
    const amounts = Array.from({ length: 40 }, () => 1 + draw(300_000));
    for (const [index, amount] of amounts.entries()) await pay("0001MAK", `QK7D${index}`, amount, NOON - DAY - index);
    await pay("0001MAK", "QK7DBACK", 5_000, NOON - DAY, true);
    await pay("0001MAK", "QK7DOLD", 5_000, NOON - 31 * DAY);
    await pay("0002MAK", "QK7DOWN", 5_000, NOON - DAY);
    const profiles = await tariffProfiles(db, { site: null, account: null });
    const sum = (rate: number) => amounts.reduce((total, amount) => total + energyForMoney(amount, 2, rate), 0);
    for (const rate of [70_000, 33_333, 80_000, 7]) {
      const { repriced } = effectOf(profiles, [], { ...wanted, rateE4PerKwh: rate }, NOON);
      expect(await boughtUnder(db, repriced, { from: NOON - 30 * DAY, to: NOON }, 2)).toEqual({
        payments: 40,
        amountMinor: amounts.reduce((total, amount) => total + amount, 0),
        postedWh: sum(50_000),
        beforeWh: sum(50_000),
        afterWh: sum(rate),
        unvended: 0,
      });
    }
    const { repriced } = effectOf(profiles, [], { ...wanted, rateE4PerKwh: null }, NOON);
    expect(await boughtUnder(db, repriced, { from: NOON - 30 * DAY, to: NOON }, 2)).toMatchObject({
      afterWh: 0,
      unvended: 40,
    });
    expect(await boughtUnder(db, [], { from: 0, to: NOON }, 2)).toMatchObject({
      payments: 0,
      amountMinor: 0,
      afterWh: 0,
    });
  });

  it("rounds a half to the even neighbour, as money is turned into energy", async () => {
    // At 4.00 a cent buys 2.5 Wh, and three buy 7.5.
    await pay("0001SHG", "QK7H1", 1, NOON - DAY);
    await pay("0001SHG", "QK7H3", 3, NOON - DAY);
    const repriced = [{ site: "SHG", account: "0001SHG", fromE4PerKwh: 45_000, toE4PerKwh: 40_000 }];
    const expected = energyForMoney(1, 2, 40_000) + energyForMoney(3, 2, 40_000);
    expect([energyForMoney(1, 2, 40_000), energyForMoney(3, 2, 40_000)]).toEqual([2, 8]);
    expect(await boughtUnder(db, repriced, { from: NOON - 2 * DAY, to: NOON }, 2)).toMatchObject({
      payments: 2,
      afterWh: expected,
    });
  });
});

it("a payment that an account priced before it was told of a change is listed, and no other", async () => {
  expect(await otherwisePriced(db, 0, 10)).toEqual([]);
  const at = NOON + 20 * DAY;
  await put({ scope: "site", site: "MAK", rateE4PerKwh: 48_000, validFrom: at });
  await pay("0001MAK", "QK7TOLD", 1_000, at + 1);
  const accountId = await idOf("0001MAK");
  const global = (await wideRows(db)).find(({ scope }) => scope === "global");
  const entryKey = "receipt:QK7UNTOLD#1.1";
  const built = buildPosting(
    heads.get("0001MAK") ?? GENESIS,
    {
      accountId,
      postingId: entryKey,
      currency: "LSL",
      provider: "mpesa",
      tariffId: global?.tariffId ?? null,
      rateE4PerKwh: 50_000,
      receipt: "QK7UNTOLD",
      actor: null,
      reason: null,
      occurredAt: at,
      acceptedAt: at,
    },
    [
      { entryKey, book: "customer_energy", kind: "payment", energyWh: 200, amountMinor: 100 },
      { entryKey: `${entryKey}/clearing`, book: "clearing", kind: "payment", energyWh: 0, amountMinor: -100 },
      { entryKey: `${entryKey}/sold`, book: "energy_sold", kind: "payment", energyWh: -200, amountMinor: 0 },
    ],
  );
  await neonCopies(db).write([{ id: 1, row: { kind: "posting", account: "0001MAK", accountId, ...built.posting } }]);
  expect(await otherwisePriced(db, 0, 10)).toMatchObject([
    { entryKey, account: "0001MAK", occurredAt: at, tariffId: global?.tariffId },
  ]);
});
