import { execFile } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const GONE_MS_MAX = 5_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ci-run-"));
  mkdirSync(join(folder, ".ci"));
  mkdirSync(join(folder, "bin"));
  copyFileSync(join(ROOT, ".ci", "run"), join(folder, ".ci", "run"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What stands in for a tool writes down how it was called, and then does this. */
function standIn(tool: string, does: string) {
  const file = join(folder, "bin", tool);
  writeFileSync(file, `#!/usr/bin/env bash\necho "${tool} $*" >> "${folder}/called"\n${does}\n`);
  chmodSync(file, 0o755);
}

/** `.ci/run` where each command of npm is one line of shell; its status and what it said. */
function run(commands: Record<"test" | "mutants" | "faults" | "simulate", string>) {
  standIn("node", "exit 0");
  standIn("chromium", "exit 0");
  const cases = Object.entries(commands).map(
    ([name, does]) => `  ${name === "test" ? "test" : `"run ${name}"`}*) ${does} ;;`,
  );
  standIn("npm", `case "$*" in\n${cases.join("\n")}\n  *) exit 9 ;;\nesac`);
  const env = { PATH: [join(folder, "bin"), process.env.PATH].join(delimiter) };
  return new Promise<{ status: number; said: string }>((resolve) =>
    execFile(join(folder, ".ci", "run"), { env }, (error, stdout, stderr) =>
      resolve({ status: error === null ? 0 : Number(error.code), said: stdout + stderr }),
    ),
  );
}

const calledAll = () => readFileSync(join(folder, "called"), "utf8").trim().split("\n");
const isSimulation = (line: string) => line.includes("simulate");
/** The simulation is called at any moment among these. */
const called = () => calledAll().filter((line) => !isSimulation(line));
const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const GREEN = "exit 0";
/** Takes for ever, in a child of its own, whose number it leaves. */
const ENDLESS = "sleep 600 & echo $! > endless; wait";
/** Ends once the simulation has begun. */
const once = (status: number) => `until [ -s endless ]; do sleep 0.05; done; exit ${status}`;

describe("what decides whether a change lands", () => {
  it("runs the tests, the mutants and the faults, and 200 simulated seeds beside them", async () => {
    const { status } = await run({ test: GREEN, mutants: GREEN, faults: GREEN, simulate: GREEN });
    expect(status).toBe(0);
    const simulated = calledAll().filter(isSimulation);
    expect(simulated).toEqual([expect.stringMatching(/-- --seeds 200 --minutes 5 .*--within \d+$/)]);
    expect(called()).toEqual(["node dev/ensure-installed.mjs", "npm test", "npm run mutants", "npm run faults"]);
  });

  it("is red where a simulated seed is, and says which one, after all else has ended", async () => {
    const red = 'echo "seed 1: green, 3 deeds"; echo "seed 2: RED, 4 deeds"; echo "  not true: a sentence"; exit 1';
    const { status, said } = await run({ test: GREEN, mutants: GREEN, faults: "sleep 0.2", simulate: red });
    expect(status).toBe(1);
    expect(called().at(-1)).toBe("npm run faults");
    expect(said).toContain("seed 2: RED, 4 deeds\n  not true: a sentence");
    expect(said).not.toContain("seed 1: green");
  });

  it.each([
    ["the tests", { test: once(3), mutants: GREEN, faults: GREEN }, "npm test"],
    ["the faults", { test: once(0), mutants: GREEN, faults: "exit 3" }, "npm run faults"],
  ])("is red at once where %s are, and leaves nothing of the simulation behind", async (_, others, last) => {
    const { status } = await run({ ...others, simulate: ENDLESS });
    expect(status).toBe(3);
    expect(called().at(-1)).toBe(last);
    const pid = Number(readFileSync(join(folder, "endless"), "utf8"));
    for (let waited = 0; isAlive(pid) && waited < GONE_MS_MAX; waited += 50) await wait(50);
    expect(isAlive(pid)).toBe(false);
  });

  it("waits for the simulation where all else has ended first", async () => {
    const simulate = "sleep 0.5; echo done > simulated";
    expect((await run({ test: GREEN, mutants: GREEN, faults: GREEN, simulate })).status).toBe(0);
    expect(existsSync(join(folder, "simulated"))).toBe(true);
  });
});

it("README says which commands decide, in their order", () => {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  const order = [...readme.matchAll(/^npm run ([\w:]+)/gm)].map(([, name]) => name);
  expect(order.slice(0, 3)).toEqual(["mutants", "faults", "simulate"]);
});
