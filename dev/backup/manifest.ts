/** What a backup says of itself. It is written last: a folder without it is none. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

export const MANIFEST = "manifest.json";
const FORMAT = 1;
/** The system has some hundred tables. */
const TABLES_MAX = 1_000;
/** Of one table: 200 GB of them. */
const FILES_MAX = 1_000;

const name = z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/, "a table's or column's name");
const count = z.number().int().nonnegative();

const Table = z.object({
  name,
  columns: z.array(name).min(1),
  /** How rows are ordered in the file, so that equal rows make an equal file. */
  orderBy: z.array(name).min(1),
  rows: count,
  /** Of the lines, before they were compressed. */
  bytes: count,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Names of its files, to be read one after the other; missing: one of the table's name. */
  files: z
    .array(z.string().regex(/^[a-z_][a-z0-9_]{0,62}\.copy\.gz(\.\d{1,4})?$/, "a file of a table"))
    .min(1)
    .max(FILES_MAX)
    .optional(),
});
export type BackedUpTable = z.infer<typeof Table>;

const Manifest = z.object({
  format: z.literal(FORMAT, `this release reads backups of format ${FORMAT}`),
  /** Whose database it is; null: one that is named for no country, as a test's. */
  country: z.string().nullable(),
  /** The database's own clock when its snapshot was taken. */
  takenAt: z.iso.datetime(),
  /** What `heads --since` has to be told after this was restored: before whatever was being written at that moment. */
  since: z.iso.datetime(),
  /** Hashes of the numbered migrations that it has, in order. */
  migrations: z.array(z.string()).min(1),
  partitions: z.array(z.object({ name, parent: name, bound: z.string() })).max(TABLES_MAX),
  tables: z.array(Table).min(1).max(TABLES_MAX),
  sequences: z.array(z.object({ name, last: z.string().nullable() })).max(TABLES_MAX),
});
export type BackupManifest = z.infer<typeof Manifest>;

export const fileOf = (table: { name: string }) => `${table.name}.copy.gz`;
export const filesOf = (table: { name: string; files?: string[] | undefined }): string[] =>
  table.files ?? [fileOf(table)];

/** Throws with what is wrong where there is no whole backup. */
export function readManifest(folder: string): BackupManifest {
  let text: string;
  try {
    text = readFileSync(join(folder, MANIFEST), "utf8");
  } catch {
    throw new Error(`${folder} is no backup: it has no ${MANIFEST}, which is written when all else is there`);
  }
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    throw new Error(`${join(folder, MANIFEST)} is not JSON`);
  }
  const read = Manifest.safeParse(said);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new Error(`${join(folder, MANIFEST)}: ${issue?.path.join(".")}: ${issue?.message}`);
  }
  return read.data;
}
