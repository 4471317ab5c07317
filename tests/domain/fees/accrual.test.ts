import { describe, expect, it } from "vitest";
import { accrualIdOf, accrualsDue } from "../../../src/domain/fees/accrual.ts";
import { type DebtTerms, feeKeyOf, partKeyOf } from "../../../src/domain/fees/debt.ts";
import type { LedgerRow } from "../../../src/domain/ledger.ts";

type Row = Parameters<typeof accrualsDue>[0][number];
const ADVANCE: DebtTerms = {
  ...{ part: "advance.connection", fractionE4: 5_000, monthlyFeeE4: 200, penaltyE4: 0, graceDays: 0, intervalDays: 0 },
};
const PLAN: DebtTerms = {
  ...{ part: "financing.7", fractionE4: 2_000, monthlyFeeE4: 0, penaltyE4: 500, graceDays: 30, intervalDays: 14 },
};
/** An instant by the clocks of Lesotho. */
const at = (text: string) => Date.parse(`${text}:00+02:00`);
const line = (entryKey: string, amountMinor: number, when: string, kind: LedgerRow["kind"] = "fee"): Row => ({
  ...{ book: "customer_fees", entryKey, kind, amountMinor, occurredAt: at(when), acceptedAt: at(when) },
});
const granted = ({ part }: DebtTerms, amountMinor: number, when: string) =>
  line(feeKeyOf("charge", part, "order-1"), -amountMinor, when);
const paid = ({ part }: DebtTerms, receipt: string, amountMinor: number, when: string) =>
  line(partKeyOf(`receipt:${receipt}#1.1`, part), amountMinor, when, "payment");
const due = (rows: readonly Row[], terms: DebtTerms, now: string) =>
  accrualsDue(rows, terms, { now: at(now), utcOffsetMinutes: 120 });
const said = (rows: readonly Row[], terms: DebtTerms, now: string) =>
  due(rows, terms, now).map(({ act, period, amountMinor }) => `${act} ${period} ${amountMinor}`);
/** The lines that these accruals become when they are filed at an instant. */
const filed = (rows: readonly Row[], terms: DebtTerms, now: string): Row[] =>
  due(rows, terms, now).map(({ act, period, amountMinor, at: occurredAt }) => ({
    ...line(feeKeyOf(act, terms.part, accrualIdOf("0045MAK", period)), -amountMinor, now),
    occurredAt,
  }));

describe("the monthly fee of an advance", () => {
  const rows = [granted(ADVANCE, 50_000, "2026-10-15T10:00")];

  it("stands on the first of the next month by the clocks of the place, and not before", () => {
    expect(said(rows, ADVANCE, "2026-10-31T23:59")).toEqual([]);
    expect(said(rows, ADVANCE, "2026-11-01T00:00")).toEqual(["monthly 2026-11 1000"]);
    expect(due(rows, ADVANCE, "2026-11-01T00:00")[0]?.at).toBe(at("2026-11-01T00:00"));
  });

  it("is added once a month, and the next is on all that is owed by then", () => {
    const one = [...rows, ...filed(rows, ADVANCE, "2026-11-01T02:00")];
    expect(said(one, ADVANCE, "2026-11-30T23:00")).toEqual([]);
    expect(said(one, ADVANCE, "2026-12-01T02:00")).toEqual(["monthly 2026-12 1020"]);
  });

  it("is the same if it is looked at months late, across the turn of the year", () => {
    const late = said(rows, ADVANCE, "2027-01-20T12:00");
    expect(late).toEqual(["monthly 2026-11 1000", "monthly 2026-12 1020", "monthly 2027-01 1040"]);
    const one = [...rows, ...filed(rows, ADVANCE, "2026-11-01T02:00")];
    expect(said(one, ADVANCE, "2027-01-20T12:00")).toEqual(late.slice(1));
  });

  it("is on what was owed at that midnight, also where a payment came before the look", () => {
    const later = [...rows, paid(ADVANCE, "QK7A", 50_000, "2026-11-02T08:00")];
    expect(said(later, ADVANCE, "2026-11-03T08:00")).toEqual(["monthly 2026-11 1000"]);
    const earlier = [...rows, paid(ADVANCE, "QK7A", 20_000, "2026-10-31T23:59")];
    expect(said(earlier, ADVANCE, "2026-11-03T08:00")).toEqual(["monthly 2026-11 600"]);
  });

  it("ends with the debt, and begins anew with the next advance", () => {
    const done = [...rows, paid(ADVANCE, "QK7A", 50_000, "2026-10-20T08:00")];
    expect(said(done, ADVANCE, "2027-03-01T08:00")).toEqual([]);
    const again = line(feeKeyOf("charge", ADVANCE.part, "order-2"), -10_000, "2027-03-15T08:00");
    expect(said([...done, again], ADVANCE, "2027-04-01T08:00")).toEqual(["monthly 2027-04 200"]);
  });

  it("of nothing is none, and so is one of a debt that was never granted", () => {
    expect(said(rows, { ...ADVANCE, monthlyFeeE4: 0 }, "2027-03-01T08:00")).toEqual([]);
    expect(said([], ADVANCE, "2027-03-01T08:00")).toEqual([]);
    expect(said(rows, { ...ADVANCE, part: "advance.readyboard" }, "2027-03-01T08:00")).toEqual([]);
  });
});

