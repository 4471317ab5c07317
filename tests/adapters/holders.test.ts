import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect } from "../../src/adapters/neon/database.ts";
import { neonHolders } from "../../src/adapters/neon/holders.ts";
import { neonRegistry } from "../../src/adapters/neon/registry.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import type { AccountRegistration } from "../../src/ports/registry.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { NOON } from "./rows.ts";

const account = (number: string, key: string, phones: string[]): AccountRegistration => ({
  account: number,
  site: "MAK",
  status: "live",
  customer: { key, name: "Test One", phones, language: key === "c1" ? "en" : null },
  meters: [],
  aliases: [],
  rates: [],
});

describe("accounts of a holder", () => {
  let database: FreshDatabase;

  beforeAll(async () => {
    database = await freshDatabase();
    const registry = neonRegistry(connect(database.appUrl, database.sqlUrl));
    const by = { actor: "ops:test", reason: "a test", at: NOON };
    await registry.upsertSites([{ code: "MAK", name: "Ha Makebe", district: null }], by);
    const rows = [
      account("0045MAK", "c1", ["26650000101", "26658000001"]),
      account("0046MAK", "c1", ["26650000101", "26658000001"]),
      account("0047MAK", "c2", ["27650000101"]),
    ];
    expect(await registry.upsertAccounts(rows, by)).toMatchObject({ ok: true });
  });
  afterAll(() => database.drop());

  it("are found by any phone that is registered, whole", async () => {
    const holders = neonHolders(connect(database.appUrl, database.sqlUrl), COUNTRIES.LS);
    const both = ["0045MAK", "0046MAK"].map((number) => ({ account: number, status: "live", language: "en" }));
    expect(await holders.accountsOfHolder("26650000101")).toEqual(both);
    expect(await holders.accountsOfHolder("26658000001")).toEqual(both);
  });

  it("are not found by a phone that ends alike in another country, nor by a part", async () => {
    const holders = neonHolders(connect(database.appUrl, database.sqlUrl), COUNTRIES.LS);
    expect(await holders.accountsOfHolder("27650000101")).toEqual([
      { account: "0047MAK", status: "live", language: "st" },
    ]);
    for (const phone of ["50000101", "22950000101", "26659999999", ""])
      expect(await holders.accountsOfHolder(phone)).toEqual([]);
  });

  it("are not known while Postgres does not answer", async () => {
    expect(
      await neonHolders(
        connect("postgres://nobody:x@127.0.0.1:9/none", "http://127.0.0.1:9/sql"),
        COUNTRIES.LS,
      ).accountsOfHolder("26650000101"),
    ).toBe("down");
  });
});
