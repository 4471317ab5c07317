/**
 * `npm run mutants`: puts the worst mistakes of the money path into a copy of the source, one at a time, and expects the
 * tests to notice each. `npm run mutants -- gate twin` takes only those with such a word in their name.
 */
import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { HEART_MUTANTS, type Mutant, type MutantTests } from "./heart-mutants.ts";
import { mayBeTriedAgain } from "./second-try.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** Below the project, so that its node_modules are found without a copy or a link. */
const COPIES = join(ROOT, ".data", "mutants", `${process.pid}`);
/** Mutants that are tried at the same time, each in a copy of its own: one test run uses little more than one core. */
const LANES_MAX = 2;
/** A run without an end is ended; the tests' own time limits are shorter. */
const RUN_MS_MAX = 600_000;
/** Of the output of a run that made no sense. */
const OUTPUT_CHARS_MAX = 4_000;

type Failure = { title: string; said: string };
type Run = {
  passed: number;
  failed: number;
  firstFailure: Failure | null;
  /** Files with a test that failed, as vitest names them. */
  redFiles: string[];
  seconds: number;
  output: string;
};

function copyProject(copy: string) {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: ROOT });
  for (const file of listed.toString("utf8").split("\0")) {
    if (file === "" || !existsSync(join(ROOT, file))) continue;
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(ROOT, file), join(copy, file));
  }
}

/** The files of a copy as the mutant has them. Throws when a place is not there exactly once: it would mutate nothing. */
function mutated({ name, edits }: Mutant, copy: string): Map<string, { before: string; after: string }> {
  const files = new Map<string, { before: string; after: string }>();
  for (const { file, from, to } of edits) {
    const before = files.get(file)?.before ?? readFileSync(join(copy, file), "utf8");
    const text = files.get(file)?.after ?? before;
    const found = text.split(from).length - 1;
    if (found !== 1) throw new Error(`mutant "${name}": its place in ${file} was found ${found} times:\n${from}`);
    files.set(file, { before, after: text.replace(from, () => to) });
  }
  return files;
}

async function runTests(copy: string, tests: MutantTests[], more: string[]): Promise<Run> {
  const began = performance.now();
  const report = join(copy, ".data", "report.json");
  rmSync(report, { force: true });
  const titles = new Set(tests.flatMap((each) => each.titles));
  const pattern = [...titles].map((title) => title.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
  const args = [
    "run",
    ...new Set(tests.flatMap((each) => each.files)),
    ...[...new Set(tests.map((each) => each.project))].flatMap((project) => ["--project", project]),
    "-t",
    pattern,
    "--reporter=dot",
    "--reporter=json",
    `--outputFile.json=${report}`,
    ...more,
  ];
  const output = await outputOf(join(ROOT, "node_modules", ".bin", "vitest"), args, copy);
  const seconds = (performance.now() - began) / 1000;
  if (!existsSync(report)) return { passed: 0, failed: 0, firstFailure: null, redFiles: [], seconds, output };
  const counted: {
    numPassedTests: number;
    numFailedTests: number;
    testResults: {
      name: string;
      status: string;
      assertionResults: { status: string; title: string; failureMessages?: string[] }[];
    }[];
  } = JSON.parse(readFileSync(report, "utf8"));
  const { numPassedTests: passed, numFailedTests: failed, testResults } = counted;
  const failure = testResults.flatMap((file) => file.assertionResults).find(({ status }) => status === "failed");
  const redFiles = testResults.filter(({ status }) => status === "failed").map(({ name }) => name);
  const firstFailure =
    failure === undefined ? null : { title: failure.title, said: failure.failureMessages?.[0]?.split("\n")[0] ?? "" };
  return { passed, failed, firstFailure, redFiles, seconds, output };
}

function outputOf(command: string, args: string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"], timeout: RUN_MS_MAX });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => {
        output = `${output}${chunk.toString("utf8")}`.slice(-OUTPUT_CHARS_MAX);
      });
    child.on("error", reject);
    child.on("close", () => resolve(output));
  });
}

