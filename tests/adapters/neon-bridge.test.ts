import { NeonDbError, neon, neonConfig } from "@neondatabase/serverless";
import { sql as raw } from "drizzle-orm";
import { drizzle } from "drizzle-orm/neon-http";
import { bigint, integer, jsonb, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type DatabaseProxy, startDatabaseProxy } from "../../dev/database-proxy.ts";
import { withClient } from "../../dev/database-server.ts";
import { type FreshDatabase, freshDatabase, setFault } from "./database.ts";

const payments = pgTable("bridge_payments", {
  receipt: text().primaryKey(),
  amountMinor: bigint("amount_minor", { mode: "number" }).notNull(),
  tags: text().array(),
  details: jsonb(),
  paidAt: timestamp("paid_at", { withTimezone: true, mode: "string" }),
  attempt: integer().notNull().default(0),
});

let database: FreshDatabase;
let sql: ReturnType<typeof neon<false, true>>;

beforeAll(async () => {
  database = await freshDatabase();
  neonConfig.fetchEndpoint = database.sqlUrl;
  sql = neon(database.appUrl, { fullResults: true, arrayMode: false });
  await withClient(database.ownerUrl, async (client) => {
    await client.query(`CREATE TABLE bridge_payments (
      receipt text PRIMARY KEY, amount_minor bigint NOT NULL CONSTRAINT amount_above_zero CHECK (amount_minor > 0),
      tags text[], details jsonb, paid_at timestamptz, attempt integer NOT NULL DEFAULT 0)`);
    await client.query("GRANT SELECT, INSERT, UPDATE, DELETE ON bridge_payments TO cc_app");
  });
});
afterEach(() => setFault("none", null));
afterAll(() => database.drop());

const insert = (receipt: string, amountMinor = 2_000) =>
  sql`INSERT INTO bridge_payments (receipt, amount_minor) VALUES (${receipt}, ${amountMinor})`;

async function stored(receipt: string): Promise<number> {
  return withClient(database.ownerUrl, async (client) => {
    const found = await client.query("SELECT 1 FROM bridge_payments WHERE receipt = $1", [receipt]);
    return found.rowCount ?? 0;
  });
}

/** The error that the work ends with. */
async function failure(work: Promise<unknown>): Promise<NeonDbError> {
  const error: unknown = await work.then(
    () => new Error("it succeeded"),
    (reason: unknown) => reason,
  );
  if (error instanceof NeonDbError) return error;
  throw error;
}

