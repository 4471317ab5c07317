/** A backup of a country's database: one snapshot, a file a table, and a manifest when all of it is there. */
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { withClient } from "../database-server.ts";
import { copyOut, migrationsOf, partitionsOf, sequencesOf, type TableShape, tablesOf } from "./catalogue.ts";
import { Lines, type Told } from "./lines.ts";
import { type BackedUpTable, type BackupManifest, fileOf, MANIFEST } from "./manifest.ts";
import { Parts } from "./parts.ts";

/** Longer than any of our statements may take: what was begun before the snapshot is not in it, though its time is earlier. */
const UNSEEN_MS = 60_000;
const PART = ".part";

type Options = {
  /** The role that owns the tables. */
  ownerUrl: string;
  /** Backups are folders in it, named by the moment they were taken. */
  into: string;
  /** Complete backups that stay there, this one among them. */
  keep: number;
  onTable?: (table: BackedUpTable, done: number, of: number) => void;
  /** A larger table is several files. */
  partBytesMax?: number;
};

/** Answers the folder. What ends half way leaves a folder that says so by its name, and the next one removes it. */
export async function takeBackup({ ownerUrl, into, keep, onTable, partBytesMax }: Options): Promise<string> {
  await mkdir(into, { recursive: true });
  return withClient(ownerUrl, async (client) => {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    // The first statement takes the snapshot.
    const { rows } = await client.query<{ at: Date }>("SELECT clock_timestamp() AS at");
    const takenAt = rows[0]?.at ?? new Date();
    const folder = join(into, takenAt.toISOString().replaceAll(":", "-"));
    await mkdir(folder + PART, { recursive: true });
    const shapes = await tablesOf(client);
    const tables: BackedUpTable[] = [];
    for (const shape of shapes) {
      const table = {
        ...shape,
        ...(await copied(client, shape, new Parts(folder + PART, fileOf(shape), partBytesMax))),
      };
      tables.push(table);
      onTable?.(table, tables.length, shapes.length);
    }
    const manifest: BackupManifest = {
      format: 1,
      country: await countryOf(client),
      takenAt: takenAt.toISOString(),
      since: new Date(takenAt.getTime() - UNSEEN_MS).toISOString(),
      migrations: await migrationsOf(client),
      partitions: await partitionsOf(client),
      tables,
      sequences: await sequencesOf(client),
    };
    await client.query("COMMIT");
    await writeFile(join(folder + PART, MANIFEST), `${JSON.stringify(manifest, null, 1)}\n`);
    await rename(folder + PART, folder);
    await prune(into, keep);
    return folder;
  });
}

async function copied(client: pg.Client, shape: TableShape, parts: Parts): Promise<Told & { files: string[] }> {
  const lines = new Lines();
  await pipeline(client.query(copyTo(copyOut(shape))), lines, createGzip({ level: 6 }), parts);
  return { ...lines.told(), files: parts.files };
}

async function countryOf(client: pg.Client): Promise<string | null> {
  const { rows } = await client.query<{ code: string }>("SELECT code FROM database_country");
  return rows[0]?.code ?? null;
}

/** The oldest go, and whatever was left half done. Names sort by time. */
async function prune(into: string, keep: number) {
  const entries = (await readdir(into, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const names = entries.map((entry) => entry.name).filter((name) => /^\d{4}-\d{2}-\d{2}T/.test(name));
  const whole = names.filter((name) => !name.endsWith(PART)).sort();
  const gone = [...names.filter((name) => name.endsWith(PART)), ...whole.slice(0, Math.max(0, whole.length - keep))];
  for (const name of gone) await rm(join(into, name), { recursive: true, force: true });
}
