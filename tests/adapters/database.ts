/** An own database for a test or a file of them, migrated, reached as the Worker reaches it. */
import { randomBytes } from "node:crypto";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { MIGRATIONS, migrate } from "../../dev/migrate.ts";
import type { FaultMode } from "../../dev/neon.ts";
import { TEMPLATE } from "./database.setup.ts";

/** The bridge of the worker that runs this file: workers are numbered from 1, and one that has ended leaves its number. */
function sqlUrl(): string {
  const url = inject("neonSqlUrls")[Number(process.env.VITEST_POOL_ID) - 1];
  if (url === undefined) throw new Error(`no bridge for worker ${process.env.VITEST_POOL_ID}`);
  return url;
}

export type FreshDatabase = {
  /** Role cc_owner: owns the tables. */
  ownerUrl: string;
  /** Role cc_app: what the Worker is. Goes into `neon(appUrl)`. */
  appUrl: string;
  /** Goes into `neonConfig.fetchEndpoint`. */
  sqlUrl: string;
  /** Brings it to the newest migration, where it was made only up to an older one. */
  migrateOn(): Promise<void>;
  drop(): Promise<void>;
};

/** `before`: the name of the migration that it is not to have yet, nor any later one; else it has all. */
export async function freshDatabase(before?: string): Promise<FreshDatabase> {
  const name = `test_${randomBytes(6).toString("hex")}`;
  const superUrl = inject("databaseSuperUrl");
  await withClient(superUrl, async (client) => {
    await client.query(
      `CREATE DATABASE ${name} OWNER cc_owner TEMPLATE ${before === undefined ? TEMPLATE : "template0"}`,
    );
    await client.query(`GRANT CONNECT ON DATABASE ${name} TO cc_app`);
  });
  const urlFor = (base: string) => Object.assign(new URL(base), { pathname: `/${name}` }).href;
  const ownerUrl = urlFor(inject("databaseOwnerUrl"));
  if (before !== undefined) await migrateUpTo(before, ownerUrl);
  return {
    ownerUrl,
    appUrl: urlFor(inject("databaseAppUrl")),
    sqlUrl: sqlUrl(),
    migrateOn: () => migrate(ownerUrl),
    drop: () =>
      withClient(superUrl, async (client) => {
        await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      }),
  };
}

/** Breaks the bridge for the next `count` requests, or until set to "none" when count is null. */
export async function setFault(mode: FaultMode, count: number | null = 1): Promise<void> {
  const answer = await fetch(new URL("/fault", sqlUrl()), {
    method: "POST",
    body: JSON.stringify({ mode, count }),
  });
  if (!answer.ok) throw new Error(`fault not set: ${await answer.text()}`);
}

async function migrateUpTo(before: string, ownerUrl: string) {
  const folder = await mkdtemp(join(tmpdir(), "cc-migrations-"));
  try {
    await cp(MIGRATIONS, folder, { recursive: true });
    const path = join(folder, "meta", "_journal.json");
    const journal = JSON.parse(await readFile(path, "utf8")) as { entries: { tag: string }[] };
    const end = journal.entries.findIndex(({ tag }) => tag.endsWith(`_${before}`));
    if (end < 0) throw new Error(`no migration is named ${before}`);
    await writeFile(path, JSON.stringify({ ...journal, entries: journal.entries.slice(0, end) }));
    await migrate(ownerUrl, null, folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
