/**
 * A mistake that the source must not survive, as an exact change of it, with the tests that have to notice.
 */
export type Mutant = {
  name: string;
  /** What would go wrong if this were the code. */
  breaks: string;
  /** Each `from` stands in its file exactly once. */
  edits: { file: string; from: string; to: string }[];
  tests: MutantTests;
};

/** `titles`: parts of test or group names; only those run. */
export type MutantTests = { project: "unit" | "workers" | "people" | "database"; files: string[]; titles: string[] };

export const workers = (file: string, ...titles: string[]): MutantTests => ({
  project: "workers",
  files: [`tests/workers/${file}.test.ts`],
  titles,
});
export const people = (file: string, ...titles: string[]): MutantTests => ({
  project: "people",
  files: [`tests/people/${file}.test.ts`],
  titles,
});
export const unit = (file: string, ...titles: string[]): MutantTests => ({
  project: "unit",
  files: [`tests/${file}.test.ts`],
  titles,
});
export const database = (file: string, ...titles: string[]): MutantTests => ({
  project: "database",
  files: [`tests/adapters/${file}.test.ts`],
  titles,
});
