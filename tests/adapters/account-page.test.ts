import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCarrierBook } from "../../src/adapters/neon/carrier-sms.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import type { OutboxRow } from "../../src/domain/outbox.ts";
import { buildPosting, consumptionKey, consumptionLines } from "../../src/domain/posting.ts";
import { accountSms } from "../../src/queries/account-sms.ts";
import { accountSums } from "../../src/queries/account-sums.ts";
import { entryStories } from "../../src/queries/entry-stories.ts";
import { entrySums } from "../../src/queries/entry-sums.ts";
import { smsSent } from "../../src/queries/sms-sent.ts";
import { tableNamed } from "../../src/queries/tables/list.ts";
import { tableRow } from "../../src/queries/tables/read.ts";
import { exportStream } from "../../workers/exports/stream.ts";
import { csvWriter } from "../../workers/exports/writers.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { DAY_MS, HOUR_MS, reading, readings } from "./reading-rows.ts";
import { allocation, credit, items, NOON, payment, seed, sms } from "./rows.ts";

const METER = "23099001";
const ZONE = "Africa/Maseru";
let database: FreshDatabase;
let db: Database;
let account: number;

const write = async (...rows: OutboxRow[]) =>
  expect(await neonCopies(db).write(items(rows))).toMatchObject({ refused: [], conflicts: [] });

/** What a meter counted, as the account posts it after `head`. */
function use(head: Parameters<typeof buildPosting>[0], fromWh: number, toWh: number, readAt: number) {
  const entryKey = consumptionKey(METER, { toWh, readAt });
  const built = buildPosting(
    head,
    {
      accountId: account,
      postingId: entryKey,
      currency: "LSL",
      provider: null,
      tariffId: null,
      rateE4PerKwh: 50_000,
      receipt: null,
      actor: null,
      reason: null,
      occurredAt: readAt,
      acceptedAt: readAt,
    },
    consumptionLines(entryKey, { meterNumber: METER, kind: "consumption", fromWh, toWh, readAt } as never),
  );
  return {
    row: { kind: "posting" as const, account: "0045MAK", accountId: account, ...built.posting },
    head: built.head,
  };
}

beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  [account] = await seed(database.ownerUrl);
  await withClient(database.ownerUrl, (client) =>
    client.query(`INSERT INTO meter_placements (meter_id, account_id, role, valid_from, facts_version)
      SELECT id, ${account}, 'primary', cc_at(${NOON - 30 * DAY_MS}), 1 FROM meters WHERE meter_number = '${METER}'`),
  );
  const paid = credit(account, { amountMinor: 2_000 });
  const first = use(paid.head, 100, 600, NOON + HOUR_MS);
  const second = use(first.head, 600, 900, NOON + 2 * HOUR_MS);
  await write(
    payment(),
    allocation(),
    sms(),
    {
      kind: "sms_result",
      externalId: "m-1",
      contentHash: "aa11",
      phoneId: "phone-1",
      parserVersion: 1,
      outcome: "credited",
      because: null,
      receipt: "QK7AAA",
      account: "0045MAK",
      parsedJson: "{}",
      processedAt: NOON,
      version: 1,
    },
    paid.row,
    first.row,
    second.row,
    readings(account, METER, [reading(NOON, 100), reading(NOON + HOUR_MS, 600), reading(NOON + 2 * HOUR_MS, 900)]),
  );
});
afterAll(() => database.drop());

describe("the sums of an account", () => {
  const at = (now: number, number = "0045MAK") => accountSums(db, { account: number, now, timeZone: ZONE });

  it("are of local days: what was paid yesterday is not of today, and is of the week", async () => {
    const sum = { paidMinor: 2_000, soldWh: 4_000 };
    expect(await at(NOON + 3 * HOUR_MS)).toMatchObject({
      today: { ...sum, usedWh: 800 },
      week: { ...sum, usedWh: 800 },
      all: { ...sum, usedWh: 800 },
      usedAt: NOON + 2 * HOUR_MS,
    });
    // 22:00 UTC is midnight there
    const later = await at(Date.UTC(2026, 10, 3, 22));
    expect(later?.today).toEqual({ paidMinor: 0, soldWh: 0, usedWh: null });
    expect(later?.week).toMatchObject(sum);
    expect((await at(NOON + 7 * DAY_MS))?.week).toEqual({ paidMinor: 0, soldWh: 0, usedWh: null });
  });

  it("are nothing that was ever counted for an account without rows, and null for none", async () => {
    expect(await at(NOON, "0046MAK")).toMatchObject({ all: { paidMinor: 0, soldWh: 0, usedWh: null }, usedAt: null });
    expect(await at(NOON, "0099MAK")).toBeNull();
  });
});

