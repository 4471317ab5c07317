import { runInDurableObject } from "cloudflare:test";
import { neon, neonConfig } from "@neondatabase/serverless";
import { beforeAll, expect, inject, it } from "vitest";
import { closeCase } from "../../src/adapters/neon/cases.ts";
import type { LedgerRow } from "../../src/domain/ledger.ts";
import type { KeptAccount } from "../../src/ports/accounts.ts";
import { laterMeters } from "../../src/queries/later-meters.ts";
import { copyOutboxes } from "../../src/services/copy-outboxes.ts";
import type { Again } from "../../src/services/register-again.ts";
import { copyPortsOf, sourceOf } from "../../workers/copy.ts";
import type { CopyMessage, Env } from "../../workers/env.ts";
import { factsBehind } from "../../workers/jobs/facts-behind.ts";
import { compareHeads } from "../../workers/jobs/heads.ts";
import { caseKeyOf, type Difference, notRegistered } from "../../workers/jobs/heads-difference.ts";
import { configureAccounts } from "../../workers/jobs/refresh-accounts.ts";
import { accountLocator, RECEIPT_SHARDS, receiptBookOf, shardName, shardOf } from "../../workers/objects/locate.ts";
import { restoresOf } from "../../workers/objects/restores.ts";
import { databaseOf, readerOf, registryOf } from "../../workers/ports.ts";
import { KEYS, settings } from "../workers/country.ts";
import { Browser } from "./country.ts";
import { ownDatabase } from "./own-database.ts";

/** The database before it was lost, and the same one as it was before the account was registered. */
const held = async (): Promise<Env> => ({
  ...settings,
  DATABASE_URL: await ownDatabase("peopleDatabaseUrl"),
  NEON_SQL_URL: inject("peopleSqlUrl"),
  JOBS: { send: async () => undefined } as unknown as Env["JOBS"],
});
const lost = await held();
const back = await held();

const ACCOUNT = "0394MAK";
/** Registered before, and so in both. */
const OLD = "0396MAK";
/** Put back by hand. */
const BY_HAND = "0393MAK";
const METER = "23099394";
/** It hung at the account for a moment, and hangs at another since the database was set back. */
const LEFT = "23099395";
/** What the site's rate became in the hours that were lost, and what it becomes afterwards. */
const RATES = { lost: 60_000, next: 70_000 };
const OWN_RATE = 40_000;
const by = () => ({ actor: "a test", reason: null, at: Date.now() });
const paidAt = Date.now() - 60_000;
const ledger = (account = ACCOUNT) => accountLocator(back, account);
const rows = <T>(query: string, env = back) => databaseOf(env).read<T>(query);
const asOwner = (query: string, env = back) => {
  const url = new URL(inject("peopleSuperUrl"));
  url.pathname = new URL(env.DATABASE_URL).pathname;
  neonConfig.fetchEndpoint = inject("peopleSqlUrl");
  return neon(url.href).query(query);
};
const again = (over: object = {}) =>
  new Browser(back).ask(
    "POST",
    "/api/ops/accounts/again",
    { account: ACCOUNT, name: "Test Ninety-four", reason: "the database was set back", ...over },
    { headers: { "X-Ops-Key": KEYS.ops, "X-Actor": "Lineo" } },
  );

async function pay(receipt: string, env: Env, account = ACCOUNT) {
  await receiptBookOf(env, receipt).claim({
    receipt,
    provider: "mpesa",
    amountMinor: 2_000,
    currency: "LSL",
    paidAt,
    payerPhone: null,
    till: null,
    road: "sms",
    sightingKey: `sms:${receipt}`,
    seenAt: paidAt,
    holder: { kind: "account", account },
    actor: null,
    fromProvider: false,
  });
}

/** What objects owe goes where `env` says. */
async function copied(env: Env) {
  const shards = Array.from({ length: RECEIPT_SHARDS }, (_, shard) => shardName(shard));
  const named: CopyMessage[] = [
    ...shards.map((name) => ({ object: "receipt_book" as const, name })),
    ...[ACCOUNT, OLD].map((name) => ({ object: "account_ledger" as const, name })),
  ];
  for (let round = 0; round < 3; round++)
    await copyOutboxes(
      copyPortsOf(env),
      named.map((message) => sourceOf(env, message)),
    );
}

/** Objects ask the database that is there. */
async function setBack() {
  const restores = () => restoresOf(back);
  for (const account of [ACCOUNT, OLD, BY_HAND])
    await runInDurableObject(ledger(account), (object) => {
      Object.defineProperty(object, "restores", { value: restores });
    });
  for (let shard = 0; shard < RECEIPT_SHARDS; shard++)
    await runInDurableObject(shardOf(back, shard), (object) => {
      Object.defineProperty(object, "restores", { value: restores });
    });
}

