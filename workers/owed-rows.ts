import type { Env } from "./env.ts";
import { RECEIPT_SHARDS, shardOf } from "./objects/locate.ts";
import { phoneViews } from "./portal/ops-status.ts";

/** How much of money that came in is not in the books yet: texts that are not read, receipts that are not closed, rows that wait or were refused. */
export async function owedRows(env: Env): Promise<number> {
  const [phones, shards] = await Promise.all([
    phoneViews(env),
    Promise.all(Array.from({ length: RECEIPT_SHARDS }, (_, shard) => shardOf(env, shard).depths())),
  ]);
  const ofPhones = phones.reduce((sum, phone) => sum + phone.unprocessed + phone.copyWaiting + phone.copyRefused, 0);
  return shards.reduce((sum, shard) => sum + shard.open + shard.copyWaiting + shard.copyRefused, ofPhones);
}
