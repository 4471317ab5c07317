import type { Context } from "hono";
import { log } from "../src/ports/log.ts";
import { firstNotGiven } from "../src/queries/numbers-given.ts";
import { lastVersionGiven } from "../src/queries/tariff-checks.ts";
import type { Env } from "./env.ts";
import { type Failed, fail } from "./errors.ts";
import { directoryOf } from "./objects/locate.ts";
import { within } from "./objects/turns.ts";
import { readerOf } from "./ports.ts";

/** A Directory that takes longer keeps nobody from being registered. */
const ASK_MS_MAX = 1_000;

/** What the Directory was told, and the last that Postgres remembers to have given: a version of facts, or an account number. */
export type SetBack = { told: number; given: number } | { told: string; given: string | null };

/**
 * Postgres was set back, and its numbers have not jumped ahead: the Directory was told a version of facts, or an account number of
 * some site, that Postgres does not remember to have given. The version alone does not tell: a restored sequence may stand up to
 * 32 further than what it gave, while the counters of account numbers are set back to the row. Null: it was not, or the Directory
 * does not say. Throws while Postgres does not answer.
 */
export async function setBack(env: Env): Promise<SetBack | null> {
  let version: number;
  let accounts: string[];
  try {
    // First: what is given and told meanwhile is no lead.
    [version, accounts] = await within(ASK_MS_MAX, toldOf(env));
  } catch (thrown) {
    log.warn("set-back", { error: thrown });
    return null;
  }
  const reader = readerOf(env);
  const [given, ahead] = await Promise.all([lastVersionGiven(reader), firstNotGiven(reader, accounts)]);
  if (version > given) return { told: version, given };
  return ahead === null ? null : { told: ahead.account, given: ahead.highest };
}

async function toldOf(env: Env): Promise<[number, string[]]> {
  const directory = directoryOf(env);
  const version = await directory.newestVersion();
  // One of the release before keeps no numbers.
  return [version, await directory.highestAccounts().catch(() => [])];
}

/** A phone or a till was told of this version: Postgres has given it, and may forget that. Whether it is kept hinders nothing. */
export async function heardOf(env: Env, version: number): Promise<void> {
  try {
    await within(ASK_MS_MAX, directoryOf(env).putPlacements([], version));
  } catch (thrown) {
    log.warn("set-back", { version, error: thrown });
  }
}

/**
 * The refusal, or null: nothing is begun in a database that would give it a number, id or version that objects, staff or other
 * systems know as another's, or that objects would not hear. `undone` says what is not done. Asked for once what was given is
 * known to be good: what is wrong with it is said in an outage too.
 */
export async function refusedAsSetBack<E extends { Bindings: Env }>(
  c: Context<E>,
  undone = "nobody is registered",
): Promise<Failed | null> {
  const back = await setBack(c.env);
  if (back === null) return null;
  log.error("database-set-back", back);
  return fail(
    c,
    409,
    "database_set_back",
    `the database was set back: ${undone} before npm run restored has been run`,
    back,
  );
}
