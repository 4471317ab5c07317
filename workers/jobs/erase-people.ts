import { neonErasures } from "../../src/adapters/neon/erasures.ts";
import type { ErasePatterns } from "../../src/domain/personal/patterns.ts";
import { type ErasePass, eraseStep } from "../../src/services/erase-person.ts";
import type { Env } from "../env.ts";
import type { Erased } from "../objects/erase-rows.ts";
import { accountLocator, mailboxOf, RECEIPT_SHARDS, shardOf } from "../objects/locate.ts";
import { clockOf, databaseOf, headsOf } from "../ports.ts";
import type { Job } from "./job.ts";
import { configureInJob } from "./refresh-accounts.ts";

/** Orders that are worked on in one night. */
const ORDERS_MAX = 50;
/** Gateway phones of a country: it has a few dozen. */
const PHONES_MAX = 500;
const AT_ONCE_MAX = 4;
/** Times that one object is asked for more; what is left then comes with the next try of this unit. */
const ROUNDS_MAX = 100;

/** Nightly, and when an order is approved: each approved order has everything looked through, a unit a message. */
export const erasePeopleJob: Job = async (env, page) => {
  const startedAt = clockOf(env).now();
  const erasures = neonErasures(databaseOf(env));
  if (page === null) {
    const orders = await erasures.approved(ORDERS_MAX);
    for (const { id } of orders)
      await env.JOBS.send({ job: "erase-people", page: { id, step: 0, changed: 0, startedAt } satisfies ErasePass });
    return null;
  }
  const next = await eraseStep(
    {
      erasures,
      eraseObjects: (patterns, accounts) => eraseObjects(env, patterns, accounts),
      tell: (accounts) => configureInJob(env, accounts),
      now: () => clockOf(env).now(),
    },
    page as ErasePass,
  );
  return next === null ? null : { next };
};

type Erasing = { erase(patterns: ErasePatterns, isOwn?: boolean): Promise<Erased> };

async function eraseObjects(env: Env, patterns: ErasePatterns, accounts: readonly string[]): Promise<number> {
  const phones = await headsOf(env).phones(PHONES_MAX);
  const asked: (() => Promise<number>)[] = [
    ...accounts.map((account) => () => eraseAll(() => accountLocator(env, account), patterns, true)),
    ...Array.from({ length: RECEIPT_SHARDS }, (_, shard) => () => eraseAll(() => shardOf(env, shard), patterns, false)),
    ...phones.map((phone) => () => eraseAll(() => mailboxOf(env, phone), patterns, false)),
  ];
  let changed = 0;
  for (let from = 0; from < asked.length; from += AT_ONCE_MAX)
    for (const rows of await Promise.all(asked.slice(from, from + AT_ONCE_MAX).map((ask) => ask()))) changed += rows;
  return changed;
}

/** A stub may be broken by an exception, so each call makes a new one. */
async function eraseAll(stub: () => Erasing, patterns: ErasePatterns, isOwn: boolean): Promise<number> {
  let changed = 0;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const erased = await stub().erase(patterns, isOwn);
    changed += erased.changed;
    // What still names the person counts as found: the order is not done while it is there.
    if (erased.changed === 0) return changed + erased.waiting;
  }
  throw new Error("an object names this person in more rows than one unit of work may change");
}
