import type { AccountHead } from "../../src/ports/heads.ts";
import type { Env } from "../env.ts";
import { accountLocator } from "../objects/locate.ts";
import { headsOf } from "../ports.ts";
import { LAG_MS_MAX } from "./heads-days.ts";
import type { Difference, HeadsPart } from "./heads-difference.ts";

export const ACCOUNTS_MAX = 200;
const AT_ONCE_MAX = 20;

/** A page of accounts; `last` is where the next begins. */
export async function compareAccounts(
  env: Env,
  after: string,
  now: number,
): Promise<HeadsPart & { last: string | null }> {
  const accounts = await headsOf(env).accountsAfter(after, ACCOUNTS_MAX);
  // Looked at twice, because what was on its way at the first look may have arrived by the second.
  const suspects = await differing(env, await differing(env, accounts));
  const differences: Difference[] = [];
  let lagging = 0;
  for (let from = 0; from < suspects.length; from += AT_ONCE_MAX) {
    const found = await Promise.all(
      suspects.slice(from, from + AT_ONCE_MAX).map((account) => settle(env, account, now)),
    );
    for (const difference of found) {
      if (difference === "lag") lagging += 1;
      else if (difference !== null) differences.push(difference);
    }
  }
  const last = accounts.length === ACCOUNTS_MAX ? (accounts.at(-1) ?? null) : null;
  return { counts: { accounts: accounts.length, lagging }, differences, last };
}

async function differing(env: Env, accounts: readonly string[]): Promise<string[]> {
  if (accounts.length === 0) return [];
  const recorded = new Map((await headsOf(env).heads([...accounts])).map((head) => [head.account, head]));
  const differ: string[] = [];
  for (let from = 0; from < accounts.length; from += AT_ONCE_MAX) {
    const some = accounts.slice(from, from + AT_ONCE_MAX);
    const agree = await Promise.all(some.map((account) => agrees(env, account, recorded.get(account) ?? null)));
    differ.push(...some.filter((_, index) => !agree[index]));
  }
  return differ;
}

async function agrees(env: Env, account: string, recorded: AccountHead | null): Promise<boolean> {
  const object = await accountLocator(env, account).compare(account, recorded?.seq ?? 0);
  if (object === null || object === "not_ready") return false;
  if (object.now.seq !== (recorded?.seq ?? 0)) return false;
  if (recorded === null) return true;
  const isWhole = recorded.sumWh === recorded.balanceWh && recorded.entries === recorded.seq;
  return isWhole && object.at?.hash === recorded.hash && object.at.balanceWh === recorded.balanceWh;
}

/** Lets the account make both sides agree, and says what that came to. */
async function settle(env: Env, account: string, now: number): Promise<Difference | "lag" | null> {
  const [recorded = null] = await headsOf(env).heads([account]);
  const object = await accountLocator(env, account).compare(account, recorded?.seq ?? 0);
  const differs = (because: Difference["because"], seen: unknown = object): Difference => ({
    what: "account",
    name: account,
    day: null,
    because,
    postgres: recorded,
    object: seen,
  });
  if (object === "not_ready") return differs("object_not_ready");
  if (object === null) return differs("object_lacks_entries");
  const done = await accountLocator(env, account).reconcile(account);
  if (done.status === "not_ready") return differs("object_not_ready");
  if (done.status === "conflict") return differs("conflict", { entryKeys: done.entryKeys });
  if (done.refiled > 0) return differs("refiled", done);
  if (done.adopted > 0) return differs("adopted", done);
  if (done.resent > 0) return differs("sent_again", done);
  // Everything Postgres lacks is on its way.
  if (object.oldestAfterAt !== null)
    return object.oldestAfterAt < now - LAG_MS_MAX ? differs("lag_over_an_hour") : "lag";
  return (await agrees(env, account, (await headsOf(env).heads([account]))[0] ?? null))
    ? null
    : differs("other_content");
}
