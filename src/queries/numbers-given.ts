import type { Reader } from "../ports/reader.ts";

/** An account number above all that its site has given; `highest`: the last that it gave, null where it gave none. */
export type NotGiven = { account: string; highest: string | null };

/**
 * The first of these account numbers that its site has not come to, by its counter or by an account with a given number; null: all
 * were given. Sites that Postgres does not know are left out: nobody can be registered there.
 */
export async function firstNotGiven(reader: Reader, accounts: readonly string[]): Promise<NotGiven | null> {
  const [row] = await reader.read<NotGiven>(
    `SELECT t.account, lpad(nullif(greatest(k.last_number, (SELECT max(left(a.account_number, 4)::integer) FROM accounts a
        WHERE a.site_code = s.code)), 0)::text, 4, '0') || s.code AS highest
    FROM jsonb_array_elements_text($1::jsonb) AS t(account) JOIN sites s ON s.code = substr(t.account, 5)
      LEFT JOIN account_counters k ON k.site_code = s.code
    WHERE coalesce(k.last_number, 0) < left(t.account, 4)::integer
      -- Nearly always this very one is there: the site is looked through only where it is not.
      AND NOT EXISTS (SELECT FROM accounts a WHERE a.account_number = t.account)
      AND NOT EXISTS (SELECT FROM accounts a WHERE a.site_code = s.code AND a.account_number > t.account)
    ORDER BY t.account LIMIT 1`,
    [JSON.stringify(accounts)],
  );
  return row ?? null;
}
