import type { Reader } from "../ports/reader.ts";

/** What is owed beside energy, by kind: fees, advances, plans of appliances. Minor units, and of how many accounts. */
export type Owed = { kind: "fees" | "advances" | "plans"; minor: number; accounts: number };

/**
 * By the books as Postgres has them; a kind of which nothing is owed is not there. What was paid beyond a debt, and what nothing
 * took of a payment to the number of the contract, is nobody's debt and does not lessen another's. What was paid back of that before
 * its payment was taken back went out twice, and is owed among the fees.
 */
export const owedBesideEnergy = (db: Reader): Promise<Owed[]> => db.read<Owed>(OWED);

const OWED = `SELECT kind, sum(minor)::bigint AS minor, count(DISTINCT account_id)::int AS accounts FROM (
    SELECT account_id, part, CASE WHEN part LIKE 'advance.%' THEN 'advances' WHEN part LIKE 'financing.%' THEN 'plans' ELSE 'fees' END AS kind,
      -sum(amount_minor) AS minor
    FROM (SELECT e.account_id, e.amount_minor,
        coalesce(substring(e.entry_key FROM '^receipt:.+/fee[.]([a-z0-9.-]+)(?::reversal)?$'),
          substring(e.entry_key FROM '^fee:[a-z]+:([a-z0-9.-]+):[^:/]+$')) AS part
      FROM ledger_entries e WHERE e.book = 'customer_fees') l
    GROUP BY account_id, part) d
  WHERE minor > 0 GROUP BY kind ORDER BY kind`;
