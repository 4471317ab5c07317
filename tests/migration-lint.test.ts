import { describe, expect, it } from "vitest";
import { chainOnDisk } from "../dev/deliver/chain.ts";
import { contractOf, lintMigrations } from "../dev/deliver/migration-lint.ts";
import { readRecord } from "../dev/deliver/release.ts";
import { statementsOf } from "../dev/deliver/sql-statements.ts";

/** Without the tag, which each begins with. */
const faults = (sql: string, before = "") =>
  lintMigrations([{ tag: "0099_new", sql }], [{ tag: "0098_old", sql: before }]).map((fault) =>
    fault.slice("0099_new: ".length),
  );

describe("a new migration", () => {
  it.each([
    ["a table", 'CREATE TABLE "notes" ("id" bigint NOT NULL);'],
    [
      "whatever of a table that is new",
      'CREATE TABLE "notes" ("id" bigint); ALTER TABLE "notes" ALTER COLUMN "id" SET NOT NULL;',
    ],
    ["a column that may be empty", 'ALTER TABLE "tills" ADD COLUMN "note" text;'],
    ["a column with a default", `ALTER TABLE tills ADD COLUMN "note" text DEFAULT 'NOT NULL, DROP' NOT NULL;`],
    [
      "a column with a default that has commas",
      "ALTER TABLE tills ADD COLUMN kinds text[] NOT NULL DEFAULT ARRAY['a','b'](1,2);",
    ],
    ["a computed column", "ALTER TABLE tills ADD COLUMN a text GENERATED ALWAYS AS (lower(b)) STORED NOT NULL;"],
    [
      "a check that old rows are not held against, and that is proved later",
      'ALTER TABLE "tills" ADD CONSTRAINT "tills_check" CHECK (note IS NOT NULL) NOT VALID; ALTER TABLE "tills" VALIDATE CONSTRAINT "tills_check";',
    ],
    [
      "a check of a column that is new",
      `ALTER TABLE "tills" ADD COLUMN "note" text; ALTER TABLE "tills" ADD CONSTRAINT "c" CHECK ("tills"."note" <> '');`,
    ],
    [
      "a wider check in the place of another",
      'ALTER TABLE "uploads" DROP CONSTRAINT "uploads_kind";--> statement-breakpoint\nALTER TABLE "uploads" ADD CONSTRAINT "uploads_kind" CHECK (true);',
    ],
    ["freedom from a foreign key", 'ALTER TABLE "tills" DROP CONSTRAINT "tills_site_fk";'],
    ["freedom to be empty", 'ALTER TABLE "tills" ALTER COLUMN "note" DROP NOT NULL;'],
    ["a default", `ALTER TABLE "tills" ALTER COLUMN "note" SET DEFAULT '';`],
    ["an index", "CREATE INDEX CONCURRENTLY a ON b (c);"],
    ["a view in its own place", "DROP VIEW IF EXISTS public.months; CREATE VIEW months AS SELECT 1;"],
    [
      "a trigger that writes down",
      "CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN INSERT INTO notes VALUES (1); RETURN new; END $$ LANGUAGE plpgsql; CREATE TRIGGER t AFTER INSERT ON tills FOR EACH ROW EXECUTE FUNCTION f();",
    ],
    [
      "a function that nobody may call",
      "CREATE FUNCTION f(a int) RETURNS void AS $$ SELECT 1 $$ LANGUAGE sql; REVOKE EXECUTE ON FUNCTION f(int) FROM PUBLIC;",
    ],
    ["a right to call", "GRANT EXECUTE ON FUNCTION f() TO cc_app;"],
    [
      "rows of a column that is new",
      "ALTER TABLE tills ADD COLUMN note text; UPDATE tills t SET note = name WHERE note IS NULL;",
    ],
    [
      "a function whose body drops",
      "CREATE OR REPLACE FUNCTION f() RETURNS void AS $body$ BEGIN DROP TABLE x; END $body$ LANGUAGE plpgsql;",
    ],
    ["a comment about DROP TABLE", "-- DROP TABLE tills;\n/* ALTER TABLE tills RENAME TO t; */ SELECT 1;"],
    ["rows", "INSERT INTO tills VALUES ('DROP TABLE tills;');"],
    [
      "other rows, when somebody says why the release before goes on",
      "-- expand step: an empty note reads as none\nUPDATE tills SET note = ''; DELETE FROM tills WHERE name = '';",
    ],
  ])("may bring %s", (_what, sql) => {
    expect(faults(sql)).toEqual([]);
  });

  it.each([
    ['DROP TABLE "tills" CASCADE;', "drops table tills"],
    ["drop table if exists public.tills", "drops table tills"],
    ["DROP TABLE tills; CREATE TABLE tills (id int);", "drops table tills"],
    ['ALTER TABLE "tills" DROP COLUMN "note";', "drops column note of tills"],
    ["ALTER TABLE tills DROP note;", "drops column note of tills"],
    ['ALTER TABLE "tills" RENAME COLUMN "note" TO "remark";', 'renames in tills: RENAME COLUMN "note" TO "remark"'],
    ["ALTER TABLE tills RENAME TO lines;", "renames in tills: RENAME TO lines"],
    ["ALTER TYPE colour RENAME VALUE 'a' TO 'b';", "renames: ALTER TYPE colour RENAME VALUE '' TO ''"],
    ['ALTER TABLE "tills" ALTER COLUMN "note" SET NOT NULL;', "wants note of tills always"],
    ['ALTER TABLE "tills" ALTER COLUMN "note" SET DATA TYPE bigint;', "changes the type of note of tills"],
    ["ALTER TABLE tills ALTER note TYPE bigint USING note::bigint;", "changes the type of note of tills"],
    ["ALTER TABLE tills ALTER COLUMN note DROP DEFAULT;", "takes the default of note of tills"],
    ['ALTER TABLE "tills" ADD COLUMN "note" text NOT NULL;', "adds note to tills, not null and without a default"],
    [
      "ALTER TABLE tills ADD COLUMN a text, ADD COLUMN b numeric(9, 2) NOT NULL;",
      "adds b to tills, not null and without a default",
    ],
    [
      'ALTER TABLE "payments" DROP CONSTRAINT "payments_receipt_unique";',
      "drops constraint payments_receipt_unique of payments",
    ],
    ["DROP VIEW months;", "drops view months"],
    ["DROP FUNCTION next_account_number(text);", "drops function next_account_number"],
    ["DROP TRIGGER t ON tills;", "drops trigger t"],
    ['DROP INDEX "keyed";', "drops index keyed"],
    ["DROP OWNED BY cc_app;", "drops something: DROP OWNED BY cc_app"],
    ["TRUNCATE tills;", "empties a table: TRUNCATE tills"],
    ["DELETE FROM tills;", "deletes rows: DELETE FROM tills"],
    [
      "REVOKE EXECUTE ON FUNCTION f(int) FROM PUBLIC;",
      "takes a right away: REVOKE EXECUTE ON FUNCTION f(int) FROM PUBLIC",
    ],
    ["REVOKE UPDATE ON tills FROM cc_app;", "takes a right away: REVOKE UPDATE ON tills FROM cc_app"],
    ["DO $$ BEGIN DROP TABLE tills; END $$;", "drops table tills"],
    [
      "WITH gone AS (DELETE FROM tills RETURNING 1) SELECT 1;",
      "deletes rows: WITH gone AS (DELETE FROM tills RETURNING 1) SELECT 1",
    ],
    ["UPDATE tills SET note = NULL;", "empties a column: UPDATE tills SET note = NULL"],
    ["ALTER ROLE cc_app NOLOGIN;", "changes who may do what: ALTER ROLE cc_app NOLOGIN"],
    ["CREATE UNIQUE INDEX one ON tills (note);", "wants tills without twins"],
    ["ALTER TABLE tills SET SCHEMA old;", "takes tills from whoever uses it: SET SCHEMA old"],
    ["ALTER TABLE tills ENABLE ROW LEVEL SECURITY;", "takes tills from whoever uses it: ENABLE ROW LEVEL SECURITY"],
    ["ALTER TABLE tills ADD CONSTRAINT u UNIQUE (note);", "wants more of tills: ADD CONSTRAINT u UNIQUE (note)"],
    ["UPDATE tills SET note = '';", "changes rows: UPDATE tills SET note = ''"],
    ["-- expand step:\nUPDATE ONLY tills AS t SET note = '';", "changes rows: UPDATE ONLY tills AS t SET note = ''"],
    [
      "ALTER TABLE tills ADD CONSTRAINT c CHECK (note <> '');",
      "checks more of tills: ADD CONSTRAINT c CHECK (note <> '')",
    ],
    [
      "CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'no'; END $$ LANGUAGE plpgsql; CREATE TRIGGER t BEFORE INSERT ON tills FOR EACH ROW EXECUTE FUNCTION f();",
      "a trigger on tills may refuse: t",
    ],
    [
      "CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN RETURN NULL; END $$ LANGUAGE plpgsql; CREATE TRIGGER t BEFORE INSERT ON tills FOR EACH ROW EXECUTE FUNCTION f();",
      "a trigger on tills may refuse: t",
    ],
    [
      "CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'no'; RETURN NULL; END $$ LANGUAGE plpgsql; CREATE TRIGGER t AFTER INSERT ON tills FOR EACH ROW EXECUTE FUNCTION f();",
      "a trigger on tills may refuse: t",
    ],
    [
      "CREATE TRIGGER t BEFORE INSERT ON tills FOR EACH ROW EXECUTE FUNCTION unheard_of();",
      "a trigger on tills may refuse: t",
    ],
    [
      "DO $$ BEGIN EXECUTE 'DROP TABLE ' || 'tills'; END $$;",
      "executes text that nobody can read beforehand: EXECUTE '' || ''",
    ],
    [
      "DO $$ DECLARE t text; BEGIN FOR t IN SELECT 'tills' LOOP EXECUTE format('DROP TABLE %I', t); END LOOP; END $$;",
      "executes text that nobody can read beforehand: EXECUTE format('', t)",
    ],
    ["DO $do$\nALTER TABLE tills DROP COLUMN note;\n$do$;", "drops column note of tills"],
  ])("is refused with %s", (sql, fault) => {
    expect(faults(sql)).toEqual([fault]);
  });

  it("may replace a view by one that says as much, and not by one that says less or cannot be read", () => {
    const before =
      "CREATE VIEW months AS SELECT a.month, sum(a.wh) AS energy_wh, count(*) AS rows FROM days a GROUP BY 1;";
    const view = (columns: string) => `DROP VIEW months; CREATE VIEW "months" AS SELECT ${columns} FROM days;`;
    expect(faults(view("month, 1 AS energy_wh, (SELECT 1 FROM x) AS rows, 2 AS more"), before)).toEqual([]);
    expect(faults(view("month, 1 AS rows"), before)).toEqual(["view months lacks energy_wh"]);
    expect(faults(view("days.*"), before)).toEqual(["replaces view months, whose columns cannot be compared"]);
  });

  it("may bring a key over a column that the same migration adds", () => {
    const sql = 'ALTER TABLE tills ADD COLUMN "home" text; ALTER TABLE "tills" ADD CONSTRAINT u UNIQUE("home","name");';
    expect(faults(sql)).toEqual([]);
    expect(faults(`${sql} CREATE UNIQUE INDEX two ON tills ("home");`)).toEqual([]);
  });

  it("does not take a table for new that was made before, though it says that it may be there", () => {
    const before = "CREATE TABLE tills (id text);";
    const sql = 'CREATE TABLE IF NOT EXISTS "tills" ("id" text); ALTER TABLE "tills" DROP COLUMN "note";';
    expect(faults(sql, before)).toEqual(["drops column note of tills"]);
    expect(faults(sql)).toEqual([]);
  });

  it("does not take the right to call a function for free that was made before, though it makes it anew", () => {
    const before = "CREATE FUNCTION f() RETURNS void AS $$ SELECT 1 $$ LANGUAGE sql;";
    const sql = `${before.replace("CREATE", "CREATE OR REPLACE")} REVOKE EXECUTE ON FUNCTION f() FROM PUBLIC;`;
    expect(faults(sql, before)).toEqual(["takes a right away: REVOKE EXECUTE ON FUNCTION f() FROM PUBLIC"]);
    expect(faults(sql)).toEqual([]);
  });

  it("may drop an index that is no key", () => {
    const before = 'CREATE INDEX "slow" ON "tills" ("note"); CREATE UNIQUE INDEX "keyed" ON "tills" ("id");';
    expect(faults('DROP INDEX "slow";', before)).toEqual([]);
    expect(faults('DROP INDEX "keyed";', before)).toEqual(["drops index keyed"]);
  });

  it("may take away what an earlier release has stopped using, when it names that release and says why", () => {
    const sql =
      "-- contract step of release 1a2b3c4: nothing has read tills.note since\nALTER TABLE tills DROP COLUMN note;";
    expect(contractOf(sql)).toBe("1a2b3c4");
    expect(lintMigrations([{ tag: "0099_new", sql }], [])).toEqual([]);
    for (const half of [
      "-- contract step of release 1a2b3c4:",
      "-- contract step",
      "-- contract step of release soon: yes",
    ])
      expect(lintMigrations([{ tag: "0099_new", sql: `${half}\nDROP TABLE a;` }], [])).toEqual([
        "0099_new: drops table a",
      ]);
  });

  it("knows what the migrations before it in the same release made", () => {
    const fresh = [
      { tag: "0098_one", sql: "CREATE INDEX a ON b (c);" },
      { tag: "0099_two", sql: "DROP INDEX a;" },
    ];
    expect(lintMigrations(fresh, [])).toEqual([]);
    expect(lintMigrations(fresh.slice(1), [])).toEqual(["0099_two: drops index a"]);
  });
});

