import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What it waits for passes while the other journeys are made. */
const LAST = "/tests/browser/stopped.test.ts";
class OthersFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    const sorted = await super.sort(files);
    const isLast = ({ moduleId }: TestSpecification) => moduleId.endsWith(LAST);
    return [...sorted.filter((each) => !isLast(each)), ...sorted.filter(isLast)];
  }
}

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
        test: { name: "workers", include: ["tests/workers/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 60_000 },
      },
      {
        plugins: [cloudflareTest({ wrangler: { configPath: "./wrangler.toml", environment: "test" } })],
        test: {
          name: "people",
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
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "browser",
          include: ["tests/browser/**/*.test.ts"],
          globalSetup: ["./tests/browser/browser.setup.ts"],
          fileParallelism: false,
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
        },
      },
    ],
  },
});
