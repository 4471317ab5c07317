/** A delivery is steps, one after the other; the first that refuses ends it. */

/** `tried`: what was done. `would`: what a dry run leaves out, since it needs an account, a database or the network. */
export type Step = {
  name: string;
  would: string | null;
  run(): Promise<StepResult> | StepResult;
};
/** `refused`: nothing after this step is done. */
export type StepResult = { said: string; refused?: boolean };

export const refuse = (...faults: readonly string[]): StepResult => ({ said: faults.join("\n"), refused: true });

/**
 * Runs the steps and prints each with its time. A dry run goes on after a refusal, so that all of them are seen at once, and
 * leaves out the steps that say what they would do. True: nothing was refused.
 */
export async function runSteps(
  steps: readonly Step[],
  { dryRun, print = console.log }: { dryRun: boolean; print?: (line: string) => void },
): Promise<boolean> {
  let refusals = 0;
  for (const [index, { name, would, run }] of steps.entries()) {
    const number = `${index + 1}/${steps.length}`;
    if (dryRun && would !== null) {
      print(`${number} ${name}: would ${would}`);
      continue;
    }
    const began = performance.now();
    const { said, refused = false } = await Promise.resolve()
      .then(run)
      .catch((thrown: unknown) => refuse(thrown instanceof Error ? thrown.message : String(thrown)));
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    const [first = "", ...rest] = said.split("\n");
    print(`${number} ${name}: ${refused ? (dryRun ? "would refuse, " : "REFUSED, ") : ""}${first} (${seconds} s)`);
    for (const line of rest) print(`    ${line}`);
    if (!refused) continue;
    refusals++;
    if (!dryRun) return false;
  }
  return refusals === 0;
}
