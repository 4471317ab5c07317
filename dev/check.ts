/** `npm test`: format, lint, types, tests; one closing line with the counts. `--quick` leaves the long stories out. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const BIN = join(ROOT, "node_modules", ".bin");
const OUT = join(ROOT, ".data", "check");
const quick = process.argv.includes("--quick");

type Counts = { passed: number; failed: number; skipped: number };

function run(name: string, command: string, args: string[]): boolean {
  const began = performance.now();
  const { status } = spawnSync(join(BIN, command), args, { cwd: ROOT, stdio: "inherit" });
  console.log(`${status === 0 ? "ok " : "RED"} ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  return status === 0;
}

/** Runs vitest projects and reads what it counted. A run that wrote no report counts as one failure. */
function tests(name: string, projects: string[]): Counts {
  const report = join(OUT, `${name}.json`);
  rmSync(report, { force: true });
  const args = [
    "run",
    ...projects.flatMap((project) => ["--project", project]),
    "--reporter=dot",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ];
  const green = run(name, "vitest", args);
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(readFileSync(report, "utf8"));
    const failed = numFailedTests === 0 && !green ? 1 : numFailedTests;
    return { passed: numPassedTests, failed, skipped: numPendingTests + numTodoTests };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

mkdirSync(OUT, { recursive: true });
const steady = [
  run("portal builds", "vite", ["build", "-c", "web/vite.config.ts", "--logLevel", "warn"]),
  run("first visits within their limits", "node", ["dev/bundle-limits.ts"]),
  run("format and lint", "biome", [
    "ci",
    "--error-on-warnings",
    ...(process.stdout.isTTY ? [] : ["--colors=off"]),
    ".",
  ]),
  run("types of the worker", "tsc", ["-p", "tsconfig.json"]),
  run("types of the laptop world and tests", "tsc", ["-p", "tsconfig.node.json"]),
  run("types of the portal", "tsc", ["-p", "tsconfig.web.json"]),
];
const counts = [tests("unit, worker and database tests", ["unit", "workers", "people", "database"])];
if (!quick) counts.push(tests("stories", ["stories"]), tests("journeys in a browser", ["browser"]));

const sum = (of: keyof Counts) => counts.reduce((total, each) => total + each[of], 0);
const failed = sum("failed") + steady.filter((green) => !green).length;
console.log(`\n${sum("passed")} passed, ${failed} failed${sum("skipped") > 0 ? `, ${sum("skipped")} skipped` : ""}`);
process.exit(failed === 0 ? 0 : 1);
