import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonRollups } from "../../src/adapters/neon/rollups.ts";
import { metricRecord, paymentRecord } from "../../src/domain/odyssey.ts";
import type { OutboxRow } from "../../src/domain/outbox.ts";
import { GENESIS } from "../../src/domain/posting.ts";
import { odysseyDays, odysseyPayments } from "../../src/queries/odyssey.ts";
import { refreshRollups } from "../../src/services/refresh-rollups.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { HOUR_MS, reading, readings } from "./reading-rows.ts";
import { allocation, credit, items, NOON, payment, seed } from "./rows.ts";

let database: FreshDatabase;
let db: Database;
let one: number;
let two: number;
let elsewhere: number;

const run = (query: string) => withClient(database.ownerUrl, (client) => client.query(query));
const write = async (...rows: OutboxRow[]) =>
  expect(await neonCopies(db).write(items(rows))).toMatchObject({ refused: [], conflicts: [] });
const heads = new Map<number, typeof GENESIS>();
/** A share as an account posted it. */
const posted = (accountId: number, account: string, receipt: string, amountMinor: number, share = 1) => {
  const made = credit(accountId, { head: heads.get(accountId) ?? GENESIS, receipt, account, amountMinor, share });
  heads.set(accountId, made.head);
  return made.row;
};
const held = (receipt: string, account: string, amountMinor: number, generation = 1, share = 1) =>
  allocation({
    receipt,
    account,
    amountMinor,
    generation,
    share,
    entryKey: `receipt:${receipt}#${generation}.${share}`,
  });

const WINDOW = { from: NOON - 12 * HOUR_MS, to: NOON + 12 * HOUR_MS };
const ALL = { page: 1, size: 1_000 };
const SITES = ["MAK"];
/** The rows of the window as the funder's platform adds them up, exactly. */
async function told(window = WINDOW) {
  const { total, rows } = await odysseyPayments(db, window, SITES, ALL);
  expect(total).toBe(rows.length);
  const records = rows.map((row) => paymentRecord(row, 2));
  return {
    records: records.map(({ external_id, amount, kwh_value, account_number }) => [
      ...[external_id, amount, kwh_value, account_number],
    ]),
    minor: records.reduce((sum, { amount }) => sum + Math.round(amount * 100), 0),
    wh: records.reduce((sum, { kwh_value }) => sum + Math.round((kwh_value ?? 0) * 1_000), 0),
  };
}
/** What the books say of the same accounts. */
const booked = async () =>
  (
    await db.read<{ minor: number; wh: number }>(
      `SELECT (SELECT sum(l.amount_minor)::bigint FROM payments p JOIN payment_allocations l ON l.receipt = p.receipt AND l.generation = p.generation
          JOIN accounts a ON a.id = l.account_id WHERE a.site_code = 'MAK') AS minor,
        (SELECT sum(e.energy_wh)::bigint FROM ledger_entries e JOIN accounts a ON a.id = e.account_id
          WHERE e.book = 'customer_energy' AND a.site_code = 'MAK') AS wh`,
    )
  )[0];

beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  [one, two] = await seed(database.ownerUrl);
  await run(`INSERT INTO sites (code, name, facts_version) VALUES ('SHG', 'Sehonghong', 1)`);
  const { rows } = await run(`INSERT INTO accounts (account_number, site_code, customer_id, status, facts_version)
    SELECT '0001SHG', 'SHG', min(id), 'live', 1 FROM customers RETURNING id`);
  elsewhere = Number(rows[0]?.id);
  await write(
    ...[payment({ receipt: "WHOLE", amountMinor: 2_005 }), held("WHOLE", "0045MAK", 2_005)],
    posted(one, "0045MAK", "WHOLE", 2_005),
    ...[payment({ receipt: "OTHER", account: "0001SHG", amountMinor: 700 }), held("OTHER", "0001SHG", 700)],
    posted(elsewhere, "0001SHG", "OTHER", 700),
    payment({ receipt: "SPLIT", holderKind: "split", account: null, amountMinor: 900, paidAt: NOON + 1 }),
    ...[held("SPLIT", "0045MAK", 600), held("SPLIT", "0046MAK", 300, 1, 2)],
    ...[posted(one, "0045MAK", "SPLIT", 600), posted(two, "0046MAK", "SPLIT", 300, 2)],
    payment({ receipt: "WAITS", holderKind: "suspense", account: null, amountMinor: 500 }),
    payment({ receipt: "BEFORE", amountMinor: 100, paidAt: WINDOW.from - 1 }),
    payment({ receipt: "AFTER", amountMinor: 100, paidAt: WINDOW.to }),
  );
});
afterAll(() => database.drop());

