import type { Env } from "../env.ts";
import { accountLocator, gateOf, mailboxOf, RECEIPT_SHARDS, shardOf } from "../objects/locate.ts";
import { clockOf, copiesOf } from "../ports.ts";
import { tellForgottenGate } from "./heads-gate.ts";
import type { Job } from "./job.ts";

/** Of one shard, a minute. */
const KEYS_MAX = 500;
const ACCOUNTS_MAX = 500;
const AT_ONCE_MAX = 20;
/** An entry that Postgres lacks so long while it answers may have been lost by its account. */
const LOST_AFTER_MS = 15 * 60_000;
const ASK_AGAIN_MAX = 20;

/**
 * Every minute: closes claims whose entries Postgres has had all along (the word of the copy consumer may be lost), and,
 * since Postgres has just answered, asks whoever still owes rows to send them now. So an outage drains within a minute
 * of its end and not at the end of everybody's backoff. With Postgres down the first question throws, and nobody is asked.
 */
export const drainCopies: Job = async (env) => {
  await copiesOf(env).recordedKeys(["receipt:NONE#1.1"]);
  for (let shard = 0; shard < RECEIPT_SHARDS; shard++) {
    const keys = await shardOf(env, shard).awaiting(KEYS_MAX);
    const recorded = keys.length === 0 ? [] : await copiesOf(env).recordedKeys(keys);
    if (recorded.length > 0) await shardOf(env, shard).recorded(recorded);
    await shardOf(env, shard).nudgeCopy();
    await shardOf(env, shard).askAgain(clockOf(env).now() - LOST_AFTER_MS, ASK_AGAIN_MAX);
    const accounts = await shardOf(env, shard).awaitingAccounts(ACCOUNTS_MAX);
    for (let from = 0; from < accounts.length; from += AT_ONCE_MAX)
      await Promise.all(
        accounts.slice(from, from + AT_ONCE_MAX).map((account) => accountLocator(env, account).nudgeCopy()),
      );
  }
  await nudgePhones(env);
  await tellForgottenGate(env);
  return null;
};

async function nudgePhones(env: Env) {
  for (const { phoneId } of await gateOf(env).phones()) await mailboxOf(env, phoneId).nudgeCopy();
}
