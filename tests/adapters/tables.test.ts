import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonRecords } from "../../src/adapters/neon/record-write.ts";
import { TABLES, tableNamed, UNLISTED_COLUMNS, UNLISTED_TABLES } from "../../src/queries/tables/list.ts";
import { orderOf, placeOf, type Row, rowEstimates, tableRow, tableRows } from "../../src/queries/tables/read.ts";
import type { Column } from "../../src/queries/tables/shape.ts";
import { exportStream } from "../../workers/exports/stream.ts";
import { csvWriter } from "../../workers/exports/writers.ts";
import { type FreshDatabase, freshDatabase, setFault } from "./database.ts";
import { NOON, seed, value } from "./rows.ts";

let database: FreshDatabase;
let db: Database;
const ROWS = 4_321;

beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  await seed(database.ownerUrl);
  await withClient(database.ownerUrl, (client) =>
    client.query(`INSERT INTO legacy_transactions (source, source_id, kind, account_number, amount_minor, currency, paid_at)
      SELECT 'test', g::text, 'payment', CASE WHEN g % 7 = 0 THEN '=1+1' END, g, 'LSL', timestamptz '2020-01-01 12:00:00.123456Z' + g * interval '1 minute'
      FROM generate_series(1, ${ROWS}) g`),
  );
  await withClient(database.ownerUrl, (client) =>
    client.query(`INSERT INTO sites (code, name, district, facts_version) SELECT 'X' || chr(65 + g / 26) || chr(65 + g % 26), 'Site ' || g,
      CASE WHEN g % 3 > 0 THEN 'District ' || g % 3 END, 1 FROM generate_series(0, 59) g`),
  );
});
afterAll(() => database.drop());

const ask = (query: string) => withClient(database.ownerUrl, (client) => value(client, query));
const table = (name: string) => {
  const found = tableNamed(name);
  if (found === null) throw new Error(name);
  return found;
};
const column = (name: string, of: string): Column => {
  const found = table(name).columns.find((each) => each.name === of);
  if (found === undefined) throw new Error(of);
  return found;
};
const all = { filters: [], search: null, sort: null, order: "asc" as const };

/** Two tables of the list are one of the database, whose rows have no key together. */
const IN_PARTS = ["meter_readings"];

