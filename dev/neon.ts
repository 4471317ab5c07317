/**
 * Neon's HTTP protocol over an ordinary PostgreSQL, so that the Worker runs the real @neondatabase/serverless driver
 * with no account anywhere. `POST /sql` answers as Neon's proxy does; `POST /fault` breaks it on purpose.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { type NeonQuery, parseSqlRequest, type SqlWork } from "./neon-request.ts";
import { BodyTooLarge, bodyText, readBytes, readControl, sendJson, serve } from "./serve.ts";

/** Neon's own limits: bytes of a request, bytes of a response, connections kept for one connection string. */
const REQUEST_BYTES_MAX = 10 * 1024 * 1024;
const RESPONSE_BYTES_MAX = 10 * 1024 * 1024;
const POOL_CONNECTIONS_MAX = 20;
const CONNECT_MS_MAX = 15_000;
const IDLE_MS_MAX = 30_000;
/** How long a hanging answer keeps its socket. Longer than any caller may wait. */
const HANG_MS_MAX = 120_000;

/**
 * - `down`, `reset-before`: the socket is cut before anything is executed
 * - `reset-after-commit`: executed, committed, then the socket is cut
 * - `hang`: nothing is executed and nothing is answered
 * - `http-500`: not executed; `http-500-after-commit`: executed and committed, then 500
 */
export const FAULT_MODES = [
  "none",
  "down",
  "reset-before",
  "reset-after-commit",
  "hang",
  "http-500",
  "http-500-after-commit",
] as const;
export type FaultMode = (typeof FAULT_MODES)[number];

export type NeonBridge = {
  port: number;
  /** What `neonConfig.fetchEndpoint` is set to. */
  url: string;
  /** Applies to the next `count` requests, or to all until changed when null. */
  setFault(mode: FaultMode, count?: number | null): void;
  close(): Promise<void>;
};

export async function startNeonBridge({ port }: { port: number }): Promise<NeonBridge> {
  const pools = new Map<string, pg.Pool>();
  const hanging = new AbortController();
  let fault: { mode: FaultMode; left: number | null } = { mode: "none", left: null };
  let requests = 0;

  const setFault = (mode: FaultMode, count: number | null = null) => {
    fault = count === 0 ? { mode: "none", left: null } : { mode, left: count };
  };
  const nextFault = (): FaultMode => {
    const { mode } = fault;
    if (fault.left !== null && --fault.left <= 0) fault = { mode: "none", left: null };
    return mode;
  };
  const poolFor = (connectionString: string) => poolIn(pools, connectionString, IDLE_MS_MAX);

  async function answerSql(req: IncomingMessage, res: ServerResponse) {
    requests += 1;
    const mode = nextFault();
    if (mode === "down") return cut(res);
    const text = bodyText(req, await readBytes(req, REQUEST_BYTES_MAX));
    if (mode === "reset-before") return cut(res);
    if (mode === "http-500") return sendJson(res, 500, { message: "injected: nothing was executed" });
    if (mode === "hang") {
      await wait(HANG_MS_MAX, undefined, { ref: false, signal: hanging.signal }).catch(() => undefined);
      return cut(res);
    }
    const request = parseSqlRequest(req.headers, text);
    if (!request.ok) return sendJson(res, 400, { message: request.message, code: null });
    const answer = await execute(poolFor(request.connectionString), request.work, res);
    if (mode === "reset-after-commit") return cut(res);
    if (mode === "http-500-after-commit") return sendJson(res, 500, { message: "injected: it was committed" });
    const body = JSON.stringify(answer.body);
    if (Buffer.byteLength(body) > RESPONSE_BYTES_MAX) {
      return sendJson(res, 507, { message: `response is too large (max is ${RESPONSE_BYTES_MAX} bytes)` });
    }
    res.writeHead(answer.status, { "content-type": "application/json" });
    return res.end(body);
  }

  const served = await serve(port, async (req, res, url) => {
    if (req.method === "POST" && url.pathname === "/sql") {
      return void (await answerSql(req, res).catch((error: unknown) => {
        if (error instanceof BodyTooLarge) return sendJson(res, 413, { message: error.message });
        throw error;
      }));
    }
    if (req.method === "POST" && url.pathname === "/fault") {
      const { mode, count } = await readControl(req);
      const known = FAULT_MODES.find((name) => name === mode);
      if (known === undefined) return sendJson(res, 400, { error: `mode must be one of ${FAULT_MODES.join(", ")}` });
      setFault(known, typeof count === "number" ? count : null);
    }
    if (url.pathname !== "/fault" && url.pathname !== "/") return sendJson(res, 404, { error: "POST /sql" });
    return sendJson(res, 200, { fault: fault.mode, left: fault.left, requests });
  });
  return {
    port: served.port,
    url: `${served.url}/sql`,
    setFault,
    close: async () => {
      hanging.abort();
      await served.close();
      await Promise.all([...pools.values()].map((pool) => pool.end()));
    },
  };
}

function poolIn(pools: Map<string, pg.Pool>, connectionString: string, idleTimeoutMillis: number): pg.Pool {
  const found = pools.get(connectionString);
  if (found !== undefined) return found;
  const pool = new pg.Pool({
    connectionString,
    max: POOL_CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_MS_MAX,
    idleTimeoutMillis,
  });
  // An idle connection that the server cut is simply dropped.
  pool.on("error", () => undefined);
  pools.set(connectionString, pool);
  return pool;
}

