import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { beforeAll, describe, expect, it } from "vitest";
import { type SamplePayment, type SampleSms, SampleTill } from "../../dev/samples.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import type { LegacyRow } from "../../src/domain/legacy.ts";
import { recoverReceipt } from "../../src/domain/receipt-restore.ts";
import { claimLegacy, LEGACY_ROWS_MAX, type LegacyReport } from "../../src/services/claim-legacy.ts";
import { receivePayment } from "../../src/services/receive-payment.ts";
import { accountLocator, directoryOf, receiptBookOf, tillOf } from "../../workers/objects/locate.ts";
import { processorFor, receiptsOf, receivePortsOf } from "../../workers/ports.ts";
import { facts, openCountry, settings } from "./country.ts";
import { TestPhone } from "./mailbox-phone.ts";
import { aMove, owedBy, toAccount } from "./receipt-book-world.ts";

/** A month of old SMS, through real Mailboxes, till, shards and accounts, with the database down. */
const TILL = "till-cut-over";
const DAY = 86_400_000;
const CUTOVER = Date.now() - 3_600_000;
const ACCOUNTS = ["0911MAK", "0912MAK", "0913MAK", "0914MAK"];
const by = { actor: "move-in", reason: null, at: CUTOVER };

beforeAll(async () => {
  await openCountry(ACCOUNTS.map((account) => facts(account)));
  await directoryOf(settings).putCutover(CUTOVER);
  await tillOf(settings, TILL).configure({
    tillId: TILL,
    name: "Shop",
    currency: "LSL",
    senders: ["MPESA", "199"],
    caps: { paymentMinorMax: 1e6, accountDayMinorMax: 1e7, tillDayMinorMax: 1e9, chainBreakMinorMax: 1e6 },
    utcOffsetMinutes: 120,
    version: 1,
  });
});

type Old = { sms: SampleSms; payment: SamplePayment };

/** The month before cut-over: two operators, a payment every few hours, none in the last one. */
const month: Old[] = (() => {
  const tills = [new SampleTill({ operator: "mpesa", seed: 911 }), new SampleTill({ operator: "ecocash", seed: 912 })];
  return Array.from({ length: 120 }, (_, n): Old => {
    const till = tills[n % 2] ?? new SampleTill({ operator: "mpesa", seed: 913 });
    const at = CUTOVER - 31 * DAY + n * 6 * 3_600_000;
    return till.pay({ account: ACCOUNTS[n % 4] ?? "", amountMinor: 500 * (1 + (n % 9)), at });
  });
})();
/** What the old system never learnt of. */
const isUnknown = (n: number) => n % 10 === 7;
const known = month.filter((_, n) => !isUnknown(n));
const unknown = month.filter((_, n) => isUnknown(n));

const rowOf = ({ payment }: Old, n: number): LegacyRow => ({
  id: String(n + 1),
  account_number: payment.account,
  transaction_amount: (payment.amountMinor / 100).toFixed(2),
  transaction_date: new Date(payment.at).toISOString(),
  // The old system kept what was typed into it: another letter case, a full stop, its mirror's prefix.
  payment_reference: [payment.receipt, `${payment.receipt.toLowerCase()}.`, `SM_MANUAL_HIST:7:${payment.receipt}`][
    n % 3
  ],
  is_payment: "t",
});

async function moveIn(rows: LegacyRow[], write = true): Promise<LegacyReport[]> {
  const books = { add: async () => rows.length, differing: async () => [] };
  const ports = { country: COUNTRIES.LS, receipts: receiptsOf(settings), books };
  const done = await claimLegacy(ports, { rows, source: "transactions", job: "a", write }, by);
  if (!done.ok) throw new Error("not ready");
  return done.value.rows;
}

async function phone(name: string) {
  const made = new TestPhone(name);
  made.now = Date.now();
  made.process = (sms) => processorFor(settings).process(sms);
  await made.install();
  await made.stub.configure(made.facts({ tillId: TILL }));
  return made;
}

let ids = 0;
async function send(through: TestPhone, texts: readonly SampleSms[]) {
  const messages = texts.map(({ from, content }) => ({
    id: `cut-over-${++ids}`,
    from,
    content,
    sms_sent: 0,
    sms_received: Date.now(),
  }));
  expect((await through.post({ messages, updates: [] })).status).toBe(200);
  for (let tries = 0; tries < 20; tries++) {
    await through.alarm();
    if ((await through.stub.view())?.unprocessed === 0) return;
  }
  throw new Error("the phone's SMS were not read to the end");
}

