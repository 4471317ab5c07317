import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { fileOf, filesOf, MANIFEST, readManifest } from "../../dev/backup/manifest.ts";
import { checkBackup, differences, restoreBackup } from "../../dev/backup/restore.ts";
import { takeBackup } from "../../dev/backup/take.ts";
import { endBackup } from "../../dev/backup/told.ts";
import { downloadBackup, lockedPrefix, uploadBackup } from "../../dev/backup/upload.ts";
import { withClient } from "../../dev/database-server.ts";
import type { Tools } from "../../dev/deliver/tools.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect } from "../../src/adapters/neon/database.ts";
import { backupAt } from "../../src/queries/backup-at.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { allocation, credits, items, payment, seed, sms } from "./rows.ts";

/** Everything that a line of text can go wrong with. */
const NASTY = "tab\there, line\nbreak, back\\slash, \\. alone, quote \" and ', é, 電, \u{1f4a1}, \\N";

let database: FreshDatabase;
let into: string;
let folder: string;
const empties: string[] = [];

/** As a server gives it to whoever starts again: no table in it. */
async function emptyDatabase(): Promise<string> {
  const name = `empty_${crypto.randomUUID().slice(0, 8)}`;
  await withClient(inject("databaseSuperUrl"), (client) =>
    client.query(`CREATE DATABASE ${name} OWNER cc_owner TEMPLATE template0`),
  );
  empties.push(name);
  return Object.assign(new URL(database.ownerUrl), { pathname: `/${name}` }).href;
}

beforeAll(async () => {
  database = await freshDatabase();
  const [first] = await seed(database.ownerUrl);
  const rows = [
    ...[1, 2, 3].map((n) => sms({ externalId: `m-${n}`, contentHash: `h${n}`, content: `${NASTY} ${n}` })),
    payment(),
    allocation(),
    ...credits(first, 5),
  ];
  const told = await neonCopies(connect(database.appUrl, database.sqlUrl)).write(items(rows));
  expect(told.recorded).toHaveLength(rows.length);
  // A year that no migration of the day makes.
  await withClient(database.ownerUrl, (client) => client.query("SELECT cc_make_old_year(2014)"));
});
beforeEach(async () => {
  into = await mkdtemp(join(tmpdir(), "backup-test-"));
  folder = await takeBackup({ ownerUrl: database.ownerUrl, into, keep: 3 });
});
afterEach(() => rm(into, { recursive: true, force: true }));
afterAll(async () => {
  await database.drop();
  await withClient(inject("databaseSuperUrl"), async (client) => {
    for (const name of empties) await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  });
});

describe("a backup", () => {
  it("has every table of the database, and comes back with every row, key, rule and number as it was", async () => {
    const ownerUrl = await emptyDatabase();
    const manifest = await restoreBackup({ folder, ownerUrl });
    expect(manifest.tables.find(({ name }) => name === "sms_inbound")?.rows).toBe(3);
    await withClient(ownerUrl, async (client) => {
      // All is compared before numbers jump ahead, which these say (restored.test.ts).
      const jumped = ["account_counters", "country_settings", "job_runs", "mutations"];
      expect(await differences(client, manifest)).toEqual(jumped);
      const { rows } = await client.query<{ content: string }>("SELECT content FROM sms_inbound ORDER BY external_id");
      expect(rows.map(({ content }) => content)).toEqual([1, 2, 3].map((n) => `${NASTY} ${n}`));
      const shape = async (url: string) =>
        withClient(url, async (other) => {
          const keys =
            await other.query(`SELECT conrelid::regclass::text AS at, conname, pg_get_constraintdef(oid) AS says
            FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2`);
          const rules = await other.query(`SELECT tgrelid::regclass::text AS at, tgname, tgenabled FROM pg_trigger
            WHERE NOT tgisinternal ORDER BY 1, 2`);
          return { keys: keys.rows, rules: rules.rows };
        });
      expect(await shape(ownerUrl)).toEqual(await shape(database.ownerUrl));
      // The rules hold again, and the next number is none that was given.
      await expect(client.query("DELETE FROM ledger_entries")).rejects.toThrow();
      const made = await client.query<{ fresh: boolean }>(`INSERT INTO customers (customer_key, name, phones)
        VALUES ('c3', 'Test Three', '{}') RETURNING id > (SELECT max(id) FROM customers) AS fresh`);
      expect(made.rows[0]?.fresh).toBe(true);
    });
  });

  it("is of one moment: what is written while it is taken is in it whole or not at all", async () => {
    let wasWritten = false;
    const during = await takeBackup({
      ownerUrl: database.ownerUrl,
      into,
      keep: 3,
      onTable: () => {
        if (wasWritten) return;
        wasWritten = true;
        void neonCopies(connect(database.appUrl, database.sqlUrl)).write(
          items([sms({ externalId: "late", contentHash: "late", content: "late" })]),
        );
      },
    });
    const rows = (of: string) => readManifest(of).tables.map(({ name, rows: count }) => [name, count]);
    expect(rows(during)).toEqual(rows(folder));
  });

  it("of a table is in the order of its key, so that equal rows are an equal file", async () => {
    const again = await takeBackup({ ownerUrl: database.ownerUrl, into, keep: 3 });
    const sums = (of: string) => readManifest(of).tables.map(({ name, sha256 }) => [name, sha256]);
    expect(sums(again).filter(([name]) => name !== "sms_inbound")).toEqual(
      sums(folder).filter(([name]) => name !== "sms_inbound"),
    );
  });

  it("is kept with as many before it as was said, and what was left half done is removed", async () => {
    await writeFile(join(into, "note.txt"), "somebody's own");
    for (let n = 0; n < 2; n++) await takeBackup({ ownerUrl: database.ownerUrl, into, keep: 2 });
    const left = await readdir(into);
    expect(left.filter((name) => name.startsWith("20"))).toHaveLength(2);
    expect(left).toContain("note.txt");
    expect(left.some((name) => name.endsWith(".part"))).toBe(false);
  });
});

