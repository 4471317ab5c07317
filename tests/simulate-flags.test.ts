import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { againSeed, FLAGS, HELP, readFlags } from "../dev/simulate/flags.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

describe("what npm run simulate may be told", () => {
  it("is twenty seeds of twenty minutes, a process a core, and a day of peace, where nothing is said", () => {
    expect(readFlags([], 2)).toEqual({
      ...{ first: 1, count: 20, minutes: 20, mutant: null, redMax: 5, peaceHours: 24, atOnce: 2 },
      ...{ hasStory: true, withinMinutes: null, isLoud: false, isHelp: false },
    });
    expect(readFlags([], 64).atOnce).toBe(4);
  });

  it("is what was said", () => {
    const said = [
      "--from",
      "30",
      "--seeds",
      "7",
      "--hours",
      "2",
      "--mutant",
      "torn write",
      "--until-red",
      "--no-story",
    ];
    expect(readFlags([...said, "--within", "60", "--peace-hours", "2", "--at-once", "1"], 2)).toMatchObject({
      ...{ first: 30, count: 7, minutes: 120, mutant: "torn write", redMax: 1, peaceHours: 2, atOnce: 1 },
      ...{ hasStory: false, withinMinutes: 60 },
    });
  });

  it("is one seed, or seeds without an end", () => {
    expect(readFlags(["--seed", "42", "--seeds", "9"], 1)).toMatchObject({ first: 42, count: 1 });
    expect(readFlags(["--forever"], 1)).toMatchObject({ first: 1, count: Number.POSITIVE_INFINITY });
  });

  it.each([
    [["--seeds", "0"], "--seeds 0: a whole number from 1 to 1000000 is expected"],
    [["--seed", "a"], "--seed a: a whole number from 1 to 1000000000 is expected"],
    [["--minutes", "1.5"], "--minutes 1.5: a whole number from 1 to 10080 is expected"],
    [["--hours", "169"], "--hours 169: a whole number from 1 to 168 is expected"],
    [["--at-once", "5"], "--at-once 5: a whole number from 1 to 4 is expected"],
    [["--within", "0"], "--within 0: a whole number from 1 to 1440 is expected"],
    [["--peace-hours", "25"], "--peace-hours 25: a whole number from 1 to 24 is expected"],
    [["--minuets", "5"], "Unknown option '--minuets'"],
    [["5"], "Unexpected argument '5'"],
  ])("%j is refused, with what is expected", (args, words) => {
    expect(() => readFlags(args, 2)).toThrow(words);
  });

  it("is in the help, one line each, and the command says it", () => {
    for (const flag of Object.keys(FLAGS))
      expect(HELP.split("\n").filter((line) => line.includes(`  --${flag} `))).toHaveLength(1);
    const said = execFileSync(process.execPath, ["dev/simulate.ts", "--help"], { cwd: ROOT, encoding: "utf8" });
    expect(said).toBe(`${HELP}\n`);
  });

  it("is all that a seed needs to be played again", () => {
    const flags = readFlags(["--hours", "1", "--mutant", "ack on error", "--seeds", "50"], 2);
    const words = againSeed(7, flags);
    expect(words).toBe('npm run simulate -- --seed 7 --minutes 60 --mutant "ack on error"');
    expect(readFlags(["--seed", "7", "--minutes", "60", "--mutant", "ack on error"], 2)).toEqual({
      ...flags,
      first: 7,
      count: 1,
    });
  });
});
