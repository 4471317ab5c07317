import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { neonCustomers } from "../../src/adapters/neon/customers-write.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonFees } from "../../src/adapters/neon/fees.ts";
import type { OutboxRow } from "../../src/domain/outbox.ts";
import { buildPosting, feeLines, GENESIS, type LedgerHead, paymentLines } from "../../src/domain/posting.ts";
import type { NewFeeOrder } from "../../src/ports/fees.ts";
import { accountSums } from "../../src/queries/account-sums.ts";
import { entrySums } from "../../src/queries/entry-sums.ts";
import { myPayment, myPayments } from "../../src/queries/my-payments.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { allocation, items, NOON, payment, seed, value } from "./rows.ts";

let database: FreshDatabase;
let db: Database;
let accountId: number;
beforeAll(async () => {
  database = await freshDatabase();
  await seed(database.ownerUrl);
  db = connect(database.appUrl, database.sqlUrl);
  accountId = Number(await ask("SELECT id FROM accounts WHERE account_number = '0045MAK'"));
  await ask(
    "INSERT INTO database_country (code, currency, site_codes) VALUES ('LS', 'LSL', '{MAK}') ON CONFLICT DO NOTHING",
  );
});
afterAll(() => database.drop());

const all = () => neonFees(db);
const ask = (query: string) => withClient(database.ownerUrl, (client) => value(client, query));
let requests = 0;
const by = (actor: string, at = NOON) => ({ actor, reason: "the book says so", at, requestId: `f${++requests}` });
const order = (id: string, over: Partial<NewFeeOrder> = {}): NewFeeOrder => ({
  id,
  account: "0045MAK",
  act: "writeoff",
  part: "connection",
  amountMinor: 4_000,
  currency: "LSL",
  document: "book 7",
  ...over,
});
const charge = (id: string, over: Partial<NewFeeOrder> = {}) =>
  order(id, { act: "charge", amountMinor: null, document: null, ...over });
const stateOf = async (id: string) => (await all().find(id))?.state;
const acts = (action: string) => ask(`SELECT count(*) FROM mutations WHERE action = '${action}'`);

describe("an order about a fee", () => {
  it("that charges is approved at once, twice is once, and takes the country's price when the account has answered", async () => {
    for (let n = 0; n < 2; n++) expect(await all().order(charge("c1"), by("Mpho"))).toMatchObject({ ok: true });
    expect(await all().find("c1")).toMatchObject({ state: "approved", amountMinor: null, postedAt: null });
    expect(await acts("fee_order.charge")).toBe("1");
    expect((await all().approvedBefore(NOON + 1, 10)).map(({ id }) => id)).toEqual(["c1"]);
    for (let n = 0; n < 2; n++)
      await all().answered("c1", { state: "posted", because: null, amountMinor: 50_100, at: NOON + 5 });
    expect(await all().find("c1")).toMatchObject({ state: "posted", amountMinor: 50_100, postedAt: NOON + 5 });
    expect(await all().approvedBefore(NOON + 1, 10)).toEqual([]);
  });

  it("that writes off or pays back waits for another person, whatever the amount", async () => {
    await all().order(order("w1", { amountMinor: 1 }), by("Thabo"));
    await all().order(order("w2", { act: "refund" }), by("Thabo", NOON + 1));
    expect([await stateOf("w1"), await stateOf("w2")]).toEqual(["waiting", "waiting"]);
    for (const same of ["Thabo", " tHABO ", "Ｔhab\u00ba"])
      expect(await all().decide("w1", true, by(same))).toMatchObject({ ok: false, error: { detail: "same person" } });
    for (let n = 0; n < 2; n++) expect(await all().decide("w1", true, by("Lineo"))).toMatchObject({ ok: true });
    expect(await all().find("w1")).toMatchObject({ state: "approved", orderedBy: "Thabo", decidedBy: "Lineo" });
    expect(await all().decide("w1", false, by("Palesa"))).toMatchObject({ ok: false, error: { kind: "exists" } });
    expect(await acts("fee_order.approve")).toBe("1");
  });

  it("may be refused by whoever ordered it, and is never posted then", async () => {
    expect(await all().decide("w2", false, by("Thabo"))).toMatchObject({ ok: true });
    await all().answered("w2", { state: "posted", because: null, amountMinor: null, at: NOON });
    expect(await all().find("w2")).toMatchObject({ state: "refused", because: "the book says so", decidedBy: null });
  });

  it("that the account posted is posted, whichever of two answers is written first", async () => {
    const posted = { state: "posted", because: null, amountMinor: 700, at: NOON + 7 } as const;
    const refused = { state: "refused", because: "more_than_paid", amountMinor: 700, at: NOON + 6 } as const;
    for (const [id, ...answers] of [
      ["two-1", refused, posted],
      ["two-2", posted, refused],
    ] as const) {
      await all().order(order(id, { act: "refund", amountMinor: 700 }), by("Thabo"));
      await all().decide(id, true, by("Lineo"));
      for (const answer of answers) await all().answered(id, answer);
      expect(await all().find(id)).toMatchObject({ state: "posted", because: null, postedAt: NOON + 7 });
    }
  });

  it("is refused under the id of another order, and of no account", async () => {
    for (const other of [order("w1", { amountMinor: 2 }), order("w1", { part: "readyboard", amountMinor: 1 })])
      expect(await all().order(other, by("Mpho"))).toMatchObject({ ok: false, error: { kind: "exists" } });
    expect(await all().order(order("x1", { account: "9999MAK" }), by("Mpho"))).toMatchObject({
      error: { kind: "unknown" },
    });
    expect(await all().decide("x1", true, by("Mpho"))).toMatchObject({ error: { kind: "unknown" } });
  });

  it("is held to two people and a document by the database itself", async () => {
    const insert = (id: string, document: string, decided: string) =>
      ask(`INSERT INTO fee_orders (id, account_id, act, part, amount_minor, currency, reason, document, state, ordered_by, ordered_at, decided_by)
        VALUES ('${id}', ${accountId}, 'writeoff', 'connection', 1, 'LSL', 'x', ${document}, 'approved', 'Thabo', now(), ${decided})`);
    await expect(insert("d1", "'book'", "NULL")).rejects.toThrow(/fee_orders_two/);
    await expect(insert("d2", "NULL", "'Lineo'")).rejects.toThrow(/fee_orders_two/);
    await expect(insert("d3", "'book'", "'tHA bo'")).rejects.toThrow(/fee_orders_second/);
  });
});