it("finds that what is new since the recorded release only adds", () => {
  const chain = chainOnDisk();
  const at = chain.findIndex(({ tag }) => tag === readRecord()?.migration);
  expect(at).toBeGreaterThan(0);
  expect(lintMigrations(chain.slice(at + 1), chain.slice(0, at + 1))).toEqual([]);
});

it("cuts SQL where its statements end, and nowhere else", () => {
  const sql = `SELECT ';--' AS "a;b"; /* ; */ SELECT $x$ ; $$ ; $x$ -- ;\n; SELECT 'it''s; one'`;
  expect(statementsOf(sql).map(({ text }) => text)).toEqual([`SELECT '' AS "a;b"`, "SELECT $$", "SELECT ''"]);
  expect(statementsOf("")).toEqual([]);
});

it("reads the chain of this project in order, each with its SQL", () => {
  const chain = chainOnDisk();
  expect(chain.length).toBeGreaterThan(35);
  expect(chain[0]?.tag).toMatch(/^0000_/);
  // What was found in the chain of before: nothing of it is a surprise to whoever reads the lint.
  expect(
    lintMigrations(chain.slice(0, 36), []).filter((fault) => /drops table|drops column|renames/.test(fault)),
  ).toEqual(["0029_rollups: drops table sales_daily"]);
});
