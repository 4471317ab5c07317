import { type ChildProcess, execFile, spawn } from "node:child_process";
import { availableParallelism, constants, setPriority } from "node:os";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

type Simulated = { status: number; seeds: string[]; said: string };

/** The command as a person types it, with short seeds; its status and its lines about seeds. `isLast`: all else goes first. */
const simulate = (args: string[], isLast = false) =>
  new Promise<Simulated>((resolve) => {
    const command = ["dev/simulate.ts", "--minutes", "5", ...args];
    const child = execFile("node", command, { cwd: ROOT, maxBuffer: 1e8 }, (error, stdout, stderr) => {
      const seeds = stdout.split("\n").filter((line) => line.startsWith("seed "));
      resolve({ status: error === null ? 0 : Number(error.code), seeds, said: stdout + stderr });
    });
    if (isLast) goLast(child);
  });

/** What keeps the machine busy takes nothing from the stories beside this one. */
const goLast = ({ pid }: ChildProcess) => {
  if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW);
};

/** The same beside as many processes that do nothing but take time. */
async function simulateWhileBusy(...args: string[]): Promise<Simulated> {
  const busy = Array.from({ length: 2 * availableParallelism() }, () =>
    spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" }),
  );
  for (const each of busy) goLast(each);
  try {
    return await simulate(args, true);
  } finally {
    for (const each of busy) each.kill("SIGKILL");
  }
}

let calm: Simulated;
let hurried: Promise<Simulated>;
beforeAll(async () => {
  // Takes a minute whatever else there is.
  hurried = simulate(["--seeds", "5000", "--at-once", "1", "--no-story", "--within", "1"]);
  calm = await simulate(["--from", "5", "--seeds", "3", "--at-once", "1"]);
});

it("three simulated worlds lose and double nothing", () => {
  expect(calm.status, calm.said).toBe(0);
  expect(calm.seeds).toHaveLength(3);
});

it("a seed is the same to its last event on a machine that is busy, and in a process that played no other before", async () => {
  const busy = await simulateWhileBusy("--seed", "7");
  expect(busy.status, busy.said).toBe(0);
  expect(busy.seeds).toEqual(calm.seeds.filter((line) => line.startsWith("seed 7:")));
});

it("is red where not every seed is played in time, and names the one that was not", async () => {
  const { status, seeds, said } = await hurried;
  expect(status, said).toBe(1);
  expect(said).toContain(`RED: ${seeds.length} of 5000 seeds were done within 1 minutes`);
  expect(said).toContain(`not done: npm run simulate -- --seed ${seeds.length + 1} --minutes 5\n`);
});