describe("a registration", () => {
  let keys = 0;
  const register = async (source: "portal" | "access", at: number, readyboard?: true) => {
    const key = `registration:fees-${++keys}`;
    const fields = {
      ...{
        name: "Palesa Mofokeng",
        givenName: "Palesa",
        familyName: "Mofokeng",
        phones: [],
        phonesTyped: [],
        email: null,
      },
      ...{
        language: null,
        nationalId: null,
        gender: null,
        customerType: null,
        site: "MAK",
        plotNumber: null,
        latitude: null,
      },
      ...{ longitude: null, street: null, place: null, district: null, note: null, rooms: null, legacyId: null },
    };
    const account = { site: "MAK", account: null, status: "live" as const, openedAt: null };
    const made = await neonCustomers(db).register({ key, source, fields, account, readyboard }, by("Mpho", at));
    if (!made.ok) throw new Error(JSON.stringify(made.error));
    return ask(`SELECT string_agg(o.act || ' ' || o.part || ' ' || o.state || ' ' || o.ordered_by, ', ' ORDER BY o.part) FROM fee_orders o
      JOIN accounts a ON a.id = o.account_id WHERE a.opening_key = '${key}'`);
  };

  it("owes no fee until somebody says from when on, and then its connection, once", async () => {
    expect(await all().chargedFrom()).toBeNull();
    expect(await register("portal", NOON)).toBeNull();
    await all().setChargedFrom(NOON, by("Mpho"));
    expect(await all().chargedFrom()).toBe(NOON);
    expect(await register("portal", NOON - 1)).toBeNull();
    expect(await register("portal", NOON)).toBe("charge connection approved registration");
    await all().setChargedFrom(null, by("Mpho"));
    expect(await all().chargedFrom()).toBeNull();
    expect(await register("portal", NOON + 1)).toBeNull();
  });

  it("owes its readyboard too where one goes into the house, from the same instant on", async () => {
    expect(await register("portal", NOON + 1, true)).toBeNull();
    await all().setChargedFrom(NOON, by("Mpho"));
    expect(await register("portal", NOON + 1, true)).toBe(
      "charge connection approved registration, charge readyboard approved registration",
    );
  });

  it("of somebody who is moved in owes what the old books say, and nothing by itself", async () => {
    await all().setChargedFrom(NOON, by("Mpho"));
    expect(await register("access", NOON + 1)).toBeNull();
  });
});

