import { afterAll, beforeAll, expect, it } from "vitest";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { lastPayment } from "../../src/queries/last-payment.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { items, NOON, payment, seed } from "./rows.ts";

let database: FreshDatabase;
let db: Database;
const DAY_MS = 86_400_000;

beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  await seed(database.ownerUrl);
});
afterAll(() => database.drop());

it("what an account was paid last is by the operator's instant, and neither what is blocked nor another's", async () => {
  expect(await lastPayment(db, "0045MAK")).toBeNull();
  const rows = [
    payment({ receipt: "QK7AAA", paidAt: NOON, amountMinor: 2_000 }),
    // It came later and was paid before.
    payment({ receipt: "QK7BBB", paidAt: NOON - DAY_MS, claimedAt: NOON + DAY_MS, amountMinor: 3_000 }),
    payment({ receipt: "QK7CCC", paidAt: NOON + DAY_MS, blocked: true }),
    payment({ receipt: "QK7DDD", paidAt: NOON + DAY_MS, account: "0046MAK" }),
  ];
  expect(await neonCopies(db).write(items(rows))).toMatchObject({ refused: [] });
  expect(await lastPayment(db, "0045MAK")).toEqual({ receipt: "QK7AAA", amountMinor: 2_000, paidAt: NOON });
  expect(await lastPayment(db, "9999MAK")).toBeNull();
});
