import { COUNTRIES, type CountryCode, withClosedSites } from "../../src/domain/country.ts";
import { withClient } from "../database-server.ts";

/** Sites in a database that are not this country's: whoever named it took another's. None where there is no table yet. */
export async function foreignSites(url: string, env: string): Promise<string[]> {
  const own = withClosedSites(COUNTRIES[env.toUpperCase() as CountryCode]).siteCodes;
  return withClient(url, async (client) => {
    const { rows: known } = await client.query("SELECT to_regclass('public.sites') IS NOT NULL AS is_there");
    if (known[0]?.is_there !== true) return [];
    const { rows } = await client.query<{ code: string }>("SELECT code FROM sites ORDER BY code");
    return rows.map(({ code }) => code).filter((code) => !own.includes(code));
  });
}
