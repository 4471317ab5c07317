/**
 * `npm run bench:growth`: what each question costs a database of 1,000, 10,000 and 100,000 accounts, and how that grows: how long it takes
 * as the Worker asks it, and the pages and rows that the database goes through, which are the same however busy the machine is. Red where
 * a page or a search grows with the country, a country's sum faster than its accounts, or an answer comes too late for the Worker.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CALL_MS_MAX, connect, NoAnswer } from "../../src/adapters/neon/database.ts";
import { keepMeterCounts } from "../../src/adapters/neon/meter-counts.ts";
import { ticketFindings } from "../../src/queries/ticket-findings.ts";
import { withClient } from "../database-server.ts";
import { drawFrom } from "../faults/seeded.ts";
import { migrate } from "../migrate.ts";
import { startNeonBridge } from "../neon.ts";
import { startPostgres } from "../postgres.ts";
import { grouped, ms, percentile, seconds, table } from "./figures.ts";
import { type Cost, counting, type Node, summary } from "./growth/cost.ts";
import { loadCountry, NOW } from "./growth/load.ts";
import { GROWTH_QUESTIONS, type GrowthQuestion } from "./growth/questions.ts";
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
    /** Prints the plans of each question at the largest size. */
    plan: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (flags.help) {
  console.log(
    "npm run bench:growth -- [--accounts 1000,10000,100000] [--each 20] [--only account,report] [--plan] [--json]",
  );
  process.exit(0);
}

const note = (line: string) => console.error(`${new Date().toISOString().slice(11, 19)}  ${line}`);
const sizes = flags.accounts.split(",").map(Number);
const wanted = flags.only?.split(",");
const questions = GROWTH_QUESTIONS.filter(
  ({ name }) => wanted === undefined || wanted.some((word) => name.includes(word)),
);
/** So many askers, of whom the median counts: one family is larger than another. */
const COUNTED = 5;
type Found = { ms: number | null; cost: Cost | null };
/** Of each question, by size: of the time the fastest, because what else a machine does can only add to it. */
const found = new Map<string, Found[]>();
const bytes: string[][] = [];
const STATEMENT_TIMED_OUT = "57014";
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
// Ended early, it leaves no gigabytes behind.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.once(signal, () => void cleanUp().finally(() => process.exit(1)));
try {
  machine = await machineLine(server.superUrl());
  for (const accounts of sizes) {
    const name = `growth_${accounts}`;
    await server.createDatabase(name);
    await migrate(server.ownerUrl(name));
    const filledSince = performance.now();
    const people = await withClient(server.superUrl(name), (client) => loadCountry(client, accounts, note));
    note(
      `filled in ${seconds(performance.now() - filledSince)}, ${grouped(await megabytes(server.superUrl(name)))} MB`,
    );
    const db = connect(server.appUrl(name), bridge.url);
    note("what the job keeps of meters");
    await withClient(server.superUrl(name), async (client) => {
      // Without the Worker's limit, which the question itself is asked with.
      const { db: patient } = counting(client);
      await keepMeterCounts(patient, (await ticketFindings(patient, NOW)).meters, NOW);
    });
    const draw = drawFrom(accounts);
    for (const question of questions) {
      note(`${accounts} accounts: ${question.name}`);
      const times = Math.min(Number(flags.each), question.each ?? Number.POSITIVE_INFINITY);
      const askers = Array.from({ length: times + 1 }, () => draw.pick(people as [Person, ...Person[]]));
      const cost = await costOf(question, name, askers.slice(0, Math.min(COUNTED, times)));
      const ms =
        cost === null
          ? null
          : await fastest(
              askers.map((person) => () => question.ask(db, person)),
              () => happen(question, name),
            );
      found.set(question.name, [...(found.get(question.name) ?? []), { ms, cost: ms === null ? null : cost }]);
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
  await cleanUp();
}

async function cleanUp() {
  await bridge.close();
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
}

/** What happens before a question is asked. */
async function happen({ before }: GrowthQuestion, name: string): Promise<void> {
  if (before !== undefined) await withClient(server.superUrl(name), (client) => client.query(before));
}

/** The median of what it costs each of them. Null: it takes longer than the Worker waits. */
async function costOf(question: GrowthQuestion, name: string, askers: readonly Person[]): Promise<Cost | null> {
  const costs: Cost[] = [];
  const isLast = sizes.at(-1) === sizes[found.get(question.name)?.length ?? 0];
  await withClient(server.appUrl(name), async (client) => {
    await client.query(`SET statement_timeout = ${CALL_MS_MAX}`);
    for (const [n, person] of askers.entries()) {
      const told = (query: string, plan: Node) => {
        if (flags.plan && isLast && n === 0) console.log(`\n### ${question.name}\n\n${summary(query, plan)}`);
      };
      await happen(question, name);
      const { db, cost } = counting(client, told);
      try {
        await question.ask(db, person);
      } catch (thrown) {
        if ((thrown as { code?: string }).code === STATEMENT_TIMED_OUT) return;
        throw thrown;
      }
      costs.push(cost);
    }
  });
  if (costs.length < askers.length) return null;
  const median = (what: keyof Cost) =>
    percentile(
      costs.map((cost) => cost[what]),
      0.5,
    ) ?? 0;
  return { pages: median("pages"), rows: median("rows"), answered: median("answered") };
}

/** Milliseconds, the first not counted. Null: the database did not answer within the Worker's own time. */
async function fastest(
  asks: readonly (() => Promise<unknown>)[],
  before: () => Promise<unknown>,
): Promise<number | null> {
  let least = Number.POSITIVE_INFINITY;
  for (const [n, ask] of asks.entries()) {
    await before();
    const began = performance.now();
    try {
      await ask();
    } catch (thrown) {
      if (thrown instanceof NoAnswer) return null;
      throw thrown;
    }
    if (n > 0) least = Math.min(least, performance.now() - began);
  }
  return least;
}

function megabytes(url: string): Promise<number> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ bytes: string }>("SELECT pg_database_size(current_database()) AS bytes");
    return Number(rows[0]?.bytes) / 1_000_000;
  });
}