async function heads(): Promise<Difference[]> {
  const found: Difference[] = [];
  for (let cursor: string | null = null, first = true; first || cursor !== null; first = false) {
    const page = await compareHeads(back, { since: paidAt, cursor });
    if (page === "bad_cursor") throw new Error(`bad cursor ${cursor}`);
    found.push(...page.differences);
    cursor = page.next;
    await copied(back);
  }
  return found.filter(({ because }) => because === "not_registered");
}

beforeAll(async () => {
  for (let shard = 0; shard < RECEIPT_SHARDS; shard++) await shardOf(settings, shard).initialise();
  for (const env of [lost, back]) {
    const registry = registryOf(env);
    await registry.upsertSites([{ code: "MAK", name: "Ha Makebe", district: null }], by());
    await registry.putTariff({ scope: "global", rateE4PerKwh: 50_000, validFrom: 0 }, by());
    const card = { account: OLD, site: "MAK", status: "live" as const, meters: [], aliases: [], rates: [] };
    const customer = { key: `account:${OLD}`, name: "Test Ninety-six", phones: [], language: null };
    await registry.upsertAccounts([{ ...card, customer }], by());
  }
  const registry = registryOf(lost);
  const meter = { meterNumber: METER, thing: "t-394", role: "primary" as const, ratingW: null };
  const placed = { ...meter, from: paidAt - 1_000, to: null, baseRegisterWh: 0 };
  const left = { ...placed, meterNumber: LEFT, thing: "t-old", from: paidAt - 9_000, to: paidAt - 5_000 };
  const customer = { key: `account:${ACCOUNT}`, name: "Test Ninety-four", phones: ["26650000194"], language: null };
  await registry.upsertAccounts(
    [{ account: ACCOUNT, site: "MAK", status: "live", customer, meters: [placed, left], aliases: [], rates: [] }],
    by(),
  );
  const other = { key: `account:${BY_HAND}`, name: "Test Ninety-seven", phones: [], language: null };
  await registry.upsertAccounts(
    [{ account: BY_HAND, site: "MAK", status: "live", customer: other, meters: [], aliases: [], rates: [] }],
    by(),
  );
  await registry.putTariff({ scope: "account", account: ACCOUNT, rateE4PerKwh: OWN_RATE, validFrom: 0 }, by());
  await asOwner(
    `INSERT INTO commissioning_events (account_id, seq, step, kind, actor)
    SELECT id, 2, 'commissioned', 'done', 'a test' FROM accounts WHERE account_number IN ('${ACCOUNT}', '${BY_HAND}')`,
    lost,
  );
  await registry.putTariff({ scope: "site", site: "MAK", rateE4PerKwh: RATES.lost, validFrom: paidAt - 1_000 }, by());
  await configureAccounts(lost, [ACCOUNT, OLD, BY_HAND]);
  await pay("QKTHABO001", lost);
  await pay("QKPALESA01", lost, OLD);
  await copied(lost);
  await setBack();
});

const CASE =
  "SELECT state, details -> 'object' AS object FROM reconciliation_cases WHERE case_key LIKE 'heads:account:%:not_registered:%'";

