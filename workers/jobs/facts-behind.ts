import { log } from "../../src/ports/log.ts";
import { lastVersionGiven, wantedVersions } from "../../src/queries/tariff-checks.ts";
import type { Env } from "../env.ts";
import { accountLocator } from "../objects/locate.ts";
import { within } from "../objects/turns.ts";
import { readerOf } from "../ports.ts";
import { openDriftCase } from "./drift-case.ts";
import type { FactsPage } from "./facts-page.ts";
import type { Job } from "./job.ts";
import { tellAccounts } from "./refresh-accounts.ts";

/** Accounts asked in one unit, and at a time. */
const PAGE_MAX = 200;
const AT_ONCE_MAX = 20;
const ASK_MS_MAX = 10_000;

/** Asks a page of accounts' objects how new their facts are; those behind are told again when `tell` says so. */
export async function factsBehind(env: Env, after: string, tell: boolean): Promise<FactsPage> {
  const wanted = await wantedVersions(readerOf(env), after, PAGE_MAX);
  const behind: FactsPage["behind"] = [];
  const ahead: FactsPage["ahead"] = [];
  for (let from = 0; from < wanted.length; from += AT_ONCE_MAX) {
    const some = wanted.slice(from, from + AT_ONCE_MAX);
    const versions = await Promise.all(some.map(({ account }) => versionOf(env, account)));
    // After them: what was given meanwhile is no lead.
    const given = await lastVersionGiven(readerOf(env));
    for (const [index, { account, version }] of some.entries()) {
      const has = versions[index] ?? null;
      if (has === null || has < version) behind.push({ account, has, wants: version });
      if (has !== null && has > given) ahead.push({ account, has, given });
    }
  }
  const accounts = behind.map(({ account }) => account);
  const untold = new Set(tell ? await tellAccounts(env, accounts) : accounts);
  const told = accounts.filter((account) => !untold.has(account));
  return {
    asked: wanted.length,
    behind,
    ahead,
    told,
    next: wanted.length === PAGE_MAX ? (wanted.at(-1)?.account ?? null) : null,
  };
}

async function versionOf(env: Env, account: string): Promise<number | null> {
  try {
    const version = await within<number | "not_ready" | null>(
      ASK_MS_MAX,
      accountLocator(env, account).factsVersion(account),
    );
    return typeof version === "number" ? version : null;
  } catch {
    return null;
  }
}

/** Nightly: also an object that was set back to an earlier day learns what it forgot. */
export const factsBehindJob: Job = async (env, page) => {
  const { behind, ahead, told, next } = await factsBehind(env, typeof page === "string" ? page : "", true);
  if (behind.length > 0) log.warn("facts-behind", { behind: behind.length, told: told.length, first: behind[0] });
  if (ahead.length > 0) await openCase(env, ahead);
  return next === null ? null : { next };
};

/** One for a page of accounts: the same lead found again is the same case. */
async function openCase(env: Env, ahead: FactsPage["ahead"]): Promise<void> {
  const [first] = ahead;
  if (first === undefined) return;
  log.error("facts-ahead", { ahead: ahead.length, first });
  const because = "the database was set back: npm run restored";
  await openDriftCase(env, {
    caseKey: `facts_ahead:${first.account}:${first.has}`,
    subject: first.account,
    details: { because, accounts: ahead.length, first },
  });
}
