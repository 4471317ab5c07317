import type { InferResponseType } from "hono/client";
import { scaledRate } from "../../../src/domain/dollars.ts";
import { isDay } from "../../../src/domain/local-day.ts";
import type { api } from "../../api.ts";

export type Rates = InferResponseType<ReturnType<typeof api>["usd-rates"]["$get"], 200>;
type Kept = Rates["rates"][number];
export type RateLine = { validFrom: string; usdPerUnit: string; source: string };

/** Lines of one call, as the server takes them. */
export const LINES_MAX = 400;

/** A line that is none, by its place, or too many of them. */
export type RateFault = { line: number; text: string } | { tooMany: number };

/**
 * Many rates as people paste them from a sheet or a file: a line each, day; dollars for one unit; who says so, apart by semicolon, comma or
 * tab. An empty line is no line, a heading is passed over. `source` stands where a line names none.
 */
export function readRates(text: string, source: string): { rates: RateLine[] } | { faults: RateFault[] } {
  const rates: RateLine[] = [];
  const faults: RateFault[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "") continue;
    const [validFrom = "", usdPerUnit = "", ...said] = line
      .split(/[;,\t]/)
      .map((cell) => cell.trim().replaceAll('"', ""));
    const named = said.join(", ").trim();
    const isWhole = isDay(validFrom) && scaledRate(usdPerUnit) !== null && (named !== "" || source.trim() !== "");
    if (isWhole) rates.push({ validFrom, usdPerUnit, source: named === "" ? source.trim() : named });
    // Only the first line may be a heading: it has no digit in its first cell.
    else if (rates.length > 0 || faults.length > 0 || /\d/.test(validFrom))
      faults.push({ line: index + 1, text: line.slice(0, 60) });
  }
  if (rates.length > LINES_MAX) faults.push({ tooMany: rates.length });
  return faults.length > 0 ? { faults } : { rates };
}

const keptOn = (kept: readonly Kept[], day: string) => kept.find(({ validFrom }) => validFrom === day);

/** Lines as they are sent: each with the version that was read of its day. */
export const versioned = (lines: readonly RateLine[], kept: readonly Kept[]) =>
  lines.map((line) => ({ ...line, version: keptOn(kept, line.validFrom)?.version ?? null }));

/** What is kept now for days of these lines of which something else was read. `rate` null: it was taken back. */
export const changedSince = (lines: readonly RateLine[], read: readonly Kept[], now: readonly Kept[]) =>
  lines
    .filter(({ validFrom }) => keptOn(read, validFrom)?.version !== keptOn(now, validFrom)?.version)
    .map(({ validFrom }) => ({ validFrom, rate: keptOn(now, validFrom) ?? null }));
