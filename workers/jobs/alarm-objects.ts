import { FEED_LATE_MS } from "../../src/domain/alarm.ts";
import type { Gate } from "../../src/ports/gate.ts";
import type { ObjectsSeen } from "../../src/services/look-for-alarms.ts";
import type { Env } from "../env.ts";
import { gateOf, RECEIPT_SHARDS, shardOf } from "../objects/locate.ts";
import { within } from "../objects/turns.ts";

/** So long each object has to answer, beside the others: one that hangs blinds nobody to the rest. */
export const OBJECT_MS_MAX = 8_000;

/** Whom a look asks. */
export type ObjectsToAsk = {
  phones(): ReturnType<Gate["phones"]>;
  breakers(): Promise<{ site: string }[]>;
  shards: { name: string; open(): Promise<{ receipt: string; changedAt: number }[]> }[];
};

/** The gate has each phone's last word, so that no Mailbox is woken by a look. */
export const objectsToAsk = (env: Env): ObjectsToAsk => ({
  phones: () => gateOf(env).phones(),
  breakers: async () => (await gateOf(env).state()).breakers,
  shards: Array.from({ length: RECEIPT_SHARDS }, (_, shard) => ({
    name: `receipts-${shard}`,
    open: () => shardOf(env, shard).openReceipts(1),
  })),
});

/** What each of them says, and who said nothing in time. */
export async function objectsSeen(ask: ObjectsToAsk, now: number, msMax = OBJECT_MS_MAX): Promise<ObjectsSeen> {
  const answer = <T>(call: () => Promise<T>): Promise<T | null> =>
    // What throws before it has promised anything has not answered either.
    within(msMax, Promise.resolve().then(call)).catch(() => null);
  const [phones, breakers, ...shards] = await Promise.all([
    answer(ask.phones),
    answer(ask.breakers),
    ...ask.shards.map(async ({ name, open }) => ({ name, open: await answer(open) })),
  ]);
  const used = phones?.filter(({ revoked }) => !revoked) ?? null;
  const silentShards = shards.flatMap(({ name, open }) => (open === null ? [name] : []));
  return {
    // One that never came has not begun.
    silentPhones:
      used?.flatMap(({ phoneId, lastPollAt }) =>
        lastPollAt !== null && now - lastPollAt > FEED_LATE_MS.phone ? [phoneId] : [],
      ) ?? null,
    waitingSms:
      used?.flatMap(({ phoneId, oldestUnprocessedAt: oldestAt }) =>
        oldestAt === null ? [] : [{ phoneId, oldestAt }],
      ) ?? null,
    // A phone that is revoked still has to pass on what it brought.
    waitingForwards:
      phones?.flatMap(({ phoneId, oldestForwardAt }) =>
        oldestForwardAt == null ? [] : [{ phoneId, oldestAt: oldestForwardAt }],
      ) ?? null,
    breakers: breakers?.map(({ site }) => site) ?? null,
    openReceipts: shards.flatMap(({ open }) => open ?? []).map(({ receipt, changedAt }) => ({ receipt, changedAt })),
    unanswered: [...(phones === null || breakers === null ? ["gate"] : []), ...silentShards],
    lacksShards: silentShards.length > 0,
  };
}
