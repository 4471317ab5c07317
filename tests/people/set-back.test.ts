import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { beforeAll, describe, expect, it } from "vitest";
import type { RegistrationBatch } from "../../src/queries/registrations.ts";
import { lastVersionGiven } from "../../src/queries/tariff-checks.ts";
import type { Env, JobMessage } from "../../workers/env.ts";
import { configureAccounts, configureInJob, tellAccounts } from "../../workers/jobs/refresh-accounts.ts";
import { registrationsJob } from "../../workers/jobs/registrations.ts";
import type { Directory } from "../../workers/objects/directory.ts";
import { accountLocator, directoryOf } from "../../workers/objects/locate.ts";
import { OtherAccount } from "../../workers/other-account.ts";
import { registryOf } from "../../workers/ports.ts";
import { madeWorkbook } from "../workbook.ts";
import { payment } from "../workers/account-makers.ts";
import { facts, KEYS } from "../workers/country.ts";
import { Browser, country, database, rows } from "./country.ts";

const env: Env = { ...country, JOBS: { send: async () => undefined } as unknown as Queue<JobMessage> };
/** Versions that were given in the hours which the database forgot. */
const LOST = 3;
const BODY = { name: "Test Two", phones: [], site: "MAK" };

const ask = (path: string, body: unknown, on = env) =>
  new Browser(on).ask("POST", `/api${path}`, body, {
    headers: { "X-Ops-Key": KEYS.ops, "X-Actor": "Lineo", "Idempotency-Key": crypto.randomUUID() },
  });
const register = (on?: Env) => ask("/customers", BODY, on);
const given = () => lastVersionGiven(database());
const people = async () => (await rows<{ n: number }>("SELECT count(*)::int AS n FROM customers"))[0]?.n ?? 0;
/** The newest account of the site. */
const newest = async () => {
  const [row] = await rows<{ account: string }>(
    "SELECT account_number AS account FROM accounts WHERE site_code = 'MAK' ORDER BY id DESC LIMIT 1",
  );
  return row?.account ?? "";
};
const numberOf = (from: string, ahead: number) =>
  `${String(Number(from.slice(0, 4)) + ahead).padStart(4, "0")}${from.slice(4)}`;
const account = (number: string) => ({ account: number, name: "Test Three", status: "live", aliases: [], meters: [] });
const NULLS = [
  ...["givenName", "familyName", "email", "language", "nationalId", "gender", "customerType", "plotNumber"],
  ...["latitude", "longitude", "street", "place", "district", "note"],
].map((field) => [field, null]);
const fields = {
  ...Object.fromEntries(NULLS),
  name: "Test Five",
  phones: [],
  phonesTyped: [],
  site: "MAK",
  legacyId: 9_100,
};
const MOVED = { customers: [{ legacyId: 9_100, fields }] };
const setBack = async () => directoryOf(env).putPlacements([], (await given()) + LOST);
const jump = async () => {
  for (let n = 0; n < LOST; n++) await rows("SELECT next_facts_version()");
};

beforeAll(async () => {
  const by = { actor: "a test", reason: null, at: Date.now() };
  await registryOf(env).upsertSites([{ code: "MAK", name: "Ha Makebe", district: null }], by);
});

