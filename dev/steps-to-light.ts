import { STEPS, type Step } from "../src/domain/commissioning-rules.ts";

const DAY_MS = 86_400_000;
/** What a person does to get light, the last step being the light. */
const STEPS_TO_LIGHT: readonly Step[] = STEPS.filter((step) => step !== "registered" && step !== "terminated");

/** A day for each step of each account, in rows of commissioning in bulk: lit three days before `at`, UTC ms. */
export function stepsToLight(accounts: readonly string[], at: number): { account: string; step: Step; on: string }[] {
  return accounts.flatMap((account) =>
    STEPS_TO_LIGHT.map((step, index) => {
      const on = at - (STEPS_TO_LIGHT.length + 2 - index) * DAY_MS;
      return { account, step, on: new Date(on).toISOString().slice(0, 10) };
    }),
  );
}
