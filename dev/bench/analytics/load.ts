import type pg from "pg";

/** How much there is: whole years of a country, made inside the database, the same for the same sizes. */
export type Sizes = {
  accounts: number;
  hours: number;
  transactions: number;
  /** How rows lie on the disk: hour after hour of all meters, as live readings come, or meter after meter, as a history is brought. */
  laid: "hour" | "meter";
};

/** The last hour that exists. */
export const ENDS_AT = "2026-11-01T00:00:00Z";
const SITES = 17;
export const MONEY_DAYS = 1_826;
const HOURS_A_STEP = 744;

/** Fills an empty, migrated database as its superuser: without triggers and keys to other tables, which the real writers pay for. */
export async function loadYears(
  client: pg.Client,
  { accounts, hours, transactions, laid }: Sizes,
  note: (line: string) => void,
) {
  const run = (query: string, values: unknown[] = []) => client.query(query, values);
  await run("SET session_replication_role = replica");
  await run("SELECT cc_make_partitions(2027)");
  await run(`INSERT INTO sites (code, name, facts_version)
    SELECT 'S' || chr(65 + n / 26) || chr(65 + n % 26), 'Site ' || n, 1 FROM generate_series(0, ${SITES - 1}) n`);
  await run(`INSERT INTO customers (customer_key, name, customer_type)
    SELECT 'c' || n, 'Somebody ' || n, (ARRAY['HH1', 'HH2', 'HH3', 'SME', 'CHU'])[1 + n % 5] FROM generate_series(1, ${accounts}) n`);
  await run(`INSERT INTO accounts (account_number, site_code, customer_id, status, facts_version)
    SELECT lpad((1 + c.id / ${SITES})::text, 4, '0') || s.code, s.code, c.id, 'live', 1
    FROM customers c JOIN LATERAL (SELECT code FROM sites ORDER BY code OFFSET c.id % ${SITES} LIMIT 1) s ON true`);
  await run("INSERT INTO meters (meter_number) SELECT (10000000 + id)::text FROM accounts");
  await run(`INSERT INTO meter_placements (meter_id, account_id, role, valid_from, facts_version)
    SELECT m.id, a.id, 'primary', '2018-01-01', 1 FROM meters m JOIN accounts a ON a.id = (m.meter_number::bigint - 10000000)`);
  const each = Math.round(hours / accounts);
  const inOrder = laid === "hour" ? "h DESC, p.meter_id" : "p.meter_id, h DESC";
  // The oldest first.
  for (let from = Math.ceil(each / HOURS_A_STEP) * HOURS_A_STEP - HOURS_A_STEP; from >= 0; from -= HOURS_A_STEP) {
    note(`hours: ${from} of ${each} of each meter to go`);
    await run(
      `INSERT INTO consumption_hourly (meter_id, account_id, hour, energy_wh, estimated, source)
      SELECT p.meter_id, p.account_id, '${ENDS_AT}'::timestamptz - h * interval '1 hour', (p.meter_id * 7919 + h * 104729) % 400, false, 'koios'
      FROM meter_placements p CROSS JOIN generate_series($1::int, $2::int) h
      ORDER BY ${inOrder}`,
      [from + 1, Math.min(each, from + HOURS_A_STEP)],
    );
  }
  note("days");
  await run(`INSERT INTO consumption_daily (meter_id, account_id, day, energy_wh, hours, estimated_hours, peak_wh)
    SELECT meter_id, account_id, (hour AT TIME ZONE 'Africa/Maseru')::date, sum(energy_wh), count(*), 0, max(energy_wh) FROM consumption_hourly GROUP BY 1, 2, 3
    ORDER BY ${laid === "hour" ? "3, 1" : "1, 3"}`);
  note("transactions");
  await run(
    `INSERT INTO legacy_transactions (source, source_id, kind, account_number, amount_minor, currency, energy_wh, paid_at)
    SELECT 'bench', n::text, CASE WHEN n % 300 = 0 THEN 'fee' ELSE 'payment' END, a.account_number, 500 + n % 4500, 'LSL', 1000 + n % 9000,
      '${ENDS_AT}'::timestamptz - (n::bigint * 2654435761 % (${MONEY_DAYS} * 86400)) * interval '1 second'
    FROM generate_series(1, ${transactions}) n JOIN accounts a ON a.id = 1 + (n::bigint * 7919) % ${accounts}`,
  );
  await run("SET session_replication_role = DEFAULT");
  note("statistics");
  await run("VACUUM (ANALYZE)");
  // What the loading still owes the disk is not what is measured.
  await run("CHECKPOINT");
}
