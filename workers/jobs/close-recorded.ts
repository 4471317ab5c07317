import type { Job } from "../jobs.ts";
import { RECEIPT_SHARDS, shardOf } from "../objects/locate.ts";
import { copiesOf } from "../ports.ts";

/** Keys asked of one shard at a time. */
const KEYS_MAX = 500;

/**
 * Closes claims whose entries Postgres has had all along. The copy consumer tells the shard when it writes an entry;
 * this finds what was lost when that word did not arrive.
 */
export const closeRecorded: Job = async (env) => {
  for (let shard = 0; shard < RECEIPT_SHARDS; shard++) {
    const keys = await shardOf(env, shard).awaiting(KEYS_MAX);
    if (keys.length === 0) continue;
    const recorded = await copiesOf(env).recordedKeys(keys);
    if (recorded.length > 0) await shardOf(env, shard).recorded(recorded);
  }
  return null;
};
