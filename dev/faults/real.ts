/** `npm run faults:real`: runs every row of "The same faults for real" in docs/faults.md, one after the other, and prints what each took. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs, stripVTControlCharacters } from "node:util";
import { seconds, table } from "../bench/figures.ts";
import { isGreen, type RealRow, realRows } from "./real-rows.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** The longest, half an hour's outage, with what it takes to be at rest after it. */
const ROW_MS_MAX = 75 * 60_000;
const TAIL_LINES = 40;

const { values: flags } = parseArgs({
  options: {
    /** Rows whose fault holds one of these words, separated by commas. */
    only: { type: "string" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (flags.help) {
  console.log("npm run faults:real -- [--only killed,disk] [--json]   (the rows are those of docs/faults.md)");
  process.exit(0);
}

type Ran = { row: RealRow; green: boolean; ms: number };

async function run(row: RealRow): Promise<Ran> {
  const began = performance.now();
  // In a group of its own: what it started ends with it.
  const child = spawn("sh", ["-c", row.command], {
    ...{ cwd: ROOT, detached: true, stdio: ["ignore", "pipe", "pipe"] as const },
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" },
  });
  let output = "";
  const keep = (chunk: Buffer) => {
    output += stripVTControlCharacters(chunk.toString("utf8"));
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const end = () => child.pid !== undefined && process.kill(-child.pid, "SIGTERM");
  const timer = setTimeout(end, ROW_MS_MAX);
  process.once("SIGINT", end);
  const code = await new Promise<number | null>((done) => child.once("close", done));
  process.removeListener("SIGINT", end);
  clearTimeout(timer);
  const green = isGreen(row.command, code, output);
  if (!green) console.error(`${output.split("\n").slice(-TAIL_LINES).join("\n")}\nRED  ${row.command}`);
  return { row, green, ms: performance.now() - began };
}

const wanted = flags.only?.toLowerCase().split(",");
const rows = realRows(readFileSync(new URL("../../docs/faults.md", import.meta.url), "utf8")).filter(
  ({ fault }) => wanted === undefined || wanted.some((word) => fault.toLowerCase().includes(word)),
);
if (rows.length === 0) {
  console.error(`--only ${flags.only}: no row's fault holds it`);
  process.exit(2);
}
const ran: Ran[] = [];
for (const row of rows) {
  if (!flags.json) console.error(`… ${row.fault}`);
  ran.push(await run(row));
}
console.log(
  flags.json
    ? JSON.stringify(
        ran.map(({ row, green, ms }) => ({ ...row, green, ms: Math.round(ms) })),
        null,
        2,
      )
    : table(
        ["fault", "promised", "kept", "took"],
        ran.map(({ row, green, ms }) => [row.fault, row.promised, green ? "yes" : "**no**", seconds(ms)]),
      ),
);
process.exit(ran.every(({ green }) => green) ? 0 : 1);
