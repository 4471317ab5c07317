import type pg from "pg";
import { loadPeople } from "../search/load.ts";
import { madePeople, type Person } from "../search/people.ts";

/** The last day that has rows; the month before it is whole. */
export const NOW = Date.UTC(2026, 9, 31, 22);
/** Local days of readings that every meter has. */
export const DAYS = 31;
/** Payments of an account in them, and entries of what was used. */
const PAYMENTS = 4;
const DEBITS = 4;
const SEED = 1;

/** Fills an empty, migrated database as its superuser with so many customers, one account each at least, and a month of their lives. */
export async function loadCountry(
  client: pg.Client,
  accounts: number,
  note: (line: string) => void,
): Promise<Person[]> {
  const people = madePeople(accounts, SEED);
  const run = (query: string) => client.query(query);
  note(`${accounts} customers`);
  await loadPeople(client, people);
  // Without triggers and keys to other tables, which the real writers pay for.
  await run("SET session_replication_role = replica");
  await run("SELECT cc_make_partitions(2027)");
  note("payments and entries");
  const at = (n: string) => `('2026-10-01T00:00:00Z'::timestamptz + (${n}) % ${DAYS * 1_440} * interval '1 minute')`;
  await run(`INSERT INTO payments (receipt, shard, provider, amount_minor, currency, account_id, holder_kind, paid_at, road, generation, version,
      blocked, claimed_at)
    SELECT 'G' || a.id || 'N' || k, (a.id + k) % 16, 'mpesa', 500 + (a.id * 37 + k) % 4500, 'LSL', a.id, 'account', ${at("a.id * 7919 + k * 11003")},
      'sms', 1, 1, false, ${at("a.id * 7919 + k * 11003")}
    FROM accounts a CROSS JOIN generate_series(1, ${PAYMENTS}) k`);
  await run(`INSERT INTO ledger_entries (entry_key, posting_id, book, kind, energy_wh, amount_minor, currency, provider, account_id, seq,
      balance_after_wh, receipt, hash, occurred_at, accepted_at)
    SELECT p.receipt || side, p.receipt, CASE side WHEN 'c' THEN 'customer_energy' ELSE 'clearing' END, 'payment',
      CASE side WHEN 'c' THEN 2 ELSE -2 END * p.amount_minor, CASE side WHEN 'c' THEN 1 ELSE -1 END * p.amount_minor, 'LSL', 'mpesa',
      CASE side WHEN 'c' THEN p.account_id END, CASE side WHEN 'c' THEN right(p.receipt, 1)::int END,
      CASE side WHEN 'c' THEN 1000 END, p.receipt, CASE side WHEN 'c' THEN 'hash' END, p.paid_at, p.paid_at
    FROM payments p CROSS JOIN (VALUES ('c'), ('o')) s(side)`);
  await run(`INSERT INTO ledger_entries (entry_key, posting_id, book, kind, energy_wh, amount_minor, currency, account_id, seq, balance_after_wh, hash,
      occurred_at, accepted_at)
    SELECT 'u' || a.id || 'n' || k || side, 'u' || a.id || 'n' || k, CASE side WHEN 'c' THEN 'customer_energy' ELSE 'energy_used' END, 'consumption',
      CASE side WHEN 'c' THEN -900 ELSE 900 END, 0, 'LSL', CASE side WHEN 'c' THEN a.id END, CASE side WHEN 'c' THEN ${PAYMENTS} + k END,
      CASE side WHEN 'c' THEN 1000 END, CASE side WHEN 'c' THEN 'hash' END, ${at("a.id * 31 + k * 9973")}, ${at("a.id * 31 + k * 9973")}
    FROM accounts a CROSS JOIN generate_series(1, ${DEBITS}) k CROSS JOIN (VALUES ('c'), ('o')) s(side)`);
  await run(
    `INSERT INTO account_balances (account_id, balance_wh, seq, as_of) SELECT id, 1000, ${PAYMENTS + DEBITS}, '2026-10-31T20:00:00Z' FROM accounts`,
  );
  note("a month of days, and the hours of its last day");
  await run(`INSERT INTO consumption_daily (meter_id, account_id, day, energy_wh, hours, estimated_hours, peak_wh)
    SELECT p.meter_id, p.account_id, '2026-10-01'::date + d, 200 + (p.meter_id * 7919 + d * 104729) % 2000, 24, 0, 300
    FROM generate_series(0, ${DAYS - 1}) d CROSS JOIN meter_placements p`);
  await run(`INSERT INTO consumption_hourly (meter_id, account_id, hour, energy_wh, estimated, source)
    SELECT p.meter_id, p.account_id, '2026-10-30T22:00:00Z'::timestamptz + h * interval '1 hour', (p.meter_id * 7919 + h * 104729) % 100, false, 'iot'
    FROM generate_series(0, 23) h CROSS JOIN meter_placements p`);
  await run(`INSERT INTO meter_readings (meter_id, read_at, register_wh, power_w, voltage_mv, connected, source, account_id, received_at)
    SELECT p.meter_id, '2026-10-31T20:00:00Z'::timestamptz + q * interval '15 minutes', 100000 + q, 80, 230000, true, 'iot', p.account_id,
      '2026-10-31T21:00:00Z'
    FROM generate_series(0, 3) q CROSS JOIN meter_placements p`);
  await run("SET session_replication_role = DEFAULT");
  note("statistics");
  await run("VACUUM (ANALYZE)");
  await run("CHECKPOINT");
  return people;
}
