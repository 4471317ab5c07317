import type { InferResponseType } from "hono/client";
import type { api } from "../../api.ts";

type Client = ReturnType<typeof api>;
export type Health = InferResponseType<Client["imports"]["health"]["$get"], 200>;
export type Budget = Health["budgets"][number];
export type Run = InferResponseType<Client["imports"]["runs"]["$get"], 200>["runs"][number];
export type Priorities = InferResponseType<Client["imports"]["priorities"]["$get"], 200>;
export type Writer = InferResponseType<Client["credit-writers"]["$get"], 200>["sites"][number];

export const KINDS = ["credit", "balance", "data", "metadata", "web"] as const;

/** Kinds of calls that are held back, and until when; null: one is let through to see whether the vendor is back. */
export const heldBack = ({ breakers }: Budget) =>
  KINDS.flatMap((kind) => {
    const { state, openUntil } = breakers[kind];
    return state === "closed" ? [] : [{ kind, until: state === "open" ? openUntil : null }];
  });

/** One place further up; the first stays where it is. */
export function raised<T>(list: readonly T[], one: T): T[] {
  const at = list.indexOf(one);
  if (at <= 0) return [...list];
  return [...list.slice(0, at - 1), one, ...list.slice(at - 1, at), ...list.slice(at + 1)];
}
