import type { Reader } from "../ports/reader.ts";

/** Shown of each thing that is not as it should be; all of them are counted. */
const EXAMPLES_MAX = 20;
/** More than a country of ours has. */
const ACCOUNTS_MAX = 50_000;

/** How many rows each table has that a move-in fills, and how many of them came from an old system. */
export type MovedCounts = {
  /** By whose number names them: the Access years', or PostgreSQL's own. */
  customersOfAccess: number;
  customersOfPostgres: number;
  accounts: number;
  metersPlaced: number;
  meters: number;
  openings: number;
  openingsWh: number;
  /** Null: not told yet. */
  cutoverAt: number | null;
};

/** Old transactions of one source, kind, site and local year. Null: no date, or no account's site. */
export type MovedSum = {
  source: string;
  kind: string;
  site: string | null;
  year: number | null;
  rows: number;
  amountMinor: number;
  energyWh: number;
};

/** Something that must not be, how often it is, and where. */
export type Finding = { check: string; count: number; examples: string[] };

export const movedCounts = async (db: Reader): Promise<MovedCounts> => {
  const [row] = await db.read<MovedCounts>(COUNTS);
  if (row === undefined) throw new Error("a SELECT of counts answered no row");
  return row;
};

export const movedSums = (db: Reader, timeZone: string) => db.read<MovedSum>(SUMS, [timeZone]);

/** Old readings by source and local year, and what of them stands in which partition. */
export const movedReadings = (db: Reader, timeZone: string) =>
  db.read<{ source: string; year: number; rows: number }>(READINGS, [timeZone]);
export const movedTotals = (db: Reader) => db.read<{ origin: string; rows: number; energyWh: number }>(TOTALS);
export const readingPartitions = (db: Reader) => db.read<{ name: string; bounds: string; rows: number }>(PARTITIONS);

/** What holds of a whole set of books, whichever old system it came from. */
export async function movedFindings(db: Reader): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [check, query] of Object.entries(CHECKS)) {
    const [row] = await db.read<{ count: number; examples: string[] }>(
      `SELECT count(*) AS count, coalesce((array_agg(f.named ORDER BY f.named))[1:${EXAMPLES_MAX}], '{}') AS examples
      FROM (${query}) AS f(named)`,
    );
    findings.push({ check, count: row?.count ?? 0, examples: row?.examples ?? [] });
  }
  return findings;
}

const COUNTS = `SELECT
  (SELECT count(*) FROM customers WHERE customer_key LIKE 'access:customer:%') AS "customersOfAccess",
  (SELECT count(*) FROM customers WHERE customer_key LIKE 'postgres:customer:%') AS "customersOfPostgres",
  (SELECT count(*) FROM accounts WHERE opening_key LIKE 'access:account:%') AS accounts,
  (SELECT count(DISTINCT p.meter_id) FROM meter_placements p JOIN accounts a ON a.id = p.account_id
    WHERE a.opening_key LIKE 'access:account:%') AS "metersPlaced",
  (SELECT count(*) FROM meters) AS meters,
  (SELECT count(*) FROM ledger_entries WHERE kind = 'opening' AND account_id IS NOT NULL) AS openings,
  (SELECT coalesce(sum(energy_wh), 0)::bigint FROM ledger_entries WHERE kind = 'opening' AND account_id IS NOT NULL) AS "openingsWh",
  (SELECT (value #>> '{}')::bigint FROM country_settings WHERE key = 'cutover_at') AS "cutoverAt"`;

const SUMS = `SELECT source, kind, CASE WHEN account_number ~ '^[0-9]{4}[A-Z]{3}$' THEN right(account_number, 3) END AS site,
    extract(year FROM paid_at AT TIME ZONE $1::text)::int AS year, count(*) AS rows,
    coalesce(sum(amount_minor), 0)::bigint AS "amountMinor", coalesce(sum(energy_wh), 0)::bigint AS "energyWh"
  FROM legacy_transactions GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`;

const READINGS = `SELECT source, extract(year FROM read_at AT TIME ZONE $1::text)::int AS year, count(*) AS rows
  FROM meter_readings WHERE account_id IS NULL GROUP BY 1, 2 ORDER BY 1, 2`;
const TOTALS = `SELECT origin, count(*) AS rows, coalesce(sum(energy_wh), 0)::bigint AS "energyWh"
  FROM legacy_totals GROUP BY 1 ORDER BY 1`;

/** The planner's count where a partition is large: who looks here wants to see which year is missing. */
const PARTITIONS = `SELECT c.relname AS name, pg_get_expr(c.relpartbound, c.oid) AS bounds,
    greatest(c.reltuples, 0)::bigint AS rows
  FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
  WHERE i.inhparent IN ('meter_readings'::regclass, 'consumption_hourly'::regclass) ORDER BY 1`;

