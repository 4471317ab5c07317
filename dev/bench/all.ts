/**
 * `npm run bench:all`: every bench after another, and one table in the end: each figure beside a floor of the same run. Red where a bench
 * is, or did not print what is read; the others run all the same.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { loadavg } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { BENCHES, type Figure, FLOORS, planOf } from "./all/list.ts";
import { isWorkerLog, machineIn, type Quantity, type Table, tablesIn, timesFloor } from "./all/read.ts";
import { grouped, ms, seconds, table } from "./figures.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const names = BENCHES.map(({ name }) => name);

const { values: flags } = parseArgs({
  options: {
    /** Benches, separated by commas. */
    only: { type: "string", default: names.join(",") },
    /** Each in its shortest honest size: some twenty minutes. Otherwise as it is by itself: hours, most of them the year of imports. */
    short: { type: "boolean", default: false },
    /** Prints the figures alone, as JSON. */
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (flags.help) {
  console.log(
    `npm run bench:all -- [--short] [--only ${names.join(",")}] [--json]   (PORT moves the first port; without --short it takes hours)`,
  );
  process.exit(0);
}
const plan = planOf(flags.only.split(","));
if (!plan.ok) {
  console.error(`--only ${plan.unknown.join(",")}: expected some of ${names.join(",")}`);
  process.exit(2);
}

type Ran = { name: string; isGreen: boolean; tookMs: number; load: number; figures: Figure[] };

let under: ChildProcess | null = null;
// Ctrl-C reaches the bench by itself; what is sent to this process alone is handed on, and the bench cleans up.
process.once("SIGTERM", () => {
  under?.kill("SIGTERM");
  process.exit(1);
});

/** What a bench prints, without the lines that its Workers log: a hundred thousand of them. */
function run(script: string, args: readonly string[]): Promise<{ code: number | null; text: string }> {
  const child = spawn(process.execPath, [script, ...args], { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  under = child;
  const said: string[] = [];
  const out = createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY });
  out.on("line", (line) => {
    if (isWorkerLog(line)) return;
    said.push(line);
    if (!flags.json) console.log(line);
  });
  const notes = createInterface({ input: child.stderr, crlfDelay: Number.POSITIVE_INFINITY });
  notes.on("line", (line) => {
    if (!isWorkerLog(line)) console.error(line);
  });
  return new Promise((done) => {
    child.once("error", ({ message }) => done({ code: null, text: message }));
    child.once("close", (code) => done({ code, text: said.join("\n") }));
  });
}

const say = (line: string) => console.error(`${new Date().toISOString().slice(11, 19)}  ${line}`);
let machine: string | null = null;
let floors: readonly Table[] = [];
const ran: Ran[] = [];
for (const [n, bench] of plan.benches.entries()) {
  const { name, script, figures } = bench;
  const args = flags.short || bench === FLOORS ? bench.short : [];
  say(`[${n + 1}/${plan.benches.length}] ${name} begins`);
  if (!flags.json) console.log(`\n## ${name}: node ${[script, ...args].join(" ")}\n`);
  const began = performance.now();
  const { code, text } = await run(script, args);
  machine ??= machineIn(text);
  const tables = tablesIn(text);
  if (n === 0) floors = tables;
  const found = figures({ tables, floors, isWhole: !flags.short });
  const read = found.filter((figure) => figure !== null);
  const missing = found.length - read.length;
  const [isGreen, tookMs] = [code === 0 && missing === 0, performance.now() - began];
  ran.push({ name, isGreen, tookMs, load: loadavg()[0] ?? 0, figures: read });
  const why = [
    ...(code === 0 ? [] : [`it ended with ${code}`]),
    ...(missing === 0 ? [] : [`${missing} figures are not in what it printed`]),
  ];
  say(`[${n + 1}/${plan.benches.length}] ${name}: ${isGreen ? "right" : `RED, ${why.join(", ")}`}, ${seconds(tookMs)}`);
}

const shown = ({ value, unit }: Quantity) =>
  unit === "ms" ? ms(value) : `${grouped(value)}${unit === "pages" ? " pages" : "/s"}`;
const rows = ran.flatMap(({ name, isGreen, figures }) =>
  (figures.length === 0 ? [null] : figures).map((each) => [
    name,
    ...(each === null
      ? ["–", "–", "–", "–"]
      : [
          each.name,
          shown(each.figure),
          each.floor === null ? "–" : `${each.floorName}: ${shown(each.floor)}`,
          timesFloor(each.figure, each.floor)?.toFixed(1) ?? "–",
        ]),
    isGreen ? "right" : "**red**",
  ]),
);
if (flags.json) console.log(JSON.stringify({ machine, ran }, null, 2));
else {
  const each = ran.map(({ name, tookMs, load }) => `${name} ${seconds(tookMs)} (${load.toFixed(1)})`).join(", ");
  const all = seconds(ran.reduce((sum, { tookMs }) => sum + tookMs, 0));
  console.log(
    `\n## All\n\n**Machine:** ${machine ?? "unknown"}. Each took, and the machine's load after it: ${each}; ${all} in all.\n`,
  );
  console.log(table(["bench", "figure", "value", "its floor", "times the floor", "checks"], rows));
}
process.exitCode = ran.every(({ isGreen }) => isGreen) ? 0 : 1;