describe("the penalty of a plan that nobody pays", () => {
  const rows = [granted(PLAN, 100_000, "2026-09-01T10:00")];

  it("comes when the days of grace are over, and that whole day with them", () => {
    expect(said(rows, PLAN, "2026-10-01T23:59")).toEqual([]);
    expect(said(rows, PLAN, "2026-10-02T00:00")).toEqual(["penalty 2026-10-01 5000"]);
  });

  it("comes again after the interval, once a day, on what is owed by then; a late look finds the same", () => {
    const late = said(rows, PLAN, "2026-10-30T12:00");
    expect(late).toEqual(["penalty 2026-10-01 5000", "penalty 2026-10-15 5250", "penalty 2026-10-29 5512"]);
    const one = [...rows, ...filed(rows, PLAN, "2026-10-02T02:00")];
    expect(said(one, PLAN, "2026-10-14T12:00")).toEqual([]);
    expect(said(one, PLAN, "2026-10-30T12:00")).toEqual(late.slice(1));
  });

  it("is put off by a payment, also by one of the very day", () => {
    const kept = [...rows, paid(PLAN, "QK7A", 100, "2026-10-01T20:00")];
    expect(said(kept, PLAN, "2026-10-31T12:00")).toEqual([]);
    expect(said(kept, PLAN, "2026-11-01T12:00")).toEqual(["penalty 2026-10-31 4995"]);
  });

  it("does not go away by a payment that came after it", () => {
    const behind = [...rows, paid(PLAN, "QK7A", 40_000, "2026-10-03T09:00")];
    expect(said(behind, PLAN, "2026-10-20T12:00")).toEqual(["penalty 2026-10-01 5000"]);
  });

  it("is not put off by a payment that was taken back", () => {
    const back = [
      ...rows,
      paid(PLAN, "QK7A", 100, "2026-09-20T20:00"),
      line(`${partKeyOf("receipt:QK7A#1.1", PLAN.part)}:reversal`, -100, "2026-09-25T20:00", "reversal"),
    ];
    expect(said(back, PLAN, "2026-10-02T12:00")).toEqual(["penalty 2026-10-01 5000"]);
  });

  it("ends with the debt, and there is none without a rate or days", () => {
    const done = [...rows, paid(PLAN, "QK7A", 100_000, "2026-09-20T20:00")];
    expect(said(done, PLAN, "2027-09-20T20:00")).toEqual([]);
    for (const none of [{ penaltyE4: 0 }, { graceDays: 0 }, { intervalDays: 0 }])
      expect(said(rows, { ...PLAN, ...none }, "2027-09-20T20:00")).toEqual([]);
  });
});