/** The same order at every run, and not the one in which they were paid. */
const shuffled = <T>(all: readonly T[]): T[] =>
  all
    .map((each, n) => ({ each, at: (n * 73 + 11) % all.length }))
    .sort((a, b) => a.at - b.at)
    .map(({ each }) => each);

const view = async (account: string) => {
  const seen = await accountLocator(settings, account).view(account);
  if (seen === null || seen === "not_ready") throw new Error(`${account} does not answer`);
  return seen;
};
const entries = async () => Promise.all(ACCOUNTS.map(async (account) => (await view(account)).seq));
const stateOf = async (receipt: string) => {
  const state = await receiptBookOf(settings, receipt).state(receipt);
  if (state === "not_ready") throw new Error("not ready");
  return state;
};

describe("the move-in", () => {
  it("says in a dry run what it would do, and does none of it", async () => {
    const said = await moveIn(known.map(rowOf), false);
    expect(new Set(said.map(({ outcome }) => outcome))).toEqual(new Set(["claimed"]));
    for (const { payment } of known.slice(0, 10)) expect(await stateOf(payment.receipt)).toBeNull();
  });

  it("claims every known receipt for the old books, without a posting, and again changes nothing", async () => {
    const rows = known.map(rowOf);
    expect(rows.length).toBeLessThanOrEqual(LEGACY_ROWS_MAX);
    const first = await moveIn(rows);
    expect(new Set(first.map(({ outcome }) => outcome))).toEqual(new Set(["claimed"]));
    const receipt = known[0]?.payment.receipt ?? "";
    const owed = await owedBy(receiptBookOf(settings, receipt));
    expect(owed.some((row) => row.kind === "posting")).toBe(false);
    expect(new Set((await moveIn(rows)).map(({ outcome }) => outcome))).toEqual(new Set(["known"]));
    expect(await owedBy(receiptBookOf(settings, receipt))).toEqual(owed);
    expect(await stateOf(receipt)).toMatchObject({
      generation: 1,
      blocked: false,
      shares: [{ holder: { kind: "legacy" }, posting: "none" }],
    });
  });
});

describe("a month of old SMS, sent again after the move-in", () => {
  it("credits nothing: twice, from two phones, shuffled; what the old books lack waits for a person", async () => {
    const [one, two] = [await phone("one"), await phone("two")];
    const texts = month.map(({ sms }) => sms);
    await send(one, texts);
    expect(await entries()).toEqual([0, 0, 0, 0]);
    await send(two, shuffled(texts));
    await send(one, shuffled(texts).toReversed());
    expect(await entries()).toEqual([0, 0, 0, 0]);
    expect((await tillOf(settings, TILL).view())?.today, "no cap is used up").toMatchObject({ countedMinor: 0 });
    for (const { payment } of known)
      expect((await stateOf(payment.receipt))?.shares).toMatchObject([
        { holder: { kind: "legacy" }, amountMinor: payment.amountMinor },
      ]);
    for (const { payment } of unknown)
      expect((await stateOf(payment.receipt))?.shares).toMatchObject([
        { holder: { kind: "suspense", because: "before_cutover", hints: { accounts: [payment.account] } } },
      ]);
  });

  it("leaves new payments alone: they credit at once, between old ones", async () => {
    const through = await phone("new");
    const till = new SampleTill({ operator: "mpesa", seed: 914 });
    const fresh = ACCOUNTS.map((account) => till.pay({ account, amountMinor: 2_000, at: Date.now() }));
    await send(through, [...texts(month.slice(0, 20)), ...texts(fresh), ...texts(month.slice(20, 40))]);
    expect(await entries()).toEqual([1, 1, 1, 1]);
    expect((await view(ACCOUNTS[0] ?? "")).balanceWh).toBe(4_000);
  });
});

const texts = (all: readonly Old[]) => all.map(({ sms }) => sms);

