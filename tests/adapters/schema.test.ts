import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { section, tablesIn } from "../schema-document.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

it("docs/schema.md names every table and view of the database, and none that does not exist", async () => {
  const document = await readFile(new URL("../../docs/schema.md", import.meta.url), "utf8");
  const named = [...tablesIn(section(document, "Tables")).values()].flat();
  const { rows } = await withClient(database.ownerUrl, (client) =>
    client.query<{ name: string }>(
      // A partition is a part of its table, and no table by itself.
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v')
        AND NOT relispartition ORDER BY 1`,
    ),
  );
  expect(named.toSorted()).toEqual(rows.map(({ name }) => name).toSorted());
});
