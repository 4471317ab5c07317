import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import {
  ACCOUNT_NUMBERS_LEFT_OUT,
  type Ahead,
  firstNumbersOf,
  givenOf,
  IDS_LEFT_OUT,
  type Jump,
  jumpAhead,
  toldOf,
} from "../../dev/backup/ahead.ts";
import { restoreBackup } from "../../dev/backup/restore.ts";
import { takeBackup } from "../../dev/backup/take.ts";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect } from "../../src/adapters/neon/database.ts";
import { neonRefreshRuns } from "../../src/adapters/neon/refresh-runs.ts";
import { neonRestores } from "../../src/adapters/neon/restore-accounts.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import { lastVersionGiven, wantedVersions } from "../../src/queries/tariff-checks.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { allocation, credit, items, payment, seed, value } from "./rows.ts";

const DAY_MS = 86_400_000;
const numbered = (number: number) => String(number).padStart(4, "0");

let database: FreshDatabase;
let into: string;
/** What the restore printed, for `heads`. */
let since: string;
/** What of the day after the backup Postgres forgets, and objects do not. */
let alice: { id: number; account: string; version: number };
let restored: FreshDatabase & { name: string };

const open = async (ownerUrl: string) => {
  const { rows } = await withClient(ownerUrl, (client) =>
    client.query<{ id: string; account: string; version: string }>(
      `INSERT INTO accounts (account_number, site_code, customer_id, status, facts_version)
      SELECT next_account_number('MAK'), 'MAK', min(id), 'live', next_facts_version() FROM customers
      RETURNING id, account_number AS account, facts_version AS version`,
    ),
  );
  const [made] = rows;
  if (made === undefined) throw new Error("an account expected");
  return { id: Number(made.id), account: made.account, version: Number(made.version) };
};

beforeAll(async () => {
  database = await freshDatabase();
  await seed(database.ownerUrl);
  into = await mkdtemp(join(tmpdir(), "restored-test-"));
  const folder = await takeBackup({ ownerUrl: database.ownerUrl, into, keep: 1 });
  alice = await open(database.ownerUrl);
  const name = `restored_${crypto.randomUUID().slice(0, 8)}`;
  await withClient(inject("databaseSuperUrl"), async (client) => {
    await client.query(`CREATE DATABASE ${name} OWNER cc_owner TEMPLATE template0`);
    await client.query(`GRANT CONNECT ON DATABASE ${name} TO cc_app`);
  });
  const urlFor = (base: string) => Object.assign(new URL(base), { pathname: `/${name}` }).href;
  restored = { ...database, name, ownerUrl: urlFor(database.ownerUrl), appUrl: urlFor(database.appUrl) };
  ({ since } = await restoreBackup({ folder, ownerUrl: restored.ownerUrl }));
});
afterAll(async () => {
  await database.drop();
  await rm(into, { recursive: true, force: true });
  await withClient(inject("databaseSuperUrl"), (client) =>
    client.query(`DROP DATABASE IF EXISTS ${restored.name} WITH (FORCE)`),
  );
});

const db = () => connect(restored.appUrl, restored.sqlUrl);
const ask = (query: string, url = restored.ownerUrl) => withClient(url, (client) => value(client, query));

describe("a database that comes back from its backup", () => {
  it("gives no number, id or version again that was given since: the next customer is nobody else", async () => {
    const bob = await open(restored.ownerUrl);
    expect(bob.account).not.toBe(alice.account);
    expect(bob.id).toBeGreaterThan(alice.id + IDS_LEFT_OUT / 2);
    expect(bob.version).toBeGreaterThan(alice.version + IDS_LEFT_OUT / 2);
    expect(Number(bob.account.slice(0, 4))).toBeGreaterThan(ACCOUNT_NUMBERS_LEFT_OUT);
    // What the one who is forgotten paid goes to nobody, and says whose it is.
    const row = credit(alice.id, { receipt: "ALICE", account: alice.account }).row;
    const { recorded, conflicts } = await neonCopies(db()).write([{ id: 1, row, owner: alice.account }]);
    expect({ recorded, details: conflicts.map(({ detail }) => detail) }).toEqual({
      recorded: [],
      details: [`account ${alice.account} has id ${alice.id}, which is no account in the database`],
    });
    expect(await ask("SELECT count(*) FROM ledger_entries")).toBe("0");
  });

  it("has jumped for the very instant that its restore prints: who runs the command as well changes nothing", async () => {
    expect(await jumpAhead(restored.ownerUrl, { since: Date.parse(since), country: null })).toBe(null);
  });

  it("tells every account anew, under a version above all that were given", async () => {
    const told = await wantedVersions(db(), "", 10);
    expect(told.length).toBeGreaterThan(1);
    for (const { version } of told) expect(version).toBeGreaterThan(alice.version);
    expect(Math.max(...told.map(({ version }) => version))).toBeLessThanOrEqual(await lastVersionGiven(db()));
    const facts = await neonRestores(db(), COUNTRIES.LS).accountFacts("0045MAK");
    expect(facts).toMatchObject({ version: told.find(({ account }) => account === "0045MAK")?.version });
    const [run] = await neonRefreshRuns(db()).due(Date.now() + 60_000, 10);
    expect(run).toBe(`restored:${await ask("SELECT facts_version FROM country_settings WHERE key = 'restored_to'")}`);
    expect(await ask("SELECT actor || ' ' || subject FROM mutations WHERE subject = 'setting:restored_to'")).toBe(
      "restored setting:restored_to",
    );
  });
});

