import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect } from "../../src/adapters/neon/database.ts";
import type { OutboxRow } from "../../src/domain/outbox.ts";
import type { Copies } from "../../src/ports/copies.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { reading, readings } from "./reading-rows.ts";
import { allocation, credit, NOON, payment, seed, sms, value, vendorCredit } from "./rows.ts";

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

describe("what shards and phones owe of an account whose number is another's in the database", () => {
  const NUMBER = "0168MAK";
  const THABO = 900_047;
  const LINEO = 900_048;
  const named = (receipt: string, accountId?: number): OutboxRow[] => [
    payment({ receipt, account: NUMBER, ...(accountId === undefined ? {} : { accountId }) }),
    allocation({
      receipt,
      account: NUMBER,
      entryKey: `receipt:${receipt}#1.1`,
      ...(accountId === undefined ? {} : { accountId }),
    }),
  ];
  const texts = (id: string): OutboxRow[] => [
    sms({ externalId: id, contentHash: id }),
    {
      kind: "sms_result",
      externalId: id,
      contentHash: id,
      phoneId: "phone-1",
      parserVersion: 1,
      outcome: "credited",
      because: null,
      receipt: id,
      account: NUMBER,
      parsedJson: "{}",
      processedAt: NOON,
      version: 1,
    },
    {
      kind: "sms_outbound",
      id,
      phoneId: "phone-1",
      origin: "ours",
      toPhone: "26650000101",
      content: "Received",
      template: "payment_receipt",
      account: NUMBER,
      receipt: id,
      state: "sent",
      reason: null,
      createdAt: NOON,
      offeredAt: NOON,
      stateAt: NOON,
      expiresAt: NOON + 1,
      version: 1,
    },
  ];
  const send = (rows: OutboxRow[], from = 0) =>
    copies.write(rows.map((row, n) => ({ id: from + n, row, owner: null })));
  const put = (id: number, number: string) =>
    withClient(database.ownerUrl, (client) =>
      client.query(
        `INSERT INTO accounts (id, account_number, site_code, customer_id, status, facts_version)
        OVERRIDING SYSTEM VALUE SELECT $1::bigint, $2::text, 'MAK', min(id), 'live', 1 FROM customers`,
        [id, number],
      ),
    );
  const written = (receipt: string) =>
    ask(`SELECT string_agg(t || ' ' || coalesce(account_id::text, '-'), ', ' ORDER BY t) FROM (
      SELECT 'payment' AS t, account_id FROM payments WHERE receipt = '${receipt}'
      UNION ALL SELECT 'allocation', account_id FROM payment_allocations WHERE receipt = '${receipt}'
      UNION ALL SELECT 'result', account_id FROM sms_results WHERE receipt = '${receipt}'
      UNION ALL SELECT 'outbound', account_id FROM sms_outbound WHERE receipt = '${receipt}') AS x`);

  it("is refused where nobody has that id, and says so", async () => {
    const { recorded, refused, conflicts } = await send(named("QKSTRANGE0", THABO));
    expect({ recorded, refused }).toEqual({ recorded: [], refused: [] });
    expect(new Set(conflicts.map(({ detail }) => detail))).toEqual(
      new Set([`account ${NUMBER} has id ${THABO}, which is no account in the database`]),
    );
    expect(await written("QKSTRANGE0")).toBe(null);
  });

  it("is written nowhere while its object has said another id, and who comes with it is recorded", async () => {
    await put(LINEO, NUMBER);
    const others = [
      payment({ receipt: "QKOTHER001" }),
      allocation({ receipt: "QKOTHER001", entryKey: "receipt:QKOTHER001#1.1" }),
    ];
    const { recorded, refused, conflicts } = await send([...named("QKSTRANGE1", THABO), ...others]);
    expect({ recorded, refused }).toEqual({ recorded: [2, 3], refused: [] });
    expect(conflicts.map(({ id, account, receipt }) => ({ id, account, receipt }))).toEqual([
      { id: 0, account: NUMBER, receipt: "QKSTRANGE1" },
      { id: 1, account: NUMBER, receipt: "QKSTRANGE1" },
    ]);
    expect(await written("QKSTRANGE1")).toBe(null);
  });

  it("waits as well before its object has said an id, and of SMS, where a case says that the number was given twice", async () => {
    // As the release before told them, and no case: they are believed by number.
    expect((await send(named("QKSTRANGE2"))).recorded).toEqual([0, 1]);
    await send([
      {
        kind: "case",
        caseKey: `other_account:${NUMBER}:${LINEO}`,
        caseKind: "ledger_drift",
        subject: NUMBER,
        detailsJson: "{}",
        state: "closed",
        openedAt: NOON,
        closedAt: NOON,
        version: 1,
      },
    ]);
    const { recorded, refused, conflicts } = await send([...named("QKSTRANGE3"), ...texts("QKSTRANGE3")]);
    // The text itself names nobody.
    expect({ recorded, refused }).toEqual({ recorded: [2], refused: [] });
    expect(conflicts.map(({ id }) => id).sort()).toEqual([0, 1, 3, 4]);
    expect(new Set(conflicts.map(({ detail }) => detail))).toEqual(
      new Set([`account ${NUMBER} is another one's here: its object has another id than ${LINEO}`]),
    );
    expect(await written("QKSTRANGE3")).toBe(null);
  });

  it("is recorded once the number is that account's again, and is nobody else's", async () => {
    await ask(`UPDATE accounts SET account_number = '0169MAK' WHERE id = ${LINEO} RETURNING id`);
    await put(THABO, NUMBER);
    const rows = [...named("QKSTRANGE1", THABO), ...named("QKSTRANGE3"), ...texts("QKSTRANGE3")];
    expect(await send(rows)).toEqual({ recorded: [0, 2, 1, 3, 4, 5, 6], refused: [], conflicts: [] });
    expect(await written("QKSTRANGE1")).toBe(`allocation ${THABO}, payment ${THABO}`);
    expect(await written("QKSTRANGE3")).toBe(
      ["allocation", "outbound", "payment", "result"].map((what) => `${what} ${THABO}`).join(", "),
    );
  });
});
