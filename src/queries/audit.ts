import type { ChainHead, ChainRow } from "../domain/audit/chain.ts";
import type { Json } from "../domain/audit/diff.ts";
import type { Reader } from "../ports/reader.ts";

/** Acts on one page. */
export const AUDIT_PAGE_MAX = 200;
/** Rows of the chain walked in one call: before and after of 500 accounts may be a megabyte. */
export const CHAIN_PAGE_MAX = 1_000;

/** One act, without what it changed. */
export type Act = {
  seq: number;
  id: number;
  at: number;
  actor: string;
  action: string;
  subject: string;
  reason: string | null;
  requestId: string | null;
  reverts: number | null;
  /** The act that reverted this one. */
  revertedBy: number | null;
};
export type ActInFull = Act & { before: Json; after: Json; prevHash: string; hash: string };

export type ActFilter = {
  kind?: string | undefined;
  subject?: string | undefined;
  actor?: string | undefined;
  action?: string | undefined;
  request?: string | undefined;
  /** UTC ms; from included, to not. */
  from?: number | undefined;
  to?: number | undefined;
};

const ACT = `m.seq, m.id, cc_ms(m.at) AS at, m.actor, m.action, m.subject, m.reason, m.request_id AS "requestId", m.reverts,
  (SELECT r.id FROM mutations r WHERE r.reverts = m.id) AS "revertedBy"`;

/** Newest first, from before `before` on. Only what is asked for is compared, so that each filter finds its own index. */
export function acts(db: Reader, filter: ActFilter, before: number | null, limit: number): Promise<Act[]> {
  const params: string[] = [String(limit)];
  const given = (condition: string, value: string | number | null | undefined) => {
    if (value === undefined || value === null) return "";
    params.push(String(value));
    return ` AND ${condition.replace("?", `$${params.length}`)}`;
  };
  const where = [
    given("m.seq < ?::bigint", before),
    given("m.subject_kind = ?::text", filter.kind),
    given("m.subject = ?::text", filter.subject),
    given("m.actor = ?::text", filter.actor),
    given("m.action = ?::text", filter.action),
    given("m.request_id = ?::text", filter.request),
    given("m.at >= cc_at(?::bigint)", filter.from),
    given("m.at < cc_at(?::bigint)", filter.to),
  ].join("");
  return db.read<Act>(`SELECT ${ACT} FROM mutations m WHERE true${where} ORDER BY m.seq DESC LIMIT $1::bigint`, params);
}

export async function act(db: Reader, id: number): Promise<ActInFull | null> {
  const [found] = await db.read<ActInFull>(
    `SELECT ${ACT}, m.before, m.after, m.prev_hash AS "prevHash", m.hash FROM mutations m WHERE m.id = $1::bigint`,
    [String(id)],
  );
  return found ?? null;
}

/** Rows of the chain in order, as their hashes cover them; from the beginning also what stands before its first place. */
export const chainRows = (db: Reader, after: number, limit: number): Promise<ChainRow[]> =>
  db.read<ChainRow>(
    `SELECT seq, id, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, actor, action, subject,
      before::text AS before, after::text AS after, reason, request_id AS "requestId", reverts, prev_hash AS "prevHash", hash,
      cc_audit_erased(seq) AS "erasedHash"
    FROM mutations WHERE seq > $1::bigint ORDER BY seq LIMIT $2::bigint`,
    [String(after === 0 ? Number.MIN_SAFE_INTEGER : after), String(limit)],
  );

export async function chainHead(db: Reader): Promise<ChainHead | null> {
  const [head] = await db.read<ChainHead>("SELECT seq, hash FROM mutations ORDER BY seq DESC LIMIT 1");
  return head ?? null;
}

/** The hashes that the chain has at these places. */
export async function hashesAt(db: Reader, seqs: readonly number[]): Promise<Map<number, string>> {
  const rows = await db.read<ChainHead>(
    "SELECT seq, hash FROM mutations WHERE seq = ANY(SELECT jsonb_array_elements_text($1::jsonb)::bigint)",
    [JSON.stringify(seqs)],
  );
  return new Map(rows.map(({ seq, hash }) => [seq, hash]));
}

/** What was ordered as a file, as its audit row has it. */
export type ExportOrder = { table: string; format: "csv" | "xlsx"; filters: string[]; search: string | null };

export async function exportOrder(db: Reader, id: string): Promise<(ExportOrder & { actor: string }) | null> {
  const [found] = await db.read<{ after: ExportOrder; actor: string }>(
    "SELECT after, actor FROM mutations WHERE subject = 'export:' || $1::text AND action = 'export.make'",
    [id],
  );
  return found === undefined ? null : { ...found.after, actor: found.actor };
}
