/**
 * `npm run legacy:postgres`: an old PostgreSQL system that never was, to try moving in with. Without --to, in an embedded
 * PostgreSQL of its own, which runs until Ctrl-C.
 */
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { withClient } from "./database-server.ts";
import { loadLegacy } from "./legacy-postgres/load.ts";
import { FULL_PLAN, type LegacyPlan } from "./legacy-postgres/plan.ts";
import { startPostgres } from "./postgres.ts";
import { fail } from "./progress-line.ts";

const HELP = `npm run legacy:postgres -- [options]
  --to URL             an empty database of yours; everything in it is dropped. Without it: an own PostgreSQL under .data/
  --port N             its port (5440)
  --seed N             the same seed, the same rows (${FULL_PLAN.seed})
  --customers N        ${FULL_PLAN.customers}
  --meters N           ${FULL_PLAN.meters}
  --transactions N     ${FULL_PLAN.transactions}
  --readings N         ${FULL_PLAN.readings}
  --hours N            ${FULL_PLAN.hours}
  --first-number N     the first account number of each site (1); above those of the demo: 231
  --key FILE           where the answer key goes (legacy-key.json)`;

const number = { type: "string" } as const;
const { values: flags } = parseArgs({
  options: {
    to: { type: "string" },
    port: { type: "string", default: "5440" },
    seed: number,
    customers: number,
    meters: number,
    transactions: number,
    readings: number,
    hours: number,
    "first-number": number,
    key: { type: "string", default: "legacy-key.json" },
    help: { type: "boolean", default: false },
  },
});

if (flags.help) console.log(HELP);
else await main().catch(fail);

async function main() {
  const plan = planned();
  if (flags.to !== undefined) return load(flags.to, plan);
  const server = await startPostgres({ dataDir: ".data/legacy-postgres", port: whole("port", flags.port) });
  await server.createDatabase("legacy");
  const url = server.superUrl("legacy");
  await load(url, plan);
  console.log(`\n${url}\nCtrl-C ends it`);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  await server.stop();
}

async function load(url: string, plan: LegacyPlan) {
  const began = performance.now();
  const key = await withClient(url, (client) =>
    loadLegacy(client, plan, (table, rows) => console.log(`${table.padEnd(20)} ${String(rows).padStart(9)}`)),
  );
  await writeFile(flags.key, `${JSON.stringify(key, null, 1)}\n`);
  console.log(`loaded in ${((performance.now() - began) / 1_000).toFixed(1)} s; the answer key is in ${flags.key}`);
}

function planned(): LegacyPlan {
  const given = Object.entries({ ...flags, firstNumber: flags["first-number"] }).flatMap(([name, value]) =>
    name in FULL_PLAN && typeof value === "string" ? [[name, whole(name, value)]] : [],
  );
  return { ...FULL_PLAN, ...Object.fromEntries(given) };
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`--${name} ${text} is no whole number from 0`);
  return value;
}
