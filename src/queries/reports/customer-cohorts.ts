import type { CohortAccount } from "../../domain/metrics/cohort.ts";
import type { Reader } from "../../ports/reader.ts";
import { ofSiteAndType, PEOPLE } from "./people.ts";

/** Customers of one question at most; a country's are asked for in a few. */
export const COHORT_BATCH = 5_000;

export type CohortCustomer = {
  customerId: number;
  name: string;
  site: string | null;
  type: string | null;
  registeredOn: string | null;
  connectedOn: string | null;
  endedOn: string | null;
  isKnown: boolean;
  /** What was paid for electricity. */
  electricityMinor: number;
  /** The first day on which a fee was paid. */
  firstFeeOn: string | null;
  hasContract: boolean;
  accounts: ({ account: string } & CohortAccount)[];
};

/**
 * Facts by account; `customerId` 0 is everybody after `after`. Money: payments and what was taken back, in the ledger, and the old books'
 * payments and fees; an opening or a correction is neither.
 */
const FACTS = `${PEOPLE}, page AS (
    SELECT p.* FROM people p WHERE p.id > $4::bigint AND ($5::bigint = 0 OR p.id = $5::bigint) AND ${ofSiteAndType("$2", "$3")}
    ORDER BY p.id LIMIT $7::int
  ), own AS MATERIALIZED (
    SELECT a.customer_id, a.id, n.account_number, a.reached, a.is_lit, a.is_ended, a.ended_on FROM page JOIN per_account a ON a.customer_id = page.id
      JOIN accounts n ON n.id = a.id
  ), money AS (
    SELECT o.id, e.book = 'customer_fees' AS is_fee, e.amount_minor AS minor, e.occurred_at AS at
    FROM own o JOIN ledger_entries e ON e.account_id = o.id WHERE e.kind IN ('payment', 'reversal')
    UNION ALL
    SELECT o.id, l.kind = 'fee', l.amount_minor, l.paid_at FROM own o JOIN legacy_transactions l ON l.account_number = o.account_number
    WHERE l.kind IN ('payment', 'fee') AND l.amount_minor IS NOT NULL
      AND NOT EXISTS (SELECT FROM payments q WHERE q.receipt = l.receipt AND q.holder_kind <> 'legacy')
  ), paid AS (
    SELECT id, sum(minor) FILTER (WHERE is_fee)::bigint AS fees, coalesce(sum(minor) FILTER (WHERE NOT is_fee), 0)::bigint AS electricity,
      min(at) FILTER (WHERE is_fee AND minor > 0) AS first_fee FROM money GROUP BY id
  ), accounts_of AS (
    SELECT o.customer_id, sum(m.electricity)::bigint AS electricity, min(m.first_fee) AS first_fee,
      bool_or(EXISTS (SELECT FROM contracts k WHERE k.account_id = o.id)) AS has_contract,
      jsonb_agg(jsonb_build_object('account', o.account_number, 'feesMinor', m.fees,
        'isConnectionPaid', coalesce(jsonb_exists(o.reached, 'connection_fee_paid'), false),
        'isReadyboardPaid', coalesce(jsonb_exists(o.reached, 'readyboard_fee_paid'), false),
        'isConnected', o.is_lit, 'isEnded', o.is_ended AND (o.ended_on IS NULL OR o.ended_on <= $6::date),
        'isMetered', EXISTS (SELECT FROM meter_placements w WHERE w.account_id = o.id AND w.valid_to IS NULL)) ORDER BY o.id) AS accounts
    FROM own o LEFT JOIN paid m ON m.id = o.id GROUP BY o.customer_id
  )
  SELECT p.id AS "customerId", p.name, p.site, p.type, p.registered_on::text AS "registeredOn", p.lit_on::text AS "connectedOn",
    CASE WHEN p.is_ended THEN p.ended_on::text END AS "endedOn", c.source IN ('portal', 'file') AS "isKnown",
    coalesce(q.electricity, 0) AS "electricityMinor", (q.first_fee AT TIME ZONE $1::text)::date::text AS "firstFeeOn",
    coalesce(q.has_contract, false) AS "hasContract", coalesce(q.accounts, '[]'::jsonb) AS accounts
  FROM page p JOIN customers c ON c.id = p.id LEFT JOIN accounts_of q ON q.customer_id = p.id ORDER BY p.id`;

type Asked = { site: string | null; type: string | null; timeZone: string; today: string };

const ask = (db: Reader, { timeZone, site, type, today }: Asked, after: number, only: number, limit: number) =>
  db.read<CohortCustomer>(FACTS, [
    ...[timeZone, site ?? "", type ?? "", String(after), String(only), today, String(Math.min(limit, COHORT_BATCH))],
  ]);

/** Some customers by number, after one of them. */
export const cohortCustomers = (db: Reader, asked: Asked, after: number, limit: number): Promise<CohortCustomer[]> =>
  ask(db, asked, after, 0, limit);

/** One customer, by the same question. */
export const cohortCustomer = async (db: Reader, asked: Asked, customerId: number): Promise<CohortCustomer | null> =>
  (await ask(db, asked, 0, customerId, 1))[0] ?? null;