describe("the list of tables", () => {
  const TYPES: Record<string, string> = {
    text: "text",
    bigint: "int",
    integer: "int",
    numeric: "num",
    boolean: "bool",
    "timestamp with time zone": "at",
    date: "day",
    jsonb: "json",
    ARRAY: "texts",
  };

  it("has every table and column of the database, or says that it is not read, and no other", async () => {
    const { rows } = await withClient(database.ownerUrl, (client) =>
      client.query<{ table: string; column: string; type: string; nullable: boolean }>(
        `SELECT c.table_name AS table, c.column_name AS column, c.data_type AS type, c.is_nullable = 'YES' AS nullable
        FROM information_schema.columns c JOIN pg_class p ON p.relname = c.table_name AND NOT p.relispartition
        WHERE c.table_schema = 'public' AND p.relnamespace = 'public'::regnamespace ORDER BY 1, 2`,
      ),
    );
    const there = rows
      .filter(
        (row) =>
          !UNLISTED_TABLES.includes(row.table) &&
          !IN_PARTS.includes(row.table) &&
          !UNLISTED_COLUMNS[row.table]?.includes(row.column),
      )
      .map((row) => `${row.table}.${row.column} ${TYPES[row.type]}${row.nullable ? " null" : ""}`);
    const whole = TABLES.filter(({ where }) => where === null);
    const listed = whole.flatMap(({ name, columns }) =>
      columns
        .filter(({ computed }) => computed === null)
        .map((each) => `${name}.${each.name} ${each.type}${each.nullable ? " null" : ""}`),
    );
    expect(listed.filter((each) => !there.includes(each))).toEqual([]);
    expect(there.filter((each) => !listed.includes(each))).toEqual([]);
    // A page goes on after a key: one with a null in it stands nowhere.
    expect(
      TABLES.filter(({ key, columns }) => columns.some(({ name, nullable }) => nullable && key.includes(name))),
    ).toEqual([]);
    for (const each of IN_PARTS) {
      const parts = TABLES.filter(({ from }) => from === each).flatMap(({ columns }) =>
        columns.map(({ name }) => name),
      );
      expect([...new Set(parts)].toSorted()).toEqual(
        rows
          .filter((row) => row.table === each)
          .map((row) => row.column)
          .toSorted(),
      );
    }
    const names = new Set(rows.map((row) => row.table));
    expect(UNLISTED_TABLES.filter((name) => !names.has(name))).toEqual([]);
    for (const [name, columns] of Object.entries(UNLISTED_COLUMNS))
      for (const each of columns) expect(rows.some((row) => row.table === name && row.column === each)).toBe(true);
  });

  it("has an index for the key and for whatever a large table is sorted and filtered by", async () => {
    const { rows } = await withClient(database.ownerUrl, (client) =>
      client.query<{ table: string; columns: string[]; whole: boolean }>(
        `SELECT c.relname AS table, i.indpred IS NULL AS whole, ARRAY(SELECT a.attname::text FROM unnest(i.indkey) WITH ORDINALITY AS k(num, place)
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.num ORDER BY k.place) AS columns
        FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_am m ON m.oid = (SELECT relam FROM pg_class WHERE oid = i.indexrelid)
        WHERE c.relnamespace = 'public'::regnamespace AND m.amname = 'btree'`,
      ),
    );
    const lacking = TABLES.flatMap(({ name, from, where, key, columns }) => {
      const leads = rows.filter((row) => row.table === from && (row.whole || where !== null)).map((row) => row.columns);
      const wanted = [key, ...columns.filter(({ isFast }) => isFast).map((each) => [each.name])];
      return wanted
        .filter((some) => !leads.some((lead) => some.every((each, i) => lead[i] === each)))
        .map((some) => `${name}: ${some.join(", ")}`);
    });
    expect(lacking).toEqual([]);
    // Only of a small table may an order begin with what can be null.
    expect(
      TABLES.filter(({ isLarge }) => isLarge).flatMap(({ columns }) =>
        columns.filter(({ isFast, nullable, computed }) => isFast && (nullable || computed !== null)),
      ),
    ).toEqual([]);
  });

  it("is read: every table answers a page, up and down, and knows about how many rows it has", async () => {
    for (const each of TABLES) {
      await tableRows(db, each, all, null, 3);
      await tableRows(db, each, { ...all, order: "desc" }, null, 3);
    }
    await ask("ANALYZE legacy_transactions");
    expect((await rowEstimates(db)).get("legacy_transactions")).toBe(ROWS);
    expect((await rowEstimates(db)).size).toBe(TABLES.length - IN_PARTS.length);
  });
});

describe("pages", () => {
  async function walk(name: string, sort: string | null, order: "asc" | "desc", limit: number) {
    const question = { ...all, sort: sort === null ? null : column(name, sort), order };
    const columns = orderOf(table(name), question.sort);
    const rows: Row[] = [];
    for (let after: (string | null)[] | null = null; ; ) {
      const page = await tableRows(db, table(name), question, after, limit);
      rows.push(...page);
      const last = page.at(-1);
      if (page.length < limit || last === undefined) return rows;
      after = placeOf(columns, last);
    }
  }

  it.each([
    [null, "asc", "code ASC"],
    [null, "desc", "code DESC"],
    ["name", "asc", "name ASC, code ASC"],
    ["district", "asc", "district ASC, code ASC"],
    ["district", "desc", "district DESC, code DESC"],
  ] as const)("by %s %s have every row once, as Postgres orders them, nulls too", async (sort, order, by) => {
    const codes = (await walk("sites", sort, order, 7)).map(({ code }) => code);
    expect(codes.join()).toBe(await ask(`SELECT string_agg(code, ',' ORDER BY ${by}) FROM sites`));
  });

  it("filter and search, in values alone", async () => {
    const count = async (name: string, over: object) =>
      (await tableRows(db, table(name), { ...all, ...over }, null, 200)).length;
    const filter = (name: string, of: string, operator: string, text: string) => ({
      filters: [{ column: column(name, of), operator, value: text }],
    });
    expect(await count("sites", filter("sites", "district", "=", "District 1"))).toBe(20);
    expect(await count("sites", filter("sites", "district", "=", "' OR true --"))).toBe(0);
    expect(await count("sites", { search: "site 5" })).toBe(11);
    expect(await count("sites", { search: "%" })).toBe(0);
    expect(await count("legacy_transactions", filter("legacy_transactions", "id", "<", "11"))).toBe(10);
    expect(await tableRow(db, table("legacy_transactions"), ["7"])).toMatchObject({ account_number: "=1+1" });
    expect(await tableRow(db, table("sites"), ["nothing"])).toBeNull();
  });
});

