import { describe, expect, it } from "vitest";
import {
  checkOf,
  debtOf,
  enteredLate,
  kwh,
  linesOf,
  receiptOf,
  shownKind,
  sumOf,
  type Told,
  toldOf,
} from "../../web/pages/explain/model.ts";

const MIDNIGHT = Date.UTC(2026, 10, 3, 22); // in Lesotho
const entry = (over: Partial<Told> = {}): Told => ({
  entryKey: "receipt:QK7AAA#1.1",
  seq: 1,
  book: "customer_energy",
  kind: "payment",
  energyWh: 5_000,
  amountMinor: 2_500,
  balanceAfterWh: 5_000,
  provider: "mpesa",
  receipt: "QK7AAA",
  tariffId: 1,
  rateE4PerKwh: 50_000,
  actor: null,
  reason: null,
  occurredAt: MIDNIGHT,
  acceptedAt: MIDNIGHT,
  use: null,
  vendorDay: null,
  correction: null,
  story: null,
  ...over,
});
const use = (seq: number, occurredAt: number, meterNumber = "23099001") =>
  entry({
    seq,
    kind: "consumption",
    occurredAt,
    receipt: null,
    use: { meterNumber, fromWh: 0, toWh: 10, readAt: occurredAt, fromAt: null },
  });

describe("the sum of a line", () => {
  it.each([
    ["25.00 / 5.00 a kWh", entry(), { energyWh: 5_000, agrees: true }],
    ["taken back", entry({ amountMinor: -2_500, energyWh: -5_000 }), { energyWh: -5_000, agrees: true }],
    ["posted otherwise", entry({ energyWh: 5_001 }), { energyWh: 5_000, agrees: false }],
    [
      "half a watt-hour to the even one",
      entry({ amountMinor: 1, rateE4PerKwh: 40_000, energyWh: 2 }),
      { energyWh: 2, agrees: true },
    ],
  ] as const)("%s", (_, line, expected) => {
    expect(sumOf(line, 2)).toMatchObject(expected);
  });

  it("is none where no money was turned into energy", () => {
    expect(sumOf(entry({ amountMinor: 0 }), 2)).toBeNull();
    expect(sumOf(entry({ rateE4PerKwh: null }), 2)).toBeNull();
  });

  it("shows the watt-hour", () => {
    expect([5_000, 20, -958, 0, 1_234_567].map(kwh)).toEqual([
      "5.000 kWh",
      "0.020 kWh",
      "−0.958 kWh",
      "0.000 kWh",
      "1\u202f234.567 kWh",
    ]);
    expect(kwh(null)).toBe("–");
  });
});

describe("what a line is called", () => {
  const [energyBook, feesBook] = ["customer_energy", "customer_fees"] as const;
  const key = "receipt:QK7/AAA#1.1";
  it.each([
    ["a payment", energyBook, "payment", key, "QK7/AAA", ["payment", null, "QK7/AAA"]],
    [
      "what of it paid a fee",
      feesBook,
      "payment",
      `${key}/fee.connection`,
      "QK7/AAA",
      ["fee_payment", "connection", "QK7/AAA"],
    ],
    [
      "what of it repaid a plan",
      feesBook,
      "payment",
      `${key}/fee.financing.ab12`,
      "QK7/AAA",
      ["fee_payment", "financing.ab12", "QK7/AAA"],
    ],
    ["what nothing took of it", feesBook, "payment", `${key}/fee.unallocated`, "QK7/AAA", ["rest", null, "QK7/AAA"]],
    [
      "energy that was sold for it later",
      energyBook,
      "payment",
      `${key}/energy.9900`,
      null,
      ["later", null, "QK7/AAA"],
    ],
    [
      "what that took of the rest",
      feesBook,
      "payment",
      `${key}/energy.9900/fee.unallocated`,
      null,
      ["rest_sold", null, "QK7/AAA"],
    ],
    [
      "a part of it that was taken back",
      feesBook,
      "reversal",
      `${key}/fee.connection:reversal`,
      "QK7/AAA",
      ["fee_reversal", "connection", "QK7/AAA"],
    ],
    ["a fee", feesBook, "fee", "fee:charge:connection:0045MAK", null, ["fee", "connection", null]],
    ["what a meter counted", energyBook, "consumption", "use:23099001:1", null, ["consumption", null, null]],
  ] as const)("%s", (_, book, kind, entryKey, receipt, [called, debt, about]) => {
    const line = entry({ book, kind, entryKey, receipt });
    expect([shownKind(line), debtOf(line), receiptOf(line)]).toEqual([called, debt, about]);
  });
});

