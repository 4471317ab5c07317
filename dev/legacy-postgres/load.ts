import type pg from "pg";
import { drawFrom } from "../faults/seeded.ts";
import { type CopyCell, copyIn } from "./copy-in.ts";
import { HISTORY_COLUMNS, makeHistory } from "./history.ts";
import { KeyMaker, type LegacyKey } from "./key.ts";
import { ASSIGNMENT_COLUMNS, METER_COLUMNS, makeMeters } from "./meters.ts";
import { ACCOUNT_COLUMNS, CUSTOMER_COLUMNS, makePeople, type OldAccountFacts } from "./people.ts";
import type { LegacyPlan } from "./plan.ts";
import { HOUR_COLUMNS, makeHours, makeReadings, READING_COLUMNS } from "./readings.ts";
import { TABLES } from "./tables.ts";

/**
 * Fills a database with an old system that never was, all of its people invented, and says what is wrong with it. What was
 * in the database before is gone.
 */
export async function loadLegacy(
  client: pg.Client,
  plan: LegacyPlan,
  said: (table: string, rows: number) => void = () => undefined,
): Promise<LegacyKey> {
  const draw = drawFrom(plan.seed);
  const key = new KeyMaker();
  await client.query(TABLES);
  const rows: Record<string, number> = {};
  const copy = async (table: string, columns: readonly string[], of: Iterable<readonly CopyCell[]>) => {
    rows[table] = await copyIn(client, table, columns, of);
    said(table, rows[table]);
  };
  const people = makePeople(plan, draw, key);
  const ended = new Set(people.customers.filter((row) => row[14] !== null).map(([id]) => id));
  const isEnded = ({ customerId }: OldAccountFacts) => ended.has(customerId);
  const { accounts } = people;
  await copy("customers", CUSTOMER_COLUMNS, people.customers);
  await copy("accounts", ACCOUNT_COLUMNS, people.accountRows);
  const meters = makeMeters(plan, draw, key, accounts, isEnded);
  await copy("meters", METER_COLUMNS, meters.rows);
  await copy("meter_assignments", ASSIGNMENT_COLUMNS, meters.assignments);
  await copy("transactions", HISTORY_COLUMNS, makeHistory(plan, draw, key, byConnection(accounts)));
  const taken = { count: 0, byYear: new Map<number, number>() };
  await copy("meter_readings", READING_COLUMNS, makeReadings(plan, key, accounts, meters.inUse, taken));
  await copy("hourly_consumption", HOUR_COLUMNS, makeHours(plan, key, accounts, meters.inUse));
  await client.query(SETTINGS);
  await client.query("CREATE INDEX ON transactions (account_number, transaction_date); ANALYZE");
  const readings = { taken: taken.count, byYear: Object.fromEntries(taken.byYear) };
  return key.made(
    { seed: plan.seed, rows, customers: people.customers.length, metersPlaced: meters.placed, readings },
    accounts.map(({ account }) => account),
  );
}

const byConnection = (accounts: readonly OldAccountFacts[]) =>
  [...accounts].sort((a, b) => a.connectedWall - b.connectedWall);

const SETTINGS = `INSERT INTO system_config (key, value, updated_at) VALUES ('tariff_rate', '5.0', '2026-02-19Z'),
    ('connection_fee_amount', '501', '2026-05-08Z'), ('billing_meter_priority', 'sm', '2026-05-08Z');
  INSERT INTO monthly_transactions SELECT upper(account_number), '', to_char(transaction_date, 'YYYY-MM'), sum(kwh_value),
    sum(transaction_amount), count(*), right(upper(account_number), 3), 'koios' FROM transactions
    WHERE is_payment AND account_number ~ '^[0-9]{4}[A-Za-z]{3}$' AND kwh_value <> 'NaN' AND transaction_date > '2026-02-19Z'
    GROUP BY 1, 3, 7;
  INSERT INTO monthly_consumption SELECT account_number, meter_id, to_char(reading_hour, 'YYYY-MM'), sum(kwh::numeric),
    community, source FROM hourly_consumption WHERE kwh < 100 GROUP BY 1, 2, 3, 5, 6`;
