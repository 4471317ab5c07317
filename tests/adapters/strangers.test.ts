import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect } from "../../src/adapters/neon/database.ts";
import type { OutboxRow } from "../../src/domain/outbox.ts";
import type { Copies } from "../../src/ports/copies.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { reading, readings } from "./reading-rows.ts";
import { credit, NOON, seed, value, vendorCredit } from "./rows.ts";

/** Has the id that Postgres, which was set back, gave to 0045MAK meanwhile. */
const FORGOTTEN = "0166MAK";

let database: FreshDatabase;
let copies: Copies;
let first: number;
let second: number;
beforeAll(async () => {
  database = await freshDatabase();
  copies = neonCopies(connect(database.appUrl, database.sqlUrl));
  [first, second] = await seed(database.ownerUrl);
});
afterAll(() => database.drop());

const ask = (query: string) => withClient(database.ownerUrl, (client) => value(client, query));

const ofAccount = (accountId: number, name: string): OutboxRow[] => [
  vendorCredit(accountId, { externalId: `receipt:${name}#1.1`, customerCode: name, memo: name }),
  credit(accountId, { receipt: name, account: name }).row,
  {
    kind: "relay_command",
    id: `c-${name}`,
    account: name,
    accountId,
    meterNumber: "23099001",
    seq: 1,
    action: "connect",
    state: "acked",
    because: "credit_restored",
    requestedAt: NOON,
    publishedAt: NOON,
    endedAt: NOON,
    expiresAt: NOON + 1,
    error: null,
    actor: null,
    reason: null,
    skipped: [],
    version: 1,
  },
  {
    kind: "relay_override",
    id: `o-${name}`,
    accountId,
    meterNumber: "23099001",
    state: "keep_lit",
    actor: "ops:thabo",
    reason: "clinic",
    at: NOON,
    expiresAt: null,
  },
  readings(accountId, "23099001", [reading(NOON, 1_000), reading(NOON + 3_600_000, 1_100)]),
  {
    kind: "vendor_day",
    account: name,
    accountId,
    meterNumber: "23099001",
    day: "2026-11-02",
    timeZone: "Africa/Maseru",
    energyWh: Array.from({ length: 24 }, () => 10),
    sources: Array.from({ length: 24 }, () => "koios"),
    billed: 0,
    version: 1,
  },
];

const owed = (accountId: number, name: string, from = 0) =>
  ofAccount(accountId, name).map((row, n) => ({ id: from + n, row, owner: name }));

/** Rows of an account, by table. */
const rowsOf = (accountId: number) =>
  ask(`SELECT string_agg(n || ' ' || t, ', ' ORDER BY t) FROM (
    SELECT 'credits' AS t, count(*) AS n FROM vendor_credits WHERE account_id = ${accountId}
    UNION ALL SELECT 'entries', count(*) FROM ledger_entries WHERE account_id = ${accountId}
    UNION ALL SELECT 'payments', count(*) FROM payments WHERE account_id = ${accountId}
    UNION ALL SELECT 'commands', count(*) FROM relay_commands WHERE account_id = ${accountId}
    UNION ALL SELECT 'overrides', count(*) FROM relay_overrides WHERE account_id = ${accountId}
    UNION ALL SELECT 'readings', count(*) FROM meter_readings WHERE account_id = ${accountId}
    UNION ALL SELECT 'registers', count(*) FROM meter_registers WHERE account_id = ${accountId}
    UNION ALL SELECT 'hours', count(*) FROM consumption_hourly WHERE account_id = ${accountId}
    UNION ALL SELECT 'days', count(*) FROM vendor_days WHERE account_id = ${accountId}) AS x WHERE n > 0`);

describe("what an account owes that Postgres does not know", () => {
  it("is written at no stranger's account that has its id by now, and says whose that id is", async () => {
    const written = await copies.write(owed(first, FORGOTTEN));
    expect(await rowsOf(first)).toBe(null);
    expect(await ask(`SELECT count(*) FROM payments WHERE receipt = '${FORGOTTEN}'`)).toBe("0");
    expect(written.recorded).toEqual([]);
    expect(written.refused).toEqual([]);
    expect(written.conflicts.map(({ id }) => id).sort()).toEqual([0, 1, 2, 3, 4, 5]);
    const detail = `account ${FORGOTTEN} has id ${first}, which is account 0045MAK in the database`;
    expect(new Set(written.conflicts.map((conflict) => conflict.detail))).toEqual(new Set([detail]));
  });

  it("is refused where nobody has its id, one by one, and who comes with it is recorded", async () => {
    const nobody = 900_000;
    const written = await copies.write([...owed(nobody, "0167MAK"), ...owed(second, "0046MAK", 10)]);
    expect(written.recorded.sort()).toEqual([10, 11, 12, 13, 14, 15]);
    expect(written.refused).toEqual([]);
    expect(written.conflicts.map(({ id }) => id).sort()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(written.conflicts[0]?.detail).toBe(`account 0167MAK has id ${nobody}, which is no account in the database`);
    expect(await rowsOf(second)).toMatch(
      /^1 commands, 1 credits, 1 days, 1 entries, \d+ hours, 1 overrides, 1 payments/,
    );
    // Twice is once, and a stranger stays one.
    const again = await copies.write([...owed(second, "0046MAK", 10), ...owed(first, FORGOTTEN)]);
    expect(again.recorded.sort()).toEqual([10, 11, 12, 13, 14, 15]);
    expect(again.conflicts).toHaveLength(6);
  });

  it("is recorded once the account is there again under its own id", async () => {
    await withClient(database.ownerUrl, (client) =>
      client.query(`INSERT INTO accounts (id, account_number, site_code, customer_id, status, facts_version)
        OVERRIDING SYSTEM VALUE SELECT 900000, '0167MAK', 'MAK', min(id), 'live', 1 FROM customers`),
    );
    const written = await copies.write(owed(900_000, "0167MAK"));
    expect(written).toMatchObject({ recorded: [0, 1, 2, 3, 4, 5], refused: [], conflicts: [] });
  });
});
