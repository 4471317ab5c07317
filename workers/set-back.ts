import type { Context } from "hono";
import { log } from "../src/ports/log.ts";
import { lastVersionGiven } from "../src/queries/tariff-checks.ts";
import type { Env } from "./env.ts";
import { type Failed, fail } from "./errors.ts";
import { directoryOf } from "./objects/locate.ts";
import { within } from "./objects/turns.ts";
import { readerOf } from "./ports.ts";

/** A Directory that takes longer keeps nobody from being registered. */
const ASK_MS_MAX = 1_000;

/**
 * Postgres was set back, and its numbers have not jumped ahead: the Directory was told a version of facts that Postgres does not
 * remember to have given. Null: it was not, or the Directory does not say. Throws while Postgres does not answer.
 */
export async function setBack(env: Env): Promise<{ told: number; given: number } | null> {
  let told: number;
  try {
    // First: what is given and told meanwhile is no lead.
    told = await within<number>(ASK_MS_MAX, directoryOf(env).newestVersion());
  } catch (thrown) {
    log.warn("set-back", { error: thrown });
    return null;
  }
  const given = await lastVersionGiven(readerOf(env));
  return told > given ? { told, given } : null;
}

/**
 * The refusal, or null: nobody is registered in a database that would give them somebody else's number and id, as that one's
 * entries would be theirs. Asked for once what was given is known to be good: what is wrong with it is said in an outage too.
 */
export async function refusedAsSetBack<E extends { Bindings: Env }>(c: Context<E>): Promise<Failed | null> {
  const back = await setBack(c.env);
  if (back === null) return null;
  log.error("database-set-back", back);
  return fail(
    c,
    409,
    "database_set_back",
    "the database was set back: nobody is registered before npm run restored has been run",
    back,
  );
}
