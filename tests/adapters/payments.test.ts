import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import {
  listPayments,
  PAYMENTS_CSV_PAGE,
  PAYMENTS_PAGE_MAX,
  type PaymentsFilter,
  paymentDays,
} from "../../src/queries/payments.ts";
import { receiptStory } from "../../src/queries/receipt-story.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { allocation, credit, items, NOON, payment, seed, sms } from "./rows.ts";

const HOUR = 3_600_000;
const ALL: PaymentsFilter = {
  from: null,
  to: null,
  site: null,
  provider: null,
  holder: null,
  minMinor: null,
  maxMinor: null,
  text: null,
};
/** Two hours east of UTC: the local day begins at 22:00 of the day before. */
const OFFSET = 120;

describe("payments", () => {
  let database: FreshDatabase;
  let db: Database;
  beforeAll(async () => {
    database = await freshDatabase();
    db = connect(database.appUrl, database.sqlUrl);
    const [first] = await seed(database.ownerUrl);
    const posting = credit(first, { receipt: "QK7AAA" }).row;
    const split = { receipt: "QK7SPL", amountMinor: 3_000 };
    const held = { receipt: "QK7SUS", amountMinor: 700 };
    const wrote = await neonCopies(db).write(
      items([
        sms(),
        posting,
        payment(),
        allocation(),
        // 23:59 and 00:00 of the local clock.
        payment({ ...split, account: null, holderKind: "split", paidAt: NOON + 10 * HOUR - 60_000, payerPhone: null }),
        allocation({ ...split, amountMinor: 2_000, entryKey: "receipt:QK7SPL#1.1" }),
        allocation({
          ...split,
          share: 2,
          amountMinor: 1_000,
          holderKind: "suspense",
          account: null,
          because: "moved",
          entryKey: "receipt:QK7SPL#1.2",
        }),
        payment({
          ...held,
          account: null,
          holderKind: "suspense",
          paidAt: NOON + 10 * HOUR,
          payerPhone: "26662000777",
          provider: "ecocash",
        }),
        allocation({
          ...held,
          holderKind: "suspense",
          account: null,
          because: "no_account_token",
          entryKey: "receipt:QK7SUS#1.1",
        }),
      ]),
    );
    expect(wrote).toMatchObject({ refused: [], conflicts: [] });
  });
  afterAll(() => database.drop());

  const found = async (over: Partial<PaymentsFilter>) =>
    (await listPayments(db, { ...ALL, ...over }, null, 10)).map(({ receipt }) => receipt);

  it("are listed newest first, a page after the other, each once", async () => {
    const [first, ...none] = await listPayments(db, ALL, null, 1);
    expect([first?.receipt, none]).toEqual(["QK7SUS", []]);
    const rest = await listPayments(db, ALL, { paidAt: first?.paidAt ?? 0, receipt: first?.receipt ?? "" }, 10);
    expect(rest.map(({ receipt, accounts }) => [receipt, accounts])).toEqual([
      ["QK7SPL", ["0045MAK"]],
      ["QK7AAA", ["0045MAK"]],
    ]);
  });

  it.each<[string, Partial<PaymentsFilter>, string[]]>([
    ["the beginning of a receipt, in any case", { text: "qk7s" }, ["QK7SUS", "QK7SPL"]],
    ["an account", { text: "0045mak" }, ["QK7SPL", "QK7AAA"]],
    ["the end of a payer's phone", { text: "000777" }, ["QK7SUS"]],
    ["three digits, which are no phone", { text: "777" }, []],
    ["a wildcard, which means itself", { text: "%" }, []],
    ["a site", { site: "MAK" }, ["QK7SPL", "QK7AAA"]],
    ["another site", { site: "SHG" }, []],
    ["a holder", { holder: "suspense" }, ["QK7SUS"]],
    ["a provider", { provider: "ecocash" }, ["QK7SUS"]],
    ["amounts, both ends included", { minMinor: 700, maxMinor: 2_000 }, ["QK7SUS", "QK7AAA"]],
    ["a stretch: its first instant and not its last", { from: NOON, to: NOON + 10 * HOUR }, ["QK7SPL", "QK7AAA"]],
  ])("are found by %s", async (_, filter, receipts) => {
    expect(await found(filter)).toEqual(receipts);
  });

  it("are those of a site page by page as in its file, whole and split, and go on after the one named", async () => {
    const site = { ...ALL, site: "MAK" };
    const file = await listPayments(db, site, null, PAYMENTS_CSV_PAGE);
    expect(file.map(({ receipt }) => receipt)).toEqual(["QK7SPL", "QK7AAA"]);
    expect(await listPayments(db, site, null, PAYMENTS_PAGE_MAX)).toEqual(file);
    const [first] = await listPayments(db, site, null, 1);
    const rest = await listPayments(db, site, { paidAt: first?.paidAt ?? 0, receipt: first?.receipt ?? "" }, 1);
    expect([first, ...rest]).toEqual(file);
    expect(await found({ site: "MAK", holder: "account" })).toEqual(["QK7AAA"]);
    expect(await found({ site: "MAK", text: "qk7s" })).toEqual(["QK7SPL"]);
  });

  it("are added up by the local day, and by whose they are; a split counts on both sides", async () => {
    expect(await paymentDays(db, ALL, OFFSET)).toEqual([
      {
        day: "2026-11-04",
        count: 1,
        amountMinor: 700,
        accountsMinor: 0,
        suspenseMinor: 700,
        treasuryMinor: 0,
        returnedMinor: 0,
        legacyMinor: 0,
      },
      {
        day: "2026-11-03",
        count: 2,
        amountMinor: 5_000,
        accountsMinor: 4_000,
        suspenseMinor: 1_000,
        treasuryMinor: 0,
        returnedMinor: 0,
        legacyMinor: 0,
      },
    ]);
  });

  it("are found by an account that holds them now, also beside a receipt that begins like it, and not by one that held them once", async () => {
    const moved = { receipt: "QK7MOV", account: "0046MAK", paidAt: NOON - HOUR };
    const alike = { receipt: "0045MAK9", account: null, holderKind: "suspense", paidAt: NOON - 2 * HOUR } as const;
    const wrote = await neonCopies(db).write(
      items([
        payment({ ...moved, generation: 2, version: 2 }),
        allocation({ receipt: "QK7MOV", entryKey: "receipt:QK7MOV#1.1" }),
        allocation({ receipt: "QK7MOV", generation: 2, account: "0046MAK", entryKey: "receipt:QK7MOV#2.1" }),
        payment(alike),
        allocation({ ...alike, because: "no_account_token", entryKey: "receipt:0045MAK9#1.1" }),
      ]),
    );
    expect(wrote).toMatchObject({ refused: [], conflicts: [] });
    expect(await found({ text: "0045mak" })).toEqual(["QK7SPL", "QK7AAA", "0045MAK9"]);
    expect(await found({ text: "0046MAK" })).toEqual(["QK7MOV"]);
    expect(await found({ text: "0045MA" })).toEqual(["0045MAK9"]);
    expect(await found({ text: "0045MAK", holder: "suspense" })).toEqual(["0045MAK9"]);
  });

  it("tell a receipt's story: its shares, its postings, and nothing of another", async () => {
    const story = await receiptStory(db, "QK7AAA");
    expect(story.payment).toMatchObject({ receipt: "QK7AAA", holderKind: "account", generation: 1 });
    expect(story.shares.map(({ generation, share, account, name }) => [generation, share, account, name])).toEqual([
      [1, 1, "0045MAK", "Test One"],
    ]);
    expect(story.entries.filter(({ account }) => account !== null)).toHaveLength(1);
    expect(story.cases).toEqual([]);
    expect(await receiptStory(db, "NONE")).toMatchObject({ payment: null, sightings: [], sms: [] });
  });
});