describe("plain rows", () => {
  const by = { actor: "Lineo", reason: null, at: NOON };
  it("are made, changed only as they were seen, and erased, each with its act", async () => {
    const records = neonRecords(db);
    expect(
      await records.create("meters", "77000001", { meter_number: "77000001", thing: null, rated_w: 500 }, by),
    ).toMatchObject({ ok: true });
    expect(
      await records.create("meters", "77000001", { meter_number: "77000001", thing: "x", rated_w: 1 }, by),
    ).toMatchObject({ error: { kind: "exists" } });
    expect(await records.update("meters", "77000001", { rated_w: 600 }, { rated_w: 400 }, by)).toEqual({
      ok: false,
      error: { kind: "changed" },
    });
    expect(await records.update("meters", "77000001", { rated_w: 600 }, { rated_w: 500 }, by)).toMatchObject({
      ok: true,
    });
    expect(await records.update("meters", "77000001", { rated_w: 600 }, { rated_w: 600 }, by)).toMatchObject({
      ok: true,
    });
    expect(await records.erase("meters", "77000001", { rated_w: 500 }, by)).toEqual({
      ok: false,
      error: { kind: "changed" },
    });
    expect(await records.erase("meters", "77000001", { rated_w: 600 }, by)).toMatchObject({ ok: true });
    expect(await records.erase("meters", "77000001", { rated_w: 600 }, by)).toMatchObject({
      error: { kind: "unknown" },
    });
    expect(
      await ask("SELECT string_agg(action, ' ' ORDER BY seq) FROM mutations WHERE subject = 'meter:77000001'"),
    ).toBe("meter.create meter.change meter.delete");
  });

  it("that others name stay", async () => {
    expect(await neonRecords(db).erase("sites", "MAK", {}, by)).toEqual({ ok: false, error: { kind: "in_use" } });
  });
});

describe("an export", () => {
  const name = "legacy_transactions";
  // As its bytes say it: text() would take the mark away.
  const file = async () =>
    Buffer.from(await new Response(exportStream(db, table(name), all, csvWriter(table(name)))).arrayBuffer()).toString(
      "utf8",
    );

  it("has every row, a header and the line that says it is whole", async () => {
    const lines = (await file()).split("\r\n");
    expect(lines).toHaveLength(ROWS + 3);
    expect(lines[0]).toMatch(/^\uFEFFid,source,/);
    expect(lines[7]).toMatch(/^7,test,7,payment,'=1\+1,7,LSL,,2020-01-01T12:07:00\.123456Z,,,20/);
    expect(lines.at(-2)).toBe(`# end of file: ${ROWS} rows`);
  });

  it("goes on after a page that did not come, with less at a time", async () => {
    await setFault("reset-before", 2);
    expect((await file()).split("\r\n").at(-2)).toBe(`# end of file: ${ROWS} rows`);
  });

  it("breaks off where the database stays away: never a short file that looks whole", async () => {
    const broken = new Response(
      exportStream({ read: () => Promise.reject(new Error("down")) }, table(name), all, csvWriter(table(name))),
    );
    await expect(broken.text()).rejects.toThrow("down");
  });
});
