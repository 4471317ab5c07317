import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The command as a person types it; its status and its lines about seeds. */
const simulate = (...args: string[]) =>
  new Promise<{ status: number; seeds: string[]; said: string }>((resolve) => {
    execFile("node", ["dev/simulate.ts", ...args], { cwd: ROOT, maxBuffer: 1e8 }, (error, stdout, stderr) => {
      const seeds = stdout.split("\n").filter((line) => line.startsWith("seed "));
      resolve({ status: error === null ? 0 : Number(error.code), seeds, said: stdout + stderr });
    });
  });

it("three simulated worlds lose and double nothing", async () => {
  const { status, seeds, said } = await simulate("--from", "5", "--seeds", "3", "--at-once", "1");
  expect(status, said).toBe(0);
  expect(seeds).toHaveLength(3);
});
