import { describe, expect, it } from "vitest";
import { COUNTRIES } from "../../../src/domain/country.ts";
import { isLine } from "../../../src/domain/statements/line.ts";
import { readStatement } from "../../../src/domain/statements/read-statement.ts";
import { PORTAL_HEADER, type PortalRow, portalRow, sheetOf } from "./files.ts";

/** What a payer types stands in the operator's list beside what the operator says: only the operator is believed. */

const DAYS = { from: "2026-04-10", to: "2026-04-10" };
const NOW = Date.parse("2026-04-12T08:00:00Z");
const lines = (...rows: string[]) => {
  const read = readStatement(sheetOf(rows.join("\n")), { country: COUNTRIES.LS, days: DAYS, now: NOW });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value.rows.filter(isLine).map(({ line }) => line);
};
const portal = (...rows: PortalRow[]) =>
  lines(
    PORTAL_HEADER.join(","),
    ...rows.map((row) =>
      portalRow(row)
        .map((cell) => `"${cell}"`)
        .join(","),
    ),
  );
const headOffice = (...rows: { details: string; out?: string; in?: string; receipt?: string }[]) =>
  lines(
    "Date,Description,Debit,Credit,Balance",
    ...rows.map(
      (row) =>
        `4/10/2026 17:57,"${row.receipt ?? "08XX0TESTA57"}, 100000012345678901, 20000001, ${row.details}",${row.out ?? ""},${row.in ?? ""},`,
    ),
  );
const ecocash = (type: "CREDIT" | "DEBIT", details: string, phone = "") =>
  lines(
    "Transaction Date,Approval Code,Amount,Type,Details,Sender MSISDN",
    `x,MP260410.1757.A12345,20.00,${type},"${details}",${phone}`,
  );

describe("a customer's payment is not our own money for a word that the payer typed", () => {
  it.each([
    "0252SHG float",
    "float",
    "0252SHG settlement",
    "commission 0252SHG",
    "0252SHG reversed thanks",
    "reversal",
  ])("EcoCash, whose details are the payer's alone: %s", (typed) => {
    for (const phone of ["266****0102", ""]) expect(ecocash("CREDIT", typed, phone)[0]?.kind).toBe("payment");
  });
  it("EcoCash: a number among the payer's words is not the payer's", () => {
    expect(ecocash("CREDIT", "0252SHG call 26658111222")[0]).toMatchObject({ payerPhone: null, text: "0252SHG call" });
  });
  it.each([
    "Payment from 266****0102 - P - 0252SHG settlement",
    "Payment from 266****0102 - P - 0252SHG reversed float",
    "Payment from 266****0102 0252SHG settlement",
    "0252SHG float",
    "float 0252SHG",
    "0252SHG float - thanks",
    "transfer of funds 0252SHG",
    "thanks for the float",
  ])("M-Pesa and the head office, under a name that is new to us, the number hidden: %s", (details) => {
    const hidden = { details, reason: "Buy Goods", party: "266****0102 - P" };
    expect(portal(hidden)[0]?.kind).toBe("payment");
    expect(headOffice({ details, in: "20.00" })[0]?.kind).toBe("payment");
  });
  it("M-Pesa and the head office: a number behind the operator's words is not the payer's", () => {
    const details = "Payment from 266****0102 - P - 0252SHG 26658111222";
    expect(portal({ details, party: "266****0102 - P" })[0]?.payerPhone).toBeNull();
    expect(headOffice({ details, in: "20.00" })[0]?.payerPhone).toBeNull();
  });
});

describe("our own money is still ours by the operator's own words", () => {
  it.each([
    "Organization Settlement",
    "Deposit of Funds at 12345",
    "Transfer of funds from M-Pesa to the control account",
    "Business Transfer from utility account - 12345 - ONE POWER",
    "Reversal of Organization Withdrawal",
    "Merchant settlement - 0252SHG",
  ])("%s", (details) => {
    expect(headOffice({ details, in: "500.00" })[0]?.kind).toBe("treasury");
    expect(portal({ details, reason: "", party: "12345 - ONE POWER", paidIn: "500.00" })[0]?.kind).toBe("treasury");
  });
});

describe("what a reversal takes back is never what the payer typed", () => {
  const OUT = { paidIn: "", withdrawn: "500.00", reason: "Transaction Reversal" };
  const typed = "Pay merchant from 26650000102 - P - 0171MAT 08XX0VICTIM9";

  it("the payment's own receipt, its words repeated: that payment, whatever is typed into it", () => {
    const own = { receipt: "08XX0TESTA57", details: typed };
    expect(portal({ ...own, paidIn: "500.00" }, { ...own, ...OUT })[1]).toMatchObject({
      kind: "reversal",
      linked: "08XX0TESTA57",
      linkedMinor: 50_000,
    });
    const paid = "PayMerchant from 26650000102 - P - 08XX0VICTIM9";
    expect(
      headOffice({ details: paid, in: "500.00" }, { details: `Reversal ${paid}`, out: "500.00" })[1],
    ).toMatchObject({ kind: "reversal", linked: "08XX0TESTA57", linkedMinor: 50_000 });
  });
  it("a receipt of its own, its words repeated: none, so that a person looks", () => {
    expect(portal({ ...OUT, receipt: "08XX0TESTR01", details: typed })[0]?.linked).toBeNull();
    expect(headOffice({ details: `Reversal ${typed}`, out: "500.00", receipt: "08XX0TESTR01" })[0]?.linked).toBeNull();
    expect(ecocash("DEBIT", "reversal 08XX0VICTIM9 MP260410.1757.A99999")[0]).toMatchObject({
      kind: "reversal",
      linked: null,
    });
  });
  it("what the operator says before the typed words is believed", () => {
    const details = "Reversal of 08XX0TESTA57 from 26650000102 - P - 0171MAT 08XX0VICTIM9";
    expect(portal({ ...OUT, receipt: "08XX0TESTR01", details })[0]?.linked).toBe("08XX0TESTA57");
    expect(headOffice({ details, out: "500.00", receipt: "08XX0TESTR01" })[0]?.linked).toBe("08XX0TESTA57");
  });
  it("the payment's own receipt stands before a name that only looks like one", () => {
    const own = { receipt: "08XX0TESTA57", details: "Reversal 0171MAT 08XX0VICTIM9" };
    expect(portal({ ...own, paidIn: "500.00" }, { ...own, ...OUT })[1]?.linked).toBe("08XX0TESTA57");
  });
  it.each(["N/A", "None", "-", "0", "null", "TRANSACTION", "0171MAT"])("%s in its column is no receipt", (linked) => {
    expect(portal({ ...OUT, receipt: "08XX0TESTR01", details: "", linked })[0]?.linked).toBeNull();
  });
  it("what this file itself has the receipt for is said with it; null where it has no such payment", () => {
    const back = { ...OUT, details: "", linked: "08XX0TESTA57" };
    const minors = portal(
      { paidIn: "20.00" },
      { ...back, receipt: "08XX0TESTR01" },
      { ...back, receipt: "08XX0TESTR02", linked: "08XX0VICTIM9" },
    );
    expect(minors.map(({ linkedMinor }) => linkedMinor)).toEqual([null, 2_000, null]);
  });
});
