import type { DirectoryRows } from "../../src/ports/restores.ts";
import type { Env } from "../env.ts";
import { accountLocator, directoryOf, unmappedOf } from "../objects/locate.ts";
import { restoresOf } from "../objects/restores.ts";
import { headsOf } from "../ports.ts";
import type { Job } from "./job.ts";

const PAGE_MAX = 200;
/** Accounts told at a time. */
const AT_ONCE_MAX = 10;

/** Tells every account what Postgres knows of it, a page a message: rates changed for a site or a country. */
export const refreshAccounts: Job = async (env, page) => {
  const accounts = await headsOf(env).accountsAfter(typeof page === "string" ? page : "", PAGE_MAX);
  await configureAccounts(env, accounts);
  const last = accounts.length === PAGE_MAX ? accounts.at(-1) : undefined;
  return last === undefined ? null : { next: last };
};

/** Hands the facts of these accounts to their objects, and their meters to the Directory. Throws when Postgres does not answer. */
export async function configureAccounts(env: Env, accounts: string[]): Promise<void> {
  const restores = restoresOf(env);
  for (let from = 0; from < accounts.length; from += AT_ONCE_MAX) {
    const placed = await Promise.all(accounts.slice(from, from + AT_ONCE_MAX).map(configureOne));
    // What waited for a place is handed over before newer readings are routed there: they go in order.
    await unmappedOf(env).placed(placed.flat());
    await directoryOf(env).putPlacements(placed.flat());
  }

  async function configureOne(account: string): Promise<DirectoryRows["placements"]> {
    const facts = await restores.accountFacts(account);
    if (facts === "down") throw new Error("the database does not answer");
    if (facts === null) return [];
    await accountLocator(env, account).configure(facts);
    return facts.meters.map(({ meterNumber, from, to }) => ({
      meterNumber,
      account,
      from,
      to,
      version: facts.version,
    }));
  }
}
