import { NeonDbError } from "@neondatabase/serverless";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  connect,
  isCertainlyNotCommitted,
  isFaultOfData,
  NoAnswer,
  orDown,
  pgCode,
  troubleOf,
} from "../../src/adapters/neon/database.ts";
import { type FreshDatabase, freshDatabase, setFault } from "./database.ts";

const failure = (code: string) => Object.assign(new NeonDbError("failed"), { code });

describe("what an error says about the commit", () => {
  it.each([
    ["a value out of range", failure("22003"), true, true],
    ["a key that exists", failure("23505"), true, true],
    ["an index row that is too long", failure("54000"), true, true],
    ["a refusal of our own", failure("P0001"), true, true],
    ["a deadlock", failure("40P01"), true, false],
    ["a serialization failure", failure("40001"), true, false],
    ["a statement cancelled by its timeout", failure("57014"), true, false],
    ["no right", failure("42501"), true, false],
    ["statement completion unknown", failure("40003"), false, false],
    ["a lost connection", failure("08006"), false, false],
    ["a server that shuts down", failure("57P01"), false, false],
    ["a server that starts", failure("57P03"), false, false],
    ["an answer without a SQLSTATE", new NeonDbError("Server error (HTTP status 500)"), false, false],
    ["a broken pipe, whose code only looks like a SQLSTATE", failure("EPIPE"), false, false],
    ["a timeout", new DOMException("timed out", "TimeoutError"), false, false],
    ["something that is no error", "23505", false, false],
  ])("%s", (_, error, notCommitted, data) => {
    expect(isCertainlyNotCommitted(error)).toBe(notCommitted);
    expect(isFaultOfData(error)).toBe(data);
  });

  it("is read through a wrapper", () => {
    expect(pgCode(new Error("Failed query", { cause: failure("23505") }))).toBe("23505");
  });
});

describe("what the caller is told", () => {
  it.each([
    ["a database that hangs", new NoAnswer("no answer in 200 ms"), "down"],
    ["a lost connection", failure("08006"), "down"],
    ["a server that shuts down", failure("57P01"), "down"],
    ["no server at all", new NeonDbError("Error connecting to database: fetch failed"), "down"],
    ["a statement cancelled by its timeout, in a row of others", failure("57014"), "busy"],
    ["a lock that was not to be had", failure("55P03"), "busy"],
    ["a deadlock, behind a wrapper", new Error("Failed query", { cause: failure("40P01") }), "busy"],
    ["too many connections", failure("53300"), "busy"],
    ["a key that exists", failure("23505"), null],
    ["a fault of ours", new TypeError("x is undefined"), null],
  ])("of %s", (_, error, trouble) => {
    expect(troubleOf(error)).toBe(trouble);
  });
});

describe("a connection", () => {
  let database: FreshDatabase;
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterEach(() => setFault("none", null));
  afterAll(() => database.drop());

  it("gives up on a database that hangs, and says only that it is down", async () => {
    const db = connect(database.appUrl, database.sqlUrl, 200);
    await setFault("hang", 1);
    await expect(db.read("SELECT 1 AS one")).rejects.toThrow();
    await setFault("hang", 1);
    expect(await orDown("test", () => db.read("SELECT 1 AS one"))).toBe("down");
    expect(await db.read("SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  it("reads whole numbers, dates as milliseconds, lists and nulls as they are", async () => {
    const db = connect(database.appUrl, database.sqlUrl);
    expect(
      await db.read(`SELECT 9007199254740991::bigint AS big, cc_ms(cc_at(1730635200123)) AS at, '{a,b}'::text[] AS list,
        NULL AS none, 1.5::numeric AS number, cc_ms(cc_at(-1)) AS before`),
    ).toEqual([{ big: 9007199254740991, at: 1730635200123, list: ["a", "b"], none: null, number: 1.5, before: -1 }]);
  });

  it("does all statements of a transaction or none", async () => {
    const db = connect(database.appUrl, database.sqlUrl);
    const setting = (key: string, value: string) => ({
      query: "INSERT INTO country_settings (key, value, facts_version) VALUES ($1::text, $2::jsonb, 1)",
      params: [key, value],
    });
    await expect(db.transaction([setting("a", "1"), setting("b", "not json")])).rejects.toThrow();
    expect(await db.read("SELECT key FROM country_settings")).toEqual([]);
  });
});
