import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect } from "../../src/adapters/neon/database.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { reading, readings } from "./reading-rows.ts";
import { allocation, credits, items, NOON, payment, seed, sms, value } from "./rows.ts";

let database: FreshDatabase;
let account: number;

beforeAll(async () => {
  database = await freshDatabase();
  [account] = await seed(database.ownerUrl);
  await neonCopies(connect(database.appUrl, database.sqlUrl)).write(
    items([
      payment(),
      allocation(),
      sms(),
      ...credits(account, 3),
      readings(account, "23099001", [reading(NOON, 1_000)]),
      {
        kind: "relay_override",
        id: "o-1",
        accountId: account,
        meterNumber: "23099001",
        state: "keep_lit",
        actor: "ops:thabo",
        reason: "clinic",
        at: NOON,
        expiresAt: null,
      },
      {
        kind: "sighting",
        sightingKey: "sms:1",
        receipt: "QK7AAA",
        road: "sms",
        provider: "mpesa",
        amountMinor: 2_000,
        currency: "LSL",
        account: null,
        verdict: "first",
        seenAt: 0,
      },
    ]),
  );
  await withClient(database.ownerUrl, (client) =>
    client.query(`INSERT INTO mutations (actor, action, subject) VALUES ('ops', 'test', 'x');
      INSERT INTO frozen_reports (act_key, report, period_from, period_to, as_of, definitions, object_key, sha256, sameness_sha256, bytes,
        reason, actor, created_at)
      VALUES ('a', 'money', '2026-01-01', '2026-03-31', now(), 'v', 'k', repeat('a', 64), repeat('b', 64), 1, 'r', 'ops', now())`),
  );
});
afterAll(() => database.drop());

const codeOf = (url: string, query: string) =>
  withClient(url, async (client) => {
    try {
      await client.query(query);
      return "done";
    } catch (error) {
      return error instanceof pg.DatabaseError ? `${error.code}` : String(error);
    }
  });

const APPEND_ONLY = [
  "ledger_entries",
  "mutations",
  "payment_sightings",
  "payment_allocations",
  "sms_inbound",
  "meter_readings",
  "relay_overrides",
  "frozen_reports",
];
const COLUMN: Record<string, string> = {
  ledger_entries: "reason",
  mutations: "reason",
  payment_sightings: "verdict",
  payment_allocations: "reason",
  sms_inbound: "content",
  meter_readings: "source",
  relay_overrides: "reason",
  frozen_reports: "reason",
};

describe("what is append-only", () => {
  it.each(APPEND_ONLY)("%s: the application has no right to change it, and the owner is stopped too", async (table) => {
    const change = `UPDATE ${table} SET ${COLUMN[table]} = 'x'`;
    expect(await withClient(database.ownerUrl, (client) => value(client, `SELECT count(*) FROM ${table}`))).not.toBe(
      "0",
    );
    for (const statement of [change, `DELETE FROM ${table}`, `TRUNCATE ${table} CASCADE`]) {
      expect(await codeOf(database.appUrl, statement)).toBe("42501");
      expect(await codeOf(database.ownerUrl, statement)).toBe("23001");
    }
  });
});

describe("the application's rights", () => {
  it("have no TRUNCATE anywhere, no UPDATE of a whole table, and DELETE only of what can be computed again, is kept for a time or was made by mistake", async () => {
    const found = await withClient(database.ownerUrl, (client) =>
      value(
        client,
        `SELECT string_agg(table_name || ' ' || privilege_type, ', ' ORDER BY table_name) FROM information_schema.role_table_grants
        WHERE grantee = 'cc_app' AND privilege_type NOT IN ('SELECT', 'INSERT')`,
      ),
    );
    const computed = [
      ...["consumption_daily", "consumption_hourly", "metered_days", "metered_month_hours", "metered_months"],
      ...["metered_site_days", "sales_account_days", "sales_account_months"],
    ];
    const keptForATime = [
      "claim_codes",
      "identity_tokens",
      "meter_day_intervals",
      "rollup_touched",
      "sessions",
      "sign_in_attempts",
      "staff_countries",
    ];
    const byMistake = ["customers", "fx_rates", "meters", "sites"];
    expect(found?.split(", ")).toEqual(
      [...computed, ...keptForATime, ...byMistake].map((table) => `${table} DELETE`).toSorted(),
    );
  });

  it.each([
    ["UPDATE payments SET receipt = 'OTHER'", "42501"],
    ["UPDATE account_balances SET balance_wh = 1", "42501"],
    ["INSERT INTO account_balances VALUES (1, 1, 1, now())", "42501"],
    ["UPDATE account_counters SET last_number = 0", "42501"],
    ["UPDATE accounts SET account_number = '0001MAK'", "42501"],
    ["UPDATE tariffs SET rate = 1", "42501"],
    ["CREATE TABLE public.mine (id int)", "42501"],
    ["SELECT follow_balance()", "42501"],
    ["SELECT cc_follow_advance(1, 'advance.connection')", "42501"],
    ["UPDATE meter_readings SET register_wh = 0", "42501"],
    ["DELETE FROM meter_readings", "42501"],
    ["SELECT cc_erase('none', 'customers', 1)", "42501"],
    ["SELECT set_config('cc.erasing', 'on', true); UPDATE mutations SET reason = 'x'", "42501"],
    ["UPDATE erasures SET customer_id = 1", "42501"],
    ["UPDATE meter_readings_y2026 SET register_wh = 0", "42501"],
    ["UPDATE relay_overrides SET state = 'auto'", "42501"],
    ["UPDATE consumption_hourly SET hour = now()", "42501"],
    ["UPDATE meter_registers SET meter_id = 1", "42501"],
    ["SELECT cc_make_partitions(2999)", "22023"],
    ["SELECT cc_make_partitions(2018)", "done"],
    ["SELECT cc_make_old_year(2009)", "22023"],
    ["SELECT cc_make_old_year(2018)", "22023"],
    ["SELECT cc_make_old_year(2015)", "done"],
    ["UPDATE legacy_totals SET energy_wh = 0", "42501"],
    ["DELETE FROM legacy_totals", "42501"],
    ["DELETE FROM consumption_hourly", "done"],
    ["SELECT next_account_number('MAK')", "done"],
    ["UPDATE accounts SET status = status", "done"],
  ])("%s: %s", async (statement, code) => {
    expect(await codeOf(database.appUrl, statement)).toBe(code);
  });
});