describe("a programme's payments", () => {
  it("are those that its accounts hold, share by share, and add up to the books to the minor unit and watt-hour", async () => {
    const { records, ...sums } = await told();
    expect(records).toEqual([
      ["WHOLE", 20.05, 4.01, "0045MAK"],
      ["SPLIT", 6, 1.2, "0045MAK"],
      ["SPLIT~2", 3, 0.6, "0046MAK"],
    ]);
    expect(sums).toEqual(await booked());
  });

  it("come page after page, each once", async () => {
    const pages = await Promise.all([1, 2, 3, 4].map((page) => odysseyPayments(db, WINDOW, SITES, { page, size: 1 })));
    expect(pages.map(({ total }) => total)).toEqual([3, 3, 3, 3]);
    expect(pages.flatMap(({ rows }) => rows.map(({ receipt, share }) => `${receipt}.${share}`))).toEqual([
      ...["WHOLE.1", "SPLIT.1", "SPLIT.2"],
    ]);
  });

  it("of a receipt whose own row has not come are told by the account that posted it", async () => {
    await write(posted(two, "0046MAK", "EARLY", 400));
    expect((await told()).records).toContainEqual(["EARLY", 4, 0.8, "0046MAK"]);
  });

  it("that were moved within the programme keep their name and change the account", async () => {
    const moved = { receipt: "WHOLE", generation: 2, version: 2, amountMinor: 2_005 };
    await write(payment({ ...moved, account: "0046MAK" }), held("WHOLE", "0046MAK", 2_005, 2));
    expect((await told()).records).toContainEqual(["WHOLE", 20.05, null, "0046MAK"]);
  });

  it("that were moved out of it, or back into suspense, count nothing under their old name", async () => {
    await write(
      payment({ receipt: "WHOLE", generation: 3, version: 3, amountMinor: 2_005, account: "0001SHG" }),
      held("WHOLE", "0001SHG", 2_005, 3),
    );
    const { records, minor } = await told();
    expect(records).toContainEqual(["WHOLE", 0, 0, "0046MAK"]);
    expect(minor).toBe(600 + 300 + 400);
  });
});

describe("a programme's metered days", () => {
  const DAY = { day: "2026-11-03", startsAt: Date.UTC(2026, 10, 2, 22) };
  const days = async () => {
    const { total, rows } = await odysseyDays(db, [DAY], SITES, ALL);
    expect(total).toBe(rows.length);
    return rows.map(metricRecord).map((row) => [row.external_id, row.kwh_delivered, row.reading_count, row.error_type]);
  };

  it("say what each account used by the meter that bills, equal to the meter's rows, and who was not heard", async () => {
    await run(`INSERT INTO meters (meter_number) VALUES ('777')`);
    await run(`INSERT INTO meter_placements (meter_id, account_id, role, valid_from, facts_version)
      SELECT m.id, a.id, 'primary', '2026-01-01Z', 1 FROM (VALUES ('23099001', '0045MAK'), ('777', '0046MAK')) AS v(meter, account)
      JOIN meters m ON m.meter_number = v.meter JOIN accounts a ON a.account_number = v.account`);
    await write(
      readings(one, "23099001", [
        reading(NOON, 1_000),
        reading(NOON + HOUR_MS, 2_234),
        reading(NOON + 2 * HOUR_MS, 2_567),
      ]),
    );
    while ((await refreshRollups(neonRollups(db, "Africa/Maseru"), 120)).more);
    expect(await days()).toEqual([
      ["23099001-2026-11-03", 1.567, 2, "normal"],
      ["777-2026-11-03", null, 0, "offline"],
    ]);
    const [meter] = await db.read<{ wh: number }>(
      `SELECT sum(energy_wh)::bigint AS wh FROM consumption_daily d JOIN meters m ON m.id = d.meter_id
        WHERE m.meter_number = '23099001' AND d.day = '2026-11-03'`,
    );
    expect(meter?.wh).toBe(1_567);
  });

  it("are named by the account once no meter is there when the day ends, so that a meter is named once a day", async () => {
    await run(
      `UPDATE meter_placements SET valid_to = '2026-11-03T15:00Z' WHERE meter_id = (SELECT id FROM meters WHERE meter_number = '777')`,
    );
    await run(`INSERT INTO meter_placements (meter_id, account_id, role, valid_from, facts_version)
      SELECT m.id, a.id, 'primary', '2026-11-03T15:00Z', 1 FROM meters m, accounts a WHERE m.meter_number = '777' AND a.account_number = '0001SHG'`);
    expect((await days()).map(([id]) => id)).toEqual(["23099001-2026-11-03", "0046MAK-2026-11-03"]);
    expect(
      (await odysseyDays(db, [DAY], ["SHG"], ALL)).rows.map(metricRecord).map(({ external_id }) => external_id),
    ).toEqual(["777-2026-11-03"]);
  });

  it("of no day are none", async () => expect(await odysseyDays(db, [], SITES, ALL)).toEqual({ total: 0, rows: [] }));
});

