import { STEPS, type Step } from "../commissioning-rules.ts";
import { sharePct } from "./growth.ts";

/** How many customers have a step behind them, on any of their accounts. */
export type StepCount = { step: Step; customers: number; dated: number };

export type FunnelStep = {
  step: Step;
  customers: number;
  /** Share of the step before that this one lacks; below 0 where it has more. Null for the first, and after a step of nobody. */
  dropOffPct: number | null;
  /** Share of all who are registered. */
  reachedPct: number | null;
  /** The steps are flags of their own and no stairs: some have wiring of their own, some books never knew a fee. */
  isLarger: boolean;
  /** Whose day of this step nobody knows. */
  dateNotKnown: number;
};

/** The steps in their order, those of nobody too, except the end, which is no step to light. */
export function funnelOf(counts: readonly StepCount[]): FunnelStep[] {
  const byStep = new Map(counts.map((count) => [count.step, count]));
  const all = byStep.get("registered")?.customers ?? 0;
  let before: number | null = null;
  return STEPS.filter((step) => step !== "terminated").map((step) => {
    const { customers, dated } = byStep.get(step) ?? { customers: 0, dated: 0 };
    const kept: number | null = before === null ? null : sharePct(customers, before);
    const told: FunnelStep = {
      ...{ step, customers, reachedPct: sharePct(customers, all), dateNotKnown: customers - dated },
      dropOffPct: kept === null ? null : Math.round((100 - kept) * 10) / 10,
      isLarger: before !== null && customers > before,
    };
    before = customers;
    return told;
  });
}