describe("a query through the real driver", () => {
  it("is answered as the role and in the database of its connection string, in UTC", async () => {
    const { rows } =
      await sql`SELECT current_user AS role, current_database() AS name, current_setting('timezone') AS tz`;
    expect(rows).toEqual([{ role: "cc_app", name: new URL(database.appUrl).pathname.slice(1), tz: "UTC" }]);
  });

  it.each([
    ["int4", "SELECT 7::int4 AS v", 7],
    ["int8, as text", "SELECT 9007199254740993::int8 AS v", "9007199254740993"],
    ["numeric, as text", "SELECT 1.50::numeric AS v", "1.50"],
    ["float8", "SELECT 1.5::float8 AS v", 1.5],
    ["bool", "SELECT true AS v", true],
    ["null", "SELECT null::text AS v", null],
    ["text with every kind of character", "SELECT E'a\\'\"\\\\\\né🔌' AS v", "a'\"\\\né🔌"],
    ["json", `SELECT '{"a":[1,null]}'::jsonb AS v`, { a: [1, null] }],
    ["a list", "SELECT ARRAY['a','b c',NULL,'d\"e'] AS v", ["a", "b c", null, 'd"e']],
    ["bytea", "SELECT '\\x00ff'::bytea AS v", Buffer.from([0, 255])],
  ])("reads %s", async (_name, query, wanted) => {
    const { rows } = await sql.query(query);
    expect(rows).toEqual([{ v: wanted }]);
  });

  it.each([
    ["null", null, "text", null],
    ["a string with quotes", `o'clock "x" \\`, "text", `o'clock "x" \\`],
    ["a number", 12, "int", 12],
    ["a truth value", false, "bool", false],
    ["an object", { a: "b" }, "jsonb", { a: "b" }],
    [
      "a list of texts",
      ["a", 'b"c', "d\\e", "f,g", "NULL", "", null],
      "text[]",
      ["a", 'b"c', "d\\e", "f,g", "NULL", "", null],
    ],
    ["a list of numbers", [1, 2, 3], "int[]", [1, 2, 3]],
    ["nested lists", [["a"], ["b"]], "text[]", [["a"], ["b"]]],
  ])("carries %s as a parameter", async (_name, value, type, wanted) => {
    const { rows } = await sql.query(`SELECT $1::${type} AS v`, [value]);
    expect(rows).toEqual([{ v: wanted }]);
  });

  it("turns lists and objects in the body into PostgreSQL's text, whoever wrote the body", async () => {
    const answer = await fetch(database.sqlUrl, {
      method: "POST",
      headers: { "Neon-Connection-String": database.appUrl, "Neon-Raw-Text-Output": "true", "Neon-Array-Mode": "true" },
      body: JSON.stringify({
        query: "SELECT $1::text[], $2::jsonb, $3::int",
        params: [["a\nb", 'c"', null], { n: 1 }, 5],
      }),
    });
    expect(await answer.json()).toMatchObject({ rows: [['{"a\nb","c\\"",NULL}', '{"n": 1}', "5"]], rowAsArray: true });
  });

  it("answers command, row count and the fields' types", async () => {
    const inserted = await insert("FIELDS1");
    expect(inserted).toMatchObject({ command: "INSERT", rowCount: 1, rows: [] });
    const { fields } = await sql`SELECT receipt, amount_minor FROM bridge_payments LIMIT 0`;
    expect(fields.map(({ name, dataTypeID }) => [name, dataTypeID])).toEqual([
      ["receipt", 25],
      ["amount_minor", 20],
    ]);
  });

  it("refuses two statements in one text, as the extended protocol does", async () => {
    expect((await failure(sql.query("SELECT 1; SELECT 2"))).code).toBe("42601");
  });

  it("answers a violated constraint with code, constraint, table and detail", async () => {
    await insert("TWICE1");
    expect(await failure(insert("TWICE1"))).toMatchObject({
      code: "23505",
      severity: "ERROR",
      constraint: "bridge_payments_pkey",
      table: "bridge_payments",
      schema: "public",
      detail: "Key (receipt)=(TWICE1) already exists.",
    });
    expect(await failure(insert("ZERO1", 0))).toMatchObject({ code: "23514", constraint: "amount_above_zero" });
    expect(await failure(sql`SELECT nothing`)).toMatchObject({ code: "42703", position: "8" });
  });

  it("refuses a wrong password with PostgreSQL's code", async () => {
    const wrong = Object.assign(new URL(database.appUrl), { password: "wrong" }).href;
    expect((await failure(neon(wrong)`SELECT 1`)).code).toBe("28P01");
  });

  it("answers twenty calls at once and more", async () => {
    const calls = Array.from({ length: 60 }, (_, i) => sql`SELECT ${i}::int AS v, pg_sleep(0.01)`);
    const answers = await Promise.all(calls);
    expect(answers.map(({ rows }) => rows[0]?.v)).toEqual(Array.from({ length: 60 }, (_, i) => i));
  });
});

describe("a batch", () => {
  it("commits all of its queries together", async () => {
    const results = await sql.transaction([
      insert("BATCH1"),
      insert("BATCH2"),
      sql`SELECT count(*)::int AS n FROM bridge_payments WHERE receipt LIKE 'BATCH%'`,
    ]);
    expect(results[2]?.rows).toEqual([{ n: 2 }]);
    expect(await stored("BATCH2")).toBe(1);
  });

  it("commits none of them when one fails", async () => {
    const error = await failure(sql.transaction([insert("HALF1"), insert("HALF2", -5), insert("HALF3")]));
    expect(error.code).toBe("23514");
    expect(await stored("HALF1")).toBe(0);
  });

  it("runs at the isolation level and in the mode that were asked for", async () => {
    const level = sql`SELECT current_setting('transaction_isolation') AS level`;
    const [answer] = await sql.transaction([level], {
      isolationLevel: "Serializable",
      readOnly: true,
      deferrable: true,
    });
    expect(answer?.rows).toEqual([{ level: "serializable" }]);
    const refused = await failure(sql.transaction([insert("READONLY1")], { readOnly: true }));
    expect(refused.code).toBe("25006");
  });

  it("leaves the connection clean for whoever comes next", async () => {
    await failure(sql.transaction([sql`SELECT 1/0`]));
    expect((await sql`SELECT 1 AS v`).rows).toEqual([{ v: 1 }]);
  });
});

