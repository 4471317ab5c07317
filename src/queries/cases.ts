import type { Reader } from "../ports/reader.ts";
import { asked } from "./sms-inbox.ts";
import { ms } from "./sql.ts";

export const CASES_PAGE_MAX = 100;

export type CaseListed = {
  caseKey: string;
  caseKind: string;
  subject: string;
  details: unknown;
  state: "open" | "closed";
  openedAt: number;
  closedAt: number | null;
};
export type CasesFilter = { state: string | null; kind: string | null; text: string | null };

/** Cases of all kinds, the newest first, a page before (openedAt, caseKey). */
export function listCases(
  db: Reader,
  filter: CasesFilter,
  before: { openedAt: number; caseKey: string } | null,
  limit: number,
): Promise<CaseListed[]> {
  const params: string[] = [String(before?.openedAt ?? ""), before?.caseKey ?? ""];
  const where = asked(
    [
      ["c.state = ?::text", filter.state],
      ["c.case_kind = ?::text", filter.kind],
      ["(position(lower(?::text) IN lower(c.subject)) > 0 OR c.case_key = ?::text)", filter.text],
    ],
    params,
  );
  params.push(String(limit));
  return db.read<CaseListed>(
    `SELECT c.case_key AS "caseKey", c.case_kind AS "caseKind", c.subject, c.details, c.state, ${ms("c.opened_at", '"openedAt"')},
      ${ms("c.closed_at", '"closedAt"')}
    FROM reconciliation_cases c
    WHERE ($1::text = '' OR ((extract(epoch FROM c.opened_at) * 1000)::bigint, c.case_key) < (nullif($1::text, '')::bigint, $2::text))${where}
    ORDER BY (extract(epoch FROM c.opened_at) * 1000)::bigint DESC, c.case_key DESC LIMIT $${params.length}::int`,
    params,
  );
}

/** How many cases of each kind are open, and since when the oldest. */
export const openCaseKinds = (db: Reader) =>
  db.read<{ kind: string; count: number; oldestAt: number }>(
    `SELECT case_kind AS kind, count(*) AS count, ${ms("min(opened_at)", '"oldestAt"')} FROM reconciliation_cases
    WHERE state = 'open' GROUP BY case_kind ORDER BY count(*) DESC, case_kind`,
  );
