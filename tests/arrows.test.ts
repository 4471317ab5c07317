import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { FILES } from "../src/domain/countries/index.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** The rooms, and into which others each may look. Imports run one way only. */
const ARROWS: Record<string, string[]> = {
  "src/domain": [],
  "src/ports": ["src/domain"],
  "src/services": ["src/ports", "src/domain"],
  "src/queries": ["drizzle/schema", "src/ports", "src/domain"],
  "src/adapters": ["src/ports", "src/domain", "drizzle/schema"],
  "workers/objects": ["src/domain", "src/ports", "src/services", "src/adapters", "workers"],
  "workers/ingest": [
    "src/domain",
    "src/ports",
    "src/services",
    "src/adapters",
    "src/queries",
    "workers",
    "workers/objects",
  ],
  "workers/neighbours": [
    "src/domain",
    "src/ports",
    "src/services",
    "src/adapters",
    "src/queries",
    "workers",
    "workers/objects",
  ],
  "workers/portal": [
    "src/domain",
    "src/ports",
    "src/services",
    "src/adapters",
    "src/queries",
    "drizzle/schema",
    "workers",
    "workers/objects",
  ],
  workers: [
    "src/domain",
    "src/ports",
    "src/services",
    "src/adapters",
    "src/queries",
    "workers/objects",
    "workers/ingest",
    "workers/neighbours",
    "workers/portal",
  ],
  "drizzle/schema": [],
  // Types only: the portal's bundle never holds a Worker's code.
  web: ["src/domain", "workers/portal"],
};

const ROOMS = Object.keys(ARROWS).sort((a, b) => b.length - a.length);
const roomOf = (path: string) => ROOMS.find((room) => path === room || path.startsWith(`${room}/`)) ?? null;

function filesOf(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.parentPath.includes("/dist"))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
}

type Arrow = { from: string; to: string; typeOnly: boolean; path: string };

function arrowsOf(path: string): Arrow[] {
  const source = readFileSync(join(ROOT, path), "utf8");
  const imports = source.matchAll(/^(?:import|export)\s+(type\s)?[^;]*?from\s+"(\.[^"]+)"/gm);
  const from = roomOf(path) ?? path;
  return [...imports].map(([, typeOnly, target]) => {
    const at = normalize(join(dirname(path), target ?? ""));
    return { from, to: roomOf(at) ?? at, typeOnly: typeOnly !== undefined, path: `${path} -> ${at}` };
  });
}

const all = ["src", "workers", "web", "drizzle"].flatMap(filesOf).flatMap(arrowsOf);

describe("the arrows between the rooms", () => {
  it("finds imports to judge", () => expect(all.length).toBeGreaterThan(50));

  it("run one way only", () => {
    const wrong = all.filter(({ from, to }) => from !== to && !(ARROWS[from]?.includes(to) ?? false));
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it("from web into workers are types only", () => {
    const wrong = all.filter(({ from, to, typeOnly }) => from === "web" && to.startsWith("workers") && !typeOnly);
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it("never leave domain for the world", () => {
    const world = /from "(?:hono|drizzle-orm|@neondatabase|cloudflare:|aws4fetch)/;
    const clock = /\bDate\.now\(|\bfetch\(|new Date\(\)/;
    const wrong = filesOf("src/domain").filter((path) => {
      const source = readFileSync(join(ROOT, path), "utf8").replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
      return world.test(source) || clock.test(source);
    });
    expect(wrong).toEqual([]);
  });

  it("never write a line past the log, which says whose request it is and nobody's name", () => {
    const wrong = ["src", "workers"].flatMap(filesOf).filter((path) => {
      const source = readFileSync(join(ROOT, path), "utf8").replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
      return path !== "src/ports/log.ts" && /\bconsole\s*[.[]/.test(source);
    });
    expect(wrong).toEqual([]);
  });

  it("never name a country but in its file: what differs is asked of the data", () => {
    const words = Object.entries(FILES).flatMap(([code, { currency }]) => [code, currency]);
    const literal = new RegExp(
      `["'\`](?:${words.join("|")})["'\`]|^\\s*(?:${words.join("|")}) ?:|\\.(?:${words.join("|")})\\b`,
      "m",
    );
    const wrong = ["src", "workers", "web"].flatMap(filesOf).filter((path) => {
      const source = readFileSync(join(ROOT, path), "utf8").replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
      return !path.startsWith("src/domain/countries/") && literal.test(source);
    });
    expect(wrong).toEqual([]);
  });
});
