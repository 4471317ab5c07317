import { describe, expect, it } from "vitest";
import { COUNTRIES } from "../../src/domain/country.ts";
import { type LegacyRow, mayBeLegacy, readLegacyRow } from "../../src/domain/legacy.ts";

const NOW = Date.UTC(2026, 10, 25, 12);
const DAY = 86_400_000;
const read = (row: LegacyRow, country = COUNTRIES.LS) => {
  const answer = readLegacyRow({ source_id: "7", amount: "20.00", ...row }, country, "transactions", NOW);
  if (!answer.ok) throw new Error(JSON.stringify(answer.error));
  return answer.value;
};
const taken = (row: LegacyRow) => read(row).transaction;

describe("a row of the old books", () => {
  it("is read from the old system's own table", () => {
    const row = {
      id: "48213",
      account_number: "0020MAk",
      transaction_amount: "25.5000",
      transaction_date: "2025-10-16 14:05:00+02",
      payment_reference: " qj4abc0001. ",
      sms_payer_phone: "50000101",
      is_payment: "t",
      kwh_value: "5.1000",
      payment_category: "electricity",
    };
    expect(readLegacyRow(row, COUNTRIES.LS, "transactions", NOW)).toEqual({
      ok: true,
      value: {
        provider: "mpesa",
        dateDoubted: false,
        transaction: {
          source: "transactions",
          sourceId: "48213",
          kind: "payment",
          account: "0020MAK",
          amountMinor: 2_550,
          currency: "LSL",
          energyWh: 5_100,
          paidAt: Date.UTC(2025, 9, 16, 12, 5),
          receipt: "QJ4ABC0001",
          payerPhone: "26650000101",
        },
      },
    });
  });

  it("is read from its Access files, where consumption stands in the column of money", () => {
    const access = { id: "9", accountnumber: "0020MAK", "transaction date": "2023-07-01 09:00:00", source_id: null };
    expect(taken({ ...access, amount: null, "transaction amount": "50", payment: "1", "kwh value": "" })).toMatchObject(
      {
        kind: "payment",
        amountMinor: 5_000,
        energyWh: null,
        paidAt: Date.UTC(2023, 6, 1, 7),
        receipt: null,
      },
    );
    const used = { ...access, amount: null, "transaction amount": "1.2345", payment: "0" };
    expect(taken({ ...used, "kwh value": "0" })).toMatchObject({
      kind: "consumption",
      amountMinor: null,
      energyWh: 1_234,
    });
    expect(taken({ ...used, "kwh value": "3" })).toMatchObject({ kind: "unknown", amountMinor: 123, energyWh: 3_000 });
  });

  it.each([
    ["49.99999999999999", 5_000, "binary noise of a double"],
    ["0.005", 0, "half a cent to the even neighbour"],
    ["0.015", 2, "half a cent to the even neighbour, above"],
    ["-20", -2_000, "a payment taken back"],
    ["1000000.5", 100_000_050, "no separators"],
    ["", null, "an empty cell is nothing, not zero"],
  ])("reads the amount %j as %j: %s", (amount, amountMinor, _why) => {
    expect(taken({ amount }).amountMinor).toBe(amountMinor);
  });

  it("counts whole francs where the currency has no decimals", () => {
    expect(read({ amount: "5000.0" }, COUNTRIES.BJ)).toMatchObject({
      provider: "momo",
      transaction: { amountMinor: 5_000, currency: "XOF" },
    });
  });

  it.each([
    ["QK7AAA", "QK7AAA"],
    ["SM_MANUAL_HIST:48:qk7 aaa", "QK7AAA"],
    ["MP251016.1405.A12345", "MP251016.1405.A12345"],
    ["cash", null],
    ["Paid at office", null],
    ["", null],
  ])("takes %j for the operator's receipt %j", (receipt, canonical) => {
    expect(taken({ receipt }).receipt).toBe(canonical);
  });

  it.each([
    ["2025-10-16T12:05:00Z", Date.UTC(2025, 9, 16, 12, 5)],
    ["2025-10-16 14:05", Date.UTC(2025, 9, 16, 12, 5)],
    ["2025-10-16T14:05:00.250+02:00", Date.UTC(2025, 9, 16, 12, 5, 0, 250)],
    ["2025-10-16", Date.UTC(2025, 9, 15, 22)],
    ["", null],
    ["1970-01-01 00:00:00", null],
    ["2027-01-01 00:00:00", null],
  ])("takes %j for the instant %j", (paid_at, at) => {
    expect(taken({ paid_at }).paidAt).toBe(at);
  });

  it("says when it left a date out, and keeps the rest", () => {
    expect(read({ paid_at: "1970-01-01 00:00:00", receipt: "QK7AAA" })).toMatchObject({
      dateDoubted: true,
      transaction: { receipt: "QK7AAA", paidAt: null },
    });
  });

  it.each([
    ["0020MAk", "0020MAK"],
    ["mak 20", "0020MAK"],
    ["sm-meter 000231", "SM-METER 000231"],
    ["", null],
  ])("keeps the account %j as %j", (account, kept) => {
    expect(taken({ account }).account).toBe(kept);
  });

  it.each([
    ["50000101.0", "26650000101"],
    ["+266 5000 0101", "26650000101"],
    ["12345678901234567890", null],
    ["?", null],
  ])("keeps the phone %j as %j", (payer_phone, kept) => {
    expect(taken({ payer_phone }).payerPhone).toBe(kept);
  });

  it.each([
    [{ source_id: "" }, "source_id"],
    [{ amount: "1,000.00" }, "amount"],
    [{ amount: "abc" }, "amount"],
    [{ amount: "1e5" }, "amount"],
    [{ amount: "99999999999999" }, "amount"],
    [{ kwh: "four" }, "kwh"],
    [{ paid_at: "16/10/2025" }, "paid_at"],
    [{ paid_at: "2025-02-31" }, "paid_at"],
    [{ paid_at: "2025-02-01 25:00" }, "paid_at"],
    [{ kind: "gift" }, "kind"],
    [{ is_payment: "perhaps" }, "kind"],
    [{ provider: "bank" }, "provider"],
  ])("refuses %j by its field, rather than leave it out", (row, field) => {
    const answer = readLegacyRow({ source_id: "7", amount: "20", ...row }, COUNTRIES.LS, "transactions", NOW);
    expect(answer).toMatchObject({ ok: false, error: { field } });
  });

  it("wants the source of a file that does not name it", () => {
    expect(readLegacyRow({ source_id: "7" }, COUNTRIES.LS, "", NOW)).toMatchObject({ error: { field: "source" } });
  });
});

describe("mayBeLegacy", () => {
  it.each([
    { why: "no cut-over", cutoverAt: null, at: NOW, asks: false },
    { why: "a moment before", cutoverAt: NOW, at: NOW - 1, asks: false },
    { why: "at cut-over", cutoverAt: NOW, at: NOW, asks: true },
    { why: "the last moment of 30 days", cutoverAt: NOW, at: NOW + 30 * DAY - 1, asks: true },
    { why: "30 days later", cutoverAt: NOW, at: NOW + 30 * DAY, asks: false },
  ])("$why: $asks", ({ cutoverAt, at, asks }) => {
    expect(mayBeLegacy(cutoverAt, at)).toBe(asks);
  });
});
