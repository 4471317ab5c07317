import type { Env } from "../env.ts";
import type { Job } from "../jobs.ts";
import { accountLocator } from "../objects/locate.ts";
import { headsOf } from "../ports.ts";

const ACCOUNTS_MAX = 200;
const AT_ONCE_MAX = 20;

export type HeadsPage = { counts: Record<string, number>; differences: Difference[]; next: string | null };
export type Difference = { what: "account"; name: string; because: string; postgres: unknown; object: unknown };

type Order = { since: number | null; cursor: string | null };

/** One page of the comparison of every object with Postgres. The caller brings the cursor back until it is null. */
export async function compareHeads(env: Env, { cursor }: Order): Promise<HeadsPage | "bad_cursor"> {
  if (cursor !== null && !/^\d{4}[A-Z]{3}$/.test(cursor)) return "bad_cursor";
  const accounts = await headsOf(env).accountsAfter(cursor ?? "", ACCOUNTS_MAX);
  const heads = new Map((await headsOf(env).heads(accounts)).map((head) => [head.account, head]));
  const differences: Difference[] = [];
  for (let from = 0; from < accounts.length; from += AT_ONCE_MAX) {
    const found = await Promise.all(
      accounts.slice(from, from + AT_ONCE_MAX).map(async (account): Promise<Difference[]> => {
        const recorded = heads.get(account) ?? null;
        const object = await accountLocator(env, account).head(account, recorded?.seq ?? 0);
        const differs = (because: string) => [
          { what: "account" as const, name: account, because, postgres: recorded, object },
        ];
        if (object === "not_ready") return differs("object_not_ready");
        if (recorded === null) return [];
        if (object === null) return differs("object_lacks_entries");
        if (recorded.sumWh !== recorded.balanceWh || recorded.entries !== recorded.seq)
          return differs("postgres_incomplete");
        return object.hash === recorded.hash && object.balanceWh === recorded.balanceWh ? [] : differs("other_content");
      }),
    );
    differences.push(...found.flat());
  }
  const last = accounts.length === ACCOUNTS_MAX ? accounts.at(-1) : undefined;
  return { counts: { accounts: accounts.length }, differences, next: last ?? null };
}

/** The nightly run, a page a message. */
export const heads: Job = async (env, page) => {
  const done = await compareHeads(env, { since: null, cursor: typeof page === "string" ? page : null });
  if (done === "bad_cursor") return null;
  for (const difference of done.differences) console.warn(JSON.stringify({ at: "heads", ...difference }));
  return done.next === null ? null : { next: done.next };
};
