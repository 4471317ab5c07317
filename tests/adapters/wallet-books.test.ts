import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect } from "../../src/adapters/neon/database.ts";
import { neonRegistry } from "../../src/adapters/neon/registry.ts";
import { neonWalletBooks } from "../../src/adapters/neon/wallet-books.ts";
import { closeWalletCase } from "../../src/adapters/neon/wallet-cases.ts";
import { buildPosting, consumptionKey, consumptionLines, GENESIS } from "../../src/domain/posting.ts";
import type { WalletBooks, WalletCheck } from "../../src/ports/wallet-books.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { items, NOON, value } from "./rows.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const by = { actor: "Lineo", reason: "a test", at: NOON };
/** Midnight of the day of NOON, UTC: meters hang from then on. */
const MIDNIGHT = NOON - (NOON % DAY);
const NOW = MIDNIGHT + DAY + 3 * HOUR + 1_000;

let database: FreshDatabase;
let db: ReturnType<typeof connect>;
let books: WalletBooks;
const owner = (query: string) => withClient(database.ownerUrl, (client) => value(client, query));
const accountIdOf = (account: string) =>
  owner(`SELECT id FROM accounts WHERE account_number = '${account}'`).then(Number);

beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  const registry = neonRegistry(db);
  books = neonWalletBooks(db);
  await registry.upsertSites(
    ["MAT", "KET"].map((code) => ({ code, name: code, district: null })),
    by,
  );
  const meter = (meterNumber: string, role: "primary" | "check" = "primary") => ({
    meterNumber,
    thing: null,
    role,
    from: MIDNIGHT,
    to: null,
    baseRegisterWh: null,
    ratingW: 2_000,
  });
  const account = (number: string, meters: ReturnType<typeof meter>[], status: "live" | "terminated" = "live") => ({
    account: number,
    site: number.slice(4),
    status,
    customer: { key: number, name: "Test", phones: [], language: null },
    meters,
    aliases: [],
    rates: [],
  });
  const made = await registry.upsertAccounts(
    [
      account("0001MAT", [meter("SM16R-01-0000AB01")]),
      account("0002MAT", [meter("23099002")]),
      account("0003MAT", [meter("SM16R-01-0000AB03", "check"), meter("23099003")]),
      account("0004MAT", [meter("SM16R-01-0000AB04")], "terminated"),
      account("0005MAT", [meter("SM16R-01-0000AB05")]),
      account("0006KET", [meter("SM16R-01-0000AB06")]),
    ],
    by,
  );
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  await registry.putTariff({ scope: "global", rateE4PerKwh: 50_000, validFrom: MIDNIGHT - DAY }, by);
  await owner(
    "INSERT INTO vendor_sites (site_code, vendor, vendor_site_id, facts_version) VALUES ('MAT', 'koios', 'm-1', 1)",
  );
});
afterAll(() => database.drop());

describe("accounts with a wallet on a platform", () => {
  it("are the live ones whose primary meter is a SparkMeter at a site of that vendor, in pages", async () => {
    const first = await books.page("", 1, NOW);
    expect(first.map(({ account, vendor }) => [account, vendor])).toEqual([["0001MAT", "koios"]]);
    expect((await books.page("0001MAT", 50, NOW)).map(({ account }) => account)).toEqual(["0005MAT"]);
    expect(await books.one("0002MAT", NOW)).toBeNull();
    expect(await books.one("0006KET", NOW)).toBeNull();
  });

  it("lack each hour since the meter hangs there of which no row stands, and none of the future", async () => {
    const id = await accountIdOf("0001MAT");
    await owner(`INSERT INTO consumption_hourly (meter_id, account_id, hour, energy_wh, estimated, source)
      SELECT m.id, ${id}, h, 40, false, 'koios' FROM meters m,
        generate_series(cc_at(${MIDNIGHT}), cc_at(${MIDNIGHT + 9 * HOUR}), interval '1 hour') h
      WHERE m.meter_number = 'SM16R-01-0000AB01'`);
    const found = await books.one("0001MAT", NOW);
    const [today, tomorrow] = [MIDNIGHT, MIDNIGHT + DAY].map((at) => new Date(at).toISOString().slice(0, 10));
    expect(found?.facts).toMatchObject({
      oursWh: 0,
      rateE4PerKwh: 50_000,
      ratedWhPerHour: 2_000,
      usualWhPerHour: 40,
      missing: [
        { day: today, hours: 14 },
        { day: tomorrow, hours: 3 },
      ],
    });
  });

  it("lack nothing of the time before the cut-over", async () => {
    await owner(
      `INSERT INTO country_settings (key, value, facts_version) VALUES ('cutover_at', '${MIDNIGHT + DAY}', 1)`,
    );
    const found = await books.one("0001MAT", NOW);
    expect(found?.facts.missing.map(({ hours }) => hours)).toEqual([3]);
    await owner("DELETE FROM country_settings WHERE key = 'cutover_at'");
  });
});