it("an account that the database forgot goes on, is one case with its money, and comes back under its number with all of it", async () => {
  const before = (await ledger().kept(ACCOUNT)) as KeptAccount;
  expect(before).toMatchObject({ paidMinor: 2_000, balanceWh: 5_000, copy: { waiting: 0, refused: 0 } });
  expect(await rows("SELECT FROM ledger_entries WHERE account_id IS NOT NULL", lost)).not.toEqual([]);

  // Before its numbers have jumped ahead its id may be given to somebody else.
  expect(await again()).toMatchObject({ status: 409, body: { error: { kind: "database_set_back" } } });
  const { accountId, version } = before.facts;
  const kept = { ...before.facts, site: "MAK", customer: { key: "k", name: "Test", phones: [], language: null } };
  const refused = await registryOf(back).registerAgain({ ...kept, aliases: [], tariffs: [], isConnected: false }, by());
  expect(refused).toEqual({
    ok: false,
    error: { kind: "refused", detail: "the numbers have not jumped ahead since: npm run restored" },
  });
  await asOwner(`SELECT setval('facts_version_seq', ${version + 1_000}), setval('tariffs_id_seq', 1000)`);
  await asOwner(`INSERT INTO country_settings (key, value, facts_version, updated_at)
    VALUES ('restored_to', '0', next_facts_version(), now())`);

  // It credits without a row of its own, and what it owes stays with it.
  await pay("QKTHABO002", back);
  const object = { accountId, balanceWh: 10_000, paidMinor: 4_000, meters: [METER], currency: "LSL" };
  expect(await heads()).toMatchObject([{ what: "account", name: ACCOUNT, object }]);
  expect(await rows("SELECT FROM ledger_entries WHERE account_id IS NOT NULL")).toEqual([]);
  const key = caseKeyOf(notRegistered(ACCOUNT, null));
  expect(await closeCase(databaseOf(back), key, by())).toMatchObject({ ok: true });
  // Closed by hand though nothing was done: the next run finds it again.
  expect(await heads()).toHaveLength(1);
  expect(await rows(CASE)).toMatchObject([{ state: "open", object }]);

  await registryOf(back).placeMeter(
    {
      ...{ account: OLD, meterNumber: LEFT, role: "primary", from: paidAt - 3_000, baseRegisterWh: null },
      ...{ thing: "t-new", ratingW: 500 },
    },
    by(),
  );
  const dry = (await again({ dryRun: true })).body as unknown as Again;
  expect(dry).toMatchObject({ accountId, paidMinor: 4_000, phones: ["26650000194"], done: null });
  expect(dry.leavesMeters).toEqual([
    {
      ...{ meterNumber: LEFT, thing: "t-old", ratingW: null, stays: { thing: "t-new", ratingW: 500 } },
      ...{ account: OLD, isInTheWay: false },
    },
  ]);
  const open = { meterNumber: LEFT, thing: "t-old", ratingW: null, from: paidAt - 9_000, to: null };
  expect(await laterMeters(readerOf(back), [open])).toMatchObject([{ account: OLD, isInTheWay: true }]);
  expect(await laterMeters(readerOf(back), [{ ...open, from: paidAt - 2_000, to: paidAt - 1_000 }])).toMatchObject([
    { account: OLD, isInTheWay: true },
  ]);
  expect(dry.lackingTariffs).toMatchObject([{ scope: "site", rateE4PerKwh: RATES.lost }]);
  expect(await rows(`SELECT FROM accounts WHERE account_number = '${ACCOUNT}'`)).toEqual([]);

  const done = await again();
  expect(done.status, JSON.stringify(done.body)).toBe(200);
  expect(done.body).toMatchObject({ done: { wasRegistered: false, refused: 0 } });
  await copied(back);
  expect(await heads()).toEqual([]);
  await copied(back);
  expect(
    await rows(`SELECT a.id::int, a.account_number AS account, b.balance_wh::int AS balance,
      (SELECT sum(l.amount_minor)::int FROM payment_allocations l WHERE l.account_id = a.id) AS minor,
      (SELECT count(DISTINCT e.receipt)::int FROM ledger_entries e WHERE e.account_id = a.id) AS receipts,
      (SELECT count(*)::int FROM mutations m WHERE m.action = 'account.create' AND m.actor = 'Lineo') AS acts
    FROM accounts a JOIN account_balances b ON b.account_id = a.id WHERE a.account_number = '${ACCOUNT}'`),
  ).toEqual([{ id: accountId, account: ACCOUNT, balance: 10_000, minor: 4_000, receipts: 2, acts: 1 }]);
  expect(await rows(CASE)).toMatchObject([{ state: "closed" }]);
  // What is newer there stays.
  expect(await rows(`SELECT thing, rated_w::int AS watts FROM meters WHERE meter_number = '${LEFT}'`)).toEqual([
    { thing: "t-new", watts: 500 },
  ]);
  expect(await ledger().kept(ACCOUNT)).toMatchObject({
    copy: { waiting: 0, refused: 0 },
    facts: {
      meters: [
        { meterNumber: LEFT, thing: "t-new" },
        { meterNumber: METER, from: paidAt - 1_000, baseRegisterWh: 0 },
      ],
      commissioned: true,
    },
  });

  // Its own rate came back with it: it goes on paying by it. And twice is once.
  expect((await again()).body).toMatchObject({ done: { wasRegistered: true, refused: 0 } });
  expect(await ledger().view(ACCOUNT)).toMatchObject({ rateE4PerKwh: OWN_RATE, balanceWh: 10_000 });
});