describe("a table that is larger than a bucket takes of one file", () => {
  const PART = 100;
  it("is several files, none of them larger, and comes back as it was", async () => {
    const parted = await takeBackup({ ownerUrl: database.ownerUrl, into, keep: 3, partBytesMax: PART });
    const manifest = readManifest(parted);
    const sms = manifest.tables.find(({ name }) => name === "sms_inbound");
    expect(sms === undefined ? [] : filesOf(sms).slice(0, 2)).toEqual(["sms_inbound.copy.gz", "sms_inbound.copy.gz.2"]);
    const files = manifest.tables.flatMap(filesOf);
    for (const file of files) expect((await stat(join(parted, file))).size, file).toBeLessThanOrEqual(PART);
    expect((await readdir(parted)).sort()).toEqual([...files, MANIFEST].sort());
    const ownerUrl = await emptyDatabase();
    const restored = await restoreBackup({ folder: parted, ownerUrl });
    await withClient(ownerUrl, async (client) => {
      // Numbers that jump ahead after a restore are no table's of SMS.
      expect(await differences(client, restored)).not.toContain("sms_inbound");
    });
  });

  it("that lacks a file, or has two in another's place, is refused", async () => {
    const parted = await takeBackup({ ownerUrl: database.ownerUrl, into, keep: 3, partBytesMax: PART });
    const second = join(parted, "sms_inbound.copy.gz.2");
    const bytes = await readFile(second);
    await rm(second);
    await expect(checkBackup(parted)).rejects.toThrow("sms_inbound.copy.gz cannot be read");
    await writeFile(second, await readFile(join(parted, "sms_inbound.copy.gz")));
    await expect(checkBackup(parted)).rejects.toThrow("sms_inbound.copy.gz");
    await writeFile(second, bytes);
    await checkBackup(parted);
  });

  it("was one file in a backup of a release before, whose manifest lists none", async () => {
    const path = join(folder, MANIFEST);
    const manifest = JSON.parse(await readFile(path, "utf8"));
    for (const table of manifest.tables) delete table.files;
    await writeFile(path, JSON.stringify(manifest));
    expect((await checkBackup(folder)).tables.length).toBe(manifest.tables.length);
  });
});

