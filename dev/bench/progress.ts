/** How far a load has come, asked cheaply: counts in Postgres, and the objects' depths only when those are right. */
import { setTimeout as wait } from "node:timers/promises";
import type { Legacy } from "../legacy.ts";
import { type BenchCountry, isQuiet } from "./country.ts";
import { confirmedIds } from "./verify.ts";

const LOOK_MS = 100;
const COUNTS = `SELECT (SELECT count(*) FROM sms_inbound) AS sms, (SELECT count(*) FROM sms_results) AS results,
  (SELECT count(*) FROM payments WHERE generation > 0) AS payments,
  (SELECT count(*) FROM ledger_entries WHERE account_id IS NOT NULL) AS entries`;

export type Target = { sms: number; payments: number };
/** Milliseconds since the start; null: not reached. */
export type Reached = {
  stored: number | null;
  processed: number | null;
  claimed: number | null;
  posted: number | null;
  forwarded: number | null;
  all: number | null;
};

/** Looks until everything is stored, claimed, posted, copied and forwarded, or gives up. */
export async function watch(
  country: BenchCountry,
  legacy: Legacy | null,
  target: Target,
  began: number,
  msMax: number,
): Promise<Reached> {
  const reached: Reached = { stored: null, processed: null, claimed: null, posted: null, forwarded: null, all: null };
  const since = () => performance.now() - began;
  while (since() < msMax) {
    const { rows } = await country.database.query<Record<"sms" | "results" | "payments" | "entries", string>>(COUNTS);
    const [row] = rows;
    if (Number(row?.sms) >= target.sms) reached.stored ??= since();
    if (Number(row?.results) >= target.sms) reached.processed ??= since();
    if (Number(row?.payments) >= target.payments) reached.claimed ??= since();
    if (Number(row?.entries) >= target.payments) reached.posted ??= since();
    if (legacy === null || (reached.forwarded === null && confirmedCount(legacy) >= target.sms))
      reached.forwarded ??= since();
    const { stored, processed, claimed, posted, forwarded } = reached;
    if ([stored, processed, claimed, posted, forwarded].every((at) => at !== null)) {
      const depths = await country.depths();
      if (depths !== null && isQuiet(depths)) return { ...reached, all: since() };
    }
    await wait(LOOK_MS);
  }
  return reached;
}

/** Reading each body at each look would cost more than what is measured. */
const counted = new WeakMap<object, number>();
function confirmedCount(legacy: Legacy): number {
  let sum = 0;
  for (const request of legacy.requests()) {
    const known = counted.get(request);
    const count = known ?? confirmedIds([request]).length;
    if (known === undefined && request.status !== null) counted.set(request, count);
    sum += count;
  }
  return sum;
}
