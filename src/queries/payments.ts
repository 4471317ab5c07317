import { soldLater } from "../domain/fees/sold-later.ts";
import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

export const PAYMENTS_PAGE_MAX = 100;
/** Rows of one file: more than a country's busiest year has in a quarter. */
export const PAYMENTS_CSV_MAX = 50_000;
export const PAYMENTS_CSV_PAGE = 1_000;
/** Days that are added up in one answer. */
export const TOTAL_DAYS_MAX = 400;

export type HolderKind = "account" | "split" | "suspense" | "treasury" | "returned" | "legacy";
export type PaymentsFilter = {
  /** UTC ms, from included, to not; null: from the first, to the last. */
  from: number | null;
  to: number | null;
  site: string | null;
  provider: string | null;
  holder: HolderKind | null;
  minMinor: number | null;
  maxMinor: number | null;
  /** The beginning of a receipt, an account, or the end of the payer's phone. */
  text: string | null;
};

export type PaymentListed = {
  receipt: string;
  /** Null: an account's copy came before the receipt's own row. */
  provider: string | null;
  road: string | null;
  amountMinor: number;
  currency: string;
  holderKind: HolderKind;
  /** Accounts that hold it, one where it is whole. */
  accounts: string[];
  name: string | null;
  energyWh: number | null;
  payerPhone: string | null;
  tillId: string | null;
  blocked: boolean;
  paidAt: number;
};
export type PaymentsCursor = { paidAt: number; receipt: string };

/** The shape that every account number has; the end of a phone never has it. */
const ACCOUNT_NUMBER = /^[0-9]{4}[a-z]{3}$/i;

/** Numbers its parameters itself: only what is asked is compared. */
function conditions(filter: PaymentsFilter): { where: string; params: string[] } {
  const params: string[] = [];
  const given = (condition: string, value: string | number | null) => {
    if (value === null) return "";
    params.push(String(value));
    return ` AND ${condition.replaceAll("?", `$${params.length}`)}`;
  };
  const where = [
    given("p.paid_at >= cc_at(?::bigint)", filter.from),
    given("p.paid_at < cc_at(?::bigint)", filter.to),
    given("p.provider = ?::text", filter.provider),
    given("p.holder_kind = ?::text", filter.holder),
    given("p.amount_minor >= ?::bigint", filter.minMinor),
    given("p.amount_minor <= ?::bigint", filter.maxMinor),
    given(
      `EXISTS (SELECT FROM payment_allocations l JOIN accounts s ON s.id = l.account_id
        WHERE l.receipt = p.receipt AND l.generation = p.generation AND s.site_code = ?::text)`,
      filter.site,
    ),
    // Only what it may be is compared, each along an index; whose a payment is, asked of each, would be asked of all of them.
    given(
      `(starts_with(p.receipt, upper(?::text)) OR ${
        ACCOUNT_NUMBER.test(filter.text ?? "")
          ? `p.receipt = ANY (ARRAY(SELECT l.receipt FROM accounts s JOIN payment_allocations l ON l.account_id = s.id
          JOIN payments o ON o.receipt = l.receipt AND o.generation = l.generation WHERE s.account_number = upper(?::text)))`
          : "(length(?::text) >= 4 AND starts_with(reverse(p.payer_phone), reverse(?::text)))"
      })`,
      filter.text,
    ),
  ].join("");
  return { where, params };
}

/** Those that accounts of a site hold whole, and those that are split, of which there are few: a split names its accounts in its shares alone. */
const pageOfSite = (newest: string, site: string, count: number) => `SELECT * FROM (
      (SELECT p.* FROM accounts h CROSS JOIN LATERAL (SELECT p.* FROM payments p WHERE p.account_id = h.id AND ${newest}) p
        WHERE h.site_code = ${site})
      UNION ALL (SELECT p.* FROM payments p WHERE p.holder_kind = 'split' AND p.account_id IS NULL AND ${newest})
    ) p ORDER BY p.paid_at DESC, p.receipt DESC LIMIT $${count}::int`;

