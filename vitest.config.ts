import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { ALONE, LATE } from "./tests/browser/turns.ts";

/**
 * Journeys that wait for something come late, and those that have the world to themselves after all others, each in the order of its
 * list: what the last one waits for passes meanwhile.
 */
const LAST = [...LATE, ...Object.keys(ALONE)].map((file) => `/tests/browser/${file}`);
class OthersFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    const turn = ({ moduleId }: TestSpecification) => LAST.findIndex((file) => moduleId.endsWith(file));
    const sorted = await super.sort(files);
    return sorted.sort((one, other) => turn(one) - turn(other));
  }
}

/** One file at a time for each core: the default leaves one out, and half of a small machine would stand idle. */
const PER_CORE = "100%";

export default defineConfig({
  test: {
    // What the code under test logs is shown where a test fails; elsewhere it would drown the counts.
    silent: "passed-only",
    sequence: { sequencer: OthersFirst },
    projects: [
      {
        test: {
          name: "unit",
          // Pure functions leave nothing behind, and a process for each of 240 files costs five times the tests' own time.
          isolate: false,
          maxWorkers: PER_CORE,
          include: [
            "tests/domain/**/*.test.ts",
            "tests/services/**/*.test.ts",
            "tests/web/**/*.test.ts",
            "tests/*.test.ts",
          ],
          // Thousands of drawn cases in one test take seconds on a busy machine.
          testTimeout: 30_000,
        },
      },
      {
        plugins: [cloudflareTest({ wrangler: { configPath: "./wrangler.toml", environment: "test" } })],
        test: {
          name: "workers",
          maxWorkers: PER_CORE,
          include: ["tests/workers/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        plugins: [cloudflareTest({ wrangler: { configPath: "./wrangler.toml", environment: "test" } })],
        test: {
          name: "people",
          maxWorkers: PER_CORE,
          include: ["tests/people/**/*.test.ts"],
          globalSetup: ["./tests/adapters/people.setup.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "database",
          include: ["tests/adapters/**/*.test.ts"],
          globalSetup: ["./tests/adapters/database.setup.ts"],
          maxWorkers: PER_CORE,
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "browser",
          include: ["tests/browser/**/*.test.ts"],
          globalSetup: ["./tests/browser/browser.setup.ts"],
          setupFiles: ["./tests/browser/turn.setup.ts"],
          maxWorkers: 2,
          sequence: { groupOrder: 3 },
          testTimeout: 90_000,
          hookTimeout: 90_000,
        },
      },
      {
        test: {
          name: "stories",
          include: ["tests/stories/**/*.test.ts"],
          // Minutes of it say no more than its shorter neighbours: `npm run faults:real` has it.
          exclude: process.env.FAULTS_REAL === "1" ? [] : ["tests/stories/deploy-under-load.test.ts"],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          // Each has a world of its own, on ports of its own, and mostly waits.
          maxWorkers: 3,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
