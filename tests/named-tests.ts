import { globSync, readFileSync } from "node:fs";

const ROOT = new URL("..", import.meta.url);
const TITLED = /`(tests\/[^`]+\.test\.ts)` “([^”]+)”/g;
const FILE = /`(tests\/[^`]+\.test\.ts)`(?! “)/g;

/** A numbered row of a table in a document: the tests that it names, with a title or as a whole file. */
export type NamedRow = { number: number; tests: { file: string; title: string | null }[] };

/** The numbered rows of a document's tables, in their order. */
export const numberedRows = (markdown: string): NamedRow[] =>
  markdown
    .split("\n")
    .filter((line) => /^\| \d+ \|/.test(line))
    .map((line) => ({
      number: Number(line.split("|")[1]),
      tests: [
        ...[...line.matchAll(TITLED)].map(([, file = "", title = ""]) => ({ file, title })),
        ...[...line.matchAll(FILE)].map(([, file = ""]) => ({ file, title: null })),
      ],
    }));

/** What rows name and nobody finds: a row without a test, a file that is gone, a title that no test has. */
export function missingTests(rows: readonly NamedRow[]): string[] {
  const files = new Set(globSync("tests/**/*.test.ts", { cwd: ROOT }));
  const has = (file: string, title: string | null) =>
    files.has(file) && (title === null || readFileSync(new URL(file, ROOT), "utf8").includes(`"${title}"`));
  return rows.flatMap(({ number, tests }) => [
    ...(tests.length === 0 ? [`${number}: no test`] : []),
    ...tests
      .filter(({ file, title }) => !has(file, title))
      .map(({ file, title }) => `${number}: ${file} has no ${title === null ? "test" : `“${title}”`}`),
  ]);
}