describe("what the old system took before the move", () => {
  const old = (rows: string) =>
    run(`INSERT INTO legacy_transactions (source, source_id, kind, account_number, amount_minor, currency, energy_wh, paid_at, receipt)
      VALUES ${rows}`);
  const AT = `'2026-02-03T12:00:00Z'`;
  const THEN = { from: Date.UTC(2026, 1, 3), to: Date.UTC(2026, 1, 4) };

  it("is told by the names that its funders know, of the programme's sites alone, and nothing that is no payment", async () => {
    await old(`('transactions', '71', 'payment', '0045MAK', 1500, 'LSL', 3000, ${AT}, 'QOLD71'),
      ('transactions', '72', 'payment', '0046MAK', 700, 'LSL', NULL, ${AT}, NULL),
      ('access', '9', 'payment', '0046MAK', 800, 'LSL', 0, ${AT}, NULL),
      ('transactions', '73', 'payment', '0001SHG', 900, 'LSL', 1, ${AT}, NULL),
      ('transactions', '74', 'fee', '0045MAK', 900, 'LSL', NULL, ${AT}, NULL),
      ('transactions', '75', 'consumption', '0045MAK', NULL, 'LSL', 900, ${AT}, NULL),
      ('transactions', '76', 'payment', '0045MAK', -1500, 'LSL', -3000, ${AT}, NULL),
      ('transactions', '77', 'payment', '9999ZZZ', 100, 'LSL', 1, ${AT}, NULL),
      ('transactions', '78', 'payment', '0045MAK', 100, 'LSL', 1, NULL, NULL)`);
    expect((await told(THEN)).records).toEqual([
      ["QOLD71", 15, 3, "0045MAK"],
      ["txn-72", 7, null, "0046MAK"],
      ["txn-access-9", 8, 0, "0046MAK"],
    ]);
    const { rows } = await odysseyPayments(db, THEN, SITES, ALL);
    expect(rows.map((row) => paymentRecord(row, 2)).map((row) => [row.payment_reference, row.source])).toEqual([
      ["QOLD71", "legacy"],
      [null, "legacy"],
      [null, "legacy"],
    ]);
  });

  it("is told once, though two of its books have the receipt; and by ours alone once the receipt is held here", async () => {
    await old(`('access', '10', 'payment', '0045MAK', 1500, 'LSL', 3000, ${AT}, 'QOLD71')`);
    expect((await told(THEN)).records.filter(([id]) => id === "QOLD71")).toHaveLength(1);
    await write(
      payment({ receipt: "QOLD71", amountMinor: 1_500, paidAt: Date.UTC(2026, 1, 3, 12) }),
      held("QOLD71", "0045MAK", 1_500),
    );
    expect((await told(THEN)).records.filter(([id]) => id === "QOLD71")).toEqual([["QOLD71", 15, null, "0045MAK"]]);
  });
});
