import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { missingTests, numberedRows } from "./named-tests.ts";

const EACH = 20;
const [, truths = "", pains = ""] = readFileSync(new URL("../docs/promises.md", import.meta.url), "utf8").split(
  "\n## ",
);
const oneToTwenty = Array.from({ length: EACH }, (_, at) => at + 1);

describe("the tables of docs/promises.md", () => {
  it.each([
    ["what must be true", truths],
    ["what went wrong before", pains],
  ])("say %s, each once and in order, with a test that is there under that title", (_, table) => {
    const rows = numberedRows(table);
    expect(rows.map(({ number }) => number)).toEqual(oneToTwenty);
    expect(missingTests(rows)).toEqual([]);
  });

  it("are red for a file that is gone, which they name without a title", () => {
    expect(missingTests(numberedRows("| 3 | x | `tests/gone.test.ts` `tests/promises.test.ts` |"))).toEqual([
      "3: tests/gone.test.ts has no test",
    ]);
  });
});