describe("a payment with parts", () => {
  /** `movedBy`: of the second generation, which came out of suspense. */
  const posted = (head: LedgerHead, receipt: string, amountMinor: number, feeMinor: number, movedBy?: string) => {
    const entryKey = `receipt:${receipt}#${movedBy === undefined ? 1 : 2}.1`;
    const energyWh = (amountMinor - feeMinor) * 2;
    const contra = movedBy === undefined ? "clearing" : "suspense";
    const post = { entryKey, amountMinor, contra } as Parameters<typeof paymentLines>[0];
    const frame = {
      ...{ accountId, postingId: entryKey, currency: "LSL" as const, provider: "mpesa" as const, tariffId: null },
      ...{ rateE4PerKwh: 50_000, receipt, actor: movedBy ?? null, reason: "sms", occurredAt: NOON, acceptedAt: NOON },
    };
    const parts = [{ to: "connection" as const, amountMinor: feeMinor }];
    const built = buildPosting(head, frame, paymentLines(post, energyWh, parts));
    return { row: { kind: "posting", account: "0045MAK", accountId, ...built.posting } as OutboxRow, head: built.head };
  };
  const tell = (rows: OutboxRow[]) => neonCopies(db).write(items(rows));
  let first: ReturnType<typeof posted>;
  let second: ReturnType<typeof posted>;

  beforeAll(async () => {
    const frame = {
      ...{ accountId, postingId: "fee:charge:connection:c1", currency: "LSL" as const, provider: null, tariffId: null },
      ...{
        rateE4PerKwh: null,
        receipt: null,
        actor: "registration",
        reason: "registered",
        occurredAt: NOON,
        acceptedAt: NOON,
      },
    };
    const owed = buildPosting(GENESIS, frame, feeLines("fee:charge:connection:c1", 60_100));
    first = posted(owed.head, "QK7FEE1", 10_000, 5_000);
    second = posted(first.head, "QK7FEE2", 50_100, 50_100);
    const charged = { kind: "posting", account: "0045MAK", accountId, ...owed.posting } as OutboxRow;
    const done = await tell([charged, first.row]);
    expect(done.recorded).toHaveLength(2);
  });

  it("is written whole, and stands for its payment with all that was paid until its claim comes", async () => {
    expect(await ask("SELECT amount_minor FROM payments WHERE receipt = 'QK7FEE1' AND generation = 0")).toBe("10000");
    expect((await tell([first.row])).recorded).toHaveLength(1);
    expect(await ask("SELECT count(*) FROM ledger_entries WHERE receipt = 'QK7FEE1'")).toBe("5");
    expect(await ask(`SELECT balance_wh FROM account_balances WHERE account_id = ${accountId}`)).toBe("10000");
  });

  it("counts with all that was paid, for the account and for its payer", async () => {
    const claims = (receipt: string, amountMinor: number): OutboxRow[] => [
      payment({ receipt, amountMinor }),
      allocation({ receipt, amountMinor, entryKey: `receipt:${receipt}#1.1` }),
    ];
    await tell([...claims("QK7FEE1", 10_000), second.row, ...claims("QK7FEE2", 50_100)]);
    const sums = await accountSums(db, { account: "0045MAK", now: NOON, timeZone: "Africa/Maseru" });
    expect(sums?.all).toMatchObject({ paidMinor: 60_100, soldWh: 10_000 });
    expect((await entrySums(db, "0045MAK")).kinds).toMatchObject([
      { kind: "fee", count: 1, amountMinor: -60_100 },
      { kind: "payment", count: 2, amountMinor: 60_100, energyWh: 10_000 },
    ]);
    const { payments } = await myPayments(db, { account: "0045MAK", before: null, limit: 10 });
    expect(
      payments.map(({ receipt, amountMinor, feesMinor, energyWh }) => [receipt, amountMinor, feesMinor, energyWh]),
    ).toEqual([
      ["QK7FEE2", 50_100, 50_100, 0],
      ["QK7FEE1", 10_000, 5_000, 10_000],
    ]);
    expect(await myPayment(db, "0045MAK", "QK7FEE1")).toMatchObject({ amountMinor: 10_000, feesMinor: 5_000 });
  });

  it("waits to be verified where nothing but its amount says that it is a fee, and is found once", async () => {
    const prices = { connectionMinor: 50_100, readyboardMinor: 49_900 };
    const queue = (waiting: boolean) => all().verifications(prices, { waiting, after: "" }, 10);
    expect(await queue(true)).toMatchObject([
      {
        receipt: "QK7FEE2",
        account: "0045MAK",
        part: "connection",
        amountMinor: 50_100,
        feeMinor: 50_100,
        verdict: null,
      },
    ]);
    const key = "receipt:QK7FEE2#1.1/fee.connection";
    expect(await all().verifications(prices, { waiting: true, after: key }, 10)).toEqual([]);
    for (let n = 0; n < 2; n++) expect(await all().verify(key, "verified", by("Lineo"))).toMatchObject({ ok: true });
    expect(await all().verify(key, "rejected", by("Thabo"))).toMatchObject({ ok: false, error: { kind: "exists" } });
    expect(await all().verify("receipt:NONE#1.1/fee.connection", "verified", by("Lineo"))).toMatchObject({
      error: { kind: "unknown" },
    });
    expect(await queue(true)).toEqual([]);
    expect(await queue(false)).toMatchObject([{ verdict: "verified", verifiedBy: "Lineo", note: "the book says so" }]);
    expect(await acts("fee_verification.verified")).toBe("1");
  });

  it("waits to be verified too where a later text released it, and not where a person moved it", async () => {
    const released = posted(second.head, "QK7FEE3", 50_100, 50_100, "machine");
    const moved = posted(released.head, "QK7FEE4", 50_100, 50_100, "Lineo");
    expect((await tell([released.row, moved.row])).recorded).toHaveLength(2);
    const prices = { connectionMinor: 50_100, readyboardMinor: 49_900 };
    const queue = await all().verifications(prices, { waiting: true, after: "" }, 10);
    expect(queue.map(({ receipt }) => receipt)).toEqual(["QK7FEE3"]);
  });
});
