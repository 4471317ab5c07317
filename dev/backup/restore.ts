/** A backup into an empty database, and every row of it compared with what was backed up. */
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type pg from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { COUNTRIES, isCountryCode } from "../../src/domain/country.ts";
import { withClient } from "../database-server.ts";
import { MIGRATIONS, migrate } from "../migrate.ts";
import { type Ahead, type Jump, jumpAhead } from "./ahead.ts";
import { copyOut, foreignKeysOf, migrationsOf, quoted, tablesOf } from "./catalogue.ts";
import { Lines } from "./lines.ts";
import { type BackedUpTable, type BackupManifest, fileOf, readManifest } from "./manifest.ts";
import { readParts } from "./parts.ts";

export type RestoreOptions = {
  folder: string;
  ownerUrl: string;
  /** What is known of account numbers that were given since. */
  numbers?: Pick<Jump, "given" | "firstNumbers">;
  onTable?: (table: BackedUpTable, done: number, of: number) => void;
};

/**
 * Makes the schema as it was then, loads every table, puts foreign keys and rules back (which checks them), compares every table,
 * brings the schema to the newest migration, and lets numbers jump ahead of those that were given after the backup. The
 * database has to be empty; a foreign or broken backup is refused before anything is written.
 */
export async function restoreBackup({
  folder,
  ownerUrl,
  onTable,
  numbers = {},
}: RestoreOptions): Promise<BackupManifest & { ahead: Ahead | null }> {
  const manifest = await checkBackup(folder);
  await withClient(ownerUrl, refuseUsed);
  await migrateAsThen(ownerUrl, manifest);
  await withClient(ownerUrl, async (client) => {
    await client.query("BEGIN");
    await load(client, folder, manifest, onTable);
    await client.query("COMMIT");
    const differing = await differences(client, manifest);
    if (differing.length > 0) throw new Error(`restored, and not equal to its backup: ${differing.join(", ")}`);
  });
  const { country } = manifest;
  await migrate(ownerUrl, country !== null && isCountryCode(country) ? COUNTRIES[country] : null);
  // As it is printed for `heads`: who gives that to `restored` as well is told that it is done.
  const since = Date.parse(manifest.since);
  return { ...manifest, ahead: await jumpAhead(ownerUrl, { ...numbers, since, country, isAgain: true }) };
}

/** Names of tables whose rows are not those of the backup, all of them, in any column. */
export async function differences(client: pg.Client, manifest: BackupManifest): Promise<string[]> {
  const differing: string[] = [];
  for (const table of manifest.tables) {
    const lines = new Lines();
    lines.resume();
    await pipeline(client.query(copyTo(copyOut(table))), lines);
    if (lines.told().sha256 !== table.sha256) differing.push(table.name);
  }
  return differing;
}

/** Reads every file of a backup to its end. Throws a sentence that names what is missing, broken or another. */
export async function checkBackup(folder: string): Promise<BackupManifest> {
  const manifest = readManifest(folder);
  for (const table of manifest.tables) {
    const lines = new Lines();
    lines.resume();
    try {
      await pipeline(readParts(folder, table), createGunzip(), lines);
    } catch (thrown) {
      throw new Error(`${fileOf(table)} cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
    const { rows, sha256 } = lines.told();
    if (sha256 !== table.sha256)
      throw new Error(
        `${fileOf(table)} is not what was backed up: ${rows} rows, ${table.rows} expected, or other ones`,
      );
  }
  return manifest;
}

async function refuseUsed(client: pg.Client) {
  const { rows } = await client.query<{ there: boolean }>("SELECT to_regclass('public.accounts') IS NOT NULL AS there");
  if (rows[0]?.there !== true) return;
  const held = await client.query<{ used: boolean }>(
    "SELECT EXISTS (SELECT FROM accounts) OR EXISTS (SELECT FROM payments) OR EXISTS (SELECT FROM sms_inbound) AS used",
  );
  if (held.rows[0]?.used === true)
    throw new Error("this database has rows already: make an empty one, restore there, and point the Worker at it");
}

/** The migrations of that day, by number; another text under a number is another history, and refused. */
async function migrateAsThen(ownerUrl: string, manifest: BackupManifest) {
  const folder = await mkdtemp(join(tmpdir(), "migrations-"));
  try {
    await cp(MIGRATIONS, folder, { recursive: true });
    const journalFile = join(folder, "meta", "_journal.json");
    const journal = JSON.parse(await readFile(journalFile, "utf8")) as { entries: unknown[] };
    if (manifest.migrations.length > journal.entries.length)
      throw new Error(
        `the backup is of a newer release: ${manifest.migrations.length} migrations, ${journal.entries.length} known here`,
      );
    journal.entries = journal.entries.slice(0, manifest.migrations.length);
    await writeFile(journalFile, JSON.stringify(journal));
    await migrate(ownerUrl, null, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const had = await withClient(ownerUrl, migrationsOf);
  const other = manifest.migrations.findIndex((hash, index) => had[index] !== hash);
  if (other !== -1 || had.length !== manifest.migrations.length)
    throw new Error(`migration ${other === -1 ? had.length : other} is not the one that the backup's database had`);
}

async function load(client: pg.Client, folder: string, manifest: BackupManifest, onTable: RestoreOptions["onTable"]) {
  const shapes = await tablesOf(client);
  const known = new Map(shapes.map((shape) => [shape.name, shape.columns.join()]));
  for (const { name, columns } of manifest.tables)
    if (known.get(name) !== columns.join()) throw new Error(`table ${name} has other columns here than in the backup`);
  for (const { name, parent, bound } of manifest.partitions)
    await client.query(`CREATE TABLE IF NOT EXISTS ${quoted(name)} PARTITION OF ${quoted(parent)} ${bound}`);
  // Rows come in no order that suits foreign keys, and rules are about changes: both wait. Putting a key back checks all rows.
  const keys = await foreignKeysOf(client);
  for (const key of keys) await client.query(`ALTER TABLE ${key.table} DROP CONSTRAINT ${quoted(key.name)}`);
  for (const { name } of shapes) await client.query(`ALTER TABLE ${quoted(name)} DISABLE TRIGGER USER`);
  // What migrations put there is in the backup too.
  await client.query(`TRUNCATE ${shapes.map(({ name }) => quoted(name)).join(", ")}`);
  for (const [index, table] of manifest.tables.entries()) {
    const columns = table.columns.map(quoted).join(", ");
    await pipeline(
      readParts(folder, table),
      createGunzip(),
      client.query(copyFrom(`COPY ${quoted(table.name)} (${columns}) FROM STDIN`)),
    );
    onTable?.(table, index + 1, manifest.tables.length);
  }
  for (const { name } of shapes) await client.query(`ALTER TABLE ${quoted(name)} ENABLE TRIGGER USER`);
  for (const { table, name, definition } of keys)
    await client.query(`ALTER TABLE ${table} ADD CONSTRAINT ${quoted(name)} ${definition}`);
  for (const { name, last } of manifest.sequences)
    if (last !== null) await client.query("SELECT setval($1::regclass, $2::bigint)", [`public.${quoted(name)}`, last]);
}