describe("a payment", () => {
  it.each([
    ["a lower generation", "generation = 0", "23001"],
    ["a lower version of the same generation", "version = 0", "23001"],
    ["another amount", "amount_minor = 1, version = 2", "23001"],
    ["another instant", "paid_at = now(), version = 2", "23001"],
    ["another provider", "provider = 'cash', version = 2", "23001"],
    ["a higher version", "blocked = true, version = 2", "done"],
  ])("once claimed: %s", async (_, set, code) => {
    expect(await codeOf(database.appUrl, `UPDATE payments SET ${set} WHERE receipt = 'QK7AAA'`)).toBe(code);
  });

  it.each([
    ["no amount", "('R1', 3, 'mpesa', 0, 'LSL', NULL, 'suspense', now(), 'sms', 1, 1, false, now())"],
    ["a receipt in lower case", "('r1', 3, 'mpesa', 1, 'LSL', NULL, 'suspense', now(), 'sms', 1, 1, false, now())"],
    ["a receipt with a space", "('R 1', 3, 'mpesa', 1, 'LSL', NULL, 'suspense', now(), 'sms', 1, 1, false, now())"],
    ["no currency's code", "('R1', 3, 'mpesa', 1, 'eur', NULL, 'suspense', now(), 'sms', 1, 1, false, now())"],
    [
      "an account as holder without the account",
      "('R1', 3, 'mpesa', 1, 'LSL', NULL, 'account', now(), 'sms', 1, 1, false, now())",
    ],
    ["a claim without a shard", "('R1', NULL, 'mpesa', 1, 'LSL', NULL, 'suspense', now(), 'sms', 1, 1, false, now())"],
  ])("is refused with %s", async (_, values) => {
    const columns = `receipt, shard, provider, amount_minor, currency, account_id, holder_kind, paid_at, road, generation,
      version, blocked, claimed_at`;
    expect(await codeOf(database.appUrl, `INSERT INTO payments (${columns}) VALUES ${values}`)).toBe("23514");
  });
});

describe("a posting", () => {
  const row = (
    key: string,
    book: string,
    wh: number,
    minor: number,
    currency = "LSL",
    customer = "NULL, NULL, NULL, NULL",
  ) =>
    `('${key}', 'p:${key.split("/")[0]}', '${book}', 'correction', ${wh}, ${minor}, '${currency}', ${customer}, now(), now())`;
  const insert = (...rows: string[]) =>
    codeOf(
      database.appUrl,
      `INSERT INTO ledger_entries (entry_key, posting_id, book, kind, energy_wh, amount_minor, currency, account_id, seq,
        balance_after_wh, hash, occurred_at, accepted_at) VALUES ${rows.join(", ")}`,
    );

  it("adds up to zero in watt-hours and in each currency", async () => {
    expect(await insert(row("a/1", "energy_sold", 5, 7), row("a/2", "corrections", -5, -7))).toBe("done");
    expect(await insert(row("b/1", "energy_sold", 5, 0))).toBe("23514");
    expect(await insert(row("c/1", "revenue", 0, 7), row("c/2", "corrections", 0, -6))).toBe("23514");
    expect(await insert(row("d/1", "revenue", 0, 7), row("d/2", "corrections", 0, -7, "XOF"))).toBe("23514");
  });

  it("may come row by row inside one transaction, and half of it never stays", async () => {
    const half = (key: string, wh: number) =>
      `INSERT INTO ledger_entries (entry_key, posting_id, book, kind, energy_wh, amount_minor, currency, occurred_at,
        accepted_at) VALUES ('${key}', 'p:rows', 'opening', 'opening', ${wh}, 0, 'LSL', now(), now());`;
    expect(await codeOf(database.appUrl, `BEGIN; ${half("e/1", 3)} ${half("e/2", -3)} COMMIT`)).toBe("done");
    expect(await codeOf(database.appUrl, `BEGIN; ${half("e/3", 3)} COMMIT`)).toBe("23514");
  });

  it("has sequence, balance and hash on the customer's side, and none in our own books", async () => {
    expect(await insert(row("f/1", "customer_energy", 0, 0))).toBe("23514");
    expect(await insert(row("g/1", "customer_energy", 0, 0, "LSL", `${account}, 9, 1, NULL`))).toBe("23514");
    expect(await insert(row("h/1", "revenue", 0, 0, "LSL", `${account}, 9, 1, 'aa'`))).toBe("23514");
    expect(await insert(row("i/1", "customer_energy", 0, 0, "LSL", `${account}, 9, 1, 'aa'`))).toBe("done");
    expect(await insert(row("j/1", "customer_energy", 0, 0, "LSL", `${account}, 9, 1, 'aa'`))).toBe("23505");
  });
});
