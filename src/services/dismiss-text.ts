import { err, ok, type Result } from "../domain/result.ts";
import type { Gate } from "../ports/gate.ts";
import type { SuspenseCases } from "../ports/suspense.ts";

export type DismissPorts = { cases: SuspenseCases; gate: Pick<Gate, "release"> };

export type DismissError =
  | { kind: "unknown_case" }
  /** Somebody has typed a receipt for it, and it is that receipt's now. */
  | { kind: "case_taken"; receipt: string };

/**
 * A person has looked: the operator has no such payment, or its own text has brought it. The text brings no money then, and
 * nobody is kept lit by it. Nothing was claimed, so nothing is moved. Said twice, it is said once.
 */
export async function dismissText(
  { cases, gate }: DismissPorts,
  { caseKey, at }: { caseKey: string; at: number },
): Promise<Result<{ caseKey: string; state: "closed" }, DismissError>> {
  const found = await cases.find(caseKey);
  if (found === null || found.because !== "no_receipt") return err({ kind: "unknown_case" });
  if (found.state === "open" && found.receipt === null)
    await cases.put({ ...found, state: "closed", closedAt: at, version: found.version + 1 });
  // Of two people who decide at once the first has it.
  const ended = await cases.find(caseKey);
  if (ended === null) return err({ kind: "unknown_case" });
  if (ended.receipt !== null) return err({ kind: "case_taken", receipt: ended.receipt });
  await gate.release(caseKey);
  return ok({ caseKey, state: "closed" });
}