/** True when the tests notice it. */
async function isNoticed(mutant: Mutant, copy: string): Promise<boolean> {
  const files = mutated(mutant, copy);
  for (const [file, { after }] of files) writeFileSync(join(copy, file), after);
  const run = await runTests(copy, [mutant.tests], ["--bail=1"]);
  for (const [file, { before }] of files) writeFileSync(join(copy, file), before);
  const { verdict, because } = verdictOf(run);
  console.log(`| ${mutant.name} | ${mutant.breaks} | ${verdict} | ${run.seconds.toFixed(1)} | ${because} |`);
  return verdict === "red";
}

/** What a test says when it did not come to look: the copy is no program, or something around it was not there. */
const DID_NOT_LOOK =
  /\b(?:Test|Hook) timed out|\b(?:Reference|Syntax)Error\b|Transform failed|Cannot find (?:module|package)|ECONNREFUSED/;

/** Only a test that ran, looked and failed counts: a copy that does not even start, or that nobody waits for, proves nothing. */
function verdictOf({ passed, failed, firstFailure, output }: Run): { verdict: string; because: string } {
  if (failed > 0 && firstFailure !== null) {
    const { title, said } = firstFailure;
    return DID_NOT_LOOK.test(said)
      ? { verdict: "NO VERDICT", because: `${title}: ${said}` }
      : { verdict: "red", because: title };
  }
  return passed > 0 ? { verdict: "GREEN: it survived", because: "" } : { verdict: "NOTHING RAN", because: output };
}

/**
 * The tests have to be green without any mutant, or a red one proves nothing. All of them at once are a crowd: the few
 * files that are red are tried again by themselves, and the row names what was green only then.
 */
async function isGreenAsItIs(mutants: Mutant[], copy: string): Promise<boolean> {
  const tests = mutants.map((mutant) => mutant.tests);
  const run = await runTests(copy, tests, []);
  const row = (verdict: string, { seconds }: Run, because: string) =>
    console.log(`| none | nothing | ${verdict} | ${seconds.toFixed(1)} | ${because} |`);
  if (isGreen(run)) {
    row(`green (${run.passed})`, run, "");
    return true;
  }
  row(`RED (${run.failed})`, run, run.firstFailure?.title ?? run.output);
  const red = run.redFiles.map((file) => relative(copy, file));
  if (!mayBeTriedAgain(copy, red)) return false;
  const again = tests.map((each) => ({ ...each, files: each.files.filter((file) => red.includes(file)) }));
  const second = await runTests(
    copy,
    again.filter(({ files }) => files.length > 0),
    [],
  );
  row(
    isGreen(second) ? `green (${second.passed}) when tried again` : `RED (${second.failed}) again`,
    second,
    second.firstFailure?.title ?? red.join(", "),
  );
  return isGreen(second);
}

const isGreen = ({ passed, failed, redFiles }: Run): boolean => failed === 0 && passed > 0 && redFiles.length === 0;

function chosen(): Mutant[] {
  const words = process.argv.slice(2);
  const mutants = HEART_MUTANTS.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
  if (mutants.length === 0) throw new Error(`no mutant has one of these words in its name: ${words.join(", ")}`);
  return mutants;
}

async function main(): Promise<boolean> {
  const began = performance.now();
  const mutants = chosen();
  for (const mutant of mutants) mutated(mutant, ROOT);
  console.log("| mutant | what it breaks | tests | seconds | first test that notices |\n|---|---|---|---|---|");
  const waiting = [
    (copy: string) => isGreenAsItIs(mutants, copy),
    ...mutants.map((mutant) => (copy: string) => isNoticed(mutant, copy)),
  ];
  const count = waiting.length;
  let good = 0;
  const lane = async (n: number) => {
    const copy = join(COPIES, `lane-${n}`);
    copyProject(copy);
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) if (await next(copy)) good += 1;
  };
  await Promise.all(Array.from({ length: Math.min(LANES_MAX, availableParallelism()) }, (_, n) => lane(n)));
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  const outcome = good === count ? "all are noticed" : `${count - good} of the rows above are not as they should be`;
  console.log(`\n${mutants.length} mutants, ${outcome} (${seconds} s)`);
  return good === count;
}

process.on("exit", () => rmSync(COPIES, { recursive: true, force: true }));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(130));
process.exitCode = (await main()) ? 0 : 1;
