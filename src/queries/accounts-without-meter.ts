import type { Reader } from "../ports/reader.ts";

export const ACCOUNTS_PAGE_MAX = 50;

export type AccountWithoutMeter = { account: string; holder: string; plot: string | null };

/** Accounts of a site that are served and have no primary meter now: where a meter that nobody placed may belong. */
export const accountsWithoutMeter = (
  db: Reader,
  question: { now: number; site: string; text: string },
): Promise<AccountWithoutMeter[]> =>
  db.read(
    `SELECT a.account_number AS account, c.name AS holder, c.plot_number AS plot
    FROM accounts a JOIN customers c ON c.id = a.customer_id
    WHERE a.site_code = $2::text AND a.status <> 'terminated' AND NOT EXISTS (SELECT FROM meter_placements p
        WHERE p.account_id = a.id AND p.role = 'primary' AND (p.valid_to IS NULL OR p.valid_to > cc_at($1::bigint)))
      AND ($3::text = '' OR position(lower($3::text) IN lower(a.account_number || ' ' || c.name || ' '
        || coalesce(c.plot_number, ''))) > 0)
    ORDER BY a.account_number LIMIT ${ACCOUNTS_PAGE_MAX}`,
    [String(question.now), question.site, question.text.trim()],
  );
