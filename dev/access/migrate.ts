import type { Country } from "../../src/domain/country.ts";
import { DERIVED_TABLES, type DerivedRow } from "../../src/domain/moving-in/derived.ts";
import { figuresOf } from "../../src/domain/moving-in/figures.ts";
import { type DerivedFileMove, type MainMove, readDerivedFile, readMainFile } from "../../src/domain/moving-in/move.ts";
import type { OldReading } from "../../src/domain/moving-in/readings.ts";
import { type MovedRecords, recordsOf } from "../../src/domain/moving-in/records.ts";
import { MAIN_TABLES, type MainTable } from "../../src/domain/moving-in/tables.ts";
import type { Progress } from "../moving-in/progress.ts";
import { AccessFile } from "./file.ts";
import type { FileFacts, MoveReport } from "./report.ts";

/** A clock that runs ahead a little is no date of the future. */
const AHEAD_MS = 12 * 3_600_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export type MovePlan = {
  main: string;
  derived: string | undefined;
  country: Country;
  /** The last day of the main file's data; undefined: today. */
  asOf: string | undefined;
  now: number;
};
export type Moved = { main: MainMove; records: MovedRecords; derived: DerivedFileMove | null; report: MoveReport };

/**
 * Reads the files and says what moves in, and what not and why. Writes nothing anywhere; readings and totals are too many
 * to hold and are handed on one by one.
 */
export function readAccess(
  plan: MovePlan,
  progress: Progress,
  { onReading, onTotal }: { onReading: (reading: OldReading) => void; onTotal: (total: DerivedRow) => void },
): Moved {
  const { country, now } = plan;
  const nowWall = now + country.utcOffsetMinutes * 60_000 + AHEAD_MS;
  const untilWall = plan.asOf === undefined ? nowWall : endOfDay(plan.asOf);
  const mainFile = new AccessFile(plan.main, Object.keys(MAIN_TABLES) as MainTable[], progress);
  const main = readMainFile(mainFile, { country, untilWall }, onReading);
  const records = recordsOf({ ...main, used: usedIn(main.transactions), untilWall }, country);
  const files = [factsOf(mainFile)];
  let derived: DerivedFileMove | null = null;
  if (plan.derived !== undefined) {
    const file = new AccessFile(plan.derived, DERIVED_TABLES, progress);
    // Totals may have been made later than the data of the main file end.
    derived = readDerivedFile(file, { country, untilWall: nowWall }, onTotal);
    files.push(factsOf(file));
  }
  const report: MoveReport = {
    country: country.code,
    asOf: new Date(untilWall).toISOString().slice(0, 10),
    files,
    figures: figuresOf(main, derived),
    conflicts: main.conflicts,
    openings: main.openings,
    left: records.left,
    notTaken: [...main.notTaken, ...(derived?.notTaken ?? [])],
    written: null,
  };
  return { main, records, derived, report };
}

/** Accounts whose energy was counted, with the first time. */
function usedIn(transactions: MainMove["transactions"]): Map<string, number> {
  const used = new Map<string, number>();
  for (const { kind, account, wallMs } of transactions)
    if (kind === "consumption") used.set(account, Math.min(wallMs, used.get(account) ?? wallMs));
  return used;
}

function endOfDay(day: string): number {
  const begin = DAY.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(begin) || new Date(begin).toISOString().slice(0, 10) !== day)
    throw new Error(`--as-of ${day} is no day; a day is 2025-10-16`);
  return begin + 86_399_999;
}

const factsOf = ({ name, bytes, sha256, rowsRead, missingColumns }: AccessFile): FileFacts => ({
  name,
  bytes,
  sha256,
  rows: rowsRead,
  missingColumns,
});
