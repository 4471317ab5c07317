/** `npm run meters`: the meters of the running local world, live; with `--fault`, what shall go wrong with them next. */
import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { FAULTS } from "./iot/faults.ts";
import { type MetersView, meterLines } from "./meter-lines.ts";

const LOOK_MS = 1_000;
const ASK_MS_MAX = 10_000;
const HELP = `npm run meters -- [options]
  --once            the table once, not live
  --country LS|BJ   only that country's meters
  --fault NAME      plants a fault in the next reading: ${FAULTS.join(", ")}
  --meter NUMBER    of this meter (default: of all)
  --count N         in the next N readings (default 1)
  --url URL         another simulator than that of .data/local.json`;

const { values: flags } = parseArgs({
  options: {
    once: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
    country: { type: "string" },
    fault: { type: "string" },
    meter: { type: "string" },
    count: { type: "string", default: "1" },
    url: { type: "string" },
  },
});

if (flags.help) console.log(HELP);
else await main().catch(fail);

async function main() {
  const url = flags.url ?? localSimulator();
  if (flags.fault !== undefined) {
    const { fault, meter, count } = flags;
    const planted = await ask(`${url}/fault`, {
      method: "POST",
      body: JSON.stringify({ fault, meter, count: Number(count) }),
    });
    return console.log(JSON.stringify(planted));
  }
  const isLive = !flags.once && process.stdout.isTTY;
  do {
    const lines = meterLines((await ask(`${url}/meters`)) as MetersView, flags.country?.toUpperCase());
    console.log(isLive ? `\u001b[2J\u001b[H${lines.slice(0, process.stdout.rows - 1).join("\n")}` : lines.join("\n"));
    if (isLive) await wait(LOOK_MS);
  } while (isLive);
  return undefined;
}

async function ask(url: string, init: RequestInit = {}): Promise<unknown> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(ASK_MS_MAX) });
  const text = await response.text();
  if (!response.ok) throw new Error(`the simulator answered ${response.status}: ${text}`);
  return JSON.parse(text);
}

function localSimulator(): string {
  try {
    const text = readFileSync(new URL("../.data/local.json", import.meta.url), "utf8");
    return (JSON.parse(text) as { simulators: { iot: string } }).simulators.iot;
  } catch {
    throw new Error("No local world is running (npm start), and no --url was given.");
  }
}

function fail(thrown: unknown) {
  console.error(thrown instanceof Error ? thrown.message : String(thrown));
  process.exit(1);
}
