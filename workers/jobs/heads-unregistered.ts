import type { KeptAccount } from "../../src/ports/accounts.ts";
import { log } from "../../src/ports/log.ts";
import type { Env } from "../env.ts";
import { accountLocator, directoryOf, RECEIPT_SHARDS, shardOf } from "../objects/locate.ts";
import { within } from "../objects/turns.ts";
import { headsOf } from "../ports.ts";
import { type Difference, type HeadsPart, notRegistered } from "./heads-difference.ts";

/** Accounts of one unit: as many as Postgres is asked for at once. */
const PAGE_MAX = 500;
/** Accounts that one shard names: those whose entries Postgres lacks. */
const AWAITED_MAX = 1_000;
const AT_ONCE_MAX = 20;
const ASK_MS_MAX = 10_000;

/**
 * A page of accounts that objects know, by a meter that they had or by money that Postgres lacks, and that Postgres does not: it
 * was set back since they were registered. They credit and light, and what they owe stays with them until a person registers
 * them again. After the receipts were compared, which finds what Postgres lacks of them. `last`: where the next page begins.
 */
export async function compareUnregistered(env: Env, after: string): Promise<HeadsPart & { last: string | null }> {
  const [placed, awaited] = await Promise.all([placedAfter(env, after), awaitedAfter(env, after)]);
  const all = [...new Set([...placed, ...awaited])].sort();
  const page = all.slice(0, PAGE_MAX);
  const names = page.length === 0 ? [] : await headsOf(env).unregistered(page);
  const differences: Difference[] = [];
  for (let from = 0; from < names.length; from += AT_ONCE_MAX)
    differences.push(
      ...(await Promise.all(
        names.slice(from, from + AT_ONCE_MAX).map(async (name) => notRegistered(name, await seen(env, name))),
      )),
    );
  return {
    counts: { unregistered: names.length },
    differences,
    last: all.length >= PAGE_MAX ? (page.at(-1) ?? null) : null,
  };
}

/** The release before has no such method: then only money leads to them, until the next night. */
async function placedAfter(env: Env, after: string): Promise<string[]> {
  try {
    return await directoryOf(env).placedAccounts(after);
  } catch (thrown) {
    log.warn("heads", { step: "placed", error: thrown });
    return [];
  }
}

async function awaitedAfter(env: Env, after: string): Promise<string[]> {
  const shards = Array.from({ length: RECEIPT_SHARDS }, (_, shard) => shard);
  const accounts = await Promise.all(shards.map((shard) => shardOf(env, shard).awaitingAccounts(AWAITED_MAX)));
  return accounts.flat().filter((account) => account > after);
}

/** Without names and phones: a case is read by whoever may read cases. Null: its object does not know it either. */
async function seen(env: Env, name: string) {
  try {
    const kept = await within<KeptAccount | "not_ready" | null>(ASK_MS_MAX, accountLocator(env, name).kept(name));
    if (kept === null || kept === "not_ready") return kept;
    const { facts, ...held } = kept;
    const meters = facts.meters.filter(({ to }) => to === null).map(({ meterNumber }) => meterNumber);
    return { accountId: facts.accountId, status: facts.status, currency: facts.currency, meters, ...held };
  } catch (thrown) {
    log.warn("heads", { account: name, error: thrown });
    return "not_ready";
  }
}