/** Payments, the newest first, a page before (paidAt, receipt). */
export function listPayments(
  db: Reader,
  filter: PaymentsFilter,
  before: PaymentsCursor | null,
  limit: number,
): Promise<PaymentListed[]> {
  const { where, params } = conditions(filter);
  params.push(String(before?.paidAt ?? ""), before?.receipt ?? "", String(limit));
  const [at, receipt, count] = [params.length - 2, params.length - 1, params.length];
  const newest = `($${at}::text = '' OR (p.paid_at, p.receipt) < (cc_at(nullif($${at}::text, '')::bigint), $${receipt}::text))${where}
      ORDER BY p.paid_at DESC, p.receipt DESC LIMIT $${count}::int`;
  // A page of a site goes along its accounts: along time it would go past the payments of all the others. A file goes past them once.
  const isOfSite = filter.site !== null && limit <= PAYMENTS_PAGE_MAX;
  if (isOfSite) params.push(filter.site ?? "");
  const page = isOfSite
    ? pageOfSite(newest, `$${params.length}::text`, count)
    : `SELECT p.* FROM payments p WHERE ${newest}`;
  return db.read<PaymentListed>(
    `WITH page AS (${page})
    SELECT p.receipt, p.provider, p.road, p.amount_minor AS "amountMinor", p.currency, p.holder_kind AS "holderKind",
      p.payer_phone AS "payerPhone", p.till_id AS "tillId", p.blocked, ${ms("p.paid_at", '"paidAt"')}, c.name,
      coalesce(held.accounts, CASE WHEN a.id IS NULL THEN '{}' ELSE ARRAY[a.account_number] END) AS accounts,
      (SELECT sum(s.energy_wh)::bigint FROM (
        SELECT e.energy_wh FROM ledger_entries e WHERE e.receipt = p.receipt AND e.account_id IS NOT NULL
        UNION ALL SELECT x.energy_wh FROM ${soldLater("u.receipt = p.receipt")} x) s) AS "energyWh"
    FROM page p LEFT JOIN accounts a ON a.id = p.account_id LEFT JOIN customers c ON c.id = a.customer_id
      LEFT JOIN LATERAL (SELECT array_agg(s.account_number ORDER BY l.share) AS accounts FROM payment_allocations l
        JOIN accounts s ON s.id = l.account_id WHERE l.receipt = p.receipt AND l.generation = p.generation) held ON true
    ORDER BY p.paid_at DESC, p.receipt DESC`,
    params,
  );
}

export type PaymentsDay = {
  /** The local day. */
  day: string;
  count: number;
  amountMinor: number;
  accountsMinor: number;
  suspenseMinor: number;
  treasuryMinor: number;
  returnedMinor: number;
  legacyMinor: number;
};

/** The same payments, added up by local day, newest first. What a split leaves in suspense counts as suspense. */
export function paymentDays(db: Reader, filter: PaymentsFilter, utcOffsetMinutes: number): Promise<PaymentsDay[]> {
  const { where, params } = conditions(filter);
  params.push(String(utcOffsetMinutes));
  const offset = params.length;
  const held = (kind: string) => `coalesce(sum(s.${kind}), 0)::bigint AS "${kind}Minor"`;
  return db.read<PaymentsDay>(
    `WITH found AS (
      SELECT p.receipt, p.generation, p.holder_kind, p.amount_minor,
        (p.paid_at AT TIME ZONE 'UTC' + make_interval(mins => $${offset}::int))::date::text AS day
      FROM payments p WHERE true${where}
    ), shares AS (
      SELECT f.day, f.amount_minor,
        CASE WHEN f.holder_kind = 'account' THEN f.amount_minor WHEN f.holder_kind = 'split' THEN l.account END AS accounts,
        CASE WHEN f.holder_kind = 'suspense' THEN f.amount_minor WHEN f.holder_kind = 'split' THEN l.suspense END AS suspense,
        CASE WHEN f.holder_kind = 'treasury' THEN f.amount_minor WHEN f.holder_kind = 'split' THEN l.treasury END AS treasury,
        CASE WHEN f.holder_kind = 'returned' THEN f.amount_minor WHEN f.holder_kind = 'split' THEN l.returned END AS returned,
        CASE WHEN f.holder_kind = 'legacy' THEN f.amount_minor END AS legacy
      FROM found f LEFT JOIN LATERAL (
        SELECT sum(a.amount_minor) FILTER (WHERE a.holder_kind = 'account') AS account,
          sum(a.amount_minor) FILTER (WHERE a.holder_kind = 'suspense') AS suspense,
          sum(a.amount_minor) FILTER (WHERE a.holder_kind = 'treasury') AS treasury,
          sum(a.amount_minor) FILTER (WHERE a.holder_kind = 'returned') AS returned
        FROM payment_allocations a WHERE f.holder_kind = 'split' AND a.receipt = f.receipt AND a.generation = f.generation
      ) l ON true
    )
    SELECT s.day, count(*) AS count, sum(s.amount_minor)::bigint AS "amountMinor", ${held("accounts")}, ${held("suspense")},
      ${held("treasury")}, ${held("returned")}, ${held("legacy")}
    FROM shares s GROUP BY s.day ORDER BY s.day DESC LIMIT ${TOTAL_DAYS_MAX}`,
    params,
  );
}
