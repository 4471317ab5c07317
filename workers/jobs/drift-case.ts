import type { Env } from "../env.ts";
import { clockOf, copiesOf } from "../ports.ts";

/** A case of kind `ledger_drift` that a job has found: found again it is the same one, and open again where somebody closed it. */
export async function openDriftCase(
  env: Env,
  found: { caseKey: string; subject: string; details: Record<string, unknown> },
): Promise<void> {
  const now = clockOf(env).now();
  const { caseKey, subject, details } = found;
  await copiesOf(env).write([
    {
      id: 0,
      row: {
        kind: "case",
        caseKey,
        caseKind: "ledger_drift",
        subject,
        detailsJson: JSON.stringify(details),
        state: "open",
        openedAt: now,
        closedAt: null,
        version: now,
      },
    },
  ]);
}
