/** Brings a database to the newest numbered migration: `DATABASE_URL=… node dev/migrate.ts`. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate as applyMigrations } from "drizzle-orm/node-postgres/migrator";
import { withClient } from "./database-server.ts";

export const MIGRATIONS = fileURLToPath(new URL("../drizzle/migrations", import.meta.url));
/** Any number, always the same: whoever migrates one database at the same moment waits for the other. */
const MIGRATION_LOCK = 1_127_004;

/**
 * Settings of an extension may be named by whoever owns the database only in a session that has loaded it, as one does that
 * calls it. A database that has the extension from an earlier day is brought on by a session that has not.
 */
const LOAD_TRIGRAMS = `DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') THEN PERFORM similarity('a', 'b'); END IF;
END $$`;

/** The roles cc_owner and cc_app must exist. Running it again changes nothing. */
export async function migrate(ownerUrl: string, migrationsFolder = MIGRATIONS): Promise<void> {
  if (!existsSync(`${migrationsFolder}/meta/_journal.json`)) return;
  await withClient(ownerUrl, async (client) => {
    await client.query("SET lock_timeout TO '30s'");
    await client.query("SELECT pg_advisory_lock($1)", [MIGRATION_LOCK]);
    await client.query(LOAD_TRIGRAMS);
    await applyMigrations(drizzle(client), { migrationsFolder });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const url = process.env.DATABASE_URL;
  if (url === undefined || url === "") {
    console.error("DATABASE_URL must name the database, as the role that owns it");
    process.exit(2);
  }
  await migrate(url);
  console.log("The database is up to date.");
}
