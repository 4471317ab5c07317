import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

/** Requirements of level 1 and 2 in each section of ASVS 5.0: "1.2" has 1.2.1 to 1.2.9. V10 and V17 stand for a chapter each. */
const SECTIONS: [string, number][] = [
  ...pairs(
    "1.1 2 1.2 9 1.3 11 1.4 3 1.5 2 2.1 3 2.2 3 2.3 4 2.4 1 3.2 2 3.3 4 3.4 6 3.5 5 3.7 2 4.1 3 4.2 1 4.3 2 4.4 4",
  ),
  ...pairs("5.1 1 5.2 3 5.3 2 5.4 3 6.1 3 6.2 11 6.3 3 6.4 4 6.5 5 6.6 3 6.8 4 7.1 3 7.2 4 7.3 2 7.4 5 7.5 2 7.6 2"),
  ...pairs("8.1 2 8.2 3 8.3 1 8.4 1 9.1 3 9.2 4 10 0 11.1 2 11.2 3 11.3 3 11.4 3 11.5 1 11.6 1 12.1 3 12.2 2 12.3 4"),
  ...pairs(
    "13.1 1 13.2 5 13.3 2 13.4 5 14.1 2 14.2 4 14.3 3 15.1 3 15.2 3 15.3 7 16.1 1 16.2 5 16.3 4 16.4 3 16.5 3 17 0",
  ),
];
function pairs(text: string): [string, number][] {
  const words = text.split(" ");
  return words.flatMap((word, at): [string, number][] => (at % 2 === 0 ? [[word, Number(words[at + 1])]] : []));
}
const ITEMS = SECTIONS.flatMap(([section, count]) =>
  count === 0 ? [section] : Array.from({ length: count }, (_, at) => `${section}.${at + 1}`),
);
const CHECKS = 42;
const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
const files = new Set([...globSync("tests/**/*.test.ts", { cwd: new URL("..", import.meta.url) })]);
const pages = new Set([
  ...globSync("{docs,src,web,workers}/**/*.{md,ts}", { cwd: new URL("..", import.meta.url) }),
  "package-lock.json",
]);

const rowsOf = (markdown: string) =>
  markdown
    .split("\n")
    .filter((line) => /^\| \d+(\.\d+)* \|/.test(line))
    .map((line) => line.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "")))
    .map(([item = "", , , here = ""]) => ({ item, here }));

/** What a row says and nobody finds, or that it says nothing at all. */
function faults({ item, here }: { item: string; here: string }): string[] {
  const titled = [...here.matchAll(/`(tests\/[^`]+\.test\.ts)` “([^”]+)”/g)];
  const named = [...here.matchAll(/`(tests\/[^`]+\.test\.ts)`/g)].map(([, file = ""]) => file);
  const checks = [...here.matchAll(/\bcheck (\d+)/g)].map(([, number]) => Number(number));
  const written = [...here.matchAll(/\b((?:docs|src)\/[\w/-]+\.(?:md|ts)|package-lock\.json)/g)].map(
    ([, page = ""]) => page,
  );
  const says = /^(No|None|Platform|Written)\b/.test(here);
  return [
    ...titled
      .filter(([, file = "", title]) => !files.has(file) || !read(file).includes(`"${title}"`))
      .map(([whole]) => `${item}: no ${whole}`),
    ...named.filter((file) => !files.has(file)).map((file) => `${item}: no ${file}`),
    ...checks.filter((number) => number < 1 || number > CHECKS).map((number) => `${item}: no check ${number}`),
    ...written.filter((page) => !pages.has(page)).map((page) => `${item}: no ${page}`),
    ...(titled.length + named.length + checks.length === 0 && !says ? [`${item}: neither a test nor a reason`] : []),
  ];
}

describe("the table of docs/asvs.md", () => {
  const document = read("docs/asvs.md");
  it("has each requirement of level 1 and 2 once, in order", () => {
    expect(rowsOf(document).map(({ item }) => item)).toEqual(ITEMS);
  });

  it("names only tests, checks and pages that are there, and says why where there is none", () => {
    expect(rowsOf(document).flatMap(faults)).toEqual([]);
  });

  it("lists in one place what is not met, and nothing else", () => {
    const unmet = rowsOf(document).flatMap(({ item, here }) => (/^No\b/.test(here) ? [item] : []));
    const listed = [...(document.split("## What is not met")[1] ?? "").matchAll(/(?:^|; ?\n?)(\d+\.\d+\.\d+) /gm)].map(
      ([, item]) => item,
    );
    expect(listed).toEqual(unmet);
  });

  it("is red for a test that was renamed, a page that is gone and a row that says nothing", () => {
    expect(faults({ item: "1.1.1", here: "`tests/asvs.test.ts` “has another title”" })).toHaveLength(1);
    expect(faults({ item: "1.1.1", here: "Written: docs/gone.md" })).toHaveLength(1);
    expect(faults({ item: "1.1.1", here: "check 43" })).toHaveLength(1);
    expect(faults({ item: "1.1.1", here: "somebody looked" })).toEqual(["1.1.1: neither a test nor a reason"]);
    expect(faults({ item: "1.1.1", here: "None: there is none" })).toEqual([]);
  });
});
