import { abortAllDurableObjects, evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { chainHash } from "../../src/domain/posting.ts";
import { facts, ledger, live, PAID_AT, payment, posted } from "./account-makers.ts";

const HOUR_MS = 3_600_000;

async function entriesOf(account: string) {
  const entries = await ledger(account).entriesAfter(account, 0, 100);
  if (entries === "not_ready") throw new Error("not ready");
  return entries;
}

/** Keys of the postings that wait to be copied, in order. */
async function owedPostings(account: string) {
  const items = await ledger(account).copyBatch(200);
  return items.flatMap(({ row }) => (row.kind === "posting" ? [row] : []));
}

describe("AccountLedger", () => {
  it("credits a receipt once, however often it is sent at once", async () => {
    const account = await live("0101MAK");
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => ledger(account).post(account, payment({ receipt: "QK7FORTY01" }))),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    const entry = { account, accountId: 45, seq: 1, energyWh: 4_000, balanceAfterWh: 4_000, rateE4PerKwh: 50_000 };
    expect(answers[0]).toEqual({ status: "posted", entry });
    expect(await entriesOf(account)).toHaveLength(1);
    expect(await owedPostings(account)).toHaveLength(1);
  });

  it("gives forty different receipts forty sequences and one unbroken chain", async () => {
    const account = await live("0102MAK");
    await Promise.all(
      Array.from({ length: 40 }, (_, n) => ledger(account).post(account, payment({ receipt: `QK7MANY${n}` }))),
    );
    const entries = await entriesOf(account);
    expect(entries.map((entry) => entry.seq)).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
    let previous = "";
    for (const { hash, ...row } of entries) {
      expect(hash).toBe(chainHash(previous, row));
      previous = hash ?? "";
    }
    expect(await ledger(account).head(account)).toEqual({ seq: 40, balanceWh: 160_000, hash: previous });
    expect(await ledger(account).head(account, 41)).toBeNull();
    expect(await ledger(account).head(account, 0)).toEqual({ seq: 0, balanceWh: 0, hash: "" });
  });

  it("refuses for ever a key that was settled before it was posted", async () => {
    const account = await live("0103MAK");
    const late = payment({ receipt: "QK7LATE001" });
    const refused = { status: "refused", because: "moved", twinReceipt: null };
    expect(await ledger(account).settle(account, late.entryKey)).toEqual(refused);
    expect(await ledger(account).post(account, late)).toEqual(refused);
    await evictDurableObject(ledger(account));
    expect(await ledger(account).post(account, late)).toEqual(refused);
    expect(await entriesOf(account)).toEqual([]);
  });

  it("remembers its answers and its balance after it was evicted", async () => {
    const account = await live("0104MAK");
    const first = posted(await ledger(account).post(account, payment()));
    await evictDurableObject(ledger(account));
    expect(posted(await ledger(account).post(account, payment()))).toEqual(first);
    expect(posted(await ledger(account).post(account, payment({ receipt: "QK7NEXT001" }))).balanceAfterWh).toBe(8_000);
    expect(await ledger(account).settle(account, payment().entryKey)).toEqual({ status: "posted", entry: first });
  });

  it("takes a posting back once, to suspense, even below zero, and keeps the first as it was", async () => {
    const account = await live("0105MAK");
    const paid = payment({ receipt: "QK7BACK001" });
    await ledger(account).post(account, paid);
    const order = {
      entryKey: paid.entryKey,
      actor: "Thabo",
      reason: "wrong\u0000account \ud800",
      at: PAID_AT + HOUR_MS,
    };
    const [once, twice] = await Promise.all([
      ledger(account).reverse(account, order),
      ledger(account).reverse(account, order),
    ]);
    expect(posted(once)).toMatchObject({ seq: 2, energyWh: -4_000, balanceAfterWh: 0 });
    expect(twice).toEqual(once);
    const [, reversal] = await owedPostings(account);
    expect(
      reversal?.rows.map(({ entryKey, book, energyWh, amountMinor }) => [entryKey, book, energyWh, amountMinor]),
    ).toEqual([
      [`${paid.entryKey}:reversal`, "customer_energy", -4_000, -2_000],
      [`${paid.entryKey}:reversal/suspense`, "suspense", 0, 2_000],
      [`${paid.entryKey}:reversal/sold`, "energy_sold", 4_000, 0],
    ]);
    expect(reversal?.rows[0]?.reason).toBe("wrong\uFFFDaccount \uFFFD");
    expect(posted(await ledger(account).post(account, paid))).toMatchObject({ seq: 1, balanceAfterWh: 4_000 });
  });

  it("has nothing to take back of a key it never saw, and never posts it afterwards", async () => {
    const account = await live("0106MAK");
    const paid = payment({ receipt: "QK7NEVER01" });
    const order = { entryKey: paid.entryKey, actor: "Thabo", reason: "moved", at: PAID_AT };
    expect(await ledger(account).reverse(account, order)).toMatchObject({ status: "refused", because: "moved" });
    expect(await ledger(account).post(account, paid)).toMatchObject({ status: "refused", because: "moved" });
  });

  it("holds back a likely twin for a second person, and posts it when one allows it", async () => {
    const account = await live("0107MAK");
    await ledger(account).post(account, payment({ receipt: "QK7TWIN001" }));
    const typed = payment({ receipt: "QK7TWIM001", road: "manual", actor: "Palesa", paidAt: PAID_AT + 47 * HOUR_MS });
    const refused = { status: "refused", because: "twin", twinReceipt: "QK7TWIN001" };
    expect(await ledger(account).post(account, typed)).toEqual(refused);
    expect(await ledger(account).post(account, { ...typed, twinAllowed: true })).toEqual(refused);
    const allowed = { ...typed, entryKey: "receipt:QK7TWIM001#3.0", contra: "suspense", twinAllowed: true } as const;
    expect(posted(await ledger(account).post(account, allowed)).balanceAfterWh).toBe(8_000);
  });

  it("takes nobody who recorded a payment as the second person for its twin", async () => {
    const account = await live("0120MAK");
    await ledger(account).post(account, payment({ receipt: "QK7HAND001", road: "manual", actor: "Palesa" }));
    const sms = payment({ receipt: "QK7TRUE002" });
    const refused = { status: "refused", because: "twin", twinReceipt: "QK7HAND001" };
    expect(await ledger(account).post(account, sms)).toEqual(refused);
    const allowed = { ...sms, contra: "suspense", twinAllowed: true } as const;
    const byHerself = { ...allowed, entryKey: "receipt:QK7TRUE002#3.1", actor: "palesa" };
    expect(await ledger(account).post(account, byHerself)).toEqual(refused);
    const byAnother = { ...allowed, entryKey: "receipt:QK7TRUE002#5.1", actor: "Thabo" };
    expect(posted(await ledger(account).post(account, byAnother)).balanceAfterWh).toBe(8_000);
  });

  it("sees no twin in a payment that was taken back", async () => {
    const account = await live("0108MAK");
    const typed = payment({ receipt: "QK7TYPO001", road: "manual", actor: "Palesa" });
    await ledger(account).post(account, typed);
    await ledger(account).reverse(account, {
      entryKey: typed.entryKey,
      actor: "Thabo",
      reason: "mistyped",
      at: PAID_AT,
    });
    expect(posted(await ledger(account).post(account, payment({ receipt: "QK7TRUE001" }))).balanceAfterWh).toBe(4_000);
  });

  it.each([
    ["0110MAK", { status: "terminated" }, "terminated_account"],
    ["0111MAK", { currency: "XOF" }, "currency"],
    ["0112MAK", { rates: [] }, "tariff_unset"],
  ] as const)("refuses a payment to %s for ever: %j", async (account, over, because) => {
    await live(account, { ...over, rates: "rates" in over ? [...over.rates] : facts({ account }).rates });
    expect(await ledger(account).post(account, payment())).toEqual({ status: "refused", because, twinReceipt: null });
    await ledger(account).configure(facts({ account, version: 2 }));
    expect(await ledger(account).post(account, payment())).toMatchObject({ status: "refused", because });
    expect(await ledger(account).status(account)).toBe("live");
  });

  it("takes newer facts and leaves older ones, in whatever order they come", async () => {
    const account = await live("0113MAK", { version: 1, status: "live" });
    await ledger(account).configure(facts({ account, version: 7, status: "terminated" }));
    await ledger(account).configure(facts({ account, version: 6, status: "postpaid" }));
    expect(await ledger(account).status(account)).toBe("terminated");
  });

  it("knows its own name", async () => {
    await live("0114MAK");
    await runInDurableObject(ledger("0114MAK"), async (object) => {
      await expect(object.post("0115MAK", payment())).rejects.toThrow("another account");
    });
  });

  it("files nothing of a payment that it cannot take", async () => {
    const account = await live("0116MAK");
    for (const amountMinor of [0, -5, 0.5, Number.NaN, Number.MAX_SAFE_INTEGER + 1])
      await runInDurableObject(ledger(account), async (object) => {
        await expect(object.post(account, payment({ amountMinor }))).rejects.toThrow(RangeError);
      });
    expect(await entriesOf(account)).toEqual([]);
    expect(await owedPostings(account)).toEqual([]);
  });

  it("files nothing of a credit whose debt to Postgres cannot be filed, and takes it whole the next time", async () => {
    const account = await live("0118MAK");
    const torn = payment({ receipt: "QK7TORN001" });
    await runInDurableObject(ledger(account), async (object, state) => {
      state.storage.sql.exec("DROP TABLE outbox");
      await expect(object.post(account, torn)).rejects.toThrow("outbox");
    });
    expect(await entriesOf(account)).toEqual([]);
    await evictDurableObject(ledger(account));
    expect(await ledger(account).post(account, torn)).toMatchObject({ status: "posted", entry: { seq: 1 } });
    expect(await owedPostings(account)).toHaveLength(1);
  });

  it("has whole postings to copy after a crash, each adding up to zero", async () => {
    const account = await live("0117MAK");
    await ledger(account).post(account, payment({ receipt: "QK7CRASH01" }));
    await abortAllDurableObjects();
    const [posting] = await owedPostings(account);
    expect(posting).toMatchObject({ account, accountId: 45, postingId: "receipt:QK7CRASH01#1.0" });
    expect(posting?.rows.reduce((sum, row) => sum + row.energyWh, 0)).toBe(0);
    expect(posting?.rows.reduce((sum, row) => sum + row.amountMinor, 0)).toBe(0);
  });
});
