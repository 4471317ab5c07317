import { expect } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect } from "../../src/adapters/neon/database.ts";
import type { OutboxRow } from "../../src/domain/outbox.ts";
import type { Copies } from "../../src/ports/copies.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { HOUR_MS, reading, storedHours } from "./reading-rows.ts";
import { items, NOON, seed, value } from "./rows.ts";

/** A database with two accounts, of which a test writes readings; opened anew by each test or each group. */

export let database: FreshDatabase;
export let copies: Copies;
export let first: number;
export let second: number;

export const open = async () => {
  database = await freshDatabase();
  copies = neonCopies(connect(database.appUrl, database.sqlUrl));
  [first, second] = await seed(database.ownerUrl);
};
export const close = () => database.drop();
export const ask = (query: string) => withClient(database.ownerUrl, (client) => value(client, query));
export const run = (query: string) => withClient(database.ownerUrl, (client) => client.query(query));
export const write = async (...rows: OutboxRow[]) => {
  const written = await copies.write(items(rows));
  expect(written).toMatchObject({ refused: [], conflicts: [] });
};
/** [hour after NOON, Wh, estimated] of the meter of these tests. */
export const hours = async () =>
  (await storedHours(database.ownerUrl)).map(({ hour, energyWh, estimated }) => [
    (hour - NOON) / HOUR_MS,
    energyWh,
    ...(estimated ? ["estimated"] : []),
  ]);
export const METER = "23099001";
export const at = (hour: number, wh: number) => reading(NOON + hour * HOUR_MS, wh);
