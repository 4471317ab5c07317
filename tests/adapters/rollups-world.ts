import { expect } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonRollups } from "../../src/adapters/neon/rollups.ts";
import type { OutboxRow } from "../../src/domain/outbox.ts";
import { refreshMonthHours, refreshRollups } from "../../src/services/refresh-rollups.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { allocation, credit, items, payment, seed } from "./rows.ts";

/** A database of which days are added up, and what is sold in it. */

export const HOUR_MS = 3_600_000;
const ZONES = { LS: ["Africa/Maseru", 120], BJ: ["Africa/Porto-Novo", 60] } as const;

export let database: FreshDatabase;
export let db: Database;
export let account: number;
export const run = (query: string) => withClient(database.ownerUrl, (client) => client.query(query));
export const write = async (...rows: OutboxRow[]) =>
  expect(await neonCopies(db).write(items(rows))).toMatchObject({ refused: [], conflicts: [] });
/** No month runs any more, and each has waited long enough. */
export const LONG_AFTER = Date.UTC(2100, 0, 1);
export const ALL = { running: "2100-01-01", waitedSince: LONG_AFTER };
/** Until nothing is left to add up. Answers how many rows changed. */
export const refresh = async (country: keyof typeof ZONES = "LS") => {
  const [zone, offset] = ZONES[country];
  let changed = 0;
  for (let step = 0; step < 100; step++) {
    const done = await refreshRollups(neonRollups(db, zone), offset);
    const months = await refreshMonthHours(neonRollups(db, zone), { now: LONG_AFTER, utcOffsetMinutes: offset });
    changed += done.changed + months.changed;
    if (!done.more && !months.more) return changed;
  }
  throw new Error("there is always more");
};
export const sales = () =>
  db.read<Record<string, unknown>>(
    `SELECT day::text AS day, account_number AS account, channel, payments, gross_minor AS gross, reversed_minor AS reversed,
      electricity_minor AS electricity, suspense_minor AS suspense, treasury_minor AS treasury, vended_wh AS vended
    FROM sales_account_days ORDER BY day, account_number, channel`,
  );
export const differing = async (country: keyof typeof ZONES = "LS") => {
  const days = Array.from({ length: 31 }, (_, n) => new Date(Date.UTC(2026, 9, 20 + n)).toISOString().slice(0, 10));
  return (await neonRollups(db, ZONES[country][0]).verify(days)).filter((each) => each.days.length > 0);
};
/** A payment with its share and its credit, paid at an instant. */
export const paid = (receipt: string, paidAt: number, amountMinor = 2_000) => {
  const { row } = credit(account, { receipt, amountMinor });
  return [
    payment({ receipt, paidAt, amountMinor, claimedAt: paidAt + 1_000 }),
    allocation({ receipt, amountMinor, entryKey: `receipt:${receipt}#1.1` }),
    { ...row, rows: row.rows.map((each) => ({ ...each, occurredAt: paidAt })) },
  ];
};

export const begin = async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  [account = 0] = await seed(database.ownerUrl);
};
export const end = () => database.drop();
