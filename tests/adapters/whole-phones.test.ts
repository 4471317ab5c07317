import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCare } from "../../src/adapters/neon/care.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonHolders } from "../../src/adapters/neon/holders.ts";
import { neonLookups } from "../../src/adapters/neon/lookups.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import { parkedMoney } from "../../src/queries/parked-money.ts";
import { suspenseHints } from "../../src/queries/suspense-hints.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { items, NOON, seed } from "./rows.ts";

/** The seed's 0045MAK and 0046MAK, each with a holder of its own. */
describe("a registered phone", () => {
  let database: FreshDatabase;
  let db: Database;
  beforeAll(async () => {
    database = await freshDatabase();
    db = connect(database.appUrl, database.sqlUrl);
    await seed(database.ownerUrl);
  });
  afterAll(() => database.drop());

  const register = (phone: string) =>
    withClient(database.ownerUrl, (client) =>
      client.query(
        `UPDATE customers c SET phones = ARRAY[$1::text], phones_typed = '{}' FROM accounts a
         WHERE a.customer_id = c.id AND a.account_number = '0045MAK'`,
        [phone],
      ),
    );
  /** What each question about a phone finds: whose money, whose name, whose balance, whose hint. */
  const found = async (phone: string) => {
    const paid = await neonLookups(db).accountsByPhone(phone);
    const held = await neonHolders(db, COUNTRIES.LS).accountsOfHolder(phone);
    const hints = await suspenseHints(db, [{ caseKey: "receipt:X#1.1", phone, named: [], alike: [] }], NOON);
    return {
      money: paid === "down" ? paid : paid.map(({ account }) => account),
      name: (await neonCare(db).customersOfPhone(phone)).flatMap(({ accounts }) => accounts.map((of) => of.account)),
      balance: held === "down" ? held : held.map(({ account }) => account),
      hint: hints.map(({ account }) => account),
    };
  };
  const everywhere = (accounts: string[]) => ({ money: accounts, name: accounts, balance: accounts, hint: accounts });

  it.each([
    ["of South Africa", "27658123456", "26658123456"],
    ["of Lesotho", "26658123456", "27658123456"],
    ["of another operator of Zambia", "260961234567", "260761234567"],
    ["of Benin", "2290197000122", "26697000122"],
  ])("%s is not the phone that ends in the same eight digits", async (_, registered, payer) => {
    await register(registered);
    expect(await found(payer)).toEqual(everywhere([]));
    expect(await found(registered)).toEqual(everywhere(["0045MAK"]));
  });

  it.each(["22997000122", "2290197000122"])(
    "of Benin, stored as %s, is found by its old and its new number",
    async (stored) => {
      await register(stored);
      for (const asked of ["2290197000122", "22997000122"]) expect(await found(asked)).toEqual(everywhere(["0045MAK"]));
    },
  );

  it("is the whole number: its last digits alone find nobody", async () => {
    await register("26658123456");
    for (const part of ["58123456", "658123456", ""]) expect(await found(part)).toEqual(everywhere([]));
  });

  it("is whose money waits only when it is the payer's whole number", async () => {
    await register("27658123456");
    const waiting = (receipt: string, payerPhone: string) => ({
      ...{ kind: "suspense_case" as const, caseKey: `receipt:${receipt}#1.1`, receipt, generation: 1, share: 1 },
      ...{ tillId: "till-1", amountMinor: 5_000, currency: "LSL" as const, because: "no_account_token" as const },
      ...{ hintAccounts: [], hintNote: "", payerPhone, text: null, state: "open" as const },
      ...{ openedAt: NOON, closedAt: null, version: 1 },
    });
    const rows = items([waiting("P1", "26658123456"), waiting("P2", "27658123456")]);
    expect(await neonCopies(db).write(rows)).toMatchObject({ refused: [], conflicts: [] });
    const [{ id } = { id: 0 }] = await db.read<{ id: number }>(
      "SELECT customer_id AS id FROM accounts WHERE account_number = '0045MAK'",
    );
    expect((await parkedMoney(db, id)).map(({ receipt }) => receipt)).toEqual(["P2"]);
  });
});
