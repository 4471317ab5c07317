/** PostgreSQL inside the simulated world: the real one, compiled to run in this process, with the real migrations. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { btree_gist } from "@electric-sql/pglite/contrib/btree_gist";
import { pg_trgm } from "@electric-sql/pglite/contrib/pg_trgm";
import type { Country } from "../../src/domain/country.ts";
import { withClosedSites } from "../../src/domain/country.ts";
import { MIGRATIONS } from "../migrate.ts";
import { readAs } from "../neon.ts";
import { type NeonQuery, paramText, parseSqlRequest } from "../neon-request.ts";
import { PostgresWire, type Rows } from "./postgres-wire.ts";

/** Where rows of an earlier moment are kept (`set-back.ts`). */
export const KEPT = "kept";

/** What may become of one request to it. */
export type DatabaseFault = "none" | "down" | "lost answer";

export class SimulatedPostgres {
  readonly #db: PGlite;
  readonly #wire: PostgresWire;
  private constructor(db: PGlite) {
    this.#db = db;
    this.#wire = new PostgresWire(db);
  }

  /**
   * With every migration up to `upTo`, or all, and named for its country. Before the clock is replaced: it starts on the real one.
   */
  static async open(country: Country, upTo: string | null = null): Promise<SimulatedPostgres> {
    const made = await SimulatedPostgres.#begin(undefined);
    made.#wire.run("CREATE ROLE cc_owner LOGIN; CREATE ROLE cc_app LOGIN");
    await made.migrate(null, upTo);
    if (upTo === null) await made.nameFor(country);
    return made;
  }

  /** As it was when `kept` was written. */
  static openKept(kept: Blob): Promise<SimulatedPostgres> {
    return SimulatedPostgres.#begin(kept);
  }

