import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { type AskedCase, suspenseHints } from "../../src/queries/suspense-hints.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { allocation, items, NOON, payment, seed } from "./rows.ts";

const DAY = 86_400_000;

describe("hints for money in suspense", () => {
  let database: FreshDatabase;
  let db: Database;
  beforeAll(async () => {
    database = await freshDatabase();
    db = connect(database.appUrl, database.sqlUrl);
    await seed(database.ownerUrl);
    const rows = items([payment({ payerPhone: "26659990000" }), allocation()]);
    expect(await neonCopies(db).write(rows)).toMatchObject({ refused: [], conflicts: [] });
  });
  afterAll(() => database.drop());

  const ask = async (over: Partial<AskedCase>, now = NOON + DAY) =>
    (await suspenseHints(db, [{ caseKey: "receipt:X#1.1", phone: null, named: [], alike: [], ...over }], now)).map(
      ({ account, name, why }) => `${account} ${name}: ${why}`,
    );

  it("are the accounts of the payer's phone, with their holders' names", async () => {
    expect(await ask({ phone: "26650000102" })).toEqual(["0046MAK Test Two: phone"]);
  });

  it("name each account once, by the strongest reason, the likeliest first", async () => {
    expect(await ask({ phone: "26650000102", named: ["0045MAK", "0046MAK"], alike: ["0045MAK"] })).toEqual([
      "0046MAK Test Two: phone",
      "0045MAK Test One: named",
    ]);
  });

  it("are whom the payer paid for lately, and not long ago", async () => {
    expect(await ask({ phone: "26659990000" })).toEqual(["0045MAK Test One: payer"]);
    expect(await ask({ phone: "26659990000" }, NOON + 200 * DAY)).toEqual([]);
  });

  it("are none where nothing fits, and none for an account that ended", async () => {
    expect(await ask({ phone: "26651111111", alike: ["9999MAK"] })).toEqual([]);
    await withClient(database.ownerUrl, (client) =>
      client.query("UPDATE accounts SET status = 'terminated' WHERE account_number = '0046MAK'"),
    );
    expect(await ask({ named: ["0046MAK"] })).toEqual([]);
  });
});
