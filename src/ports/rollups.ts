/** Something that the rollups do not have yet. `at`: of money, the UTC hour in which it was paid; of energy, the local day, as its midnight in UTC. */
export type Touched = { id: number; what: "money" | "energy"; at: number };

/** Local days, `2026-11-03`. */
export type RollupDays = { money: string[]; energy: string[] };

/** What is added up by day and month for reports, always from rows and always as absolute values: twice is the same as once. */
export type Rollups = {
  /** The newest days first: somebody looks at them. */
  touched(max: number): Promise<Touched[]>;
  /** Computes these days and their months anew, and forgets these touches, all or nothing. Answers how many rows changed. */
  refresh(days: RollupDays, done: readonly number[]): Promise<number>;
  /** By table, how many rows of these days and their months are not what the rows they are made of say. Changes nothing. */
  verify(days: readonly string[]): Promise<{ table: string; differ: number }[]>;
};
