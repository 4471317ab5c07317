import { movedMinor, type StatementLine } from "./line.ts";

/** A step of the till's balance, as the chain of a till keeps it. */
export type Step = { line: StatementLine; fromMinor: number; toMinor: number };

/** Steps by which one gap is filled; a longer one wants a person. */
export const STEPS_MAX = 500;

/**
 * The lines of a statement that lead from the end of one stretch of a till's chain to the start of the next: the texts that
 * never came. Null: they do not, and the gap stays.
 */
export function settleGap(
  lines: readonly StatementLine[],
  gap: { endMinor: number | null; startMinor: number },
): Step[] | null {
  const { endMinor, startMinor } = gap;
  if (endMinor === null) return null;
  const steps = lines
    .flatMap((line): Step[] => {
      if (line.balanceMinor === null || line.kind === "unfinished") return [];
      return [{ line, fromMinor: line.balanceMinor - movedMinor(line), toMinor: line.balanceMinor }];
    })
    .toSorted((a, b) => a.line.at - b.line.at);
  for (let begin = 0; begin < steps.length; begin++) {
    if (steps[begin]?.fromMinor !== endMinor) continue;
    const path = pathFrom(steps, begin, startMinor);
    if (path !== null) return path;
  }
  return null;
}

/** Each step begins where the one before ended, and nothing lies between; only within one second the order is not told. */
function pathFrom(steps: readonly Step[], begin: number, goalMinor: number): Step[] | null {
  const path: Step[] = [];
  const second = steps[begin]?.line.at;
  const first = steps.findIndex(({ line }) => line.at === second);
  let balanceMinor = steps[begin]?.fromMinor;
  const left = steps.slice(first, first + STEPS_MAX);
  while (left.length > 0) {
    const now = path.length === 0 ? second : left[0]?.line.at;
    const found = left.findIndex((step) => step.line.at === now && step.fromMinor === balanceMinor);
    const [step] = found < 0 ? [] : left.splice(found, 1);
    if (step === undefined) return null;
    path.push(step);
    if (step.toMinor === goalMinor) return path;
    balanceMinor = step.toMinor;
    // What the first second holds beside may come before the gap.
    while (left[0]?.line.at === second && !left.some(begins(second, balanceMinor))) left.shift();
  }
  return null;
}

const begins = (at: number | undefined, balanceMinor: number) => (step: Step) =>
  step.line.at === at && step.fromMinor === balanceMinor;