const timesOf = (from: number, to: number) =>
  sizes[to] !== undefined && sizes[from] !== undefined ? sizes[to] / sizes[from] : 1;
const [FIRST, LAST] = [0, sizes.length - 1];
const results = questions.map(({ name, grows }) => {
  const each = found.get(name) ?? [];
  const costs = each.map(({ cost }) => cost);
  const [first = null, last = null] = [costs[FIRST], costs[LAST]];
  return {
    ...{ name, grows, each },
    /** From each size to the next, and from the first to the last. */
    steps: costs
      .slice(1)
      .map(
        (cost, n) => grownBy(grows, { first: costs[n] ?? null, last: cost, accountsTimes: timesOf(n, n + 1) }).times,
      ),
    ...grownBy(grows, { first, last, accountsTimes: timesOf(FIRST, LAST) }),
  };
});
const red = results.filter(({ verdict }) => verdict === "GROWS");
if (flags.json) console.log(JSON.stringify({ machine, sizes, results }, null, 2));
else {
  console.log(
    `**Machine:** ${machine}. Each question ${flags.each} times at most, the fastest; pages of 8 kB and rows that its plans go through. Times: of pages or rows, whichever grew worse; of a page for each row that it shows.\n`,
  );
  const head = [
    ...["question", ...sizes.flatMap((size) => [`${grouped(size)} accounts`, "pages", "rows"])],
    ...sizes
      .slice(1)
      .map(
        (size, n) => `times, ${grouped(sizes[n] ?? 0)} to ${grouped(size)} (accounts ${timesOf(n, n + 1).toFixed(1)})`,
      ),
    ...[`times in all (accounts ${timesOf(FIRST, LAST).toFixed(1)})`, "it is"],
  ];
  const row = ({ name, each, steps, times, verdict }: (typeof results)[number]) => [
    name,
    ...each.flatMap(({ ms: took, cost }) => [
      took === null ? "no answer" : ms(took),
      ...(cost === null ? ["–", "–"] : [grouped(cost.pages), grouped(cost.rows)]),
    ]),
    ...[...steps, times].map((grown) => grown.toFixed(1)),
    verdict === "GROWS" ? "**growing**" : verdict,
  ];
  console.log(table(head, results.map(row)));
  console.log(`\n${table(["bytes a row, with indexes", ...TABLES], bytes)}`);
}
for (const { name, times } of red)
  console.error(`GROWS  ${name}: ${times.toFixed(1)} times with ${timesOf(FIRST, LAST)} times the accounts`);
process.exitCode = red.length === 0 ? 0 : 1;
