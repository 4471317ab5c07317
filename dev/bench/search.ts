/**
 * `npm run bench:search`: how long a search takes among 100,000 customers, by the database's own EXPLAIN (ANALYZE), and as
 * the Worker asks. Red when a customer is not found by what is theirs.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type pg from "pg";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import { type Question, readQuestion } from "../../src/domain/customer-question.ts";
import { alikeCustomers } from "../../src/queries/alike-customers.ts";
import {
  type Asked,
  type FirstAnswer,
  firstQuery,
  ranksToWalk,
  START_RANK,
  searchCustomers,
  similarQuery,
  walkQuery,
} from "../../src/queries/customer-search.ts";
import { likelyTwins } from "../../src/queries/customer-twins.ts";
import { customersByName } from "../../src/queries/customers-by-name.ts";
import { withClient } from "../database-server.ts";
import { type Draw, drawFrom } from "../faults/seeded.ts";
import { migrate } from "../migrate.ts";
import { startNeonBridge } from "../neon.ts";
import { startPostgres } from "../postgres.ts";
import { grouped, ms, percentile, table } from "./figures.ts";
import { machineLine } from "./machine.ts";
import { loadPeople } from "./search/load.ts";
import { madePeople, type Person } from "./search/people.ts";

const { values: flags } = parseArgs({
  options: {
    customers: { type: "string", default: "100000" },
    /** Searches of each kind. */
    each: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
    /** Prints the plan of the slowest search of this kind. */
    plan: { type: "string" },
  },
});

const PAGE = 50;
const ASKED_MS = 50;
const NOW = Date.UTC(2026, 10, 3, 12);

const first = (text: string, count: number) => text.slice(0, count);
const letters = (name: string) => name.replace(/\P{L}/gu, "");
const reversed = (name: string) => name.split(" ").toReversed().join(" ").toUpperCase();

/** What people type, and whether it must find exactly who is meant among the first page. */
const KINDS: { name: string; type: (person: Person, draw: Draw) => string; finds: boolean }[] = [
  { name: "given and family name", type: ({ given, family }) => `${given} ${family}`, finds: false },
  { name: "family then given, capitals", type: ({ given, family }) => reversed(`${given} ${family}`), finds: false },
  {
    name: "beginnings, 3 letters each",
    type: ({ given, family }) => `${first(family, 3)} ${first(given, 3)}`,
    finds: false,
  },
  { name: "one family name", type: ({ family }) => family, finds: false },
  { name: "2 letters", type: ({ family }) => first(letters(family), 2), finds: false },
  { name: "1 letter and a family name", type: ({ given, family }) => `${first(given, 1)} ${family}`, finds: false },
  { name: "a site", type: ({ site }) => site, finds: false },
  { name: "misspelt family name", type: ({ family }) => `${first(family, 2)}w${family.slice(3)}x`, finds: false },
  {
    // One digit beside a site is no account.
    name: "account, reversed",
    type: ({ accounts }) => `${accounts[0]?.slice(4)} ${String(Number(first(accounts[0] ?? "", 4))).padStart(2, "0")}`,
    finds: true,
  },
  { name: "account without its site", type: ({ accounts }) => first(accounts[0] ?? "", 4), finds: true },
  { name: "phone", type: ({ phones }) => phones[0] ?? "", finds: true },
  { name: "last 5 digits of a phone", type: ({ phones }) => phones[0]?.slice(-5) ?? "", finds: true },
  { name: "plot", type: ({ plot }) => plot.toLowerCase().replaceAll(" ", "-"), finds: true },
  { name: "beginning of a plot", type: ({ plot }) => first(plot, 7), finds: true },
  { name: "meter with zeros", type: ({ meter }) => `000${meter}`, finds: true },
  { name: "national id", type: ({ nationalId, meter }) => nationalId ?? meter, finds: true },
  { name: "nobody", type: (_, { below }) => `zq${below(1_000_000)}x`, finds: false },
];