const CHECKS = {
  /** Two rows of the old books that name one receipt: one of them is a double. */
  receipt_twice: `SELECT receipt FROM legacy_transactions WHERE receipt IS NOT NULL GROUP BY receipt HAVING count(*) > 1`,
  /** It could credit here what the old system credited already. */
  receipt_not_claimed: `SELECT l.receipt FROM legacy_transactions l WHERE l.receipt IS NOT NULL AND l.amount_minor > 0
    AND NOT EXISTS (SELECT FROM payments p WHERE p.receipt = l.receipt)`,
  /** Held for the old books, which do not have it. */
  claim_without_row: `SELECT p.receipt FROM payments p WHERE p.holder_kind = 'legacy'
    AND NOT EXISTS (SELECT FROM legacy_transactions l WHERE l.receipt = p.receipt)`,
  /** Another amount here than there. */
  receipt_amount: `SELECT l.receipt FROM legacy_transactions l JOIN payments p ON p.receipt = l.receipt
    WHERE p.holder_kind = 'legacy' AND l.amount_minor <> p.amount_minor`,
  opening_twice: `SELECT a.account_number FROM ledger_entries e JOIN accounts a ON a.id = e.account_id
    WHERE e.kind = 'opening' GROUP BY 1 HAVING count(*) > 1`,
  head_differs_from_sum: `SELECT a.account_number FROM accounts a
    JOIN (SELECT account_id, sum(energy_wh) AS wh, max(seq) AS seq FROM ledger_entries WHERE account_id IS NOT NULL GROUP BY 1) e
      ON e.account_id = a.id LEFT JOIN account_balances b ON b.account_id = a.id
    WHERE (b.balance_wh, b.seq) IS DISTINCT FROM (e.wh, e.seq)`,
  posting_out_of_balance: `SELECT posting_id::text FROM ledger_entries GROUP BY posting_id
    HAVING sum(energy_wh) <> 0 OR sum(amount_minor) <> 0`,
  two_primary_meters: `SELECT DISTINCT a.account_number FROM meter_placements p
    JOIN meter_placements o ON o.account_id = p.account_id AND o.meter_id > p.meter_id
      AND tstzrange(o.valid_from, o.valid_to) && tstzrange(p.valid_from, p.valid_to)
    JOIN accounts a ON a.id = p.account_id WHERE p.role = 'primary' AND o.role = 'primary'`,
  year_without_partition: `SELECT t.name || ' ' || y.year FROM (VALUES ('meter_readings'), ('consumption_hourly')) AS t(name),
      generate_series(2018, extract(year FROM now())::int + 1) AS y(year)
    WHERE NOT EXISTS (SELECT FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent = t.name::regclass AND pg_get_expr(c.relpartbound, c.oid) LIKE '%FROM (''' || y.year || '-%')`,
} as const;

/** Accounts that moved in, by number. */
export const movedAccounts = async (db: Reader): Promise<string[]> =>
  (
    await db.read<{ account: string }>(
      `SELECT account_number AS account FROM accounts WHERE opening_key LIKE 'access:account:%' ORDER BY 1 LIMIT ${ACCOUNTS_MAX}`,
    )
  ).map(({ account }) => account);

/** Of some accounts the sum of their entries, their number, and what they were opened with. */
export const booksHeads = (db: Reader, accounts: readonly string[]) =>
  db.read<{ account: string; balanceWh: number; seq: number; openingWh: number | null }>(
    `SELECT a.account_number AS account, coalesce(sum(e.energy_wh), 0)::bigint AS "balanceWh", coalesce(max(e.seq), 0) AS seq,
      (sum(e.energy_wh) FILTER (WHERE e.kind = 'opening'))::bigint AS "openingWh"
    FROM accounts a LEFT JOIN ledger_entries e ON e.account_id = a.id
    WHERE a.account_number IN (SELECT jsonb_array_elements_text($1::jsonb)) GROUP BY 1`,
    [JSON.stringify(accounts)],
  );

/** History of accounts that are not here: of customers nobody knows, or of a receipt alone. By account, the most rows first. */
export const orphanHistory = (db: Reader) =>
  db.read<{ account: string | null; rows: number }>(
    `SELECT l.account_number AS account, count(*) AS rows FROM legacy_transactions l
    WHERE l.paid_at IS NOT NULL AND NOT EXISTS (SELECT FROM accounts a WHERE a.account_number = l.account_number)
    GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 500`,
  );
