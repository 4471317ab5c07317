import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { plain } from "../../src/adapters/neon/second-person.ts";
import { PERSON_CASES } from "../domain/person-cases.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";

let database: FreshDatabase;
let db: Database;
beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
});
afterAll(() => database.drop());

describe("who is a second person, as the database compares names", () => {
  it("is the same as in the domain, name by name", async () => {
    const found = await db.read<{ same: boolean }>(
      `SELECT ${plain("r.one")} = ${plain("r.other")} AS same
      FROM jsonb_to_recordset($1::jsonb) AS r(i bigint, one text, other text) ORDER BY i`,
      [JSON.stringify(PERSON_CASES.map(({ one, other }, i) => ({ i, one, other })))],
    );
    expect(PERSON_CASES.map(({ why }, i) => [why, found[i]?.same])).toEqual(
      PERSON_CASES.map(({ why, same }) => [why, same]),
    );
  });
});