describe("what is refused before anything is written", () => {
  const nothing = async (ownerUrl: string) =>
    withClient(ownerUrl, async (client) => {
      const { rows } = await client.query("SELECT 1 FROM pg_tables WHERE schemaname = 'public'");
      return rows.length;
    });

  it("is a file that lost a row, or has another", async () => {
    const { tables } = readManifest(folder);
    const table = tables.find(({ name }) => name === "payments");
    if (table === undefined) throw new Error("payments expected");
    const file = join(folder, fileOf(table));
    const text = gunzipSync(await readFile(file)).toString();
    await writeFile(file, gzipSync(text.replace("2000", "2001")));
    const ownerUrl = await emptyDatabase();
    await expect(restoreBackup({ folder, ownerUrl })).rejects.toThrow("payments.copy.gz is not what was backed up");
    expect(await nothing(ownerUrl)).toBe(0);
  });

  it("is a file that is cut off", async () => {
    const file = join(folder, "ledger_entries.copy.gz");
    await writeFile(file, (await readFile(file)).subarray(0, 40));
    await expect(checkBackup(folder)).rejects.toThrow("ledger_entries.copy.gz cannot be read");
  });

  it("is a folder without its manifest, which is written last", async () => {
    await rm(join(folder, MANIFEST));
    await expect(checkBackup(folder)).rejects.toThrow("is no backup");
  });

  it("is a backup of a newer release", async () => {
    const manifest = readManifest(folder);
    await writeFile(
      join(folder, MANIFEST),
      JSON.stringify({ ...manifest, migrations: [...manifest.migrations, "unknown here"] }),
    );
    const ownerUrl = await emptyDatabase();
    await expect(restoreBackup({ folder, ownerUrl })).rejects.toThrow("of a newer release");
    expect(await nothing(ownerUrl)).toBe(0);
  });

  it("is a database that has rows already: those stay as they are", async () => {
    const before = readManifest(await takeBackup({ ownerUrl: database.ownerUrl, into, keep: 9 })).tables;
    await expect(restoreBackup({ folder, ownerUrl: database.ownerUrl })).rejects.toThrow("has rows already");
    expect(readManifest(await takeBackup({ ownerUrl: database.ownerUrl, into, keep: 9 })).tables).toEqual(before);
  });
});

describe("a backup of an older release", () => {
  it("comes back as it was, and is brought to the newest migration then", async () => {
    const old = await freshDatabase("integrations");
    try {
      await seed(old.ownerUrl);
      const from = await takeBackup({ ownerUrl: old.ownerUrl, into, keep: 9 });
      const ownerUrl = await emptyDatabase();
      await restoreBackup({ folder: from, ownerUrl });
      await withClient(ownerUrl, async (client) => {
        const { rows } = await client.query("SELECT to_regclass('api_keys') IS NOT NULL AS there");
        expect(rows).toEqual([{ there: true }]);
        expect((await client.query("SELECT 1 FROM accounts")).rowCount).toBe(2);
      });
    } finally {
      await old.drop();
    }
  });
});