it("a tariff that was lost comes back under its own id with all that was paid by it, and what is set from then on is heard", async () => {
  const entry = (receipt: string) =>
    rows(`SELECT e.tariff_id::int AS tariff, e.rate_e4_per_kwh::int AS rate, e.energy_wh::int AS wh FROM ledger_entries e
      JOIN accounts a ON a.id = e.account_id WHERE a.account_number = '${OLD}' AND e.receipt = '${receipt}'`);
  const stuck = await ledger(OLD).refusals();
  expect(stuck.because.join()).toContain("tariff_id");
  expect(await entry("QKPALESA01")).toEqual([]);
  const [tariff] = await rows<{ id: number; from: string }>(
    "SELECT id::int, valid_from::text AS from FROM tariffs WHERE scope = 'site'",
    lost,
  );
  await asOwner(`INSERT INTO tariffs (id, scope, site_code, rate, valid_from, created_by, reason, facts_version)
    OVERRIDING SYSTEM VALUE VALUES (${tariff?.id}, 'site', 'MAK', 6.0000, '${tariff?.from}', 'a test', 'put back', next_facts_version())`);
  expect((await factsBehind(back, "", true)).told).toContain(OLD);
  await heads();
  await copied(back);
  expect(await entry("QKPALESA01")).toEqual([{ tariff: tariff?.id, rate: RATES.lost, wh: 3_333 }]);
  expect(await ledger(OLD).refusals()).toMatchObject({ refused: 0, stopped: null });

  const wanted = { scope: "site" as const, site: "MAK", rateE4PerKwh: RATES.next, validFrom: Date.now() };
  expect(await registryOf(back).putTariff(wanted, by())).toMatchObject({ ok: true });
  await configureAccounts(back, [OLD, ACCOUNT]);
  expect(await ledger(OLD).view(OLD)).toMatchObject({ rateE4PerKwh: RATES.next });
  expect(await ledger().view(ACCOUNT)).toMatchObject({ rateE4PerKwh: OWN_RATE });
});

it("an account that was put back by hand without its connection gets it from its object, once, and none that was withdrawn", async () => {
  const { accountId } = ((await ledger(BY_HAND).kept(BY_HAND)) as KeptAccount).facts;
  await asOwner(`WITH who AS (INSERT INTO customers (customer_key, name, phones, site_code, facts_version)
      VALUES ('restored:${BY_HAND}', 'Test', '{}', 'MAK', next_facts_version()) RETURNING id)
    INSERT INTO accounts (id, account_number, site_code, customer_id, status, facts_version) OVERRIDING SYSTEM VALUE
    SELECT ${accountId}, '${BY_HAND}', 'MAK', id, 'live', next_facts_version() FROM who`);
  const steps = async () =>
    (
      await rows<{ said: string }>(`SELECT e.step || ' ' || e.kind AS said FROM commissioning_events e
        WHERE e.account_id = ${accountId} ORDER BY e.seq`)
    ).map(({ said }) => said);
  const isConnected = async () => ((await ledger(BY_HAND).kept(BY_HAND)) as KeptAccount).facts.commissioned;
  const put = (over = {}) => again({ account: BY_HAND, ...over });

  expect((await put({ dryRun: true })).body).toMatchObject({ isCommissionedAgain: true, done: null });
  expect(await steps()).toEqual(["registered done"]);
  expect((await put()).body).toMatchObject({ isCommissionedAgain: true, done: { wasRegistered: true } });
  expect(await steps()).toEqual(["registered done", "commissioned done"]);
  expect(await isConnected()).toBe(true);
  expect((await put()).body).toMatchObject({ isCommissionedAgain: false, done: { wasRegistered: true } });
  expect(await steps()).toEqual(["registered done", "commissioned done"]);

  // Its object has not heard yet that people took it back.
  await asOwner(`INSERT INTO commissioning_events (account_id, seq, step, kind, refers_to)
    VALUES (${accountId}, 3, 'commissioned', 'withdrawn', 2)`);
  await asOwner(`UPDATE accounts SET facts_version = next_facts_version() WHERE id = ${accountId}`);
  expect((await put()).body).toMatchObject({ isCommissionedAgain: false });
  expect(await steps()).toEqual(["registered done", "commissioned done", "commissioned withdrawn"]);
  expect(await isConnected()).toBe(false);
});

it("entries that say two things under one key are told as that, by name, and nothing of them is sent or closed", async () => {
  const [known] = (await ledger().entriesAfter(ACCOUNT, 0, 1)) as LedgerRow[];
  const key = known?.entryKey ?? "";
  const say = (hash: string) =>
    runInDurableObject(ledger(), (_, { storage }) => {
      storage.sql.exec("UPDATE entries SET row = json_set(row, '$.hash', ?) WHERE entry_key = ?", hash, key);
    });
  await say("another");
  expect(await again()).toMatchObject({
    status: 409,
    body: {
      error: { kind: "conflict", message: expect.stringContaining("copy_conflict"), details: { entryKeys: [key] } },
    },
  });
  await say(known?.hash ?? "");
  expect(await again()).toMatchObject({ status: 200, body: { done: { wasRegistered: true, refused: 0 } } });
});

it("what no object knows is not registered, and a bad body is named before anything is asked", async () => {
  expect(await again({ account: "0395MAK" })).toMatchObject({ status: 503 });
  expect(await again({ account: "MAK" })).toMatchObject({ status: 400 });
  expect(await again({ name: " " })).toMatchObject({ status: 400 });
});
