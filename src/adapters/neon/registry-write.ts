import { err, ok, type Result } from "../../domain/result.ts";
import type { Change, Registered, RegisteredOnRead, RegistryRefusal } from "../../ports/registry.ts";
import {
  type Database,
  isCertainlyNotCommitted,
  isFaultOfData,
  pgCode,
  pgConstraint,
  refusalText,
  type Statement,
} from "./database.ts";

/** The version of this change, drawn once, for every statement of its transaction. */
export const VERSION = "current_setting('cc.facts_version')::bigint";
const DRAW_VERSION: Statement = {
  query: "SELECT set_config('cc.facts_version', next_facts_version()::text, true)",
  params: [],
};

/** Every audit row of this transaction names the request: the table's trigger asks for it. */
export const nameRequest = ({ requestId }: Change): Statement => ({
  query: "SELECT set_config('cc.request_id', $1::text, true)",
  params: [requestId ?? ""],
});
const TELL_VERSION: Statement = {
  query: `SELECT json_build_object('version', ${VERSION})::text AS row`,
  params: [],
};

/** $1 is the input as JSON; $2, $3 and $4 say who, why and when. A statement names none, $1 alone, or all four. */
export const BY = "$2::text, nullif($3::text, ''), cc_at($4::bigint)";

/** When, in a statement that leaves no audit row itself: it has to name who and why all the same. */
export const AT = `(SELECT b.at FROM (SELECT ${BY}) AS b(actor, reason, at))`;

/**
 * For pages of rows that were written a moment ago: the planner does not know yet how many there are, and would walk whole
 * tables for each. Until the transaction ends.
 */
export const BY_INDEX = "SELECT set_config('enable_seqscan', 'off', true)";

/** Ends the transaction from inside a statement: `kind: detail` becomes the refusal. */
export const refuseWhen = (kind: RegistryRefusal["kind"], detail: string, source: string) =>
  `SELECT refuse_request('${kind}: ' || ${detail}) ${source}`;

/**
 * One change: version, statements, version told. All or nothing; refusals come back as values, and what nobody knows is
 * thrown.
 */
export async function change(db: Database, input: unknown, by: Change, queries: string[]): Promise<Registered> {
  const params = [JSON.stringify(input), by.actor, by.reason ?? "", String(by.at)];
  const statements = queries.map((query) => ({ query, params: params.slice(0, highestParam(query)) }));
  return told<{ version: number }, { version: number }>(
    () => db.transaction([nameRequest(by), DRAW_VERSION, ...statements, TELL_VERSION]),
    (row) => row,
  );
}

/** A refusal that names the version there is by now: somebody changed it since it was read. */
export const staleOr = (written: Registered): RegisteredOnRead => {
  const present = written.ok ? null : /^version (\d+)$/.exec(written.error.detail);
  return present === null ? written : err({ kind: "stale", version: Number(present[1]) });
};

/** What the last statement of a transaction told, as Row says, or why the data was refused. */
export async function told<Row, T>(
  work: () => Promise<unknown[][]>,
  read: (row: Row) => T,
): Promise<Result<T, RegistryRefusal>> {
  try {
    const answers = await work();
    const [row] = answers.at(-1) ?? [];
    return ok(read(row as Row));
  } catch (error) {
    if (isCertainlyNotCommitted(error) && isFaultOfData(error)) return err(refusalOf(error));
    throw error;
  }
}

export const highestParam = (query: string) =>
  Math.max(0, ...[...query.matchAll(/\$(\d)/g)].map(([, number]) => Number(number)));

function refusalOf(error: unknown): RegistryRefusal {
  const told = /(exists|unknown|refused): ([^\n]{1,200})/.exec(error instanceof Error ? error.message : "");
  const [, kind, detail] = told ?? [];
  if (pgCode(error) === "P0001" && isKind(kind) && detail !== undefined) return { kind, detail };
  if (pgCode(error) === "23503") return { kind: "unknown", detail: pgConstraint(error) ?? "" };
  return { kind: "refused", detail: refusalText(error) };
}

const isKind = (kind: string | undefined): kind is RegistryRefusal["kind"] =>
  kind === "exists" || kind === "unknown" || kind === "refused";
