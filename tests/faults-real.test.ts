import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isGreen, missingIn, realRows } from "../dev/faults/real-rows.ts";

const at = (path: string) => new URL(`../${path}`, import.meta.url);
const read = (path: string) => (existsSync(at(path)) ? readFileSync(at(path), "utf8") : null);
const { scripts } = JSON.parse(read("package.json") ?? "{}") as { scripts: Record<string, string> };
const files = { read, scripts: new Set(Object.keys(scripts)) };
const document = read("docs/faults.md") ?? "";

/** Each fault that has to happen for real, by a word of its row. */
const FAULTS = ["workerd", "PostgreSQL", "vendors", "disk", "half an hour", "deploy", "reset", "clocks"];

describe("the table of faults for real in docs/faults.md", () => {
  it("has a row for each fault, and each row is a command that can be run", () => {
    const rows = realRows(document);
    expect(FAULTS.filter((word) => !rows.some(({ fault }) => fault.includes(word)))).toEqual([]);
    expect(missingIn(rows, files)).toEqual([]);
  });

  it("is red for a test that was renamed, a file that is gone, a script that is gone, and a row that only tells", () => {
    const of = (command: string) =>
      missingIn(realRows(`## The same faults for real\n\n| x | y | z | ${command} |`), files);
    const story = "npx vitest run --project stories tests/stories/outage.test.ts";
    expect(of(`\`${story} -t "was renamed"\``)).toEqual(['x: tests/stories/outage.test.ts has no "was renamed"']);
    expect(of('`npx vitest run tests/stories/gone.test.ts -t "a"`')).toEqual(["x: no tests/stories/gone.test.ts"]);
    expect(of("`npm run no:such -- --seeds 1`")).toEqual(['x: package.json has no "no:such"']);
    expect(of("somebody looked")).toEqual(['x: expected a command, got ""']);
    expect(of("`npm run faults -- --seeds 24`")).toEqual([]);
    expect(() => realRows("# Faults")).toThrow(/no part/);
  });

  it("takes no row for kept whose test was skipped or never found", () => {
    const command = "npx vitest run --project stories x -t y";
    expect(isGreen(command, 0, "      Tests  1 passed | 4 skipped (5)")).toBe(true);
    expect(isGreen(command, 0, "      Tests  5 skipped (5)")).toBe(false);
    expect(isGreen(command, 1, "      Tests  1 passed (1)")).toBe(false);
    expect(isGreen("npm run faults -- --seeds 2", 0, "all green")).toBe(true);
  });
});