/** Lists and questions that a page of the portal asks beside the search. */
const LISTS: { name: string; ask: (db: Database, person: Person, id: number) => Promise<unknown[]> }[] = [
  {
    name: "list by name, any page",
    ask: (db, _, id) =>
      customersByName(db, { now: NOW, after: { rank: START_RANK, customerId: id }, limit: PAGE, site: null }),
  },
  {
    name: "list of a site, first page",
    ask: (db, { site }) => customersByName(db, { now: NOW, after: null, limit: PAGE, site }),
  },
  { name: "one family name, at a site", ask: (db, { family, site }) => atSite(db, family, site) },
  {
    name: "misspelt family name, at a site",
    ask: (db, { family, site }) => atSite(db, `${first(family, 2)}w${family.slice(3)}x`, site),
  },
  {
    name: "who may be a newcomer",
    ask: (db, { given, family, phones, nationalId, plot }) =>
      alikeCustomers(
        db,
        {
          name: `${given} ${family}`,
          phones: phones.slice(0, 1),
          nationalId,
          plotNumber: plot,
        },
        null,
      ),
  },
];

async function atSite(db: Database, typed: string, site: string) {
  const question = readQuestion(typed, COUNTRIES.LS);
  return question === null ? [] : searchCustomers(db, question, { now: NOW, after: null, limit: PAGE, site });
}

type Explained = { planMs: number; runMs: number; indexes: Set<string> };

