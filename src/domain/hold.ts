import type { HoldBecause } from "./claim.ts";
import type { PaidAt } from "./paid-at.ts";

/** Everything that can keep an SMS payment from crediting by itself, before anybody asks whose it is. */
export type HoldFacts = {
  channel: "electricity" | "fees";
  /** The country's go-live; null: nothing credits by itself yet. */
  cutoverAt: number | null;
  paidAt: PaidAt;
  till: { allow: true } | { allow: false; because: "sender" | "cap" | "chain"; detail: string };
};

/**
 * The strongest reason to hold, or null. It outranks any question of whose money it is: only a payment whose one fault
 * is that nothing names an account may later be moved by a provider's webhook.
 */
export function holdBefore(facts: HoldFacts): { because: HoldBecause; note: string } | null {
  if (facts.channel === "fees") return { because: "fees_channel", note: "fees are not posted by machine yet" };
  if (!facts.till.allow && facts.till.because === "sender") return { because: "sender", note: facts.till.detail };
  if (!facts.paidAt.inWindow)
    return { because: "date", note: "the printed date is impossible, or too far from receipt" };
  if (facts.cutoverAt === null) return { because: "no_cutover", note: "the country has no cut-over instant yet" };
  if (facts.paidAt.from === "text" && facts.paidAt.at < facts.cutoverAt)
    return { because: "before_cutover", note: "paid before cut-over, and not in the old books" };
  if (!facts.till.allow) return { because: facts.till.because, note: facts.till.detail };
  return null;
}
