import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonHeads } from "../../src/adapters/neon/heads.ts";
import { neonRollups } from "../../src/adapters/neon/rollups.ts";
import { appliedKeyOf } from "../../src/domain/fees/unallocated.ts";
import {
  appliedLines,
  buildPosting,
  GENESIS,
  type PostingLine,
  paymentLines,
  reversalLines,
} from "../../src/domain/posting.ts";
import { accountSums } from "../../src/queries/account-sums.ts";
import { entrySums } from "../../src/queries/entry-sums.ts";
import { owedBesideEnergy } from "../../src/queries/owed.ts";
import { receiptStory } from "../../src/queries/receipt-story.ts";
import { refreshRollups } from "../../src/services/refresh-rollups.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { allocation, items, NOON, payment, seed } from "./rows.ts";

const DAY_MS = 86_400_000;
const KEY = "receipt:QK7REST#1.1";
const APPLIED = appliedKeyOf(KEY, 9_900);
let database: FreshDatabase;
let db: Database;
let accountId = 0;
beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  [accountId] = await seed(database.ownerUrl);
});
afterAll(() => database.drop());

let head = GENESIS;
const post = (postingId: string, lines: PostingLine[], receipt: string | null, at: number) => {
  const frame = {
    ...{ accountId, postingId, currency: "LSL" as const, provider: "mpesa" as const, tariffId: null },
    ...{ rateE4PerKwh: 50_000, receipt, actor: null, reason: "told", occurredAt: at, acceptedAt: at },
  };
  const built = buildPosting(head, frame, lines);
  head = built.head;
  return { kind: "posting", account: "0045MAK", accountId, ...built.posting } as const;
};
const write = async (rows: Parameters<typeof items>[0]) =>
  expect(await neonCopies(db).write(items(rows))).toMatchObject({ refused: [], conflicts: [] });
const sales = async () => {
  const rollups = neonRollups(db, "Africa/Maseru");
  while ((await refreshRollups(rollups, 120)).more);
  return db.read(
    `SELECT day::text AS day, payments, gross_minor AS gross, electricity_minor AS electricity, fees_minor AS fees, vended_wh AS vended
    FROM sales_account_days WHERE account_number = '0045MAK' ORDER BY day`,
  );
};
const receiptRow = { receipt: "QK7REST", amountMinor: 9_900, holderKind: "account" as const, account: "0045MAK" };
const energy = appliedLines(APPLIED, 8_000, 4_000);
const parts = [{ to: "unallocated" as const, amountMinor: 9_900 }];
const paid = paymentLines({ entryKey: KEY, contra: "clearing", amountMinor: 9_900 }, 0, parts);
const customers = (lines: PostingLine[]) => lines.filter(({ book }) => book.startsWith("customer_")) as never[];

describe("energy that is sold for what nothing took of a payment, in the database", () => {
  it("is no payment before it is sold: what was paid counts as fees of its day", async () => {
    const claim = { ...receiptRow, road: "contract_sms" as const };
    await write([
      payment(claim),
      allocation({ ...receiptRow, because: null, entryKey: KEY }),
      post(KEY, paid, "QK7REST", NOON),
    ]);
    expect(await sales()).toEqual([
      { day: "2026-11-03", payments: 1, gross: 9_900, electricity: 0, fees: 9_900, vended: 0 },
    ]);
  });

  it("is copied once, and then counts as energy of its payment, on the day on which that was paid", async () => {
    const sold = post(APPLIED, energy, null, NOON + DAY_MS);
    for (let twice = 0; twice < 2; twice++) await write([sold]);
    expect(await sales()).toEqual([
      { day: "2026-11-03", payments: 1, gross: 9_900, electricity: 4_000, fees: 5_900, vended: 8_000 },
    ]);
    const of = { account: "0045MAK", timeZone: "Africa/Maseru" };
    expect(await accountSums(db, { ...of, now: NOON + DAY_MS })).toMatchObject({
      today: { paidMinor: 0, soldWh: 8_000 },
      all: { paidMinor: 9_900, soldWh: 8_000 },
    });
    expect((await entrySums(db, "0045MAK")).kinds).toMatchObject([
      { kind: "payment", count: 1, amountMinor: 9_900, energyWh: 8_000 },
    ]);
    expect(await owedBesideEnergy(db)).toEqual([]);
  });

  it("leaves the receipt's claim as it was: its shard has all that Postgres has, and holds nothing else", async () => {
    expect(await neonHeads(db).versionsOf(["QK7REST"])).toMatchObject([{ shares: 1, postings: 1 }]);
    const books = await withClient(database.ownerUrl, (client) =>
      client.query(`SELECT book, sum(amount_minor)::int AS minor FROM ledger_entries WHERE kind IN ('payment', 'reversal')
        GROUP BY book HAVING sum(amount_minor) <> 0 ORDER BY book`),
    );
    expect(books.rows).toEqual([
      { book: "clearing", minor: -9_900 },
      { book: "customer_energy", minor: 4_000 },
      { book: "customer_fees", minor: 5_900 },
    ]);
  });

  it("stands in the story of its receipt, and so does what takes it back", async () => {
    const told = async () =>
      (await receiptStory(db, "QK7REST")).entries
        .filter(({ seq, entryKey }) => seq !== null && entryKey.includes("/energy."))
        .map(({ entryKey, part, amountMinor, energyWh }) => [entryKey.replace(KEY, ""), part, amountMinor, energyWh]);
    expect(await told()).toEqual([
      ["/energy.9900", null, 4_000, 8_000],
      ["/energy.9900/fee.unallocated", "unallocated", -4_000, 0],
    ]);
    await write([
      post(`${KEY}:reversal`, customers(paid).flatMap(reversalLines), "QK7REST", NOON + 2 * DAY_MS),
      post(`${APPLIED}:reversal`, customers(energy).flatMap(reversalLines), null, NOON + 2 * DAY_MS),
    ]);
    expect((await told()).slice(2)).toEqual([
      ["/energy.9900:reversal", null, -4_000, -8_000],
      ["/energy.9900/fee.unallocated:reversal", "unallocated", 4_000, 0],
    ]);
    expect((await receiptStory(db, "QK7NONE")).entries).toEqual([]);
    expect(await sales()).toMatchObject([{ electricity: 9_900, fees: 0, vended: 0 }]);
  });
});