describe("drizzle over the bridge", () => {
  it("writes and reads a row with its types", async () => {
    const db = drizzle(neon(database.appUrl));
    const row = { receipt: "DRIZZLE1", amountMinor: 2_050, tags: ["a b", 'c"d'], details: { name: "Ø" }, attempt: 1 };
    await db.insert(payments).values({ ...row, paidAt: "2026-04-10 17:57:03+00" });
    const [found] = await db.select().from(payments).where(raw`receipt = 'DRIZZLE1'`);
    expect(found).toEqual({ ...row, paidAt: "2026-04-10 17:57:03+00" });
  });

  it("runs a batch as one transaction", async () => {
    const db = drizzle(neon(database.appUrl));
    const make = (receipt: string, amountMinor: number) => db.insert(payments).values({ receipt, amountMinor });
    await expect(db.batch([make("DB1", 5), make("DB2", -5)])).rejects.toMatchObject({ code: "23514" });
    expect(await stored("DB1")).toBe(0);
    await db.batch([make("DB1", 5), make("DB2", 5)]);
    expect(await stored("DB2")).toBe(1);
  });
});

describe("a fault on purpose", () => {
  it.each([
    ["down", 0],
    ["reset-before", 0],
    ["reset-after-commit", 1],
    ["http-500", 0],
    ["http-500-after-commit", 1],
  ] as const)("%s fails the call without a code and leaves %i rows", async (mode, rows) => {
    await setFault(mode, 1);
    expect((await failure(insert(`FAULT-${mode}`))).code ?? null).toBeNull();
    expect(await stored(`FAULT-${mode}`)).toBe(rows);
    await insert(`AFTER-${mode}`);
    expect(await stored(`AFTER-${mode}`)).toBe(1);
  });

  it("reset-after-commit commits a whole batch before the socket is cut", async () => {
    await setFault("reset-after-commit", 1);
    await failure(sql.transaction([insert("CUT1"), insert("CUT2")]));
    expect([await stored("CUT1"), await stored("CUT2")]).toEqual([1, 1]);
  });

  it("hang answers nothing until the caller gives up, and executes nothing", async () => {
    await setFault("hang", 1);
    const query = "INSERT INTO bridge_payments (receipt, amount_minor) VALUES ('HANG1', 5)";
    const signal = AbortSignal.timeout(200);
    expect((await failure(sql.query(query, [], { fetchOptions: { signal } }))).message).toMatch(/timeout/i);
    expect(await stored("HANG1")).toBe(0);
  });

  it("lasts for the number of calls named, or until it is taken away", async () => {
    await setFault("http-500", 2);
    await failure(sql`SELECT 1`);
    await failure(sql`SELECT 1`);
    await sql`SELECT 1`;
    await setFault("http-500", null);
    for (let call = 0; call < 4; call++) await failure(sql`SELECT 1`);
    await setFault("none", null);
    await sql`SELECT 1`;
  });
});

describe("the database behind the bridge", () => {
  let proxy: DatabaseProxy;
  beforeAll(async () => {
    proxy = await startDatabaseProxy({ listenPort: 0, targetPort: Number(new URL(database.appUrl).port) });
  });
  afterAll(() => proxy.close());

  it("when it is down, fails every call without a code, also one in flight, and works again when it is up", async () => {
    const through = neon(Object.assign(new URL(database.appUrl), { port: String(proxy.port) }).href);
    expect(await through`SELECT 1 AS v`).toEqual([{ v: 1 }]);
    const inFlight = failure(through`SELECT pg_sleep(30)`);
    await expect
      .poll(async () => (await sql`SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(30)%'`).rowCount)
      .toBe(1);
    proxy.down();
    expect((await inFlight).code ?? null).toBeNull();
    expect((await failure(through`SELECT 1`)).code ?? null).toBeNull();
    proxy.up();
    expect(await through`SELECT 1 AS v`).toEqual([{ v: 1 }]);
  });
});