describe("what was seen", () => {
  const seen = async (over: Partial<WalletCheck>): Promise<WalletCheck> => ({
    accountId: await accountIdOf("0005MAT"),
    account: "0005MAT",
    vendor: "koios",
    readAt: NOW,
    walletMinor: 12_000,
    rateE4PerKwh: 50_000,
    theirRateE4PerKwh: 50_000,
    oursWh: 20_000,
    theirsWh: 24_000,
    verdict: "differ",
    causes: [{ cause: "platform_edit", explainsWh: 4_000 }],
    ...over,
  });
  const cases = async () =>
    JSON.parse(
      String(
        await owner(`SELECT json_agg(json_build_object('state', state, 'delta', details -> 'deltaWh', 'version', version) ORDER BY opened_at)::text
      FROM reconciliation_cases WHERE case_kind = 'wallet_drift' AND subject = '0005MAT'`),
      ),
    );

  it("is one row a day and one case an account, however often it is seen", async () => {
    for (const readAt of [NOW, NOW, NOW + HOUR]) await books.keep([await seen({ readAt })], "LSL");
    expect(await owner("SELECT count(*) FROM wallet_checks")).toBe("1");
    expect(await cases()).toEqual([{ state: "open", delta: 4_000, version: 3 }]);
  });

  it("of an earlier look does not replace a later one", async () => {
    await books.keep([await seen({ readAt: NOW - HOUR, walletMinor: 1 })], "LSL");
    expect(await owner("SELECT wallet_minor FROM wallet_checks")).toBe("12000");
    expect(await cases()).toMatchObject([{ version: 3 }]);
  });

  it("ends the case when both sides agree again, and a later difference is another case", async () => {
    const agreed = { walletMinor: 10_000, theirsWh: 20_000, verdict: "agree", causes: [] } as const;
    await books.keep([await seen({ readAt: NOW + DAY, ...agreed })], "LSL");
    expect(await cases()).toMatchObject([{ state: "closed", delta: 0 }]);
    await books.keep([await seen({ readAt: NOW + 2 * DAY })], "LSL");
    expect(await cases()).toMatchObject([{ state: "closed" }, { state: "open", delta: 4_000 }]);
  });

  it("is settled by a person, with a reason that stays, and no second time", async () => {
    const order = { ...by, at: NOW + 2 * DAY + HOUR, reason: "the vendor's refund of 20 November" };
    expect(await closeWalletCase(db, "0005MAT", order)).toMatchObject({ ok: true });
    expect(await cases()).toMatchObject([{ state: "closed" }, { state: "closed" }]);
    const acts = "SELECT json_agg(actor || ': ' || reason)::text FROM mutations WHERE action = 'case.close'";
    expect(JSON.parse((await owner(acts)) ?? "[]")).toEqual(["Lineo: the vendor's refund of 20 November"]);
    expect(await closeWalletCase(db, "0005MAT", order)).toMatchObject({ ok: false, error: { kind: "unknown" } });
    await books.keep([await seen({ readAt: NOW + 2 * DAY + 2 * HOUR })], "LSL");
    expect(await cases()).toMatchObject([{}, {}, { state: "open" }]);
  });

  it("with what is late left out of it, ends what a rate of theirs is counted over: what was used before agreed", async () => {
    const id = await accountIdOf("0001MAT");
    let head = GENESIS;
    for (const [nth, readAt] of [NOW + 4 * DAY, NOW + 6 * DAY].entries()) {
      const debit = {
        meterNumber: "SM16R-01-0000AB01",
        kind: "consumption",
        fromWh: nth * 700,
        toWh: (nth + 1) * 700,
        readAt,
      };
      const entryKey = consumptionKey(debit.meterNumber, { toWh: debit.toWh, readAt });
      const order = {
        accountId: id,
        postingId: entryKey,
        currency: "LSL",
        provider: null,
        tariffId: null,
        receipt: null,
      } as const;
      const built = buildPosting(
        head,
        { ...order, rateE4PerKwh: null, actor: null, reason: null, occurredAt: readAt, acceptedAt: readAt },
        consumptionLines(entryKey, debit as Parameters<typeof consumptionLines>[1]),
      );
      head = built.head;
      const row = { kind: "posting" as const, account: "0001MAT", accountId: id, ...built.posting };
      expect(await neonCopies(db).write(items([row]))).toMatchObject({ refused: [], conflicts: [] });
    }
    const used = async () => (await books.one("0001MAT", NOW + 7 * DAY))?.facts.usedWh;
    expect(await used()).toBe(1_400);
    const look = { accountId: id, account: "0001MAT", readAt: NOW + 5 * DAY };
    await books.keep([await seen({ ...look, verdict: "differ" })], "LSL");
    expect(await used()).toBe(1_400);
    const caseOf = () =>
      db.read(`SELECT state, closed_at IS NOT NULL AS ended FROM reconciliation_cases
        WHERE case_kind = 'wallet_drift' AND subject = '0001MAT' ORDER BY opened_at DESC LIMIT 1`);
    expect(await caseOf()).toEqual([{ state: "open", ended: false }]);
    await books.keep([await seen({ ...look, readAt: look.readAt + HOUR, verdict: "waits", causes: [] })], "LSL");
    expect(await used()).toBe(700);
    expect(await caseOf(), "what is late alone is nothing for a person").toEqual([{ state: "closed", ended: true }]);
  });

  it("that nothing can be said of leaves the case as it is", async () => {
    const blind = { walletMinor: null, theirsWh: null, verdict: "unknown", causes: [{ cause: "no_wallet" }] } as const;
    await books.keep([await seen({ readAt: NOW + 3 * DAY, ...blind })], "LSL");
    expect(await cases()).toMatchObject([{}, {}, { state: "open", delta: 4_000, version: 1 }]);
  });
});
