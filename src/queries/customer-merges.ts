import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

export const MERGES_PAGE_MAX = 50;
export const MERGE_STATES = ["proposed", "dismissed", "accepted", "undone"] as const;

type Side = { customerId: number; name: string; accounts: string[] };

/** Two customers who may be one person, and what was decided. */
export type CustomerMerge = {
  mergeId: number;
  state: (typeof MERGE_STATES)[number];
  one: Side;
  other: Side;
  keptId: number | null;
  /** The accounts that changed their holder. */
  moved: string[];
  reason: string;
  proposedBy: string;
  proposedAt: number;
  decidedBy: string | null;
  decidedAt: number | null;
};

const side = (id: string) => `(SELECT json_build_object('customerId', c.id, 'name', c.name, 'accounts',
    (SELECT coalesce(json_agg(a.account_number ORDER BY a.account_number), '[]') FROM accounts a WHERE a.customer_id = c.id))
  FROM customers c WHERE c.id = ${id})`;

const MERGE = `SELECT m.id AS "mergeId", m.state, ${side("m.one_id")} AS one, ${side("m.other_id")} AS other,
    m.kept_id AS "keptId", coalesce(m.moved->'accounts', '[]') AS moved, m.reason, m.proposed_by AS "proposedBy",
    ${ms("m.proposed_at", '"proposedAt"')}, m.decided_by AS "decidedBy", ${ms("m.decided_at", '"decidedAt"')}
  FROM customer_merges m`;

export const customerMerge = async (reader: Reader, mergeId: number): Promise<CustomerMerge | null> =>
  (await reader.read<CustomerMerge>(`${MERGE} WHERE m.id = $1::bigint`, [String(mergeId)]))[0] ?? null;

export const mergeOfPair = async (reader: Reader, one: number, other: number): Promise<CustomerMerge | null> =>
  (
    await reader.read<CustomerMerge>(`${MERGE} WHERE m.one_id = $1::bigint AND m.other_id = $2::bigint`, [
      String(Math.min(one, other)),
      String(Math.max(one, other)),
    ])
  )[0] ?? null;

/** In order of their making; a page after one. */
export const customerMerges = (
  reader: Reader,
  { state, after, limit }: { state: CustomerMerge["state"]; after: number; limit: number },
): Promise<CustomerMerge[]> =>
  reader.read<CustomerMerge>(`${MERGE} WHERE m.state = $1::text AND m.id > $2::bigint ORDER BY m.id LIMIT $3::int`, [
    state,
    String(after),
    String(Math.min(limit, MERGES_PAGE_MAX)),
  ]);
