import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { closeCase } from "../../src/adapters/neon/cases.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect } from "../../src/adapters/neon/database.ts";
import { feeKeyOf, partKeyOf } from "../../src/domain/fees/debt.ts";
import type { OutboxRow } from "../../src/domain/outbox.ts";
import {
  buildPosting,
  feeLines,
  GENESIS,
  type PostingLine,
  paymentLines,
  reversalLines,
} from "../../src/domain/posting.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { items, NOON, seed } from "./rows.ts";

const PART = "advance.connection";
const grantKey = (id: string) => feeKeyOf("charge", PART, id);
let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
  await seed(database.ownerUrl);
});
afterAll(() => database.drop());

type PostingItem = Extract<OutboxRow, { kind: "posting" }>;
const write = async (...rows: PostingItem[]) => {
  const written = await neonCopies(connect(database.appUrl, database.sqlUrl)).write(items(rows));
  expect(written).toMatchObject({ refused: [], conflicts: [] });
  expect(written.recorded).toHaveLength(rows.length);
};
const rowsOf = <T>(query: string, of: FreshDatabase = database) =>
  withClient(of.ownerUrl, async (client) => (await client.query(query)).rows as T[]);

let accounts = 200;
/** A live account without an entry, and the postings that its object would send, in order. */
async function account(of: FreshDatabase = database) {
  const number = `0${++accounts}MAK`;
  const [made] = await rowsOf<{ id: string }>(
    `INSERT INTO accounts (account_number, site_code, customer_id, status, facts_version)
    SELECT '${number}', 'MAK', min(id), 'live', 1 FROM customers RETURNING id`,
    of,
  );
  const accountId = Number(made?.id);
  let head = GENESIS;
  let minutes = 0;
  const post = (postingId: string, lines: PostingLine[], receipt: string | null = null): PostingItem => {
    minutes += 1;
    const frame = {
      ...{
        accountId,
        postingId,
        currency: "LSL" as const,
        provider: null,
        tariffId: null,
        rateE4PerKwh: null,
        receipt,
      },
      ...{ actor: "Palesa", reason: "signed", occurredAt: NOON, acceptedAt: NOON + minutes * 60_000 },
    };
    const built = buildPosting(head, frame, lines);
    head = built.head;
    return { kind: "posting", account: number, accountId, ...built.posting };
  };
  const key = (receipt: string) => `receipt:${receipt}#1.1`;
  return {
    number,
    grant: (id: string, minor: number) => post(grantKey(id), feeLines(grantKey(id), minor)),
    writeOff: (id: string, minor: number) => {
      const orderKey = feeKeyOf("writeoff", PART, id);
      return post(orderKey, feeLines(orderKey, -minor));
    },
    pay: (receipt: string, minor: number) =>
      post(
        key(receipt),
        paymentLines({ entryKey: key(receipt), contra: "clearing", amountMinor: minor }, 0, [
          { to: PART, amountMinor: minor },
        ]),
        receipt,
      ),
    takeBack: (receipt: string, { rows }: PostingItem) => {
      const part = rows.find(({ entryKey }) => entryKey === partKeyOf(key(receipt), PART));
      const own = rows.find(({ entryKey }) => entryKey === key(receipt));
      if (part === undefined || own === undefined) throw new Error("no such payment");
      return post(`${key(receipt)}:reversal`, [...reversalLines(own), ...reversalLines(part)], receipt);
    },
    open: async () =>
      (
        await rowsOf<{ key: string }>(
          `SELECT entry_key AS key FROM open_advances WHERE account_id = ${accountId} AND part = '${PART}'`,
          of,
        )
      ).map((row) => row.key),
    cases: () =>
      rowsOf<{ key: string; state: string; later: string[] }>(
        `SELECT case_key AS key, state, details -> 'later' AS later FROM reconciliation_cases
        WHERE case_kind = 'two_advances' AND subject = '${number}' ORDER BY opened_at, case_key`,
        of,
      ),
  };
}
const caseOf = (first: string, state: string, ...later: string[]) => ({
  key: `advances:${grantKey(first)}`,
  state,
  later: later.map(grantKey),
});

