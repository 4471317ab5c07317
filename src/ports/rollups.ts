/** Something that the rollups do not have yet. `at`: of money, the UTC hour in which it was paid; of energy, the local day, as its midnight in UTC. */
export type Touched = { id: number; what: "money" | "energy"; at: number };
/** A month of which load curves are not added up; its first day, and the touches that say so. */
export type TouchedMonth = { month: string; ids: number[] };

/** Accounts of which a month of hours is added up at once: a month has some 700 hours of each. */
export const MONTH_ACCOUNTS_MAX = 200;
/** Which months are due: those before `running`, its first day, and others that were never added up or wait since before `waitedSince`. */
export type DueMonths = { running: string; waitedSince: number };

/** Local days, `2026-11-03`. */
export type RollupDays = { money: string[]; energy: string[] };

/** Days of a table, or months by their first day, of which rows differ. `isWaiting`: something of them is not added up yet, so they may. */
export type Verified = { table: string; days: { day: string; differ: number; isWaiting: boolean }[] };

/**
 * What is added up by day and month for reports, from rows and as absolute values: twice is the same as once. A month of energy gets what its
 * days gained or lost, in their transaction, and is added up whole beside its load curves.
 */
export type Rollups = {
  /** Of how many accounts a day may have rows. */
  accounts(): Promise<number>;
  /** The newest days first: somebody looks at them. */
  touched(max: number): Promise<Touched[]>;
  /** Computes these days and their months anew, and forgets these touches, all or nothing. Answers how many rows changed. */
  refresh(days: RollupDays, done: readonly number[]): Promise<number>;
  /** The newest first. Computing days touches their months. */
  touchedMonths(max: number, due: DueMonths): Promise<TouchedMonth[]>;
  /** Load curves and energy of a month, of so many accounts after one. Answers the last of them; null: that were all. */
  refreshMonth(month: string, after: number, accounts: number): Promise<{ changed: number; last: number | null }>;
  /** Forgets the touches that were read of a month; one that came meanwhile stays. */
  forgetMonth(touched: TouchedMonth): Promise<void>;
  /** By table, how many rows of these days and their months are not what the rows they are made of say. Changes nothing. */
  verify(days: readonly string[]): Promise<Verified[]>;
};
