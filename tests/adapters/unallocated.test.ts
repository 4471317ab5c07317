import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonHeads } from "../../src/adapters/neon/heads.ts";
import { neonRollups } from "../../src/adapters/neon/rollups.ts";
import { neonWebhooks } from "../../src/adapters/neon/webhooks.ts";
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
import { energyDays } from "../../src/queries/energy-measures.ts";
import { entrySums } from "../../src/queries/entry-sums.ts";
import { machinePayments } from "../../src/queries/machine.ts";
import { myPayment, myPayments } from "../../src/queries/my-payments.ts";
import { odysseyPayments } from "../../src/queries/odyssey.ts";
import { owedBesideEnergy } from "../../src/queries/owed.ts";
import { booksDays } from "../../src/queries/parallel-days.ts";
import { listPayments } from "../../src/queries/payments.ts";
import { receiptStory } from "../../src/queries/receipt-story.ts";
import { dayCredits } from "../../src/queries/reports/daily-sales.ts";
import { boughtUnder } from "../../src/queries/tariff-effect.ts";
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
  const endpoint = { id: "whe_0123456789ab", name: "ERP", url: "https://erp.example.org/", sealedSecret: "k1:sealed" };
  const by = { actor: "Lineo", reason: "a test", at: NOON };
  await neonWebhooks(db).addEndpoint({ ...endpoint, kinds: ["payments"] }, by);
});
afterAll(() => database.drop());

const ALL_PAYMENTS = {
  ...{ from: null, to: null, site: null, provider: null, holder: null },
  ...{ minMinor: null, maxMinor: null, text: null },
};
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
/** What each of those who are asked for the energy of a payment says of it. */
async function energyTold() {
  const window = { from: NOON - DAY_MS, to: NOON + DAY_MS };
  const [listed] = await listPayments(db, { ...ALL_PAYMENTS, text: "QK7REST" }, null, 1);
  const odyssey = await odysseyPayments(db, window, ["MAK"], { page: 1, size: 10 });
  const [machine] = await machinePayments(db, window, null, 10);
  return [listed?.energyWh, odyssey.rows[0]?.energyWh, machine?.holders[0]?.energyWh];
}
/** What endpoints would be told next: the event and the energy that it says. */
async function hooksTold() {
  await neonWebhooks(db).spread(Date.now(), 0, 100);
  const due = await neonWebhooks(db).claim(Date.now(), 60_000, 10);
  return due.map(({ eventKey, type, body }) => [eventKey, type, (body as { holders: object[] }).holders]);
}
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
      today: { paidMinor: 0, soldWh: 0 },
      week: { paidMinor: 9_900, soldWh: 8_000 },
      all: { paidMinor: 9_900, soldWh: 8_000 },
    });
    expect((await entrySums(db, "0045MAK")).kinds).toMatchObject([
      { kind: "payment", count: 1, amountMinor: 9_900, energyWh: 8_000 },
    ]);
    expect(await owedBesideEnergy(db)).toEqual([]);
  });

  it("is energy of its payment wherever that is asked for: in the list, to a funder, to other programs", async () => {
    expect(await energyTold()).toEqual([8_000, 8_000, 8_000]);
  });

  it("is told to whoever is told of payments, once, with what the payment bought by then", async () => {
    const holders = [expect.objectContaining({ account: "0045MAK", amount_minor: 9_900, energy_wh: 8_000 })];
    expect(await hooksTold()).toEqual([
      ["payment:QK7REST#1", "payment.recorded", holders],
      [`payment:${APPLIED}`, "payment.energy_sold", holders],
    ]);
    expect(await hooksTold()).toEqual([]);
  });

  it("stands on the page of whoever paid: what went to fees, what it bought and when, and what is not used", async () => {
    const sold = { soldAt: NOON + DAY_MS, amountMinor: 4_000, energyWh: 8_000, rateE4PerKwh: 50_000 };
    const mine = {
      ...{ receipt: "QK7REST", amountMinor: 9_900, feesMinor: 0, unusedMinor: 5_900, energyWh: 8_000 },
      ...{ balanceAfterWh: 8_000, later: [{ ...sold, balanceAfterWh: 8_000 }], takenBack: false },
    };
    expect(await myPayments(db, { account: "0045MAK", before: null, limit: 10 })).toMatchObject({ payments: [mine] });
    expect(await myPayment(db, "0045MAK", "QK7REST")).toMatchObject(mine);
  });

  it("is of the payment's day also on the account's page and beside the old system, and of no other", async () => {
    const span = { from: "2026-11-03", to: "2026-11-04", timeZone: "Africa/Maseru" };
    const days = await energyDays(db, { ...span, account: "0045MAK" });
    expect(days?.map(({ vendedWh }) => vendedWh)).toEqual([8_000, 0]);
    const books = (await booksDays(db, { ...span, after: "" })).find(({ account }) => account === "0045MAK");
    expect(books?.days).toEqual([
      { day: "2026-11-03", payments: 1, amountMinor: 9_900, creditedWh: 8_000, balanceWh: 0 },
      { day: "2026-11-04", payments: 0, amountMinor: 0, creditedWh: 0, balanceWh: 8_000 },
    ]);
  });

  it("is counted where vendors' credits are, on the payment's day, also one that failed", async () => {
    const span = { from: "2026-11-01", to: "2026-11-30", timeZone: "Africa/Maseru" };
    expect(await dayCredits(db, span)).toEqual([]);
    await withClient(database.ownerUrl, (client) =>
      client.query(`INSERT INTO vendor_credits (external_id, account_id, vendor, amount_minor, currency, state, because, queued_at, version)
        VALUES ('${APPLIED}', ${accountId}, 'koios', 4000, 'LSL', 'dead', 'no_answer', now(), 1)`),
    );
    expect(await dayCredits(db, span)).toEqual([
      { day: "2026-11-03", channel: "mpesa", site: "MAK", delivered: 0, pending: 0, failed: 1 },
    ]);
  });

  it("is no payment more where a change of the price is looked at", async () => {
    const repriced = [{ site: "MAK", account: "0045MAK", fromE4PerKwh: 50_000, toE4PerKwh: 100_000 }];
    expect(await boughtUnder(db, repriced, { from: NOON - DAY_MS, to: NOON + 2 * DAY_MS }, 2)).toEqual({
      ...{ payments: 1, amountMinor: 4_000, postedWh: 8_000, beforeWh: 8_000, afterWh: 4_000, unvended: 0 },
    });
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
    expect((await energyTold())[0]).toBe(0);
    const span = { from: "2026-11-03", to: "2026-11-05", timeZone: "Africa/Maseru" };
    const days = await energyDays(db, { ...span, account: "0045MAK" });
    expect(days?.map(({ vendedWh }) => vendedWh)).toEqual([0, 0, 0]);
    const books = (await booksDays(db, { ...span, after: "" })).find(({ account }) => account === "0045MAK");
    expect(books?.days.map(({ creditedWh, balanceWh }) => [creditedWh, balanceWh])).toEqual([
      [0, 0],
      [0, 8_000],
      [0, 0],
    ]);
    const of = { account: "0045MAK", timeZone: "Africa/Maseru" };
    expect(await accountSums(db, { ...of, now: NOON + 2 * DAY_MS })).toMatchObject({
      today: { paidMinor: 0, soldWh: 0 },
      all: { paidMinor: 0, soldWh: 0 },
    });
    expect(await hooksTold()).toEqual([]);
    expect(await sales()).toMatchObject([{ electricity: 9_900, fees: 0, vended: 0 }]);
  });
});