describe("while the database is set back, and its numbers have not jumped ahead", () => {
  it("nobody is registered, by no door, and all say which command is due; after it everybody is", async () => {
    const key = () => ({ "X-Ops-Key": KEYS.ops, "X-Actor": "Lineo", "Idempotency-Key": crypto.randomUUID() });
    const sheet = madeWorkbook([
      {
        name: "Customers",
        rows: [
          ["First name", "Last name", "Phone"],
          ["Test", "Four", "50000104"],
        ],
      },
    ]).slice();
    const { app } = await import("../../workers/index.ts");
    const sent = await app.request("/api/registrations?site=MAK", { method: "POST", headers: key(), body: sheet }, env);
    const { batch } = (await sent.json()) as { batch: RegistrationBatch };
    const other = await register();
    expect(other.status).toBe(201);
    const { customerId } = other.body.customer as { customerId: number };
    const before = await people();

    await setBack();
    const doors = [
      await register(),
      await ask(`/customers/${customerId}/accounts`, { site: "MAK" }),
      await ask("/ops/accounts", { accounts: [account("0392MAK")] }),
      await ask("/ops/move-in/customers", MOVED),
      await ask(`/registrations/${batch.batchId}/commit`, { mode: "all", twins: "refuse" }),
    ];
    for (const { status, body } of doors) {
      expect({ status, ...body.error }).toEqual({
        status: 409,
        kind: "database_set_back",
        message: "the database was set back: nobody is registered before npm run restored has been run",
        details: { told: expect.any(Number), given: expect.any(Number) },
      });
    }
    expect(await people()).toBe(before);

    await jump();
    expect((await register()).status).toBe(201);
    // A file that was said to be taken before stays where it is until then.
    expect((await ask(`/registrations/${batch.batchId}/commit`, { mode: "all", twins: "take" })).status).toBe(202);
    await setBack();
    expect(await registrationsJob(env, { batchId: batch.batchId, after: 0 })).toBe(null);
    expect(await people()).toBe(before + 1);
    await jump();
    expect(await registrationsJob(env, { batchId: batch.batchId, after: 0 })).not.toBe(null);
    expect(await people()).toBe(before + 2);
  });

  it("nobody is either while a site has not come to a number that was told, which a version need not show", async () => {
    const { customerId } = (await register()).body.customer as { customerId: number };
    const open = () => ask(`/customers/${customerId}/accounts`, { site: "MAK" });
    expect((await open()).status).toBe(201);
    const given = await newest();
    const told = numberOf(given, 7);
    // A site that is not there takes nobody, and one whose number was given by hand has given it.
    await directoryOf(env).putPlacements([], 0, ["0900ZZZ", given]);
    expect((await ask("/ops/accounts", { accounts: [account(numberOf(given, 2))] })).status).toBe(200);
    expect((await open()).status).toBe(201);
    await directoryOf(env).putPlacements([], 0, [told]);
    const highest = numberOf(given, 3);
    const refused = { kind: "database_set_back", details: { told, given: highest } };
    expect((await register()).body.error).toMatchObject(refused);
    expect((await open()).body.error).toMatchObject(refused);
    // Many other changes raise the version, and no number.
    await jump();
    expect((await register()).body.error).toMatchObject(refused);
    await rows(`SELECT next_account_numbers('MAK', 50)`);
    expect((await open()).status).toBe(201);
    expect(await newest()).toBe(numberOf(given, 54));
  });

  it("no rate, till, phone, campaign or member of staff begins under a number of another, or is changed unheard", async () => {
    const on = { ...env, CM_URL: "https://cm.invalid", CM_TOKEN: "t", CM_SENDER: "1PWR" };
    const till = { tillId: "till-set-back", name: "North", senders: ["MPESA"] };
    expect((await ask("/ops/tills", till)).status).toBe(200);
    // A till's version is kept as well: of a database that was set back since, the till alone would know.
    expect(await directoryOf(env).newestVersion()).toBe(await given());
    const phone = { phoneId: "phone-set-back", name: "Shop", tillId: till.tillId, channel: "electricity" };
    expect((await ask("/ops/phones", phone)).status).toBe(201);
    const at = new Date(Date.now() + 72 * 3_600_000).toISOString();
    const rate = { scope: "site", site: "MAK", rateE4PerKwh: 61_000, validFrom: at, reason: "a test" };
    const bulk = { scope: "site", subject: "MAK", rateE4PerKwh: 62_000, validFrom: at };
    const audience = { sites: ["MAK"], customerType: null, language: null };
    const campaign = {
      audience,
      texts: { en: "No power on Monday.", st: "Ha ho motlakase ka Mantaha." },
      name: "Monday",
      reason: "works",
    };
    const member = { email: "set-back@example.org", name: "Mpho Sello", roles: ["generic"] };
    const limits = { senders: ["MPESA"], caps: {}, version: await given(), reason: "a test" };
    const put = (path: string, body: unknown) =>
      new Browser(env).ask("PUT", `/api${path}`, body, { headers: { "X-Ops-Key": KEYS.ops, "X-Actor": "Lineo" } });

    const wording = { kind: "payment_receipt", language: "en", text: "1PWR: {amount} received." };
    await setBack();
    const doors = [
      ["no rate is set", await ask("/tariffs", { ...rate, confirm: ["jump"] })],
      ["no rate is set", await ask("/tariffs/back-dated", rate)],
      ["no rate is set", await ask("/ops/rates", { rates: [bulk] })],
      ["no till is changed", await ask("/ops/tills", { ...till, tillId: "till-set-back-2" })],
      ["no till is changed", await put(`/tills/${till.tillId}/limits`, limits)],
      ["no phone is changed", await ask("/ops/phones", { ...phone, phoneId: "phone-set-back-2" })],
      ["no phone is changed", await ask(`/phones/${phone.phoneId}/rotate`, {})],
      ["no phone is changed", await ask(`/phones/${phone.phoneId}/revoke`, {})],
      ["no campaign is begun", await ask("/campaigns", campaign, on)],
      ["nobody is added", await ask("/staff", member)],
      ["nothing of SMS is set", await ask("/ops/templates", wording)],
      ["nothing of SMS is set", await ask("/settings/wordings", { ...wording, version: null, reason: "a test" })],
    ] as const;
    for (const [undone, { status, body }] of doors)
      expect({ status, ...body.error }, undone).toMatchObject({
        status: 409,
        kind: "database_set_back",
        message: `the database was set back: ${undone} before npm run restored has been run`,
      });
    // What is wrong with an order is said first.
    expect((await ask("/ops/rates", { rates: [{ ...bulk, subject: null }] })).status).toBe(400);
    await jump();
    expect((await ask("/ops/rates", { rates: [bulk] })).status).toBe(200);
    expect((await ask(`/phones/${phone.phoneId}/revoke`, {})).status).toBe(200);
    expect((await ask("/campaigns", campaign, on)).body.error?.kind).not.toBe("database_set_back");
    expect((await ask("/staff", member)).status).toBe(201);
  });

  it("a Directory that does not say how far it was told keeps nobody waiting", async () => {
    await setBack();
    const silent = { newestVersion: () => new Promise(() => undefined) };
    const older = { newestVersion: () => Promise.reject(new Error("the object does not implement this")) };
    for (const directory of [silent, older]) {
      const DIRECTORY = { idFromName: () => null, get: () => directory } as unknown as Env["DIRECTORY"];
      expect((await register({ ...env, DIRECTORY })).status).toBe(201);
    }
    await jump();
  });
});

