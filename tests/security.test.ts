import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { missingTests, numberedRows } from "./named-tests.ts";

const CHECKS = 42;
const missing = (markdown: string) => missingTests(numberedRows(markdown));
const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");

describe("the table of checks in docs/security.md", () => {
  it("has each check once, in order, with a test that is there under that title", () => {
    const document = read("docs/security.md");
    expect(numberedRows(document).map(({ number }) => number)).toEqual(
      Array.from({ length: CHECKS }, (_, at) => at + 1),
    );
    expect(missing(document)).toEqual([]);
  });

  it("is red for a test that was renamed, a file that is gone and a row without any", () => {
    const row = (named: string) => `| 1 | x | y | ${named} |`;
    expect(missing(row("`tests/security.test.ts` “has another title”"))).toHaveLength(1);
    expect(missing(row("`tests/gone.test.ts` “puts no text into a page as HTML”"))).toHaveLength(1);
    expect(missing(row("somebody looked"))).toEqual(["1: no test"]);
    expect(missing(row("`tests/security.test.ts` “puts no text into a page as HTML”"))).toEqual([]);
  });
});

describe("the portal", () => {
  it("has a policy without an inline script, for a year of HTTPS, in nobody's frame", () => {
    const headers = read("web/public/_headers");
    const policy = /Content-Security-Policy: (.*)/.exec(headers)?.[1] ?? "";
    expect(policy).toMatch(/default-src 'none'; script-src 'self'; style-src 'self';/);
    expect(policy).toMatch(/frame-ancestors 'none'/);
    expect(policy).not.toMatch(/unsafe-|https?:|\*/);
    expect(headers).toMatch(/Strict-Transport-Security: max-age=31536000/);
    expect(headers).toMatch(/X-Content-Type-Options: nosniff/);
  });

  it("puts no text into a page as HTML", () => {
    const files = globSync("web/**/*.{ts,tsx}", { cwd: new URL("..", import.meta.url) });
    expect(files.length).toBeGreaterThan(50);
    const asHtml = /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function\(/;
    expect(files.filter((file) => asHtml.test(read(file)))).toEqual([]);
  });

  it("is built without source maps", () => {
    expect(read("web/vite.config.ts")).toMatch(/sourcemap: false/);
  });
});
