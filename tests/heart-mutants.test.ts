import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { HEART_MUTANTS } from "../dev/heart-mutants.ts";

it.each(HEART_MUTANTS)("the mutant '$name' still finds its place in the source, and its tests", ({ edits, tests }) => {
  for (const { file, from, to } of edits) {
    expect(readFileSync(file, "utf8").split(from), `${file}: ${from}`).toHaveLength(2);
    expect(to).not.toBe(from);
  }
  expect(tests.files.filter((file) => !existsSync(file))).toEqual([]);
  const text = tests.files.map((file) => readFileSync(file, "utf8")).join("\n");
  expect(tests.titles.filter((title) => !text.includes(title))).toEqual([]);
  expect(tests.titles).not.toEqual([]);
});