describe("the open advance of a kind, in the database", () => {
  it("has the key while it is owed, however often it is copied, and no longer", async () => {
    const of = await account();
    const [granted, paid] = [of.grant("a1", 5_000), of.pay("ADVONE", 5_000)];
    for (let twice = 0; twice < 2; twice++) await write(granted);
    expect(await of.open()).toEqual([grantKey("a1")]);
    for (let twice = 0; twice < 2; twice++) await write(granted, paid);
    expect(await of.open()).toEqual([]);
    await write(of.grant("a2", 4_000));
    expect(await of.open()).toEqual([grantKey("a2")]);
    expect(await of.cases()).toEqual([]);
  });

  it("is one: a second row of the account and kind is refused by its key, and nobody who serves may type one in", async () => {
    const of = await account();
    await write(of.grant("k1", 5_000));
    const insert = `INSERT INTO open_advances (account_id, part, entry_key, granted_at)
      SELECT account_id, part, 'fee:charge:other', granted_at FROM open_advances WHERE entry_key = '${grantKey("k1")}'`;
    await expect(rowsOf(insert)).rejects.toMatchObject({
      code: "23505",
      constraint: "open_advances_account_id_part_pk",
    });
    for (const change of [insert, "UPDATE open_advances SET part = part", "DELETE FROM open_advances"])
      await expect(withClient(database.appUrl, (client) => client.query(change))).rejects.toThrow(/permission denied/);
  });

  it("keeps the key when a second is granted: that is recorded, as is what follows it, and a case for a person", async () => {
    const of = await account();
    await write(of.grant("b1", 5_000), of.grant("b2", 3_000), of.pay("ADVTWO", 1_000));
    expect(await of.open()).toEqual([grantKey("b1")]);
    expect(await of.cases()).toEqual([caseOf("b1", "open", "b2")]);
    await write(of.writeOff("half", 2_000));
    expect(await of.cases()).toEqual([caseOf("b1", "open", "b2")]);
    await write(of.writeOff("rest", 1_000));
    expect(await of.cases()).toEqual([caseOf("b1", "closed", "b2")]);
    expect(await of.open()).toEqual([grantKey("b1")]);
  });

  it("counts no write-off that came before the second", async () => {
    const of = await account();
    await write(of.grant("c1", 5_000), of.writeOff("before", 4_000), of.grant("c2", 2_000));
    expect(await of.cases()).toEqual([caseOf("c1", "open", "c2")]);
  });

  it("ends with the whole of the first written off: what is granted then is no second", async () => {
    const of = await account();
    await write(of.grant("d1", 5_000), of.writeOff("all", 5_000), of.grant("d2", 2_000));
    expect(await of.open()).toEqual([grantKey("d2")]);
    expect(await of.cases()).toEqual([]);
  });

  it("says the same of a history that comes line by line, all at once or again from its beginning", async () => {
    const told = [];
    for (const way of ["one by one", "at once", "again"]) {
      const of = await account();
      const receipt = `ADV${way.replaceAll(" ", "").toUpperCase()}`;
      const grants = [of.grant(`${of.number}-1`, 5_000), of.grant(`${of.number}-2`, 3_000)];
      const paid = of.pay(receipt, 8_000);
      const back = of.takeBack(receipt, paid);
      const all = [...grants, paid, back];
      if (way !== "at once") for (const each of all) await write(each);
      if (way !== "one by one") await write(...all);
      const own = (text: string) => text.replace(of.number, "");
      told.push([(await of.open()).map(own), (await of.cases()).map(({ key, state }) => [own(key), state])]);
    }
    const expected = [["fee:charge:advance.connection:-1"], [["advances:fee:charge:advance.connection:-1", "open"]]];
    expect(told).toEqual([expected, expected, expected]);
  });

  it("is owed again by a payment that is taken back, and what was granted meanwhile has the key", async () => {
    const of = await account();
    const [granted, paid] = [of.grant("e1", 5_000), of.pay("ADVBACK", 5_000)];
    await write(granted, paid);
    await write(of.takeBack("ADVBACK", paid));
    expect(await of.open()).toEqual([grantKey("e1")]);
    const again = of.pay("ADVTWICE", 5_000);
    const meanwhile = of.grant("e2", 2_000);
    await write(again, meanwhile, of.takeBack("ADVTWICE", again));
    expect(await of.open()).toEqual([grantKey("e2")]);
    expect(await of.cases()).toEqual([]);
  });
});

describe("the case of two advances", () => {
  it("closes with the last of what is owed, and opens when that is owed again", async () => {
    const of = await account();
    const paid = [of.grant("f1", 5_000), of.grant("f2", 3_000), of.pay("ADVALL", 8_000)];
    await write(...paid);
    expect(await of.cases()).toEqual([]);
    await write(of.takeBack("ADVALL", paid[2] as PostingItem));
    expect(await of.cases()).toEqual([caseOf("f1", "open", "f2")]);
  });

  it("stays closed by the person who let both stand, until yet another is granted", async () => {
    const of = await account();
    await write(of.grant("g1", 5_000), of.grant("g2", 3_000));
    const by = { actor: "Lineo", reason: "both were signed", at: NOON, requestId: "r1" };
    const db = connect(database.appUrl, database.sqlUrl);
    expect(await closeCase(db, `advances:${grantKey("g1")}`, by)).toMatchObject({ ok: true });
    await write(of.pay("ADVSTAND", 100));
    expect(await of.cases()).toEqual([caseOf("g1", "closed", "g2")]);
    await write(of.grant("g3", 1_000));
    expect(await of.cases()).toEqual([caseOf("g1", "open", "g2", "g3")]);
  });

  it("ends with its time: repaid and granted anew in one breath, the old one is nobody's any more", async () => {
    const of = await account();
    await write(of.grant("h1", 5_000), of.grant("h2", 3_000));
    await write(of.pay("ADVDONE", 8_000), of.grant("h3", 1_000));
    expect(await of.cases()).toEqual([caseOf("h1", "closed", "h2")]);
    expect(await of.open()).toEqual([grantKey("h3")]);
  });
});

describe("advances from before the key", () => {
  it("have it from the day on which it is made", async () => {
    const old = await freshDatabase("open_advances");
    try {
      await seed(old.ownerUrl);
      const of = await account(old);
      const [first, second] = [of.grant("i1", 5_000), of.grant("i2", 1_000)];
      await neonCopies(connect(old.appUrl, old.sqlUrl)).write(items([first, second]));
      await old.migrateOn();
      expect(await of.open()).toEqual([grantKey("i1")]);
      expect(await of.cases()).toEqual([caseOf("i1", "open", "i2")]);
    } finally {
      await old.drop();
    }
  });
});
