import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import type { OutboxRow } from "../../src/domain/outbox.ts";
import { siteDays } from "../../src/queries/site-days.ts";
import { statusRows } from "../../src/queries/status.ts";
import { waiting } from "../../src/queries/waiting.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { HOUR_MS } from "./reading-rows.ts";
import { credit, items, NOON, payment, seed } from "./rows.ts";

let database: FreshDatabase;
let db: Database;
let account: number;
const ZONE = "Africa/Maseru";
const run = (query: string) => withClient(database.ownerUrl, (client) => client.query(query));
const write = async (...rows: OutboxRow[]) =>
  expect(await neonCopies(db).write(items(rows))).toMatchObject({ refused: [], conflicts: [] });

beforeEach(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  [account = 0] = await seed(database.ownerUrl);
});
afterEach(() => database.drop());

describe("each site, day by day", () => {
  it("gives a payment to the local day of its own instant, not to the day on which it was read", async () => {
    // 23:30 of 2 November in Maseru, read at half past midnight
    const late = Date.UTC(2026, 10, 2, 21, 30);
    const claimedAt = late + HOUR_MS;
    const posted = credit(account, {}).row;
    const rows = posted.rows.map((row) => ({ ...row, occurredAt: late, acceptedAt: claimedAt }));
    await write(payment({ paidAt: late, claimedAt }), { ...posted, rows });
    const now = Date.UTC(2026, 10, 2, 23);
    const { today, days, received } = await siteDays(db, { now, timeZone: ZONE });
    expect(today).toBe("2026-11-03");
    expect(days).toEqual([
      { site: "MAK", day: "2026-11-02", creditedMinor: 2_000, payments: 1, energyWh: null, meters: 0 },
    ]);
    expect(received).toEqual([{ day: "2026-11-02", amountMinor: 2_000, payments: 1 }]);
    // and the status page says the same of both: neither belongs to the day that has just begun
    const status = await statusRows(db, ZONE, now);
    expect(status.today).toMatchObject({ payments: 0, paidMinor: 0, creditedMinor: 0 });
  });

  it("counts energy of the meter that bills, and hears only meters of our own", async () => {
    await run(`INSERT INTO meters (meter_number) VALUES ('23099001'), ('23099002') ON CONFLICT DO NOTHING;
      INSERT INTO meter_placements (meter_id, account_id, role, valid_from, facts_version)
        SELECT id, ${account}, CASE meter_number WHEN '23099001' THEN 'primary' ELSE 'check' END, cc_at(0), 1 FROM meters WHERE meter_number IN ('23099001', '23099002');
      INSERT INTO consumption_daily (meter_id, account_id, day, energy_wh, hours, estimated_hours)
        SELECT id, ${account}, '2026-11-03', 700, 24, 0 FROM meters WHERE meter_number IN ('23099001', '23099002')`);
    const { sites, days } = await siteDays(db, { now: NOON, timeZone: ZONE });
    expect(days).toEqual([{ site: "MAK", day: "2026-11-03", creditedMinor: 0, payments: 0, energyWh: 700, meters: 1 }]);
    expect(sites.find(({ site }) => site === "MAK")).toMatchObject({
      placed: 2,
      heard: 0,
      lit: 0,
      dark: 0,
      unknown: 1,
    });
  });
});

describe("what waits for a person", () => {
  it("is empty where nothing waits, and says how many, since when and how much", async () => {
    expect(await waiting(db)).toEqual([]);
    await run(`INSERT INTO dead_letters (queue, message_id, body, died_at) VALUES ('q', 'm', '{}', cc_at(${NOON}));
      INSERT INTO suspense_cases (case_key, amount_minor, currency, because, hint_accounts, hint_note, state, opened_at, version)
        VALUES ('a', 1500, 'LSL', 'no_account_token', '{}', '', 'open', cc_at(${NOON - 1}), 1),
          ('b', 700, 'LSL', 'no_account_token', '{}', '', 'closed', cc_at(${NOON - 2}), 1)`);
    expect(await waiting(db)).toEqual([
      { kind: "suspense", count: 1, oldestAt: NOON - 1, amountMinor: 1_500 },
      { kind: "dead_letter", count: 1, oldestAt: NOON, amountMinor: null },
    ]);
  });
});