async function explain(client: pg.Client, { query, params }: Asked): Promise<Explained> {
  const { rows } = await client.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${query}`, params);
  const [told] = rows[0]["QUERY PLAN"];
  const indexes = new Set(JSON.stringify(told).match(/(?<="Index Name":")[a-z0-9_]+/g) ?? []);
  return { planMs: told["Planning Time"], runMs: told["Execution Time"], indexes };
}

/** Every statement that the service asks for this, added up. */
async function measure(client: pg.Client, question: Question): Promise<Explained & { statements: Asked[] }> {
  const statements: Asked[] = [firstQuery(question, NOW, null, PAGE)];
  const run = async ({ query, params }: Asked) => (await client.query(query, params)).rows;
  const [first]: FirstAnswer[] = await run(firstQuery(question, NOW, null, PAGE));
  let found = first?.hits.length ?? 0;
  for (const rank of ranksToWalk(first)) {
    if (found >= PAGE) break;
    const walk = walkQuery(question, rank, NOW, null, PAGE - found);
    statements.push(walk);
    found += (await run(walk)).length;
  }
  if (found === 0 && question.similar.length > 0) statements.push(similarQuery(question, NOW, PAGE));
  const told: Explained = { planMs: 0, runMs: 0, indexes: new Set() };
  for (const statement of statements) {
    const { planMs, runMs, indexes } = await explain(client, statement);
    told.planMs += planMs;
    told.runMs += runMs;
    for (const index of indexes) told.indexes.add(index);
  }
  return { ...told, statements };
}

const count = Number(flags.customers);
const each = Number(flags.each);
const faults: string[] = [];
const dataDir = await mkdtemp(join(tmpdir(), "cc-bench-search-"));
const server = await startPostgres({ dataDir, port: 0, throwaway: true });
const bridge = await startNeonBridge({ port: 0 });
try {
  await server.createDatabase("bench");
  await migrate(server.ownerUrl("bench"));
  const people = madePeople(count, Number(flags.seed));
  console.error(`loading ${grouped(count)} customers`);
  await withClient(server.ownerUrl("bench"), (client) => loadPeople(client, people));
  const db = connect(server.appUrl("bench"), bridge.url);
  const draw = drawFrom(Number(flags.seed) + 1);
  const some = people as [Person, ...Person[]];

  const rows: string[][] = [];
  const all: number[] = [];
  for (const { name, type, finds } of KINDS) {
    const run: number[] = [];
    const plan: number[] = [];
    const asked: number[] = [];
    const hits: number[] = [];
    const indexes = new Set<string>();
    let slowest = { ms: -1, typed: "" };
    await withClient(server.appUrl("bench"), async (client) => {
      for (let n = 0; n < each; n++) {
        const person = draw.pick(some);
        const typed = type(person, draw);
        const question = readQuestion(typed, COUNTRIES.LS);
        if (question === null) throw new Error(`nothing is asked by ${typed}`);
        const told = await measure(client, question);
        run.push(told.runMs);
        plan.push(told.planMs);
        for (const index of told.indexes) indexes.add(index);
        if (told.runMs > slowest.ms) slowest = { ms: told.runMs, typed };
        const began = performance.now();
        const found = await searchCustomers(db, question, { now: NOW, after: null, limit: PAGE });
        asked.push(performance.now() - began);
        hits.push(found.length);
        const isThere = found.some(({ accounts }) => accounts.some(({ account }) => account === person.accounts[0]));
        if (finds && !isThere) faults.push(`${name}: ${typed} does not find ${person.accounts[0]}`);
      }
      if (flags.plan === name) {
        const question = readQuestion(slowest.typed, COUNTRIES.LS);
        console.log(`${slowest.typed}\n`);
        for (const { query, params } of question === null ? [] : (await measure(client, question)).statements) {
          const told = await client.query(`EXPLAIN (ANALYZE, BUFFERS) ${query}`, params);
          console.log(`${told.rows.map((row) => row["QUERY PLAN"]).join("\n")}\n`);
        }
      }
    });
    all.push(...asked);
    rows.push([
      name,
      slowest.typed,
      String(percentile(hits, 0.5) ?? 0),
      [0.5, 0.95, 1].map((share) => ms(percentile(run, share))).join(" / "),
      ms(percentile(plan, 0.95)),
      [0.5, 0.95, 1].map((share) => ms(percentile(asked, share))).join(" / "),
      [...indexes].filter((index) => index.startsWith("customers_") || index.startsWith("accounts_d")).join(", "),
    ]);
  }
  console.log(
    `**Machine:** ${await machineLine(server.superUrl("bench"))}. ${grouped(count)} customers, ${each} searches of each kind, pages of ${PAGE}.\n`,
  );
  console.log(
    table(
      [
        "typed",
        "the slowest",
        "found (median)",
        "run p50 / p95 / max",
        "plan p95",
        "as the Worker asks p50 / p95 / max",
        "indexes, besides customers_search within functions",
      ],
      rows,
    ),
  );
  const lists: string[][] = [];
  for (const { name, ask } of LISTS) {
    const [took, hits]: [number[], number[]] = [[], []];
    for (let n = 0; n < each; n++) {
      const began = performance.now();
      const found = await ask(db, draw.pick(some), 1 + draw.below(count));
      took.push(performance.now() - began);
      hits.push(found.length);
    }
    const asked = [0.5, 0.95, 1].map((share) => ms(percentile(took, share))).join(" / ");
    lists.push([name, String(percentile(hits, 0.5) ?? 0), asked]);
  }
  console.log(`\n${table(["asked", "found (median)", "as the Worker asks p50 / p95 / max"], lists)}`);
  const p95 = percentile(all, 0.95);
  console.log(`\nAll kinds together, as the Worker asks: p95 ${ms(p95)}; asked: under ${ASKED_MS} ms.`);
  const began = performance.now();
  const pairs = await likelyTwins(db, null, PAGE);
  console.log(`The first ${pairs.length} pairs of likely twins: ${ms(performance.now() - began)}.`);
} finally {
  await bridge.close();
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
}
if (faults.length > 0) {
  console.error(`\n${faults.slice(0, 20).join("\n")}\n${faults.length} searches did not find whom they had to`);
  process.exitCode = 1;
}