describe("a receipt that the old books hold", () => {
  const old = () => known[3]?.payment ?? known[0]?.payment;
  const stated = (over: { amountMinor?: number; statedAt?: number | null } = {}) => {
    const payment = old();
    if (payment === undefined) throw new Error("no payment");
    return receivePayment(receivePortsOf(settings), {
      receipt: payment.receipt,
      provider: "mpesa",
      amountMinor: payment.amountMinor,
      account: "0911MAK",
      payerPhone: null,
      statedAt: Date.now(),
      road: "webhook",
      actor: null,
      fromProvider: true,
      sightingKey: `webhook:${JSON.stringify(over)}`,
      receivedAt: Date.now(),
      ...over,
    });
  };

  it("is a duplicate to a provider's webhook, whatever date and account that states", async () => {
    expect(await stated()).toMatchObject({ ok: true, value: { status: "duplicate" } });
    expect(await entries()).toEqual([1, 1, 1, 1]);
  });

  it("is a conflict with another amount, and nothing moves", async () => {
    expect(await stated({ amountMinor: 99_900 })).toMatchObject({ ok: false, error: { kind: "amount_differs" } });
    expect((await stateOf(old()?.receipt ?? ""))?.shares).toMatchObject([{ holder: { kind: "legacy" } }]);
  });

  it("never moves, whoever asks", async () => {
    const { receipt = "", amountMinor = 0 } = old() ?? {};
    const newShares = [{ holder: toAccount("0911MAK"), amountMinor }];
    expect(
      await receiptBookOf(settings, receipt).move(aMove({ receipt, expectedGeneration: 1, newShares })),
    ).toMatchObject({
      status: "refused",
      because: "held_by_legacy",
    });
  });

  it("stays there under a reversal, which opens its case", async () => {
    const { receipt = "" } = known[5]?.payment ?? {};
    const notice = {
      receipt,
      provider: "mpesa",
      because: "reversal",
      sightingKey: "sms:reversal",
      at: Date.now(),
    } as const;
    await receiptBookOf(settings, receipt).block(notice);
    expect(await stateOf(receipt)).toMatchObject({ blocked: true, shares: [{ holder: { kind: "legacy" } }] });
    const owed = await owedBy(receiptBookOf(settings, receipt));
    expect(owed.some((row) => row.kind === "case" && row.caseKey === `reversal:${receipt}`)).toBe(true);
  });
});

describe("a later run of the move-in", () => {
  it("adds what is not claimed yet, lists what others hold, and changes none of it", async () => {
    const till = new SampleTill({ operator: "mpesa", seed: 915 });
    const late = till.pay({ account: "0912MAK", amountMinor: 700, at: CUTOVER - DAY });
    const held = unknown[0];
    const before = await stateOf(held?.payment.receipt ?? "");
    const rows = [late, ...(held === undefined ? [] : [held])].map((each, n) => rowOf(each, 500 + n * 3));
    expect(await moveIn(rows, false)).toMatchObject([{ outcome: "claimed" }, { outcome: "difference" }]);
    expect(await moveIn(rows)).toMatchObject([
      { outcome: "claimed", receipt: late.payment.receipt },
      { outcome: "difference", because: ["held_by_another"], holders: ["suspense"] },
    ]);
    expect(await stateOf(held?.payment.receipt ?? "")).toMatchObject({ ...before, phase: "recording" });
    await send(await phone("late"), [late.sms]);
    expect(await entries()).toEqual([1, 1, 1, 1]);
  });
});

it("a shard that lost its memory gets its legacy claims back as they were, and owes no posting for them", async () => {
  const receipt = known[8]?.payment.receipt ?? "";
  const rows = await owedBy(receiptBookOf(settings, receipt));
  const payment = rows.find((row) => row.kind === "payment" && row.receipt === receipt);
  const share = rows.find((row) => row.kind === "allocation" && row.receipt === receipt);
  if (payment?.kind !== "payment" || share?.kind !== "allocation") throw new Error("the shard owes its rows");
  const before = await stateOf(receipt);
  const recovered = recoverReceipt({ payment, shares: [{ ...share, hints: null, openedAt: null }], lines: [] });
  expect(recovered).toMatchObject({ entries: [], missing: [], shares: [{ holder: { kind: "legacy" } }] });
  expect(recovered.receipt).toMatchObject({ road: "legacy", phase: "recording", recordedBy: "move-in" });

  // What the object has lost, and Postgres has.
  const shard = receiptBookOf(settings, receipt);
  await runInDurableObject(shard, (_object, state) => {
    for (const table of ["receipts", "shares"])
      state.storage.sql.exec(`DELETE FROM ${table} WHERE receipt = ?`, receipt);
  });
  await evictDurableObject(shard);
  await runInDurableObject(shard, (object) => {
    const found = [{ payment, shares: [{ ...share, hints: null, openedAt: null }], lines: [], sightings: [] }];
    Object.defineProperty(object, "restores", { value: () => ({ receiptsNamed: async () => found }) });
  });
  expect(await stateOf(receipt)).toBeNull();
  expect(await shard.adopt([receipt])).toEqual([receipt]);
  expect(await stateOf(receipt)).toEqual(before);
});
