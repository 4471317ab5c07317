/** Whoever is woken at night copies commands out of these pages: each has to exist, and to take the flags that are written there. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { FLAGS } from "../dev/command.ts";

const at = (path: string) => new URL(`../${path}`, import.meta.url);
const read = (path: string) => readFileSync(at(path), "utf8");
const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
const help = execFileSync(process.execPath, ["dev/ops.ts", "status", "--help"], { encoding: "utf8" });
const HELP_LINE = /^npm run (\S+) -- --env \S+ (.*)$/;
const helpOf = new Map(
  help.split("\n").flatMap((line) => {
    const [, name, text] = HELP_LINE.exec(line) ?? [];
    return name === undefined || text === undefined ? [] : [[name, text] as const];
  }),
);
const pages = ["README.md", ...readdirSync(at("docs")).map((name) => `docs/${name}`)].filter((path) =>
  path.endsWith(".md"),
);
const FLAG = /(?<=[\s[(|])--([a-z][a-z-]*)/g;
const flagsIn = (text: string) => [...` ${text}`.matchAll(FLAG)].map(([, flag = ""]) => flag);

type Written = { name: string; flags: string[]; text: string };

/** Commands of a page: lines of its blocks without their comments, and what stands between backticks. */
function commandsIn(page: string): Written[] {
  const blocks = [...page.matchAll(/^```\w*\n([\s\S]*?)^```/gm)].map(([, block = ""]) =>
    block.replaceAll(/\\\n\s*/g, " "),
  );
  const spans = [...page.replaceAll(/^```[\s\S]*?^```/gm, "").matchAll(/`([^`]+)`/g)].map(([, span = ""]) =>
    span.replaceAll(/\s*\n\s*/g, " "),
  );
  return [...blocks.flatMap((block) => block.split("\n")), ...spans].flatMap((line) => {
    const [text = ""] = /npm run .*/.exec(line.replace(/\s# .*$/, "")) ?? [];
    const name = /^npm run ([a-z0-9:-]+)/.exec(text)?.[1];
    if (name === undefined) return [];
    const [, given = ""] = text.replaceAll(/"[^"]*"/g, '""').split(" -- ");
    return [{ name, flags: flagsIn(given), text }];
  });
}

/** Whether the command takes the flag: one of operators by its own help, another by what its file parses. */
function takes(name: string, flag: string): boolean {
  const own = helpOf.get(name);
  if (own !== undefined) return ["env", "country", "help"].includes(flag) || flagsIn(own).includes(flag);
  const [, path] = /^(?:exec )?node (?:--\S+ )*(\S+)/.exec(scripts[name] ?? "") ?? [];
  // Of a tool that is not ours nothing is known.
  if (path === undefined || flag === "help") return true;
  const text = textOf(path);
  return new RegExp(`"${flag}"| ${flag}: \\{|--${flag}(?![a-z-])`).test(text);
}

const texts = new Map<string, string>();
/** What stands in a file and in those of `dev/` that it is made of, each once. */
function textOf(path: string): string {
  const found = texts.get(path);
  if (found !== undefined) return found;
  const files = new Map<string, string>();
  const open = [path];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (files.has(file)) continue;
    const text = existsSync(at(file)) ? read(file) : "";
    files.set(file, text);
    const near = [...text.matchAll(/from "(\.\.?\/[^"]+\.ts)"/g)].map(([, to = ""]) =>
      new URL(to, `file:///${file}`).pathname.slice(1),
    );
    open.push(...near.filter((each) => each.startsWith("dev/")));
  }
  const text = [...files.values()].join("\n");
  texts.set(path, text);
  return text;
}

describe("commands in the documents", () => {
  it("stand in package.json and take the flags that are written with them", () => {
    const wrong = pages.flatMap((page) =>
      commandsIn(read(page)).flatMap(({ name, flags, text }) => {
        if (scripts[name] === undefined) return [`${page}: package.json has no "${name}"`];
        return flags.filter((flag) => !takes(name, flag)).map((flag) => `${page}: ${text}: takes no --${flag}`);
      }),
    );
    expect(wrong).toEqual([]);
  });

  it("are found: in a block, over two lines, in a sentence, and with what follows a quoted reason", () => {
    const page =
      '```sh\nnpm run a -- --one 1 \\\n  --two 2   # --three\n```\nand `npm run b:c -- --four "--five" --six`, or `npm\nrun d`.';
    expect(commandsIn(page).map(({ name, flags }) => [name, ...flags])).toEqual([
      ["a", "one", "two"],
      ["b:c", "four", "six"],
      ["d"],
    ]);
  });

  it("are red for a flag that no command has", () => {
    expect(takes("alarm:seen", "snooze")).toBe(true);
    expect(takes("alarm:seen", "snoozing")).toBe(false);
    expect(takes("backup", "keep")).toBe(true);
    expect(takes("backup", "kept")).toBe(false);
  });
});

describe("commands of operators", () => {
  it("are each a script, and parse every flag that their help names, with a value or without", () => {
    expect(helpOf.size).toBeGreaterThan(100);
    const wrong = [...helpOf].flatMap(([name, text]) => [
      ...(scripts[name] === `node dev/ops.ts ${name}` ? [] : [`package.json has no "${name}"`]),
      ...flagsIn(text)
        .filter((flag) => FLAGS[flag] === undefined)
        .map((flag) => `${name}: --${flag} is not parsed`),
      ...[...text.matchAll(/--([a-z][a-z-]*)(?=[\]\s|]+(?:\]|--|\||$| {2}))/g)]
        .filter(([, flag = ""]) => FLAGS[flag]?.type === "string")
        .map(([, flag]) => `${name}: --${flag} needs a value`),
    ]);
    expect(wrong).toEqual([]);
  });
});