describe("readings of a day", () => {
  it("are one line from three on, and no line crosses a local midnight, a payment or a meter", () => {
    const rows = [
      use(9, MIDNIGHT + 2),
      use(8, MIDNIGHT + 1),
      use(7, MIDNIGHT),
      use(6, MIDNIGHT - 1),
      use(5, MIDNIGHT - 2),
      entry({ seq: 4 }),
      use(3, MIDNIGHT - 3),
      use(2, MIDNIGHT - 4, "23099002"),
      use(1, MIDNIGHT - 5, "23099002"),
    ];
    const lines = linesOf(rows, 120);
    expect(lines.map((line) => (line.kind === "uses" ? line.entries.map(({ seq }) => seq) : line.entry.seq))).toEqual([
      [9, 8, 7],
      6,
      5,
      4,
      3,
      2,
      1,
    ]);
  });
});

describe("the check of a balance", () => {
  it.each([
    [{ seq: 3, energyWh: 10, objectWh: 10 }, 3, { verdict: "agrees", lag: 0 }],
    [{ seq: 3, energyWh: 10, objectWh: 10 }, 5, { verdict: "lags", lag: 2 }],
    [{ seq: 3, energyWh: 10, objectWh: 11 }, 5, { verdict: "differs", lag: 2 }],
    [{ seq: 3, energyWh: 10, objectWh: null }, 2, { verdict: "unknown", lag: 0 }],
    [{ seq: 0, energyWh: 0, objectWh: 0 }, 0, { verdict: "agrees", lag: 0 }],
  ] as const)("%j with the account at %i", (sums, head, expected) => {
    expect(checkOf(sums, head)).toEqual(expected);
  });
});

describe("what stands behind a line", () => {
  it("is its own receipt's alone, and not known while the database is down", () => {
    const { story: _, ...row } = entry();
    const text = {
      receipt: "QK7BBB",
      sender: "MPESA",
      content: "",
      phoneId: "p",
      phoneName: "One",
      receivedAt: 1,
      forward: null,
    };
    const stories = {
      ...{ payments: [], moves: [], tariffs: [], corrections: [], credits: [], readings: [], recorded: null },
      texts: [{ ...text, parserVersion: 1, outcome: "credited", because: null, externalId: null, contentHash: "aa" }],
    };
    expect(toldOf({ entries: [row], stories })[0]?.story?.texts).toEqual([]);
    expect(toldOf({ entries: [row], stories: null })[0]?.story).toBeNull();
  });
});

describe("enteredLate", () => {
  const line = (seq: number, occurredAt: number) => ({ seq, occurredAt });
  it.each<[string, { seq: number; occurredAt: number }[], number[]]>([
    ["in order: none", [line(3, 30), line(2, 20), line(1, 10)], []],
    ["at one instant: none", [line(2, 20), line(1, 20)], []],
    ["a use of yesterday behind a payment of today", [line(3, 40), line(2, 20), line(1, 30)], [2]],
    ["each of several", [line(4, 12), line(3, 11), line(2, 30), line(1, 10)], [3, 4]],
    ["nothing", [], []],
  ])("%s", (_, entries, late) => {
    expect([...enteredLate(entries)]).toEqual(late);
  });
});
