import { neonCorrections } from "../../src/adapters/neon/corrections.ts";
import type { Correction } from "../../src/ports/corrections.ts";
import type { Env } from "../env.ts";
import { accountLocator } from "../objects/locate.ts";
import { clockOf, databaseOf } from "../ports.ts";
import type { Job } from "./job.ts";

/** What was approved is left so long to the call that approved it. */
const AFTER_MS = 30_000;
const AT_ONCE_MAX = 50;

/** Posts an approved correction, once: its entry is named by the order. `later`: the account did not answer. */
export async function postCorrection(env: Env, correction: Correction, at: number): Promise<"done" | "later"> {
  const { id, account, code, reason, document, orderedBy, decidedBy, orderedAt } = correction;
  const answer = await accountLocator(env, account).correct(account, {
    id,
    corrected: correction,
    actor: decidedBy === null ? orderedBy : `${orderedBy}, approved by ${decidedBy}`,
    reason: `${code}: ${reason} (${document})`,
    at: orderedAt,
  });
  if (answer.status === "not_ready") return "later";
  const because = answer.status === "refused" ? answer.because : null;
  await neonCorrections(databaseOf(env)).answered(id, {
    state: because === null ? "posted" : "refused",
    because,
    at,
  });
  return "done";
}

/** Every minute: what was approved and is not known to be posted. */
export const postCorrectionsJob: Job = async (env) => {
  const now = clockOf(env).now();
  const waiting = await neonCorrections(databaseOf(env)).approvedBefore(now - AFTER_MS, AT_ONCE_MAX);
  for (const correction of waiting) await postCorrection(env, correction, now);
  return null;
};
