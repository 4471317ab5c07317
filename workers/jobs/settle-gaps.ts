import type { Operator } from "../../src/domain/country.ts";
import type { LineKind, StatementLine } from "../../src/domain/statements/line.ts";
import { settleGap } from "../../src/domain/statements/settle-gap.ts";
import { uploadLines } from "../../src/queries/uploads.ts";
import type { Env } from "../env.ts";
import { clockOf, readerOf, tillsOf } from "../ports.ts";

/** Gaps that one file is compared with. */
const GAPS_MAX = 100;

/** As a text of the same movement would be linked: when it comes after all, it is the same link. */
const LINKED_AS: Record<LineKind, "payment" | "outgoing" | "reversal" | null> = {
  payment: "payment",
  treasury: "payment",
  withdrawal: "outgoing",
  charge: null,
  reversal: "reversal",
  unfinished: null,
};

/**
 * The statement settles the till's chain: where its lines lead from the end of one stretch to the start of the next, they are
 * linked in place of the texts that never came, and the gap closes with its case. What they do not lead over stays.
 */
export async function settleGaps(env: Env, uploadId: number, tillId: string, provider: Operator): Promise<number> {
  const view = await tillsOf(env).view(tillId);
  const [sender] = view?.facts.senders ?? [];
  const gaps = view?.gaps.filter((gap) => gap.provider === provider).slice(0, GAPS_MAX) ?? [];
  if (gaps.length === 0 || sender === undefined) return 0;
  const lines = await uploadLines<StatementLine>(readerOf(env), uploadId);
  let settled = 0;
  for (const gap of gaps) {
    const steps = settleGap(lines, gap);
    if (steps === null) continue;
    for (const { line, fromMinor, toMinor } of steps) {
      const kind = LINKED_AS[line.kind];
      const key = kind === null ? `statement:${line.kind}:${line.receipt}` : `${kind}:${line.receipt}`;
      const link = { provider, sender, key, fromMinor, toMinor, at: line.at, receivedAt: clockOf(env).now() };
      if ((await tillsOf(env).link(tillId, link)) === "not_ready") throw new Error(`till ${tillId} is not ready`);
    }
    settled += 1;
  }
  return settled;
}
