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

/** The customer's number here, by the key that brought it. */
export const movedInCustomer = async (reader: Reader, key: string): Promise<number | null> =>
  (await reader.read<{ id: number }>("SELECT id FROM customers WHERE customer_key = $1::text", [key]))[0]?.id ?? null;

/** Of these sites, those that are registered. */
export const sitesHere = async (reader: Reader, codes: readonly string[]): Promise<string[]> =>
  (
    await reader.read<{ code: string }>(
      "SELECT code FROM sites WHERE code IN (SELECT jsonb_array_elements_text($1::jsonb)) ORDER BY 1",
      [JSON.stringify(codes)],
    )
  ).map(({ code }) => code);

export const presentAccount = async (reader: Reader, account: string): Promise<PresentAccount | null> =>
  (
    await reader.read<PresentAccount>(
      `SELECT a.account_number AS account, a.status, c.customer_key AS "customerKey", c.name, c.phones, c.language,
        EXISTS (SELECT FROM meter_placements p WHERE p.account_id = a.id) AS "hasMeters"
      FROM accounts a JOIN customers c ON c.id = a.customer_id WHERE a.account_number = $1::text`,
      [account],
    )
  )[0] ?? null;
