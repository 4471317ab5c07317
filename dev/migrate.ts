/**
 * Brings a country's database to the newest numbered migration, and says in it whose it is:
 * `DATABASE_URL=… npm run db:migrate -- --country ls` (or COUNTRY=LS). Another country's database is refused before anything is done.
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate as applyMigrations } from "drizzle-orm/node-postgres/migrator";
import type pg from "pg";
import { COUNTRIES, type Country, countryOfSite, isCountryCode, withClosedSites } from "../src/domain/country.ts";
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

/**
 * The roles cc_owner and cc_app must exist. Running it again changes nothing. Without a country the database stays unnamed, as
 * for a test of adapters: no Worker works with it.
 */
export async function migrate(
  ownerUrl: string,
  country: Country | null = null,
  migrationsFolder = MIGRATIONS,
): Promise<void> {
  if (!existsSync(`${migrationsFolder}/meta/_journal.json`)) return;
  await withClient(ownerUrl, async (client) => {
    await client.query("SET lock_timeout TO '30s'");
    await client.query("SELECT pg_advisory_lock($1)", [MIGRATION_LOCK]);
    if (country !== null) await refuseForeign(client, country);
    await client.query(LOAD_TRIGRAMS);
    await applyMigrations(drizzle(client), { migrationsFolder });
    if (country !== null) await name(client, country);
  });
}

const has = async (client: pg.Client, table: string): Promise<boolean> =>
  (await client.query("SELECT to_regclass($1) IS NOT NULL AS there", [`public.${table}`])).rows[0]?.there === true;

/** What is named for another country, or holds its sites, is left as it is. */
async function refuseForeign(client: pg.Client, country: Country): Promise<void> {
  if (await has(client, "database_country")) {
    const { rows } = await client.query<{ code: string }>("SELECT code FROM database_country");
    const [named] = rows;
    if (named !== undefined && named.code !== country.code)
      throw new Error(`this database belongs to ${named.code}, not to ${country.code}: nothing was changed`);
  }
  if (!(await has(client, "sites"))) return;
  const { rows } = await client.query<{ code: string }>("SELECT code FROM sites ORDER BY code");
  const foreign = rows.filter(({ code }) => (countryOfSite(code) ?? country).code !== country.code);
  if (foreign.length > 0)
    throw new Error(
      `this database holds ${foreign.map(({ code }) => code).join(", ")}, no sites of ${country.name}: nothing was changed`,
    );
}

/** Once; later only its sites and currency follow the country's file. */
const name = (client: pg.Client, country: Country) =>
  client.query(
    `INSERT INTO database_country AS d (code, currency, site_codes) VALUES ($1, $2, $3)
     ON CONFLICT (one) DO UPDATE SET code = excluded.code, currency = excluded.currency, site_codes = excluded.site_codes
     WHERE (d.code, d.currency, d.site_codes) IS DISTINCT FROM (excluded.code, excluded.currency, excluded.site_codes)`,
    [country.code, country.currency, withClosedSites(country).siteCodes],
  );

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { country: { type: "string" } } });
  const url = process.env.DATABASE_URL;
  const code = (values.country ?? process.env.COUNTRY ?? "").toUpperCase();
  if (url === undefined || url === "") {
    console.error("DATABASE_URL must name the database, as the role that owns it");
    process.exit(2);
  }
  if (!isCountryCode(code)) {
    console.error(
      `name the country whose database it is: --country ${Object.keys(COUNTRIES).join(" | ").toLowerCase()}`,
    );
    process.exit(2);
  }
  try {
    await migrate(url, COUNTRIES[code]);
  } catch (thrown) {
    console.error(thrown instanceof Error ? thrown.message : String(thrown));
    process.exit(1);
  }
  console.log(`The database of ${COUNTRIES[code].name} is up to date.`);
}
