/** PostgreSQL is set back to an earlier moment, as a provider's point in time sets it back: its rows, and how far its sequences had come. */
import { jumpAheadOn } from "../backup/ahead.ts";
import { KEPT, type SimulatedPostgres } from "./postgres.ts";
import { headsNow } from "./seen.ts";
import type { World } from "./world.ts";

const SECOND_MS = 1_000;
/** How often whoever has set it back asks for a comparison that is not answered whole. After one that is, all is paid by itself. */
const HEADS_TRIES_MAX = 500;

type Table = { name: string; columns: string[] };
type Sequence = { name: string; last: string | null };

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** Those that have rows, with the columns that are written; parts of a table are tables. */
const filledOf = (postgres: SimulatedPostgres) =>
  postgres.read<Table>(
    `SELECT c.relname AS name, (SELECT json_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a
       WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns
     FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND pg_relation_size(c.oid) > 0
     ORDER BY c.relname`,
  );

const sequencesOf = (postgres: SimulatedPostgres) =>
  postgres.read<Sequence>(
    "SELECT sequencename AS name, last_value::text AS last FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1",
  );

/** Answers what brings back all that the database holds now. */
export async function keepRows(postgres: SimulatedPostgres): Promise<() => Promise<void>> {
  const [tables, sequences] = [await filledOf(postgres), await sequencesOf(postgres)];
  const listOf = ({ columns }: Table) => columns.map(quoted).join(", ");
  postgres.write(`DROP SCHEMA IF EXISTS ${KEPT} CASCADE; CREATE SCHEMA ${KEPT};
    ${tables.map((table) => `CREATE TABLE ${KEPT}.${quoted(table.name)} AS SELECT ${listOf(table)} FROM ONLY ${quoted(table.name)};`).join("")}`);
  return async () => {
    const filled = await filledOf(postgres);
    const rows = tables.map(
      (table) =>
        `INSERT INTO ${quoted(table.name)} (${listOf(table)}) OVERRIDING SYSTEM VALUE SELECT * FROM ${KEPT}.${quoted(table.name)};`,
    );
    const back = sequences.map(({ name, last }) =>
      last === null
        ? `ALTER SEQUENCE ${quoted(name)} RESTART;`
        : `SELECT setval('public.${quoted(name)}'::regclass, ${last});`,
    );
    // No trigger and no foreign key looks at it: every row was written by them before.
    postgres.write(`BEGIN; SET LOCAL session_replication_role = replica;
      ${filled.length === 0 ? "" : `TRUNCATE ${filled.map(({ name }) => quoted(name)).join(", ")} CASCADE;`}
      ${rows.join("")}${back.join("")}COMMIT; DROP SCHEMA ${KEPT} CASCADE`);
    postgres.forgetPlans();
  };
}

/** How a database was set back: how long before, how long it was gone, and how long nobody ran `npm run restored`. */
export type SetBack = { ms: number; downMs: number; unawareMs: number };

/** All of it, with the steps that the manual names (docs/operations.md, "When the database is lost"). */
export async function setBack(world: World, { ms, downMs, unawareMs }: SetBack): Promise<void> {
  const { machine, faults, postgres } = world;
  const since = machine.now();
  const back = await keepRows(postgres);
  await machine.sleep(ms);
  await back();
  machine.strike("set back");
  faults.database = "down";
  await machine.sleep(downMs);
  faults.database = "none";
  await machine.sleep(unawareMs);
  await jumpAheadOn(postgres, { since, country: "LS", now: machine.now() });
  for (let tries = 0; tries < HEADS_TRIES_MAX; tries++) {
    const found = await headsNow(world, since);
    if (!found.some((each) => each.startsWith("heads:"))) return;
    await machine.sleep(20 * SECOND_MS);
  }
}
