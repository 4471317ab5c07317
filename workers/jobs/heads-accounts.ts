import type { Env } from "../env.ts";
import { isSame, isWhole, knowsAll, type Recorded } from "../objects/account-ledger/comparison.ts";
import { accountLocator } from "../objects/locate.ts";
import { headsOf } from "../ports.ts";
import { LAG_MS_MAX } from "./heads-days.ts";
import type { Difference, HeadsPart } from "./heads-difference.ts";

export const ACCOUNTS_MAX = 200;
const AT_ONCE_MAX = 20;
/** Readings are compared as far back; accounts have theirs for a few days longer. */
const READINGS_MS = 35 * 86_400_000;

const NOTHING: Recorded = { head: null, meters: [] };

/** A page of accounts; `last` is where the next begins. */
export async function compareAccounts(
  env: Env,
  after: string,
  now: number,
): Promise<HeadsPart & { last: string | null }> {
  const accounts = await headsOf(env).accountsAfter(after, ACCOUNTS_MAX);
  // Looked at twice, because what was on its way at the first look may have arrived by the second.
  const since = now - READINGS_MS;
  const suspects = await differing(env, await differing(env, accounts, since), since);
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

async function recordedOf(env: Env, accounts: readonly string[], since: number): Promise<Map<string, Recorded>> {
  const recorded = new Map<string, Recorded>(accounts.map((account) => [account, { head: null, meters: [] }]));
  const heads = headsOf(env);
  const [found, meters] = await Promise.all([heads.heads([...accounts]), heads.meterHeads([...accounts], since)]);
  for (const head of found) recorded.set(head.account, { head, meters: [] });
  for (const { account, ...meter } of meters) recorded.get(account)?.meters.push(meter);
  return recorded;
}

async function differing(env: Env, accounts: readonly string[], since: number): Promise<string[]> {
  if (accounts.length === 0) return [];
  const recorded = await recordedOf(env, accounts, since);
  const differ: string[] = [];
  for (let from = 0; from < accounts.length; from += AT_ONCE_MAX) {
    const some = accounts.slice(from, from + AT_ONCE_MAX);
    const agree = await Promise.all(
      some.map((account) => agrees(env, account, recorded.get(account) ?? NOTHING, since)),
    );
    differ.push(...some.filter((_, index) => !agree[index]));
  }
  return differ;
}

async function agrees(env: Env, account: string, recorded: Recorded, since: number): Promise<boolean> {
  const object = await ask(env, account, recorded, since);
  return object !== null && object !== "not_ready" && isSame(object, recorded);
}

const ask = (env: Env, account: string, recorded: Recorded, since: number) =>
  accountLocator(env, account).compare(account, recorded.head?.seq ?? 0, since, recorded);

/** Lets the account make both sides agree, and says what that came to. */
async function settle(env: Env, account: string, now: number): Promise<Difference | "lag" | null> {
  const since = now - READINGS_MS;
  const look = async () => (await recordedOf(env, [account], since)).get(account);
  const recorded = await look();
  const object = await ask(env, account, recorded ?? NOTHING, since);
  const differs = (because: Difference["because"], seen: unknown = object): Difference => ({
    what: "account",
    name: account,
    day: null,
    because,
    postgres: recorded ?? null,
    object: seen,
  });
  if (object === "not_ready") return differs("object_not_ready");
  if (object === null) return differs("object_lacks_entries");
  const head = recorded?.head ?? null;
  const isSameChain = object.now.seq === (head?.seq ?? 0) && isWhole(head);
  // Only readings differ, and they are on their way.
  if (isSameChain && object.waiting > 0 && knowsAll(object, recorded ?? NOTHING)) return "lag";
  const done = await accountLocator(env, account).reconcile(account);
  if (done.status === "not_ready") return differs("object_not_ready");
  if (done.status === "conflict") return differs("conflict", { entryKeys: done.entryKeys, because: done.because });
  if (done.refiled > 0) return differs("refiled", done);
  if (done.adopted > 0) return differs("adopted", done);
  if (done.resent > 0 || done.readings > 0) return differs("sent_again", done);
  // Everything Postgres lacks is on its way.
  if (object.oldestAfterAt !== null)
    return object.oldestAfterAt < now - LAG_MS_MAX ? differs("lag_over_an_hour") : "lag";
  return (await agrees(env, account, (await look()) ?? NOTHING, since)) ? null : differs("other_content");
}
