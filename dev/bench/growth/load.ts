import type pg from "pg";
import { COUNTRIES } from "../../../src/domain/country.ts";
import { loadPeople } from "../search/load.ts";
import { madePeople, type Person } from "../search/people.ts";

/** The last day that has rows; the month before it is whole. */
export const NOW = Date.UTC(2026, 9, 31, 22);
/** Local days of readings that every meter has. */
export const DAYS = 31;
/** Payments of an account in them, and entries of what was used. */
const PAYMENTS = 4;
const DEBITS = 4;
const COMMANDS = 4;
const SEED = 1;
/** Of a site. A country grows by sites: one village has no more houses because another has light. */
const ACCOUNTS_A_SITE = 200;
const LETTERS = 26;

/** The country's own codes first, then made ones. */
export function sitesFor(accounts: number): [string, ...string[]] {
  const known = COUNTRIES.LS.siteCodes as readonly [string, ...string[]];
  const letter = (n: number) => String.fromCharCode(65 + (n % LETTERS));
  const made = Array.from({ length: LETTERS * LETTERS }, (_, n) => `X${letter(Math.floor(n / LETTERS))}${letter(n)}`);
  const count = Math.max(known.length, Math.ceil(accounts / ACCOUNTS_A_SITE));
  const [first, ...rest] = known;
  return [first, ...[...rest, ...made.filter((code) => !known.includes(code))].slice(0, count - 1)];
}

/** Fills an empty, migrated database as its superuser with so many customers, one account each at least, and a month of their lives. */
export async function loadCountry(
  client: pg.Client,
  accounts: number,
  note: (line: string) => void,
): Promise<Person[]> {
  const people = madePeople(accounts, SEED, sitesFor(accounts));
  const run = (query: string) => client.query(query);
  note(`${accounts} customers`);
  await loadPeople(client, people);
  // Without triggers and keys to other tables, which the real writers pay for.
  await run("SET session_replication_role = replica");
  await run("SELECT cc_make_partitions(2027)");
  // The tenth meter is one of a platform that brings its readings.
  await run("UPDATE meters SET thing = 'thing-' || id WHERE id % 10 <> 0");
  note("payments and entries");
  const at = (n: string) => `('2026-10-01T00:00:00Z'::timestamptz + (${n}) % ${DAYS * 1_440} * interval '1 minute')`;
  await run(`INSERT INTO payments (receipt, shard, provider, amount_minor, currency, account_id, holder_kind, paid_at, road, generation, version,
      blocked, claimed_at)
    SELECT 'G' || a.id || 'N' || k, (a.id + k) % 16, 'mpesa', 500 + (a.id * 37 + k) % 4500, 'LSL', a.id, 'account', ${at("a.id * 7919 + k * 11003")},
      'sms', 1, 1, false, ${at("a.id * 7919 + k * 11003")}
    FROM accounts a CROSS JOIN generate_series(1, ${PAYMENTS}) k`);
  await run(`INSERT INTO payment_allocations (receipt, generation, share, holder_kind, account_id, amount_minor, because, entry_key, at)
    SELECT receipt, 1, 1, 'account', account_id, amount_minor, 'account_token', 'receipt:' || receipt || '#1.1', claimed_at FROM payments`);
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
  await run(`INSERT INTO meter_registers (meter_id, account_id, register_wh, read_at, posted_wh, posted_at, connected, seen_at, seen_wh, version)
    SELECT p.meter_id, p.account_id, 100003, '2026-10-31T20:45:00Z', 100000, '2026-10-31T20:00:00Z', p.meter_id % 20 <> 0, '2026-10-31T20:45:00Z',
      100003, 1 FROM meter_placements p`);
  await run(`INSERT INTO relay_commands (id, account_id, meter_id, seq, action, state, because, requested_at, ended_at, expires_at, version)
    SELECT 'r' || p.meter_id || 'n' || k, p.account_id, p.meter_id, k, CASE k % 2 WHEN 0 THEN 'connect' ELSE 'disconnect' END, 'completed', 'paid',
      ${at("p.meter_id * 7919 + k * 11003")}, ${at("p.meter_id * 7919 + k * 11003")}, ${at("p.meter_id * 7919 + k * 11003")}, 1
    FROM meter_placements p CROSS JOIN generate_series(1, ${COMMANDS}) k`);
  note("what is added up of it");
  await run(`INSERT INTO metered_days (day, account_id, site_code, energy_wh, hours, estimated_hours, peak_wh)
    SELECT d.day, d.account_id, a.site_code, d.energy_wh, 24, 0, d.peak_wh FROM consumption_daily d JOIN accounts a ON a.id = d.account_id`);
  await run(`INSERT INTO metered_months (month, account_id, site_code, energy_wh, days, hours, estimated_hours)
    SELECT date_trunc('month', day)::date, account_id, site_code, sum(energy_wh), count(*), sum(hours), 0 FROM metered_days GROUP BY 1, 2, 3`);
  await run(`INSERT INTO metered_site_days (day, site_code, energy_wh, meters)
    SELECT day, site_code, sum(energy_wh), count(*) FROM metered_days GROUP BY 1, 2`);
  // The running day nearly always waits to be added up again.
  await run(`INSERT INTO rollup_touched (what, at) VALUES ('energy', '2026-10-31T00:00:00Z')`);
  const sales = (
    from: string,
    at: string,
  ) => `SELECT ${at}, account_number, site_code, channel, sum(payments), sum(gross_minor), 0,
    sum(gross_minor), 0, 0, 0, sum(vended_wh) FROM ${from} GROUP BY 1, 2, 3, 4`;
  await run(
    `INSERT INTO sales_account_days ${sales(
      `(SELECT p.paid_at, a.account_number, a.site_code, p.provider AS channel, 1 AS payments, p.amount_minor AS gross_minor,
      2 * p.amount_minor AS vended_wh FROM payments p JOIN accounts a ON a.id = p.account_id) s`,
      "(paid_at AT TIME ZONE 'Africa/Maseru')::date",
    )}`,
  );
  await run(`INSERT INTO sales_account_months ${sales("sales_account_days", "date_trunc('month', day)::date")}`);
  await run("SET session_replication_role = DEFAULT");
  note("statistics");
  await run("VACUUM (ANALYZE)");
  await run("CHECKPOINT");
  return people;
}