/** The same without a socket between: a request to `POST /sql` is answered in the process that asks. */
export function neonInProcess(): (request: Request) => Promise<Response> {
  const pools = new Map<string, pg.Pool>();
  return async (request) => {
    const asked = parseSqlRequest(Object.fromEntries(request.headers), await request.text());
    if (!asked.ok) return Response.json({ message: asked.message, code: null }, { status: 400 });
    const { status, body } = await execute(poolIn(pools, asked.connectionString, 0), asked.work, null);
    return Response.json(body, { status });
  };
}

type Answer = { status: number; body: unknown };

async function execute(pool: pg.Pool, work: SqlWork, res: ServerResponse | null): Promise<Answer> {
  let client: pg.PoolClient;
  try {
    client = await pool.connect();
  } catch (error) {
    // A wrong password is the caller's mistake and has a code; a server that cannot be reached has none.
    const refused = errorBody(error);
    const isCallers = refused.code !== null && /^(28|3D|42)/.test(refused.code);
    return isCallers ? { status: 400, body: refused } : { status: 500, body: { message: refused.message } };
  }
  let isBroken = false;
  const onLost = () => {
    isBroken = true;
  };
  client.on("error", onLost);
  // A caller who gives up cancels what is still running, as Neon does.
  const onGone = () => {
    if (res?.writableFinished === true) return;
    isBroken = true;
    void cancel(pool, client);
  };
  res?.on("close", onGone);
  try {
    const body =
      work.kind === "single" ? await runOne(client, work.query) : await runBatch(client, work.queries, work.begin);
    return { status: 200, body };
  } catch (error) {
    const body = errorBody(error);
    if (body.code !== null) return { status: 400, body };
    isBroken = true;
    return { status: 500, body: { message: body.message } };
  } finally {
    res?.off("close", onGone);
    client.off("error", onLost);
    client.release(isBroken);
  }
}

async function runBatch(client: pg.PoolClient, queries: NeonQuery[], begin: string) {
  await client.query(begin);
  try {
    const results: unknown[] = [];
    for (const query of queries) results.push(await runOne(client, query));
    await client.query("COMMIT");
    return { results };
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

const asText = { getTypeParser: () => (text: string | Buffer) => text.toString() };

async function runOne(client: pg.PoolClient, query: NeonQuery) {
  // Extended protocol always, as Neon does: two statements in one text are refused, parameters or not.
  const config: pg.QueryArrayConfig & { queryMode: "extended" } = {
    text: query.text,
    values: query.values,
    rowMode: "array",
    types: asText,
    queryMode: "extended",
  };
  const result = await client.query<(string | null)[]>(config);
  const fields = result.fields.map((field) => ({
    name: field.name,
    dataTypeID: field.dataTypeID,
    tableID: field.tableID,
    columnID: field.columnID,
    dataTypeSize: field.dataTypeSize,
    dataTypeModifier: field.dataTypeModifier,
    format: "text",
  }));
  const inOutput = (text: string | null, column: number) =>
    query.rawText ? text : readAs(text, fields[column]?.dataTypeID ?? 0);
  const rows = result.rows.map((row) => {
    const values = row.map(inOutput);
    return query.arrayMode ? values : Object.fromEntries(values.map((value, i) => [fields[i]?.name ?? "", value]));
  });
  const { command, rowCount } = result;
  return { fields, rows, command, rowCount, rowAsArray: query.arrayMode };
}

const BOOL = 16;
const NUMBERS = new Set([21, 23, 700, 701]);
const JSONS = new Set([114, 3802]);

/** What Neon makes of a value when raw text was not asked for. */
export function readAs(text: string | null, dataTypeID: number): unknown {
  if (text === null) return null;
  if (dataTypeID === BOOL) return text === "t";
  if (NUMBERS.has(dataTypeID) && Number.isFinite(Number(text))) return Number(text);
  return JSONS.has(dataTypeID) ? JSON.parse(text) : text;
}

async function cancel(pool: pg.Pool, client: pg.PoolClient) {
  const { processID } = client as pg.PoolClient & { processID?: number };
  if (processID !== undefined) await pool.query("SELECT pg_cancel_backend($1)", [processID]).catch(() => undefined);
}

const ERROR_FIELDS = [
  "severity",
  "detail",
  "hint",
  "position",
  "internalPosition",
  "internalQuery",
  "where",
  "schema",
  "table",
  "column",
  "dataType",
  "constraint",
  "file",
  "line",
  "routine",
] as const;

function errorBody(error: unknown): { message: string; code: string | null } & Record<string, string | null> {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof pg.DatabaseError)) return { message, code: null };
  const fields = Object.fromEntries(ERROR_FIELDS.map((name) => [name, error[name] ?? null]));
  return { ...fields, message, code: error.code ?? null };
}

/** Cuts the connection the hard way, so that the caller sees a reset and not an orderly end. */
function cut(res: ServerResponse) {
  if (res.socket === null) res.destroy();
  else res.socket.resetAndDestroy();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const bridge = await startNeonBridge({ port: Number(process.env.PORT ?? 4444) });
  console.log(`Neon's HTTP protocol at ${bridge.url}`);
}
