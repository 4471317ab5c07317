import type { Country } from "../domain/country.ts";
import type { Change, Registered, Registry } from "../ports/registry.ts";

export type ClosedSitePorts = {
  registry: Pick<Registry, "upsertSites">;
  /** Of these sites, those that are registered. */
  sitesHere(codes: readonly string[]): Promise<string[]>;
};

/**
 * Registers those closed sites of the country that are named and not here yet: nobody opens a site that is no more, and
 * what the old books have of it still needs one. Named by its code, until somebody says better; one that is here stays.
 */
export async function makeClosedSites(
  ports: ClosedSitePorts,
  { country, named }: { country: Country; named: readonly (string | null)[] },
  by: Change,
): Promise<Registered | null> {
  const closed = country.closedSiteCodes.filter((code) => named.includes(code));
  if (closed.length === 0) return null;
  const here = new Set(await ports.sitesHere(closed));
  const missing = closed.filter((code) => !here.has(code)).map((code) => ({ code, name: code, district: null }));
  return missing.length === 0 ? null : ports.registry.upsertSites(missing, by);
}
