import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { filesOf, hostsIn, importsOf, judge } from "../dev/bundle-limits.ts";

let bundle: string;
const put = (file: string, text: string) => {
  mkdirSync(dirname(join(bundle, file)), { recursive: true });
  writeFileSync(join(bundle, file), text);
};
/** What cannot be packed: each byte another. */
const noise = (bytes: number) =>
  Array.from({ length: bytes }, () => String.fromCharCode(33 + Math.floor(Math.random() * 90))).join("");

beforeEach(() => {
  bundle = mkdtempSync(join(tmpdir(), "bundle-"));
  put("index.html", '<script type="module" src="/assets/index.js"></script><link rel="icon" href="/icon.svg">');
  put(
    "my/index.html",
    '<script type="module" src="/assets/my.js"></script><link rel="stylesheet" href="/assets/my.css">',
  );
  put("assets/index.js", 'import"./shared.js";import("./plot.js");');
  put("assets/my.js", 'import{a as b}from"./shared.js";const draw=()=>import("./plot.js");');
  put("assets/my.css", "body{}");
  put("assets/shared.js", "export const a=1;");
  put("assets/plot.js", 'const c="u-cursor-x u-select";');
});
afterEach(() => rmSync(bundle, { recursive: true, force: true }));

const faults = () => judge(bundle).flatMap((each) => each.faults);

describe("the limits of the bundle", () => {
  it("hold for a small one, in which the charts are loaded later", () => {
    expect(faults()).toEqual([]);
    expect(judge(bundle)[0]?.files).toEqual(["my/index.html", "assets/my.js", "assets/my.css", "assets/shared.js"]);
  });

  it("find what a file brings with it, however deep", () => {
    put("assets/shared.js", 'import"./deep.js";export const a=1;');
    put("assets/deep.js", `const x=${JSON.stringify(noise(90 * 1_024))};`);
    expect(faults().join()).toMatch(/at most 61440/);
  });

  it("find charts and maps that come with the first visit", () => {
    put("assets/my.js", 'import"./plot.js";');
    expect(faults()).toContain("assets/plot.js brings uPlot with the first visit");
    put("assets/index.js", 'const m="leaflet-container";');
    expect(faults()).toContain("assets/index.js brings a map with the first visit");
  });

  it("find an address of another host, also in a file that comes later", () => {
    put("assets/plot.js", 'fetch("https://cdn.example.com/x.js")');
    expect(faults().join()).toMatch(/plot\.js names https:\/\/cdn\.example\.com/);
  });
});

describe("what a page names", () => {
  it("is its scripts and styles, not its icon", () => {
    expect(
      filesOf('<link rel="icon" href="/a.svg"><link rel="modulepreload" crossorigin href="/assets/b.js">'),
    ).toEqual(["assets/b.js"]);
  });
  it("is followed through static imports and re-exports alone", () => {
    expect(importsOf('import"./a.js";import{b}from"./b.js";export*from"./c.js";import("./d.js");')).toEqual([
      "./a.js",
      "./b.js",
      "./c.js",
    ]);
  });
  it("is no host where a name of a vocabulary stands", () => {
    expect(hostsIn('xmlns="http://www.w3.org/2000/svg" https://a.example/b')).toEqual(["https://a.example/b"]);
  });
});
