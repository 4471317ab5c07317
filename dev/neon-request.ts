/** What a request to `POST /sql` asks for: headers and body of Neon's HTTP protocol, read as Neon's proxy reads them. */
import type { IncomingHttpHeaders } from "node:http";
import { parseJson } from "./serve.ts";

/** Statements in one batch that the bridge accepts. */
const BATCH_QUERIES_MAX = 10_000;

export type NeonQuery = { text: string; values: (string | null)[]; arrayMode: boolean; rawText: boolean };
/** `begin` is the statement that opens the batch's transaction. */
export type SqlWork = { kind: "single"; query: NeonQuery } | { kind: "batch"; queries: NeonQuery[]; begin: string };

export type SqlRequest = { ok: true; connectionString: string; work: SqlWork } | { ok: false; message: string };

const refuse = (message: string): SqlRequest => ({ ok: false, message });

export function parseSqlRequest(headers: IncomingHttpHeaders, body: string): SqlRequest {
  const connectionString = headers["neon-connection-string"];
  if (typeof connectionString !== "string") return refuse("missing header neon-connection-string");
  if (!/^postgres(ql)?:\/\//.test(connectionString) || !URL.canParse(connectionString)) {
    return refuse("invalid connection string");
  }
  const payload = parseJson(body);
  if (typeof payload !== "object" || payload === null) return refuse("the body is not a JSON object");
  if ("queries" in payload) {
    if (!Array.isArray(payload.queries)) return refuse("queries is not a list");
    if (payload.queries.length > BATCH_QUERIES_MAX) return refuse(`more than ${BATCH_QUERIES_MAX} queries`);
    const begin = beginStatement(headers);
    if (begin === null) return refuse("invalid isolation level");
    const queries: NeonQuery[] = [];
    for (const item of payload.queries as unknown[]) {
      const query = parseQuery(item, headers);
      if (query === null) return refuse("a query of the batch has no text or no list of params");
      queries.push(query);
    }
    return { ok: true, connectionString, work: { kind: "batch", queries, begin } };
  }
  const query = parseQuery(payload, headers);
  if (query === null) return refuse("the query has no text or no list of params");
  return { ok: true, connectionString, work: { kind: "single", query } };
}

function parseQuery(item: unknown, headers: IncomingHttpHeaders): NeonQuery | null {
  if (typeof item !== "object" || item === null || !("query" in item) || typeof item.query !== "string") return null;
  const params: unknown = "params" in item ? item.params : [];
  if (!Array.isArray(params)) return null;
  const arrayMode = "arrayMode" in item && typeof item.arrayMode === "boolean" ? item.arrayMode : null;
  return {
    text: item.query,
    values: params.map(paramText),
    arrayMode: arrayMode ?? headers["neon-array-mode"] === "true",
    rawText: headers["neon-raw-text-output"] === "true",
  };
}

/** A parameter as PostgreSQL's text: lists become `{…}`, objects JSON. */
export function paramText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return arrayText(value);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function arrayText(items: unknown[]): string {
  const parts = items.map((item) => {
    if (Array.isArray(item)) return arrayText(item);
    const text = paramText(item);
    // Unquoted only what is surely a number or a truth value; the word NULL itself must be quoted to stay a word.
    if (text === null) return "NULL";
    return typeof item === "number" || typeof item === "boolean" ? text : `"${text.replace(/["\\]/g, "\\$&")}"`;
  });
  return `{${parts.join(",")}}`;
}

const ISOLATION_LEVELS: Record<string, string> = {
  ReadUncommitted: "READ UNCOMMITTED",
  ReadCommitted: "READ COMMITTED",
  RepeatableRead: "REPEATABLE READ",
  Serializable: "SERIALIZABLE",
};

function beginStatement(headers: IncomingHttpHeaders): string | null {
  const wanted = headers["neon-batch-isolation-level"];
  const level = typeof wanted === "string" ? ISOLATION_LEVELS[wanted] : undefined;
  if (wanted !== undefined && level === undefined) return null;
  let begin = level === undefined ? "BEGIN" : `BEGIN ISOLATION LEVEL ${level}`;
  if (headers["neon-batch-read-only"] === "true") begin += " READ ONLY";
  if (headers["neon-batch-deferrable"] === "true") begin += " DEFERRABLE";
  return begin;
}
