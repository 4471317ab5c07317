import { NeonDbError, neon, neonConfig } from "@neondatabase/serverless";
import { log } from "../../ports/log.ts";

/** The driver has no timeout of its own, and an answer later than this helps nobody: the caller tries again. */
export const CALL_MS_MAX = 15_000;
/** The server gives up a little sooner, so that what timed out here does not go on there. */
const STATEMENT_TIMEOUT = "SET LOCAL statement_timeout = '12s'";

/** `params` are text; the query casts them. */
export type Statement = { query: string; params: string[] };

/**
 * Postgres over Neon's HTTP protocol. Rows come back as JSON text in one column named `row`, so that nothing depends on
 * the driver's global type parsers, which others change.
 */
export type Database = {
  /** One read; any SELECT. T is what its columns say: the query and the type stand side by side. */
  read<T>(query: string, params?: string[]): Promise<T[]>;
  /** All or nothing, in order, read committed. Each statement answers no rows, or one text column `row` with JSON. */
  transaction(statements: Statement[]): Promise<unknown[][]>;
};

/**
 * `sqlUrl` only on a laptop and in tests: it redirects every connection of this process. With a country, nothing is read and
 * nothing written before the database has said that it is that country's.
 */
export function connect(
  databaseUrl: string,
  sqlUrl?: string,
  callMsMax = CALL_MS_MAX,
  country: string | null = null,
): Database {
  if (sqlUrl !== undefined) neonConfig.fetchEndpoint = sqlUrl;
  const sql = neon(databaseUrl);
  const bare: Database = {
    async read<T>(query: string, params: string[] = []) {
      const rows = await inTime(callMsMax, (signal) =>
        sql.query(`SELECT row_to_json(q)::text AS row FROM (${query}) AS q`, params, { fetchOptions: { signal } }),
      );
      return rows.map(parseRow) as T[];
    },
    async transaction(statements) {
      const queries = [{ query: STATEMENT_TIMEOUT, params: [] }, ...statements].map(({ query, params }) =>
        sql.query(query, params),
      );
      const results = await inTime(callMsMax, (signal) =>
        sql.transaction(queries, { fetchOptions: { signal }, isolationLevel: "ReadCommitted" }),
      );
      return results.slice(1).map((rows) => rows.map(parseRow));
    },
  };
  if (country === null) return bare;
  const own = () => checkOwner(bare, databaseUrl, country);
  return {
    async read<T>(query: string, params: string[] = []) {
      await own();
      return bare.read<T>(query, params);
    },
    async transaction(statements) {
      await own();
      return bare.transaction(statements);
    },
  };
}

/** The Worker was given a database that is not its country's: nothing was read and nothing written. */
export class ForeignDatabase extends Error {
  override readonly name = "ForeignDatabase";
  /** Null: nobody has named it yet. */
  readonly owner: string | null;
  constructor(owner: string | null, country: string) {
    super(
      owner === null
        ? `this database was not named yet: npm run db:migrate -- --country ${country.toLowerCase()}`
        : `this database belongs to ${owner}, and this Worker serves ${country}`,
    );
    this.owner = owner;
  }
}

/** What was found foreign is looked at again after so long: somebody may have named it. */
const FOREIGN_MS = 30_000;
/** Whose a database is never changes: asked once in the life of an isolate. */
const owned = new Set<string>();
const foreign = new Map<string, { owner: string | null; until: number }>();

async function checkOwner(bare: Database, databaseUrl: string, country: string): Promise<void> {
  const key = `${country} ${databaseUrl}`;
  if (owned.has(key)) return;
  const known = foreign.get(key);
  if (known !== undefined && Date.now() < known.until) throw new ForeignDatabase(known.owner, country);
  const owner = await ownerOf(bare);
  if (owner === country) {
    owned.add(key);
    foreign.delete(key);
    return;
  }
  foreign.set(key, { owner, until: Date.now() + FOREIGN_MS });
  throw new ForeignDatabase(owner, country);
}

