import type { Language } from "../domain/country.ts";
import type { Reader } from "../ports/reader.ts";

/** What the records have of an account that a move-in would bring. */
export type PresentAccount = {
  account: string;
  status: "live" | "postpaid" | "terminated";
  customerKey: string;
  /** It has, or has had, a meter. */
  hasMeters: boolean;
  name: string;
  phones: string[];
  language: Language | null;
};

/** The customers' numbers here, by the keys that brought them. */
export const movedInCustomers = async (reader: Reader, keys: readonly string[]): Promise<Map<string, number>> => {
  const rows = await reader.read<{ key: string; id: number }>(
    `SELECT customer_key AS key, id FROM customers
    WHERE customer_key IN (SELECT jsonb_array_elements_text($1::jsonb))`,
    [JSON.stringify(keys)],
  );
  return new Map(rows.map(({ key, id }) => [key, id]));
};

export const presentAccounts = async (
  reader: Reader,
  accounts: readonly string[],
): Promise<Map<string, PresentAccount>> => {
  const rows = await reader.read<PresentAccount>(
    `SELECT a.account_number AS account, a.status, c.customer_key AS "customerKey", c.name, c.phones, c.language,
      EXISTS (SELECT FROM meter_placements p WHERE p.account_id = a.id) AS "hasMeters"
    FROM accounts a JOIN customers c ON c.id = a.customer_id
    WHERE a.account_number IN (SELECT jsonb_array_elements_text($1::jsonb))`,
    [JSON.stringify(accounts)],
  );
  return new Map(rows.map((row) => [row.account, row]));
};

/** Of these sites, those that are registered. */
export const sitesHere = async (reader: Reader, codes: readonly string[]): Promise<string[]> =>
  (
    await reader.read<{ code: string }>(
      "SELECT code FROM sites WHERE code IN (SELECT jsonb_array_elements_text($1::jsonb)) ORDER BY 1",
      [JSON.stringify(codes)],
    )
  ).map(({ code }) => code);
