/** PostgreSQL inside the simulated world: the real one, compiled to run in this process, with the real migrations. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PGlite, type Results } from "@electric-sql/pglite";
import { btree_gist } from "@electric-sql/pglite/contrib/btree_gist";
import { pg_trgm } from "@electric-sql/pglite/contrib/pg_trgm";
import type { Country } from "../../src/domain/country.ts";
import { withClosedSites } from "../../src/domain/country.ts";
import { MIGRATIONS } from "../migrate.ts";
import { type NeonQuery, parseSqlRequest } from "../neon-request.ts";

/** What may become of one request to it. */
export type DatabaseFault = "none" | "down" | "lost answer";

export class SimulatedPostgres {
  readonly #db: PGlite;
  private constructor(db: PGlite) {
    this.#db = db;
  }

  /** With every migration, and named for its country. Before the clock is replaced: it starts on the real one. */
  static async open(country: Country): Promise<SimulatedPostgres> {
    const db = await PGlite.create({ extensions: { btree_gist, pg_trgm } });
    await db.exec("CREATE ROLE cc_owner LOGIN; CREATE ROLE cc_app LOGIN; SET timezone TO 'UTC'");
    const journal = JSON.parse(readFileSync(join(MIGRATIONS, "meta", "_journal.json"), "utf8")) as {
      entries: { tag: string }[];
    };
    for (const { tag } of journal.entries)
      for (const statement of readFileSync(join(MIGRATIONS, `${tag}.sql`), "utf8").split("--> statement-breakpoint"))
        await db.exec(statement);
    await db.query("INSERT INTO database_country (code, currency, site_codes) VALUES ($1, $2, $3)", [
      country.code,
      country.currency,
      withClosedSites(country).siteCodes,
    ]);
    return new SimulatedPostgres(db);
  }

  /** As it was after its migrations, for the next seed. */
  async empty(): Promise<void> {
    const { rows } = await this.#db.query<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables t WHERE schemaname = 'public' AND tablename <> 'database_country'
       AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = t.tablename::regclass)`,
    );
    await this.#db.exec(`SET session_replication_role = replica;
      TRUNCATE ${rows.map(({ name }) => `"${name}"`).join(", ")} RESTART IDENTITY;
      SET session_replication_role = origin`);
  }

  /** A question of the checker, which no fault reaches. */
  async read<T>(query: string, params: unknown[] = []): Promise<T[]> {
    const { rows } = await this.#db.query<{ row: T }>(`SELECT row_to_json(q) AS row FROM (${query}) q`, params);
    return rows.map(({ row }) => row);
  }

  /** Neon's protocol, answered in this process. */
  async answer(request: Request): Promise<Response> {
    const asked = parseSqlRequest(Object.fromEntries(request.headers), await request.text());
    if (!asked.ok) return Response.json({ message: asked.message, code: null }, { status: 400 });
    const { work } = asked;
    try {
      if (work.kind === "single") return Response.json(await this.#one(work.query));
      const results: unknown[] = [];
      await this.#db.exec(work.begin);
      try {
        for (const query of work.queries) results.push(await this.#one(query));
        await this.#db.exec("COMMIT");
      } catch (thrown) {
        await this.#db.exec("ROLLBACK");
        throw thrown;
      }
      return Response.json({ results });
    } catch (thrown) {
      const { message, code, constraint, detail } = thrown as Record<string, unknown>;
      return Response.json({ message, code: code ?? null, constraint, detail }, { status: 400 });
    }
  }

  async #one(query: NeonQuery) {
    const result: Results<unknown[]> = await this.#db.query(query.text, query.values, { rowMode: "array" });
    const fields = result.fields.map(({ name, dataTypeID }) => ({ name, dataTypeID, format: "text" }));
    const rows = query.arrayMode
      ? result.rows
      : result.rows.map((row) => Object.fromEntries(row.map((value, at) => [fields[at]?.name ?? "", value])));
    return { fields, rows, command: "", rowCount: result.affectedRows ?? rows.length, rowAsArray: query.arrayMode };
  }
}