async function ownerOf(bare: Database): Promise<string | null> {
  try {
    return (await bare.read<{ code: string }>("SELECT code FROM database_country"))[0]?.code ?? null;
  } catch (error) {
    if (pgCode(error) === UNDEFINED_TABLE) return null;
    throw error;
  }
}
const UNDEFINED_TABLE = "42P01";

/** Nobody knows what became of the call: it may still be at work. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

/** The timer ends with the call: one that ran on would keep the object that asked awake, and paid for, until it rang. */
async function inTime<T>(msMax: number, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const giveUp = new AbortController();
  const because = `no answer in ${msMax} ms`;
  const timer = setTimeout(() => giveUp.abort(new DOMException(because, "TimeoutError")), msMax);
  try {
    return await call(giveUp.signal);
  } catch (error) {
    throw giveUp.signal.aborted ? new NoAnswer(because, { cause: error }) : error;
  } finally {
    clearTimeout(timer);
  }
}

function parseRow(row: Record<string, unknown>): unknown {
  return typeof row.row === "string" ? JSON.parse(row.row) : null;
}

const SQLSTATE = /^([0-9]|F0|HV|P0|XX)[0-9A-Z]{2,4}$/;

/** The SQLSTATE of a database error, bare or wrapped by drizzle; null for everything else ("EPIPE" is no SQLSTATE). */
export function pgCode(error: unknown): string | null {
  for (let at = error, depth = 0; at instanceof Error && depth < 3; at = at.cause, depth++) {
    if (at instanceof NeonDbError && typeof at.code === "string" && at.code.length === 5 && SQLSTATE.test(at.code))
      return at.code;
  }
  return null;
}

/** The constraint that refused, if the error names one. Names no data. */
export function pgConstraint(error: unknown): string | null {
  for (let at = error, depth = 0; at instanceof Error && depth < 3; at = at.cause, depth++) {
    if (at instanceof NeonDbError) return at.constraint ?? null;
  }
  return null;
}

/**
 * True only when the server itself said no: a 400 with a SQLSTATE that is not about the connection. A lost answer, a
 * 5xx or a timeout says nothing about the commit.
 */
export function isCertainlyNotCommitted(error: unknown): boolean {
  const code = pgCode(error);
  return code !== null && !code.startsWith("08") && !code.startsWith("57P0") && code !== "40003";
}

/** The data is at fault, not the moment: trying the same again gives the same answer. */
export function isFaultOfData(error: unknown): boolean {
  const code = pgCode(error);
  return code !== null && (/^(22|23|54)/.test(code) || code === "P0001");
}

/** Postgres ended it so that another could go on (a deadlock, a serialization failure): nothing of it is there. */
export function isOthersTurn(error: unknown): boolean {
  const code = pgCode(error);
  return code === "40P01" || code === "40001";
}

/** The server gave the statement up, since it took too long: nothing of it is there, and less at a time may pass. */
export const isGivenUp = (error: unknown): boolean => pgCode(error) === "57014";

/**
 * What the caller can be told of a call that failed for the moment: the database does not answer, or others keep it busy (a
 * lock or a turn was not to be had in time). Null: it is something else.
 */
export function troubleOf(error: unknown): "down" | "busy" | null {
  const code = pgCode(error);
  // 28: it does not take our password, as while that is changed.
  if (code !== null && (/^(08|28|57P0)/.test(code) || code === "40003")) return "down";
  if (isGivenUp(error) || isOthersTurn(error) || code === "55P03" || code === "53300") return "busy";
  if (code !== null) return null;
  for (let at = error, depth = 0; at instanceof Error && depth < 3; at = at.cause, depth++)
    if (at instanceof NoAnswer || at instanceof NeonDbError) return "down";
  return null;
}

/** For a screen or a case: code and constraint, never the values, which may be personal. */
export const refusalText = (error: unknown) => [pgCode(error), pgConstraint(error)].filter(Boolean).join(" ");

/** For ports that answer "down" when the database does not; what went wrong is logged by its code. */
export async function orDown<T>(where: string, work: () => Promise<T>): Promise<T | "down"> {
  try {
    return await work();
  } catch (error) {
    log.warn(where, { database: "down", code: pgCode(error) });
    return "down";
  }
}
