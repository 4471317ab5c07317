import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["tests/domain/**/*.test.ts", "tests/services/**/*.test.ts", "tests/*.test.ts"],
        },
      },
      {
        plugins: [cloudflareTest({ wrangler: { configPath: "./wrangler.toml", environment: "test" } })],
        test: { name: "workers", include: ["tests/workers/**/*.test.ts"] },
      },
      {
        test: {
          name: "database",
          include: ["tests/adapters/**/*.test.ts"],
          globalSetup: ["./tests/adapters/database.setup.ts"],
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "stories",
          include: ["tests/stories/**/*.test.ts"],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
