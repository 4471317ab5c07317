import type { AccountStatus } from "../domain/ledger.ts";
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

/** Whose the money of these cases may be, the likeliest first: a person chooses, nothing moves by itself. */
export const suspenseHints = (db: Reader, cases: readonly AskedCase[], now: number): Promise<SuspenseHint[]> =>
  db.read<SuspenseHint>(
    `WITH asked AS MATERIALIZED (
      SELECT x.* FROM jsonb_to_recordset($1::jsonb) AS x("caseKey" text, phone text, named text[], alike text[])
    ), paid AS MATERIALIZED (
      SELECT DISTINCT p.payer_phone, p.account_id FROM payments p
      WHERE p.paid_at > cc_at($2::bigint) - make_interval(days => ${PAYER_DAYS}) AND p.account_id IS NOT NULL
        AND p.payer_phone IN (SELECT phone FROM asked WHERE phone IS NOT NULL)
    ), found AS (
      SELECT x."caseKey", a.id, 2 AS rank, 'named' AS why FROM asked x JOIN accounts a ON a.account_number = ANY (x.named)
      UNION ALL SELECT x."caseKey", a.id, 1, 'phone' FROM asked x
        JOIN customers c ON cc_last8(c.phones) @> ARRAY[right(x.phone, 8)] AND c.withdrawn_at IS NULL
        JOIN accounts a ON a.customer_id = c.id WHERE x.phone IS NOT NULL
      UNION ALL SELECT x."caseKey", p.account_id, 3, 'payer' FROM asked x JOIN paid p ON p.payer_phone = x.phone
      UNION ALL SELECT x."caseKey", a.id, 4, 'similar' FROM asked x JOIN accounts a ON a.account_number = ANY (x.alike)
    ), best AS (
      SELECT DISTINCT ON ("caseKey", id) "caseKey", id, rank, why FROM found ORDER BY "caseKey", id, rank
    ), placed AS (
      SELECT b.*, row_number() OVER (PARTITION BY b."caseKey" ORDER BY b.rank, b.id) AS place
      FROM best b JOIN accounts a ON a.id = b.id WHERE a.status <> 'terminated'
    )
    SELECT p."caseKey", a.account_number AS account, a.status, c.name, a.site_code AS site, p.why
    FROM placed p JOIN accounts a ON a.id = p.id JOIN customers c ON c.id = a.customer_id
    WHERE p.place <= ${HINTS_MAX} ORDER BY p."caseKey", p.place`,
    [JSON.stringify(cases), String(now)],
  );
