import type { Currency, Operator } from "../domain/country.ts";
import type { LineKind } from "../domain/statements/line.ts";
import type { DayLine, TillDay } from "../domain/statements/till-day.ts";

/** Days of a till that are looked at together. */
export const DAYS_MAX = 100;

/** A merchant line of one operator. */
export type TillOf = { tillId: string; provider: Operator };
/** Local days, both of them in it. */
export type Days = { from: string; to: string };

/** A movement of a till's day, for people. */
export type DayLineRow = DayLine & {
  day: string;
  at: number;
  /** What our books have of it, whoever holds it; null: they do not know it. */
  oursMinor: number | null;
  accounts: string[];
  /** Why some of it is in suspense. */
  because: string | null;
};

export type StoredDay = TillDay & { day: string; covered: boolean; isFinal: boolean };

/** A row that says another amount of a movement than the statement that told it first. */
export type Contradiction = {
  row: number;
  receipt: string;
  kind: LineKind;
  day: string;
  amountMinor: number;
  knownMinor: number;
  knownUploadId: number;
};

/** Lines of operators' statements, and the days that they settle. */
export interface Statements {
  /** The lines of an upload's rows, each movement once, whichever statements have it. Answers the rows that have another amount than an earlier statement and do not say so yet. */
  addLines(uploadId: number, till: TillOf & { currency: Currency; utcOffsetMinutes: number }): Promise<Contradiction[]>;
  /** Every movement on these days, by the statements and by our books; in order of day and time. */
  dayLines(till: TillOf & { utcOffsetMinutes: number }, days: Days): Promise<DayLineRow[]>;
  /** Which of these days a statement lists from midnight to midnight, without a doubt that another raises. */
  coveredDays(till: TillOf & { utcOffsetMinutes: number }, days: Days): Promise<string[]>;
  /** Whole rows: the same again changes nothing but when it was computed. */
  putDays(till: TillOf & { currency: Currency }, days: StoredDay[], at: number): Promise<void>;
}
