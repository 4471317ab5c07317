import type { AccountStatus } from "../domain/ledger.ts";
import { spellingsOf } from "../domain/phone.ts";
import type { Reader } from "../ports/reader.ts";

/** Accounts that are offered for one case. */
const HINTS_MAX = 5;
/** Payments of a payer that are looked at: whom somebody paid for lately is whom they pay for. */
const PAYER_DAYS = 120;

export type AskedCase = { caseKey: string; phone: string | null; named: string[]; alike: string[] };

/** phone: the payer's is registered there; named: the text or the case names it; payer: paid for before; similar: spelled almost so. */
export type HintWhy = "named" | "phone" | "payer" | "similar";
export type SuspenseHint = {
  caseKey: string;
  account: string;
  status: Exclude<AccountStatus, "unknown">;
  name: string;
  site: string;
  why: HintWhy;
};

/**
 * Whose the money of these cases may be, the likeliest first: a person chooses, nothing moves by itself. A page has few cases:
 * each looks up its own few rows (OFFSET 0), where the planner would read through all accounts.
 */
export const suspenseHints = (db: Reader, cases: readonly AskedCase[], now: number): Promise<SuspenseHint[]> =>
  db.read<SuspenseHint>(
    `WITH asked AS MATERIALIZED (
      SELECT x.* FROM jsonb_to_recordset($1::jsonb) AS x("caseKey" text, phone text, spellings text[], named text[], alike text[])
    ), paid AS MATERIALIZED (
      SELECT DISTINCT p.payer_phone, p.account_id FROM payments p
      WHERE p.paid_at > cc_at($2::bigint) - make_interval(days => ${PAYER_DAYS}) AND p.account_id IS NOT NULL
        AND p.payer_phone IN (SELECT phone FROM asked WHERE phone IS NOT NULL)
    ), found AS (
      SELECT x."caseKey", a.id, n.rank, n.why FROM asked x
        CROSS JOIN LATERAL (SELECT unnest(x.named) AS number, 2 AS rank, 'named' AS why
          UNION ALL SELECT unnest(x.alike), 4, 'similar') AS n
        CROSS JOIN LATERAL (SELECT o.id FROM accounts o WHERE o.account_number = n.number OFFSET 0) AS a
      UNION ALL SELECT x."caseKey", a.id, 1, 'phone' FROM asked x
        CROSS JOIN LATERAL (SELECT c.id FROM customers c
          WHERE cc_last8(c.phones) @> ARRAY[right(x.phone, 8)] AND c.phones && x.spellings AND c.withdrawn_at IS NULL OFFSET 0) AS c
        CROSS JOIN LATERAL (SELECT o.id FROM accounts o WHERE o.customer_id = c.id OFFSET 0) AS a WHERE x.phone IS NOT NULL
      UNION ALL SELECT x."caseKey", p.account_id, 3, 'payer' FROM asked x JOIN paid p ON p.payer_phone = x.phone
    ), best AS (
      SELECT DISTINCT ON ("caseKey", id) "caseKey", id, rank, why FROM found ORDER BY "caseKey", id, rank
    ), placed AS (
      SELECT b."caseKey", h.*, b.why, row_number() OVER (PARTITION BY b."caseKey" ORDER BY b.rank, b.id) AS place
      FROM best b CROSS JOIN LATERAL (
        SELECT a.account_number AS account, a.status, c.name, a.site_code AS site
        FROM accounts a JOIN customers c ON c.id = a.customer_id WHERE a.id = b.id AND a.status <> 'terminated' OFFSET 0) AS h
    )
    SELECT "caseKey", account, status, name, site, why FROM placed
    WHERE place <= ${HINTS_MAX} ORDER BY "caseKey", place`,
    [
      JSON.stringify(cases.map((each) => ({ ...each, spellings: each.phone === null ? [] : spellingsOf(each.phone) }))),
      String(now),
    ],
  );
