import { neonAgreements } from "../../src/adapters/neon/agreements.ts";
import { localDay } from "../../src/domain/local-day.ts";
import { log } from "../../src/ports/log.ts";
import type { Env } from "../env.ts";
import { accountLocator } from "../objects/locate.ts";
import { clockOf, countryOf, databaseOf } from "../ports.ts";
import type { Job } from "./job.ts";

/** Debts asked in one unit, and accounts at a time. */
const PAGE_MAX = 100;
const AT_ONCE_MAX = 10;

/**
 * Nightly: each agreement's account adds what has become due of it. Who was asked on a local day is not asked again on it; who did
 * not answer is, by the next night, and adds then what it would have added now.
 */
export const accrueDebtsJob: Job = async (env, page) => {
  const today = localDay(clockOf(env).now(), countryOf(env).utcOffsetMinutes);
  const after = typeof page === "string" ? page : "";
  const debts = await neonAgreements(databaseOf(env)).unaccrued(today, after, PAGE_MAX);
  for (let from = 0; from < debts.length; from += AT_ONCE_MAX)
    await Promise.all(debts.slice(from, from + AT_ONCE_MAX).map((debt) => accrue(env, debt, today)));
  return debts.length === PAGE_MAX ? { next: debts.at(-1)?.id ?? "" } : null;
};

type Debt = Awaited<ReturnType<ReturnType<typeof neonAgreements>["unaccrued"]>>[number];

async function accrue(env: Env, { id, account, part }: Debt, today: string): Promise<void> {
  const answer = await accountLocator(env, account)
    .accrue(account, part)
    .catch(() => ({ status: "not_ready" as const }));
  if (answer.status !== "done") {
    log.warn("accrue", { account, part, status: answer.status });
    return;
  }
  await neonAgreements(databaseOf(env)).accrued(id, today);
}
