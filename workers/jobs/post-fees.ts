import { neonFees } from "../../src/adapters/neon/fees.ts";
import { type Fee, isAgreed } from "../../src/domain/fees/debt.ts";
import type { FeeOrderRow } from "../../src/ports/fees.ts";
import type { Env } from "../env.ts";
import { accountLocator } from "../objects/locate.ts";
import { clockOf, countryOf, databaseOf } from "../ports.ts";
import type { Job } from "./job.ts";
import { tellAccounts } from "./refresh-accounts.ts";

/** What was approved is left so long to the call that approved it. */
const AFTER_MS = 30_000;
const AT_ONCE_MAX = 50;

/** What a fee costs in this country, in minor units; null: nothing is charged. */
export function priceOf(env: Env, part: string): number | null {
  const { fees, features } = countryOf(env);
  if (fees === null || !features.fees) return null;
  const prices: Record<Fee, number> = { connection: fees.connectionMinor, readyboard: fees.readyboardMinor };
  return (prices as Partial<Record<string, number>>)[part] || null;
}

/** Posts an approved order, once: its entry is named by the order. `later`: the account did not answer. */
export async function postFee(env: Env, order: FeeOrderRow, at: number): Promise<"done" | "later"> {
  const { id, account, act, part, currency, reason, document, orderedBy, decidedBy, orderedAt } = order;
  const fees = neonFees(databaseOf(env));
  const amountMinor = order.amountMinor ?? priceOf(env, part);
  if (amountMinor === null) {
    await fees.answered(id, { state: "refused", because: "fees_off", amountMinor: null, at });
    return "done";
  }
  const answer = await accountLocator(env, account).fee(account, {
    ...{ act, part, id, amountMinor, currency },
    actor: decidedBy === null ? orderedBy : `${orderedBy}, approved by ${decidedBy}`,
    reason: document === null ? reason : `${reason} (${document})`,
    at: orderedAt,
  });
  if (answer.status === "not_ready") return "later";
  const because = answer.status === "refused" ? answer.because : null;
  await fees.answered(id, { state: because === null ? "posted" : "refused", because, amountMinor, at });
  // How it is repaid is a fact of its account: the next payment is split by it. What does not get through, the night's job tells.
  if (because === null && act === "charge" && isAgreed(part)) await tellAccounts(env, [account]);
  return "done";
}

/** Every minute: what was ordered or approved and is not known to be posted. */
export const postFeesJob: Job = async (env) => {
  const now = clockOf(env).now();
  const waiting = await neonFees(databaseOf(env)).approvedBefore(now - AFTER_MS, AT_ONCE_MAX);
  for (const order of waiting) await postFee(env, order, now);
  return null;
};