describe("an account that was registered after the backup", () => {
  it("comes back under its own id and number as the manual says, and has what it paid", async () => {
    const manual = await readFile(new URL("../../docs/operations.md", import.meta.url), "utf8");
    const sql = /```sql\n([^`]*INSERT INTO accounts [^`]*)```/.exec(manual)?.[1] ?? "";
    const own = sql.replaceAll("0166MAK", alice.account).replaceAll("2047", String(alice.id));
    // What the shard of a receipt owes of it is refused until then, and has to be sent again as well.
    const holder = { receipt: "ALICE", account: alice.account };
    const ofShard = items([payment(holder), allocation({ ...holder, entryKey: "receipt:ALICE#1.1" })]);
    expect((await neonCopies(db()).write(ofShard)).recorded).toEqual([]);
    await withClient(restored.ownerUrl, (client) => client.query(own));
    expect((await neonCopies(db()).write(ofShard)).recorded).toHaveLength(2);
    expect(manual).toContain("copies:resume -- --env ls --object receipt_book --name shard-");
    const row = credit(alice.id, { receipt: "ALICE", account: alice.account }).row;
    expect(await neonCopies(db()).write([{ id: 1, row, owner: alice.account }])).toMatchObject({ recorded: [1] });
    expect(await neonRestores(db(), COUNTRIES.LS).accountFacts(alice.account)).toMatchObject({
      accountId: alice.id,
      status: "live",
      meters: [{ meterNumber: "23099001", role: "primary", to: null }],
    });
  });
});

describe("a tariff that was set after the backup", () => {
  it("comes back under its own id as the manual says, and whoever paid by it has what they paid", async () => {
    const manual = await readFile(new URL("../../docs/operations.md", import.meta.url), "utf8");
    const sql = /```sql\n([^`]*INSERT INTO tariffs [^`]*)```/.exec(manual)?.[1] ?? "";
    const paid = async () => {
      const id = Number(await ask("SELECT id FROM accounts WHERE account_number = '0045MAK'"));
      const { row } = credit(id, { receipt: "LOST", tariffId: 311 });
      return neonCopies(db()).write([{ id: 1, row, owner: "0045MAK" }]);
    };
    expect(await paid()).toMatchObject({ recorded: [], conflicts: [{ detail: expect.stringContaining("tariff") }] });
    const before = await neonRestores(db(), COUNTRIES.LS).accountFacts("0045MAK");
    await withClient(restored.ownerUrl, (client) => client.query(sql));
    expect((await paid()).recorded).toEqual([1]);
    // The accounts are told of it, as of any other.
    const facts = await neonRestores(db(), COUNTRIES.LS).accountFacts("0045MAK");
    if (facts === null || facts === "down" || before === null || before === "down") throw new Error("facts expected");
    expect(facts.rates).toContainEqual(expect.objectContaining({ tariffId: 311, scope: "site", rateE4PerKwh: 50_000 }));
    expect(facts.version).toBeGreaterThan(before.version);
  });
});

