/**
 * `npm run bench:growth`: what each question costs a database of 1,000, 10,000 and 100,000 accounts, as the Worker asks it, and how
 * that grows. Red where a page or a search grows with the country, or a country's sum faster than its accounts.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { connect, NoAnswer } from "../../src/adapters/neon/database.ts";
import { withClient } from "../database-server.ts";
import { drawFrom } from "../faults/seeded.ts";
import { migrate } from "../migrate.ts";
import { startNeonBridge } from "../neon.ts";
import { startPostgres } from "../postgres.ts";
import { grouped, ms, table } from "./figures.ts";
import { loadCountry } from "./growth/load.ts";
import { GROWTH_QUESTIONS } from "./growth/questions.ts";
import { grownBy } from "./growth/verdict.ts";
import { machineLine } from "./machine.ts";
import type { Person } from "./search/people.ts";

const { values: flags } = parseArgs({
  options: {
    accounts: { type: "string", default: "1000,10000,100000" },
    /** How often each question is asked at each size. */
    each: { type: "string", default: "20" },
    /** Questions whose name holds one of these, separated by commas. */
    only: { type: "string" },
    json: { type: "boolean", default: false },
  },
});

const note = (line: string) => console.error(`${new Date().toISOString().slice(11, 19)}  ${line}`);
const sizes = flags.accounts.split(",").map(Number);
const wanted = flags.only?.split(",");
const questions = GROWTH_QUESTIONS.filter(
  ({ name }) => wanted === undefined || wanted.some((word) => name.includes(word)),
);
/** Of each question, by size: the fastest, because what else a machine does can only add to it. */
const took = new Map<string, number[]>();
const bytes: string[][] = [];
const TABLES = [
  "ledger_entries",
  "payments",
  "meter_readings",
  "consumption_hourly",
  "consumption_daily",
  "customers",
  "accounts",
];

const dataDir = await mkdtemp(join(tmpdir(), "cc-bench-growth-"));
const server = await startPostgres({ dataDir, port: 0, throwaway: true });
const bridge = await startNeonBridge({ port: 0 });
let machine = "";
try {
  machine = await machineLine(server.superUrl());
  for (const accounts of sizes) {
    const name = `growth_${accounts}`;
    await server.createDatabase(name);
    await migrate(server.ownerUrl(name));
    const people = await withClient(server.superUrl(name), (client) => loadCountry(client, accounts, note));
    const db = connect(server.appUrl(name), bridge.url);
    const draw = drawFrom(accounts);
    for (const question of questions) {
      note(`${accounts} accounts: ${question.name}`);
      const run: number[] = [];
      const times = Math.min(Number(flags.each), question.each ?? Number.POSITIVE_INFINITY);
      // Once before the clock starts.
      for (let n = 0; n <= times; n++) {
        const began = performance.now();
        const isAnswered = await answers(question.ask(db, draw.pick(people as [Person, ...Person[]])));
        if (!isAnswered) break;
        if (n > 0) run.push(performance.now() - began);
      }
      took.set(question.name, [...(took.get(question.name) ?? []), Math.min(...run)]);
    }
    await withClient(server.superUrl(name), async (client) => {
      const { rows } = await client.query<{ name: string; bytes: string; rows: string }>(
        `SELECT t AS name, sum(pg_total_relation_size(c.oid)) AS bytes, sum(greatest(c.reltuples, 0)) AS rows
        FROM unnest($1::text[]) t
          JOIN pg_class c ON c.relkind = 'r' AND (c.oid = t::regclass OR c.oid IN (SELECT relid FROM pg_partition_tree(t::regclass)))
        GROUP BY t`,
        [TABLES],
      );
      const found = new Map(rows.map((row) => [row.name, Number(row.bytes) / Number(row.rows)]));
      bytes.push([grouped(accounts), ...TABLES.map((each) => grouped(found.get(each) ?? Number.NaN))]);
    });
    await server.dropDatabase(name);
  }
} finally {
  await bridge.close();
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
}

/** False: the database did not answer within the Worker's own time, and the question counts as one that takes for ever. */
async function answers(asked: Promise<unknown>): Promise<boolean> {
  try {
    await asked;
    return true;
  } catch (thrown) {
    if (thrown instanceof NoAnswer) return false;
    throw thrown;
  }
}

const accountsTimes = (sizes.at(-1) ?? 1) / (sizes[0] ?? 1);
const results = questions.map(({ name, grows }) => {
  const fastest = took.get(name) ?? [];
  const [firstMs, lastMs] = [fastest[0] ?? Number.NaN, fastest.at(-1) ?? Number.NaN];
  return { name, grows, fastest, ...grownBy(grows, { firstMs, lastMs, accountsTimes }) };
});
const red = results.filter(({ verdict }) => verdict === "GROWS");
if (flags.json) console.log(JSON.stringify({ machine, sizes, results }, null, 2));
else {
  console.log(`**Machine:** ${machine}. Each question ${flags.each} times at most, the fastest.\n`);
  const head = ["question", ...sizes.map((size) => `${grouped(size)} accounts`), "times", "it is"];
  const row = ({ name, fastest, times, verdict }: (typeof results)[number]) => [
    ...[name, ...fastest.map((each) => (Number.isFinite(each) ? ms(each) : "no answer"))],
    ...[times.toFixed(1), verdict === "GROWS" ? "**growing**" : verdict],
  ];
  console.log(table(head, results.map(row)));
  console.log(`\n${table(["bytes a row, with indexes", ...TABLES], bytes)}`);
}
for (const { name, times } of red)
  console.error(`GROWS  ${name}: ${times.toFixed(1)} times with ${accountsTimes} times the accounts`);
process.exitCode = red.length === 0 ? 0 : 1;
