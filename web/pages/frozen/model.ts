import { readable } from "../../../src/domain/metrics/document.ts";
import type { Difference, FrozenRow } from "../../../src/domain/metrics/frozen.ts";
import { readAs } from "../../../src/domain/metrics/lines.ts";

/** A row of the list, as the API says it. */
export type FrozenListed = Omit<FrozenRow, "objectKey">;

type Compared = Pick<Difference, "unit" | "currency" | "minorDigits" | "was" | "is">;

/** Both values, and what lies between them, as they are read. A value that nobody knows is a dash, and so is the difference to it. */
export function differenceTexts({ unit, currency, minorDigits, was, is }: Compared) {
  const as = readAs(unit, currency, minorDigits);
  const text = (value: number | null) => (value === null ? "–" : `${readable(value, as)} ${as.name}`.trim());
  const [before, after] = [was?.value ?? null, is?.value ?? null];
  const change = before === null || after === null ? null : after - before;
  return {
    was: text(before),
    is: text(after),
    change: change === null ? "–" : change === 0 ? "0" : `${change > 0 ? "+" : ""}${text(change)}`,
  };
}

/** What they were divided by, where that has changed and both are known. */
export const dividedBy = ({ was, is }: Pick<Difference, "was" | "is">) =>
  was?.n == null || is?.n == null || was.n === is.n ? null : { was: String(was.n), is: String(is.n) };