describe("a database that its provider set back", () => {
  const HOUR_MS = DAY_MS / 24;
  const back = (jump: Partial<Jump> = {}) =>
    jumpAhead(database.ownerUrl, { since: Date.now() - DAY_MS, country: null, ...jump });
  const forget = () => ask("DELETE FROM country_settings WHERE key = 'restored_to'", database.ownerUrl);

  it("jumps once for an instant, and further when it was set back to it a second time", async () => {
    const since = Date.now() - DAY_MS;
    const first = await back({ since });
    const after = await open(database.ownerUrl);
    expect(after.id).toBeGreaterThan(alice.id + IDS_LEFT_OUT / 2);
    expect(await back({ since })).toBe(null);
    expect((await open(database.ownerUrl)).account.slice(0, 4)).toBe(
      String(Number(after.account.slice(0, 4)) + 1).padStart(4, "0"),
    );
    // Set back again, an hour later: it has forgotten that it jumped.
    await forget();
    const second = await back({ since, now: Date.now() + HOUR_MS });
    expect(second?.idsLeftOut).toBeGreaterThan(first?.idsLeftOut ?? 0);
  });

  it("jumps for another instant of the same day only when somebody says that it was set back again, and on from there", async () => {
    const next = async () => Number((await open(database.ownerUrl)).account.slice(0, 4));
    const before = await next();
    await expect(back()).rejects.toThrow(/jumped ahead at .* already, for .*: nothing was changed.*--again/);
    expect(await next()).toBe(before + 1);
    const again = await back({ isAgain: true, given: 100 });
    expect(again?.sites).toEqual([{ site: "MAK", next: `${numbered(before + 102)}MAK` }]);
    await ask(
      "UPDATE country_settings SET updated_at = now() - interval '25 hours' WHERE key = 'restored_to'",
      database.ownerUrl,
    );
    expect((await back({ given: 0 }))?.sites).toEqual(again?.sites);
  });

  it("leaves out as many account numbers as were said, or begins where it was told to, and never at one that was given", async () => {
    await forget();
    const { account } = await open(database.ownerUrl);
    const last = Number(account.slice(0, 4));
    const dry = (jump: Partial<Jump>) => back({ ...jump, isDry: true });
    expect((await dry({ given: 5_000 }))?.sites).toEqual([{ site: "MAK", next: `${numbered(last + 5_001)}MAK` }]);
    const firstNumbers = firstNumbersOf(`mak=${last + 7}`);
    expect((await dry({ firstNumbers }))?.sites).toEqual([{ site: "MAK", next: `${numbered(last + 7)}MAK` }]);
    await expect(dry({ firstNumbers: new Map([["MAK", last]]) })).rejects.toThrow(
      `numbers up to ${account.slice(0, 4)}`,
    );
    await expect(dry({ firstNumbers: new Map([["SEH", 7]]) })).rejects.toThrow(
      "--first-number SEH: no site of this database",
    );
    for (const said of ["MAK", "MAK=0", "MAK=12345", "MAK=1,MAK=2", ""])
      expect(() => firstNumbersOf(said), said).toThrow("each site once with a number from 0001 to 9999");
    for (const said of ["-1", "1e3", "10000", ""]) expect(() => givenOf(said), said).toThrow("--given");
    // Dry: nothing has jumped, and nothing is asked for twice.
    const ahead = await back({ firstNumbers });
    expect(toldOf(ahead as Ahead)).toContain(`--first-number MAK=${numbered(last + 7)}`);
    expect((await open(database.ownerUrl)).account).toBe(`${numbered(last + 7)}MAK`);
  });

  it("writes nothing when it is only asked what would be left out", async () => {
    await forget();
    const all =
      "SELECT (SELECT last_value FROM facts_version_seq) || ' ' || (SELECT max(last_number) FROM account_counters) || ' ' || (SELECT count(*) FROM mutations)";
    const before = await ask(all, database.ownerUrl);
    const told = toldOf((await back({ isDry: true })) as Ahead);
    expect(told).toMatch(
      /ids and versions would be left out.*nothing was written\nthe next account numbers: \d{4}MAK\n/,
    );
    expect(await ask(all, database.ownerUrl)).toBe(before);
    expect(await ask("SELECT count(*) FROM country_settings WHERE key = 'restored_to'", database.ownerUrl)).toBe("0");
  });

  it("is left as it is when it is another country's", async () => {
    await ask(
      "INSERT INTO database_country (code, currency, site_codes) VALUES ('LS', 'LSL', '{MAK}')",
      database.ownerUrl,
    );
    await expect(back({ country: "BJ" })).rejects.toThrow(
      "this database belongs to LS, not to BJ: nothing was changed",
    );
    expect(await ask("SELECT count(*) FROM country_settings WHERE key = 'restored_to'", database.ownerUrl)).toBe("0");
    expect(await back({ country: "LS" })).not.toBe(null);
  });

  it("says of a site that it has no account number left, and gives none twice", async () => {
    await ask("UPDATE account_counters SET last_number = 9900 WHERE site_code = 'MAK'", database.ownerUrl);
    const ahead = await back({ since: Date.now() - 2 * DAY_MS, isAgain: true });
    expect(ahead?.sites).toEqual([{ site: "MAK", next: null }]);
    await expect(open(database.ownerUrl)).rejects.toThrow(/no account number/);
  });
});
