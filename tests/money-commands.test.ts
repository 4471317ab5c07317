import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");

const help = execFileSync(process.execPath, ["dev/ops.ts", "receipt", "--help"], { encoding: "utf8" });

/** Commands of a page that can be copied: each line of its shell blocks, without its comment. */
const commandsIn = (page: string) =>
  [...page.replaceAll(/\\\n\s*/g, "").matchAll(/```sh\n([\s\S]*?)```/g)]
    .flatMap(([, block = ""]) => block.split("\n"))
    .filter((line) => line.startsWith("npm run "))
    .map((line) => line.replace(/\s+# .*$/, ""));

it.each(["docs/money.md", "docs/corrections.md"])("%s names commands that exist, with flags that they have", (path) => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  const helpOf = (name: string) => help.split("\n").find((line) => line.startsWith(`npm run ${name} -- `)) ?? "";
  const commands = commandsIn(read(path));
  expect(commands.length).toBeGreaterThan(3);
  for (const command of commands) {
    const name = /^npm run (\S+)/.exec(command)?.[1] ?? "";
    expect(scripts[name], command).toBeDefined();
    for (const [, flag] of command.replace(/"[^"]*"/g, '""').matchAll(/ --([a-z-]+)/g))
      expect(helpOf(name), `${command}: --${flag}`).toContain(`--${flag}`);
    // What has to be named is named.
    const needed =
      helpOf(name)
        .replace(/\[[^\]]*\]/g, "")
        .split("   ")[0] ?? "";
    for (const [, flag] of needed.matchAll(/(?<!\| )--([a-z-]+)/g))
      if (flag !== "env") expect(command, `${command} lacks --${flag}`).toContain(`--${flag}`);
  }
});

it("docs/money.md names in its tables only commands that exist", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  const named = [...read("docs/money.md").matchAll(/`npm run ([a-z:-]+)/g)].map(([, name = ""]) => name);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
});
