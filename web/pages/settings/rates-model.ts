import type { InferResponseType } from "hono/client";
import { scaledRate } from "../../../src/domain/dollars.ts";
import { isDay } from "../../../src/domain/local-day.ts";
import type { api } from "../../api.ts";

export type Rates = InferResponseType<ReturnType<typeof api>["usd-rates"]["$get"], 200>;
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
