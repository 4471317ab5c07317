import { neonRefreshRuns } from "../../src/adapters/neon/refresh-runs.ts";
import type { AccountFacts } from "../../src/ports/accounts.ts";
import { log } from "../../src/ports/log.ts";
import { type DirectoryRows, FACTS_MAX } from "../../src/ports/restores.ts";
import { refreshStep } from "../../src/services/refresh-accounts.ts";
import type { Env } from "../env.ts";
import { accountLocator, directoryOf, unmappedOf } from "../objects/locate.ts";
import { restoresOf } from "../objects/restores.ts";
import { within } from "../objects/turns.ts";
import { OtherAccount } from "../other-account.ts";
import { clockOf, databaseOf } from "../ports.ts";
import { openDriftCase } from "./drift-case.ts";
import type { Job } from "./job.ts";

/** Accounts told at a time: each is an object that may be made for it. */
const AT_ONCE_MAX = 25;
/** An account that takes longer is told later. */
const TELL_MS_MAX = 10_000;
/** Runs that one message sends on their way: more are there only when many rates are set at once. */
const RUNS_MAX = 100;

/**
 * Tells accounts what Postgres knows of them since rates or the cut-over changed, a page a message: { run } names the change.
 * Without a name: sends all runs on their way that nobody works on. Runs are rows, so none is lost with a message.
 */
export const refreshAccounts: Job = async (env, page) => {
  const unit = typeof page === "object" && page !== null && "run" in page ? String(page.run) : null;
  if (unit === null) {
    const due = await neonRefreshRuns(databaseOf(env)).due(clockOf(env).now(), RUNS_MAX);
    if (due.length > 0)
      await env.JOBS.sendBatch(due.map((run) => ({ body: { job: "refresh-accounts", page: { run } } })));
    return null;
  }
  return (await refreshOnce(env, unit)) === "more" ? { next: { run: unit } } : null;
};

/** One unit of a run, here and now: for a change of one account that is all of it. */
export const refreshOnce = (env: Env, unit: string) =>
  refreshStep(
    {
      runs: neonRefreshRuns(databaseOf(env)),
      tell: (accounts) => tellAccounts(env, accounts),
      now: () => clockOf(env).now(),
    },
    unit,
  );

/**
 * Hands the facts of these accounts to their objects, and their meters to the Directory. Throws when one was not reached, and
 * {@link OtherAccount} when the object of one is somebody else's.
 */
export async function configureAccounts(env: Env, accounts: string[]): Promise<void> {
  const { others } = reached(await tellEach(env, accounts));
  if (others.length > 0) throw new OtherAccount(others);
}

/** The same for a job, which would ask for ever: an account whose object is somebody else's has its case. */
export async function configureInJob(env: Env, accounts: string[]): Promise<void> {
  reached(await tellEach(env, accounts));
}

/** The same; answers those that were not reached, and why is in the log. */
export const tellAccounts = async (env: Env, accounts: string[]): Promise<string[]> =>
  (await tellEach(env, accounts)).untold;

function reached(told: Told): Told {
  const { untold } = told;
  if (untold.length > 0) throw new Error(`${untold.length} accounts could not be told, the first ${untold[0]}`);
  return told;
}

/** `others`: their objects go by another id, and keep what they know; each has a case. */
type Told = { untold: string[]; others: string[] };

async function tellEach(env: Env, accounts: string[]): Promise<Told> {
  const all: Told = { untold: [], others: [] };
  for (let from = 0; from < accounts.length; from += FACTS_MAX) {
    const page = accounts.slice(from, from + FACTS_MAX);
    const readAt = clockOf(env).now();
    const known = await restoresOf(env).accountsFacts(page);
    if (known === "down") {
      log.warn("configure", { accounts: page.length, error: "the database does not answer" });
      all.untold.push(...page);
      continue;
    }
    for (let at = 0; at < known.length; at += AT_ONCE_MAX) {
      const { untold, others } = await tellSome(env, known.slice(at, at + AT_ONCE_MAX), readAt);
      all.untold.push(...untold);
      all.others.push(...others);
    }
  }
  return all;
}

type Known = { facts: AccountFacts; isBlank: boolean };

async function tellSome(env: Env, known: Known[], readAt: number): Promise<Told> {
  const told = await Promise.allSettled(
    known.map(({ facts, isBlank }) =>
      within(TELL_MS_MAX, accountLocator(env, facts.account).configure(facts, isBlank ? readAt : null)),
    ),
  );
  const facts = known.map((each) => each.facts);
  const answers = told.map((each) => (each.status === "fulfilled" ? each.value : "untold"));
  const others = facts.filter((_, index) => answers[index] === "other_account");
  // The release before answers nothing: it is told, or throws.
  const taken = facts.filter((_, index) => answers[index] !== "untold" && answers[index] !== "other_account");
  const placed: DirectoryRows["placements"] = taken.flatMap(({ account, version, meters }) =>
    meters.map(({ meterNumber, from, to }) => ({ meterNumber, account, from, to, version })),
  );
  for (const each of told) if (each.status === "rejected") log.warn("configure", { error: each.reason });
  try {
    // What waited for a place is handed over before newer readings are routed there: they go in order.
    if (placed.length > 0) await unmappedOf(env).placed(placed);
    const newest = Math.max(0, ...taken.map(({ version }) => version));
    const accounts = taken.map(({ account }) => account);
    if (taken.length > 0) await directoryOf(env).putPlacements(placed, newest, accounts);
    for (const other of others) await openOthersCase(env, other);
  } catch (thrown) {
    log.warn("placements", { accounts: facts.length, error: thrown });
    return { untold: facts.map(({ account }) => account), others: [] };
  }
  return {
    untold: facts.flatMap(({ account }, index) => (answers[index] === "untold" ? [account] : [])),
    others: others.map(({ account }) => account),
  };
}

/** Whoever owns the database has to give one of the two another number: until then nobody's money goes to the other. */
async function openOthersCase(env: Env, { account, accountId }: AccountFacts): Promise<void> {
  log.error("other-account", { account, accountId });
  await openDriftCase(env, {
    caseKey: `other_account:${account}:${accountId}`,
    subject: account,
    details: { because: "its object goes by another id: the database was set back", accountId },
  });
}