describe("a backup in a bucket", () => {
  const told = (isTaken: (key: string) => boolean) => {
    const sent: string[] = [];
    const run = (_: string, args: readonly string[]) => {
      const key = args[3] ?? "";
      if (!isTaken(key)) return { status: 1, stdout: "", stderr: "no such bucket" };
      sent.push(key);
      return { status: 0, stdout: "", stderr: "" };
    };
    return { sent, tools: { run, show: run } satisfies Tools };
  };

  it("has its manifest last, so that half an upload is no backup", () => {
    const { sent, tools } = told(() => true);
    const prefix = uploadBackup(tools, { folder, bucket: "backups", country: "LS" });
    expect(prefix).toMatch(/^ls\/20\d\d-/);
    // And after all of it which one is the newest.
    expect(sent).toHaveLength(readManifest(folder).tables.length + 2);
    expect(sent.slice(-2)).toEqual([`backups/${prefix}/${MANIFEST}`, "backups/ls/newest.json"]);
  });

  /** A bucket that keeps what it is sent, and overwrites nothing of what docs/operations.md has it lock. */
  function bucket() {
    const kept = new Map<string, Buffer>();
    const run = (_: string, args: readonly string[]) => {
      const [, , verb, key = "", , file = ""] = args;
      if (verb === "put" && kept.has(key) && key.startsWith(`backups/${lockedPrefix("LS")}`))
        return { status: 1, stdout: "", stderr: "The object is locked by a bucket lock rule." };
      if (verb === "put") kept.set(key, readFileSync(file));
      else if (kept.has(key)) writeFileSync(file, kept.get(key) ?? "");
      else return { status: 1, stdout: "", stderr: "The specified key does not exist." };
      return { status: 0, stdout: "", stderr: "" };
    };
    return { kept, tools: { run, show: run } satisfies Tools };
  }

  it("comes back as it went, the newest by its country alone, another by its name; one that is not whole does not", async () => {
    const { kept, tools } = bucket();
    const prefix = uploadBackup(tools, { folder, bucket: "backups", country: "LS" });
    const there = join(into, "from-bucket");
    for (const from of ["ls", prefix]) {
      const back = downloadBackup(tools, { bucket: "backups", from, into: there });
      expect((await checkBackup(back)).takenAt).toBe(readManifest(folder).takenAt);
    }
    kept.delete(`backups/${prefix}/payments.copy.gz`);
    expect(() => downloadBackup(tools, { bucket: "backups", from: "ls", into: there })).toThrow(
      `${prefix}/payments.copy.gz was not given by backups`,
    );
    expect(() => downloadBackup(tools, { bucket: "backups", from: "bj", into: there })).toThrow("bj/newest.json");
    expect(existsSync(join(there, "bj"))).toBe(false);
  });

  it("is sent each night to a bucket that locks what was sent, and the newest is the last night's", async () => {
    const { kept, tools } = bucket();
    const first = uploadBackup(tools, { folder, bucket: "backups", country: "LS" });
    const next = await takeBackup({ ownerUrl: database.ownerUrl, into, keep: 3 });
    const second = uploadBackup(tools, { folder: next, bucket: "backups", country: "LS" });
    expect(second).not.toBe(first);
    const back = downloadBackup(tools, { bucket: "backups", from: "ls", into: join(into, "from-bucket") });
    expect((await checkBackup(back)).takenAt).toBe(readManifest(next).takenAt);
    // All of each night is under the lock, and nobody writes over it.
    const unlocked = [...kept.keys()].filter((key) => !key.startsWith(`backups/${lockedPrefix("LS")}`));
    expect(unlocked).toEqual(["backups/ls/newest.json"]);
    expect(() => uploadBackup(tools, { folder, bucket: "backups", country: "LS" })).toThrow("is locked");
    expect(downloadBackup(tools, { bucket: "backups", from: "ls", into: join(into, "again") })).toContain(
      second.slice("ls/".length),
    );
  });

  it("is locked by its country's prefix, as docs/operations.md says, and under no other name", () => {
    const text = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");
    const rules = [...text.matchAll(/^npx wrangler r2 bucket (?:lock|lifecycle) add \S+ \S+ (\S+) /gm)];
    expect(rules.map(([, prefix]) => prefix)).toEqual([lockedPrefix("LS"), lockedPrefix("LS")]);
    const { kept, tools } = bucket();
    const named = { folder: join(into, "by-hand"), bucket: "backups", country: "LS" };
    expect(() => uploadBackup(tools, named)).toThrow("by-hand is no name of a backup");
    expect(kept.size).toBe(0);
  });

  it("is told to the alarm when it is whole there and not before; on a machine alone only of a local world", async () => {
    const db = connect(database.appUrl, database.sqlUrl);
    const takenAt = new Date(Date.now() + 1_000).toISOString();
    const deployed = { country: "LS", ownerUrl: database.ownerUrl, isLocal: false };
    const registered = await backupAt(db);
    // Since the first account: nothing of it was ever in a backup.
    expect(registered).toBeLessThan(Date.parse(takenAt));
    const { tools } = told((key) => !key.endsWith(MANIFEST));
    await expect(endBackup(tools, deployed, { folder, bucket: "backups", takenAt })).rejects.toThrow(MANIFEST);
    const alone = await endBackup(tools, deployed, { folder, bucket: null, takenAt });
    expect(alone).toEqual({ prefix: null, isTold: false });
    expect(await backupAt(db)).toBe(registered);
    const whole = await endBackup(bucket().tools, deployed, { folder, bucket: "backups", takenAt });
    expect(whole.isTold).toBe(true);
    expect(await backupAt(db)).toBe(Date.parse(takenAt));
    const local = { ...deployed, isLocal: true };
    const later = new Date(Date.now() + 2_000).toISOString();
    await endBackup(tools, local, { folder, bucket: null, takenAt: later });
    // An older one that is told late takes nothing back.
    await endBackup(tools, local, { folder, bucket: null, takenAt });
    expect(await backupAt(db)).toBe(Date.parse(later));
  });

  it("that is not taken says which file, and sends no manifest", () => {
    const { sent, tools } = told((key) => !key.endsWith("payments.copy.gz"));
    expect(() => uploadBackup(tools, { folder, bucket: "backups", country: "LS" })).toThrow(
      "payments.copy.gz was not taken by backups: no such bucket",
    );
    expect(sent.some((key) => key.endsWith(MANIFEST))).toBe(false);
  });
});
