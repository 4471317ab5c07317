import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

/** Cases that a hint shows of one customer, and open ones that are looked through. */
const PARKED_MAX = 20;
const LOOKED_AT_MAX = 2_000;

/** Money in suspense that looks like a customer's: somebody looks and assigns it; nothing moves by itself. */
export type ParkedMoney = {
  caseKey: string;
  receipt: string | null;
  amountMinor: number;
  currency: string;
  because: string;
  openedAt: number;
  /** What it shares with the customer. */
  sharing: "account" | "phone";
};

/** Open cases whose text or hint names one of the customer's accounts, or which one of the phones paid, by its whole number. */
export const parkedMoney = (reader: Reader, customerId: number): Promise<ParkedMoney[]> =>
  reader.read<ParkedMoney>(
    `WITH open AS (SELECT * FROM suspense_cases WHERE state = 'open' ORDER BY opened_at DESC LIMIT ${LOOKED_AT_MAX}
    ), whose AS (
      SELECT c.phones, ARRAY(SELECT a.account_number FROM accounts a WHERE a.customer_id = c.id) AS accounts
      FROM customers c WHERE c.id = $1::bigint
    ), found AS (
      SELECT s.*, s.hint_accounts && w.accounts
          OR EXISTS (SELECT FROM unnest(w.accounts) AS account WHERE cc_compact(s.text) LIKE '%' || account || '%') AS named,
        s.payer_phone = ANY (w.phones) AS paid
      FROM open s CROSS JOIN whose w
    )
    SELECT case_key AS "caseKey", receipt, amount_minor AS "amountMinor", currency, because, ${ms("opened_at", '"openedAt"')},
      CASE WHEN named THEN 'account' ELSE 'phone' END AS sharing
    FROM found WHERE named OR paid ORDER BY opened_at DESC LIMIT ${PARKED_MAX}`,
    [String(customerId)],
  );
