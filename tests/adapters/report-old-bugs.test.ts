/** Faults of the old reports that are answered by what is added up, each by its name. Worlds small enough to check on paper. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonRollups } from "../../src/adapters/neon/rollups.ts";
import { answerMetric } from "../../src/domain/metrics/answer.ts";
import { type Period, periodsBetween } from "../../src/domain/metrics/periods.ts";
import { type Grain, type Grouping, type MetricId, metricOf } from "../../src/domain/metrics/registry.ts";
import type { OutboxRow } from "../../src/domain/outbox.ts";
import { addMeasures } from "../../src/queries/reports/measures.ts";
import { refreshRollups } from "../../src/services/refresh-rollups.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { allocation, credit, items, NOON, payment, seed } from "./rows.ts";

const ZONE = "Africa/Maseru";
let database: FreshDatabase;
let db: Database;
const run = (query: string) => withClient(database.ownerUrl, (client) => client.query(query));
const write = async (...rows: OutboxRow[]) =>
  expect(await neonCopies(db).write(items(rows))).toMatchObject({ refused: [], conflicts: [] });
type Ask = { grain?: Grain; by?: Grouping; from?: string; to?: string };
async function figure(
  id: MetricId,
  { grain = "month", by = "none", from = "2026-11-01", to = "2026-11-30" }: Ask = {},
) {
  const metric = metricOf(id);
  const periods = periodsBetween({ from, to, grain }, NOON + 90 * 86_400_000, 120) as Period[];
  const measures = [metric.numerator, ...(metric.denominator === null ? [] : [metric.denominator])];
  const order = { measures, grain, periods, by, site: null, type: null, today: "2027-02-01", timeZone: ZONE };
  return answerMetric(metric, periods, await addMeasures(db, order), 2);
}
const value = async (id: MetricId, ask: Ask = {}) => (await figure(id, ask)).map((row) => row.value);

beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  const [account = 0] = await seed(database.ownerUrl);
  const { row } = credit(account, { receipt: "QK7AAA" });
  await write(payment(), allocation(), row);
  // An opening and a correction of the same account and day, in the double entry as they are: they are no sale.
  await run(`INSERT INTO ledger_entries (entry_key, posting_id, book, kind, energy_wh, amount_minor, currency, account_id, seq, balance_after_wh, hash,
      occurred_at, accepted_at)
    SELECT k.kind || ':x', k.kind, 'customer_energy', k.kind, k.wh, 0, 'LSL', ${account}, k.seq, 4000, 'h', cc_at(${NOON}), cc_at(${NOON})
    FROM (VALUES ('opening', 9000, 8), ('correction', -500, 9)) AS k(kind, wh, seq)
    UNION ALL SELECT 'o:' || k.kind, k.kind, k.book, k.kind, -k.wh, 0, 'LSL', NULL, NULL, NULL, NULL, cc_at(${NOON}), cc_at(${NOON})
    FROM (VALUES ('opening', 9000, 'opening'), ('correction', -500, 'corrections')) AS k(kind, wh, book)`);
  await run(`INSERT INTO metered_days SELECT '2026-11-03', id, site_code, 700, 24, 0 FROM accounts WHERE account_number = '0045MAK';
    INSERT INTO metered_months SELECT '2026-11-01', id, site_code, 700, 1, 24, 0 FROM accounts WHERE account_number = '0045MAK';
    INSERT INTO sales_account_days VALUES ('2026-10-20', '0045MAK', 'MAK', 'legacy', 1, 50100, 0, 0, 50100, 0, 0, 0),
      ('2026-12-05', '0099ZZZ', NULL, 'legacy', 1, 300, 0, 300, 0, 0, 0, 600)`);
  for (let step = 0; step < 5; step++) await refreshRollups(neonRollups(db, ZONE), 120);
  await run(`INSERT INTO sales_account_months SELECT date_trunc('month', day)::date, account_number, site_code, channel, payments, gross_minor,
      reversed_minor, electricity_minor, fees_minor, suspense_minor, treasury_minor, vended_wh FROM sales_account_days
      WHERE day <> '2026-11-03' ON CONFLICT DO NOTHING`);
});
afterAll(() => database.drop());

it("golden c, bug of old: openings and corrections counted as energy sold, and every row as money", async () => {
  expect([await value("vended"), await value("paid"), await value("payments")]).toEqual([[4_000], [2_000], [1]]);
});

it("golden c, bug of old: a fee counted as power that was bought", async () => {
  const october = { from: "2026-10-01", to: "2026-10-31" };
  expect([
    await value("paid_fees", october),
    await value("paid_electricity", october),
    await value("vended", october),
  ]).toEqual([[50_100], [0], [0]]);
});

it("bug of old: what was sold was called consumption; the two are measured apart, and never the one for the other", async () => {
  expect([await value("vended"), await value("metered")]).toEqual([[4_000], [700]]);
  const december = { from: "2026-12-01", to: "2026-12-31" };
  expect([await value("vended", december), await value("metered", december)]).toEqual([[600], [null]]);
});

it("golden b, bug of old: accounts without a type or a site were dropped in silence; parts add up to the whole", async () => {
  const year = { grain: "quarter" as const, from: "2026-10-01", to: "2026-12-31" };
  const [whole] = await value("paid", year);
  for (const by of ["site", "type", "channel"] as const) {
    const parts = await figure("paid", { ...year, by });
    expect([by, parts.reduce((sum, row) => sum + (row.value ?? 0), 0)]).toEqual([by, whole]);
  }
  expect((await figure("paid", { ...year, by: "type" })).map(({ group }) => group)).toContain(null);
});

it("golden b, bug of old: months and quarters were added up by other rows; months of a quarter are the quarter", async () => {
  const months = await value("paid", { from: "2026-10-01", to: "2026-12-31" });
  const [quarter] = await value("paid", { grain: "quarter", from: "2026-10-01", to: "2026-12-31" });
  expect(months.reduce<number>((sum, each) => sum + (each ?? 0), 0)).toBe(quarter);
});

it("bug of old: three ARPUs had one name; each denominator has its own, and stands beside its figure", async () => {
  const quarter = { grain: "quarter" as const, from: "2026-10-01", to: "2026-12-31" };
  const by = async (id: MetricId) => (await figure(id, quarter)).map(({ value: of, n }) => [of, n])[0];
  // 52,400 by the two accounts that ever paid, the same two that paid in the quarter.
  expect([await by("arpu_ever"), await by("arpu_paying")]).toEqual([
    [26_200, 2],
    [26_200, 2],
  ]);
});