it("the newest version that the Directory was told never falls, and is that of its rows where nobody said one", async () => {
  const id = env.DIRECTORY.idFromName("a directory from before");
  const directory = () => env.DIRECTORY.get(id);
  const row = { meterNumber: "23099001", account: "0045MAK", from: 0, to: null, version: 9 };
  await directory().putPlacements([row]);
  await runInDurableObject(directory(), (_: Directory, state) => state.storage.sql.exec("DROP TABLE newest_version"));
  await evictDurableObject(directory());
  expect(await directory().newestVersion()).toBe(9);
  await directory().putPlacements([], 12);
  await directory().putPlacements([{ ...row, version: 10 }], 10);
  expect(await directory().newestVersion()).toBe(12);
});

it("the highest number of each site never falls either, and is that of its rows where nobody said one", async () => {
  const directory = () => env.DIRECTORY.get(env.DIRECTORY.idFromName("another directory from before"));
  const row = (account: string) => ({ meterNumber: "23099001", account, from: 0, to: null, version: 9 });
  await directory().putPlacements([row("0045MAK"), row("0102MAK"), row("0007SEH")]);
  await runInDurableObject(directory(), (_: Directory, state) => state.storage.sql.exec("DROP TABLE highest_numbers"));
  await evictDurableObject(directory());
  expect(await directory().highestAccounts()).toEqual(["0102MAK", "0007SEH"]);
  await directory().putPlacements([], 0, ["0101MAK", "0020SEH", "0001TIL"]);
  expect(await directory().highestAccounts()).toEqual(["0102MAK", "0020SEH", "0001TIL"]);
});

describe("an account whose number was given a second time", () => {
  const ACCOUNT = "0393MAK";
  const cases = () =>
    rows<{ state: string; kind: string }>(
      `SELECT state, case_kind AS kind FROM reconciliation_cases WHERE case_key LIKE 'other_account:${ACCOUNT}:%'`,
    );

  it("is served to nobody else where nobody has paid yet either, and keeps its meter", async () => {
    const unpaid = "0394MAK";
    const first = facts(unpaid, { accountId: 900_000_002, version: 900_000_000 });
    await accountLocator(env, unpaid).configure(first, Date.now());
    const refused = await ask("/ops/accounts", { accounts: [account(unpaid)] });
    expect({ status: refused.status, ...refused.body.error }).toMatchObject({ status: 409, kind: "other_account" });
    expect(await accountLocator(env, unpaid).view(unpaid)).toMatchObject({ meters: [{ meterNumber: "23099001" }] });
  });

  it("is served to nobody else: whoever registers it is told so, and a case says it; no run asks for ever", async () => {
    const ledger = () => accountLocator(env, ACCOUNT);
    const first = facts(ACCOUNT, { accountId: 900_000_001, version: 1 });
    await ledger().configure(first, Date.now());
    await ledger().post(ACCOUNT, payment({ receipt: "QKTHABO001" }));
    const refused = await ask("/ops/accounts", { accounts: [account(ACCOUNT)] });
    expect({ status: refused.status, ...refused.body.error }).toMatchObject({
      status: 409,
      kind: "other_account",
      details: [ACCOUNT],
    });
    expect(await ledger().factsVersion(ACCOUNT)).toBe(1);
    expect(await cases()).toEqual([{ state: "open", kind: "ledger_drift" }]);
    expect(await tellAccounts(env, [ACCOUNT])).toEqual([]);
    await configureInJob(env, [ACCOUNT]);
    await expect(configureAccounts(env, [ACCOUNT])).rejects.toThrow(OtherAccount);
    expect(await cases()).toHaveLength(1);
  });
});