  static async #begin(loadDataDir: Blob | undefined): Promise<SimulatedPostgres> {
    const db = await alarmsCleared(() =>
      PGlite.create({ extensions: { btree_gist, pg_trgm }, ...(loadDataDir === undefined ? {} : { loadDataDir }) }),
    );
    const made = new SimulatedPostgres(db);
    // What a text was planned for once is planned for all its values: most are asked thousands of times.
    made.#wire.run("SET timezone TO 'UTC'; SET plan_cache_mode TO force_generic_plan");
    return made;
  }

  /** All of it, to be opened again. */
  kept(): Promise<Blob> {
    return this.#db.dumpDataDir("none");
  }

  /** The migrations after `from` up to `upTo`; null: from the first, to the last. */
  async migrate(from: string | null, upTo: string | null): Promise<void> {
    const journal = JSON.parse(readFileSync(join(MIGRATIONS, "meta", "_journal.json"), "utf8")) as {
      entries: { tag: string }[];
    };
    const tags = journal.entries.map(({ tag }) => tag);
    const place = (tag: string) => {
      if (!tags.includes(tag)) throw new Error(`there is no migration ${tag}`);
      return tags.indexOf(tag);
    };
    const some = tags.slice(from === null ? 0 : place(from) + 1, upTo === null ? undefined : place(upTo) + 1);
    for (const tag of some)
      for (const statement of readFileSync(join(MIGRATIONS, `${tag}.sql`), "utf8").split("--> statement-breakpoint"))
        this.#wire.run(statement);
  }

  async nameFor(country: Country): Promise<void> {
    const text = `INSERT INTO database_country (code, currency, site_codes)
      SELECT code, currency, ARRAY(SELECT jsonb_array_elements_text(sites)) FROM jsonb_to_record($1) AS _(code text, currency text, sites jsonb)`;
    const { code, currency } = country;
    const named = JSON.stringify({ code, currency, sites: withClosedSites(country).siteCodes });
    const done = this.#wire.ask([{ text, values: [named], arrayMode: true, rawText: true }], null);
    if (!done.ok) throw new Error(done.refused.message);
  }

  /** As it was after its migrations, for the next seed: what holds nothing stays as it is. */
  async empty(): Promise<void> {
    const filled = await this.read<{ name: string }>(
      `SELECT relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = 'public' AND relkind = 'r' AND relname <> 'database_country' AND pg_relation_size(c.oid) > 0
       ORDER BY relname`,
    );
    const raised = await this.read<{ name: string }>(
      `SELECT sequencename AS name FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL
       ORDER BY sequencename`,
    );
    this.#wire.run(`DROP SCHEMA IF EXISTS ${KEPT} CASCADE; SET session_replication_role = replica;
      ${filled.length === 0 ? "" : `TRUNCATE ${filled.map(({ name }) => `"${name}"`).join(", ")} CASCADE;`}
      ${raised.map(({ name }) => `ALTER SEQUENCE "${name}" RESTART;`).join("")}
      SET session_replication_role = origin`);
    this.#wire.run("CHECKPOINT");
    this.#wire.forgetPlans();
  }

  /** A question of the checker, which no fault reaches. */
  async read<T>(query: string): Promise<T[]> {
    const text = `SELECT row_to_json(q) FROM (${query}) q`;
    const done = this.#wire.ask([{ text, values: [], arrayMode: true, rawText: true }], null);
    if (!done.ok) throw new Error(`${done.refused.message}: ${query}`);
    return (done.results[0]?.rows ?? []).map(([row]) => JSON.parse(row ?? "null") as T);
  }

  /** Written by a hand of its own, which no fault reaches. */
  write(statement: string) {
    this.#wire.run(statement);
  }

  /** Asked by a hand of its own, as a client of PostgreSQL asks. */
  async query<R>(text: string, values: readonly unknown[] = []): Promise<{ rows: R[] }> {
    const asked = { text, values: values.map(paramText), arrayMode: false, rawText: false };
    const done = this.#wire.ask([asked], null);
    if (!done.ok) throw new Error(`${done.refused.message}: ${text}`);
    return { rows: asNeon(asked, done.results[0]).rows as R[] };
  }

  /** What its tables hold has been replaced. */
  forgetPlans() {
    this.#wire.forgetPlans();
  }

  /** Neon's protocol, answered in this process. */
  async answer(request: Request): Promise<Response> {
    const asked = parseSqlRequest(Object.fromEntries(request.headers), await request.text());
    if (!asked.ok) return Response.json({ message: asked.message, code: null }, { status: 400 });
    const { work } = asked;
    const queries = work.kind === "single" ? [work.query] : work.queries;
    const done = this.#wire.ask(queries, work.kind === "single" ? null : work.begin);
    if (!done.ok) return Response.json(done.refused, { status: 400 });
    const results = queries.map((query, at) => asNeon(query, done.results[at]));
    return Response.json(work.kind === "single" ? results[0] : { results });
  }
}

/** A database sets alarms as it begins. None of them may ring later, in the middle of a seed. */
async function alarmsCleared<T>(begin: () => Promise<T>): Promise<T> {
  const { setTimeout } = globalThis;
  const set: NodeJS.Timeout[] = [];
  const noted = (...of: Parameters<typeof setTimeout>) => {
    const timer = setTimeout(...of);
    set.push(timer);
    return timer;
  };
  globalThis.setTimeout = noted as typeof setTimeout;
  try {
    return await begin();
  } finally {
    globalThis.setTimeout = setTimeout;
    for (const timer of set) clearTimeout(timer);
  }
}

function asNeon(query: NeonQuery, result: Rows | undefined) {
  if (result === undefined) throw new Error(`no answer to ${query.text}`);
  const fields = result.fields.map(({ name, dataTypeID }) => ({ name, dataTypeID, format: "text" }));
  const rows = result.rows.map((row) => {
    const values = query.rawText ? row : row.map((text, at) => readAs(text, fields[at]?.dataTypeID ?? 0));
    return query.arrayMode ? values : Object.fromEntries(values.map((value, at) => [fields[at]?.name ?? "", value]));
  });
  return { fields, rows, command: "", rowCount: result.rowCount, rowAsArray: query.arrayMode };
}
