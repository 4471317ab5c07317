/**
 * `npm test`: format, lint, types, tests; one closing line with the counts. `--quick` leaves the long stories out.
 * What waits for a browser, for a world of processes or for a real database is tried once more when it fails, and is named
 * in the closing lines when it was only then green (decision 0016); all else has one try.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { greenFile, writeGreen } from "./deliver/known.ts";
import { readRecord } from "./deliver/release.ts";
import { git, realTools } from "./deliver/tools.ts";
import { mayBeTriedAgain } from "./second-try.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const BIN = join(ROOT, "node_modules", ".bin");
const OUT = join(ROOT, ".data", "check");
const quick = process.argv.includes("--quick");

type Counts = { passed: number; failed: number; skipped: number };
type Report = {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { name: string; status: string; assertionResults: { fullName: string; status: string }[] }[];
};

function run(name: string, command: string, args: string[]): boolean {
  const began = performance.now();
  const { status } = spawnSync(join(BIN, command), args, { cwd: ROOT, stdio: "inherit" });
  console.log(`${status === 0 ? "ok " : "RED"} ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  return status === 0;
}

/** Runs vitest projects, or the files named of them, and reads what it reported. Null when it wrote no report. */
function vitest(name: string, projects: string[], files: string[]): { green: boolean; report: Report | null } {
  const out = join(OUT, `${name}.json`);
  rmSync(out, { force: true });
  const args = [
    "run",
    ...projects.flatMap((project) => ["--project", project]),
    "--reporter=dot",
    "--reporter=json",
    `--outputFile.json=${out}`,
    ...files,
  ];
  const green = run(name, "vitest", args);
  return { green, report: existsSync(out) ? JSON.parse(readFileSync(out, "utf8")) : null };
}

const unsteady: string[] = [];

/** What a run counted. One that wrote no report counts as one failure. */
function tests(name: string, projects: string[]): Counts {
  const { green, report } = vitest(name, projects, []);
  if (report === null) return { passed: 0, failed: 1, skipped: 0 };
  const counts = {
    passed: report.numPassedTests,
    failed: report.numFailedTests === 0 && !green ? 1 : report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  };
  const red = report.testResults.filter(({ status }) => status === "failed");
  const files = red.map(({ name: file }) => relative(ROOT, file));
  if (!mayBeTriedAgain(ROOT, files)) return counts;
  const second = vitest(`${name}, tried again`, projects, files);
  if (!second.green) return counts;
  const failures = red.flatMap(({ name: file, assertionResults }) => {
    const titles = assertionResults.filter(({ status }) => status === "failed").map(({ fullName }) => fullName);
    return (titles.length === 0 ? ["as a whole"] : titles).map((title) => `${relative(ROOT, file)}: ${title}`);
  });
  unsteady.push(...failures);
  return { ...counts, passed: counts.passed + report.numFailedTests, failed: 0 };
}

/** What git knows these files as; null: it knows of none, or some are not committed. */
function cleanTree(): string | null {
  try {
    const tools = realTools();
    return git(tools, "status", "--porcelain") === "" ? git(tools, "rev-parse", "HEAD^{tree}") : null;
  } catch {
    return null;
  }
}

mkdirSync(OUT, { recursive: true });
const treeBefore = cleanTree();
const steady = [
  run("portal builds", "vite", ["build", "-c", "web/vite.config.ts", "--logLevel", "warn"]),
  run("countries' deployments build, within their limit", "node", ["dev/deployments.ts"]),
  run("first visits within their limits", "node", ["dev/bundle-limits.ts"]),
  run("format and lint", "biome", [
    "ci",
    "--error-on-warnings",
    ...(process.stdout.isTTY ? [] : ["--colors=off"]),
    ".",
  ]),
  run("no secret in a tracked file", "node", ["dev/secret-scan.ts"]),
  run("no known vulnerability in what is deployed", "node", ["dev/audit-packages.ts"]),
  run("types of the worker", "tsc", ["-p", "tsconfig.json"]),
  run("types of the laptop world and tests", "tsc", ["-p", "tsconfig.node.json"]),
  run("types of the portal", "tsc", ["-p", "tsconfig.web.json"]),
];
const counts = [tests("unit, worker and database tests", ["unit", "workers", "people", "database"])];
if (!quick) counts.push(tests("stories", ["stories"]), tests("journeys in a browser", ["browser"]));

const sum = (of: keyof Counts) => counts.reduce((total, each) => total + each[of], 0);
const failed = sum("failed") + steady.filter((green) => !green).length;
for (const each of unsteady) console.log(`UNSTEADY, green when tried again: ${each}`);
// What `npm run deploy` asks for. A quick check is none, and neither is one whose files were changed meanwhile.
const tree = cleanTree();
if (failed === 0 && !quick && tree !== null && tree === treeBefore)
  writeGreen(greenFile(), {
    ...{ tree, at: new Date().toISOString(), passed: sum("passed") },
    previous: readRecord()?.commit ?? null,
  });
console.log(`\n${sum("passed")} passed, ${failed} failed${sum("skipped") > 0 ? `, ${sum("skipped")} skipped` : ""}`);
process.exit(failed === 0 ? 0 : 1);