describe("the entries of an account", () => {
  it("add up by kind to the balance after the newest of them", async () => {
    expect(await entrySums(db, "0045MAK")).toMatchObject({
      kinds: [
        { kind: "payment", count: 1, energyWh: 4_000, amountMinor: 2_000 },
        { kind: "consumption", count: 2, energyWh: -800, amountMinor: 0 },
      ],
      seq: 3,
      energyWh: 3_200,
    });
    expect(await entrySums(db, "0099MAK")).toEqual({ kinds: [], seq: 0, energyWh: 0, recordedAt: null });
  });

  it("have their texts, claim, and where the register stood before", async () => {
    const stories = await entryStories(db, {
      account: "0045MAK",
      receipts: ["QK7AAA", "QK7NONE"],
      tariffIds: [],
      corrections: [],
      entryKeys: ["receipt:QK7AAA#1.1"],
      uses: [
        { seq: 2, meterNumber: METER },
        { seq: 3, meterNumber: METER },
      ],
    });
    expect(stories.texts).toMatchObject([
      { receipt: "QK7AAA", phoneName: "One", parserVersion: 1, outcome: "credited" },
    ]);
    expect(stories.payments).toMatchObject([{ receipt: "QK7AAA", road: "sms", amountMinor: 2_000, generation: 1 }]);
    expect(stories.moves).toMatchObject([{ generation: 1, holder: "account", account: "0045MAK" }]);
    expect(stories.readings).toEqual([
      { seq: 2, fromAt: null },
      { seq: 3, fromAt: NOON + HOUR_MS },
    ]);
    expect(stories.recorded).toMatchObject({ seq: 3, balanceWh: 3_200 });
  });

  it("of another account tell nothing of this one", async () => {
    const nothing = { receipts: [], tariffIds: [], corrections: [], entryKeys: [], uses: [] };
    const stories = await entryStories(db, { account: "0046MAK", ...nothing });
    expect(stories).toEqual({
      ...{ texts: [], payments: [], moves: [], tariffs: [], corrections: [], credits: [], readings: [] },
      recorded: null,
    });
  });
});

const ALL = { phone: null, sender: null, text: null, outcome: null, from: null, to: null };
const EVERY = { filters: [], search: null, sort: null, order: "asc" as const };

describe("the SMS of an account", () => {
  const ask = (account: string, after: { at: number; key: string } | null = null, limit = 50) =>
    accountSms(db, account, after, limit);

  it("are those that brought its money and those it was sent, the newest first, page by page", async () => {
    await write({
      kind: "sms_outbound",
      id: "sms-1",
      phoneId: "phone-1",
      origin: "ours",
      toPhone: "26650000101",
      content: "You have 8.0 kWh",
      template: "payment_receipt",
      account: "0045MAK",
      receipt: "QK7AAA",
      state: "delivered",
      reason: null,
      createdAt: NOON + 1_000,
      offeredAt: null,
      stateAt: NOON + 2_000,
      expiresAt: NOON + DAY_MS,
      version: 1,
    });
    const all = await ask("0045MAK");
    expect(all).toMatchObject([
      { way: "out", who: "26650000101", state: "delivered", receipt: "QK7AAA" },
      { way: "in", who: "MPESA", state: "credited", phone: "One" },
    ]);
    const [first] = await ask("0045MAK", null, 1);
    expect(await ask("0045MAK", first ?? null, 1)).toEqual(all.slice(1));
    expect(await ask("0045MAK", all.at(-1) ?? null)).toEqual([]);
    expect(await ask("0046MAK")).toEqual([]);
  });

  it("stand there, too, where the carrier sent them, with parts and what they cost when they left", async () => {
    const book = neonCarrierBook(db);
    const by = (at: number) => ({ actor: "Lineo", reason: null, at });
    const price = (partPriceMinor: number, at: number) =>
      book.putSetting({ routes: {}, partPriceMinor, perHourMax: 9, perDayMax: 9 }, by(at));
    const sms = (id: string, content: string, createdAt: number) => ({
      ...{ id, to: "26650000101", content, template: "payment_receipt", language: null, account: "0045MAK" },
      ...{ receipt: "QK7AAA", createdAt, expiresAt: NOON + DAY_MS },
    });
    await price(30, NOON);
    await book.put(sms("carrier-1", "x".repeat(200), NOON + 5_000), null, NOON + 5_000);
    const limits = { perHourMax: 9, perDayMax: 9, dayStartAt: NOON - HOUR_MS, isQuiet: false };
    expect(await book.claim(limits, NOON + 6_000)).toHaveLength(1);
    await price(99, NOON + 7_000);
    await book.put(sms("carrier-2", "short", NOON + 8_000), null, NOON + 8_000);
    const [waits, sent] = await ask("0045MAK", null, 2);
    expect(waits).toMatchObject({ way: "out", phone: "CM.com", state: "queued", parts: 1, costMinor: null });
    expect(sent).toMatchObject({ state: "sending", receipt: "QK7AAA", parts: 2, costMinor: 60 });
    const log = await smsSent(db, { ...ALL, phone: "carrier:cm" }, null, 10);
    expect(log.map(({ id, parts, costMinor }) => [id, parts, costMinor])).toEqual([
      ["carrier-2", 1, null],
      ["carrier-1", 2, 60],
    ]);
    const table = tableNamed("carrier_sms");
    if (table === null) throw new Error("the table of the carrier's SMS is expected");
    const file = await new Response(exportStream(db, table, EVERY, csvWriter(table))).text();
    const [head = "", ...lines] = file.split("\r\n");
    expect(head.endsWith(",cost_minor")).toBe(true);
    expect(lines.slice(0, 2).map((line) => [line.split(",")[0], line.split(",").at(-1)])).toEqual([
      ["carrier-1", "60"],
      ["carrier-2", ""],
    ]);
    expect(await tableRow(db, table, ["carrier-1"])).toMatchObject({ parts: 2, cost_minor: 60 });
    expect(await smsSent(db, { ...ALL, phone: "+266 5000 0101" }, null, 10)).toHaveLength(3);
    expect(await smsSent(db, { ...ALL, phone: "no-phone-1" }, null, 10)).toEqual([]);
    const [newest] = await smsSent(db, ALL, null, 1);
    expect(newest).toMatchObject({ id: "carrier-2", account: "0045MAK", phoneId: "carrier:cm" });
    const rest = await smsSent(db, ALL, newest ?? null, 10);
    expect(rest.map(({ id }) => id)).toEqual(["carrier-1", "sms-1"]);
    expect(await smsSent(db, { ...ALL, outcome: "delivered" }, null, 10)).toMatchObject([{ id: "sms-1", parts: null }]);
  });
});
