import { describe, expect, it } from "vitest";
import { standingsOf } from "../../../src/domain/fees/debt.ts";
import { decideFee } from "../../../src/domain/fees/order.ts";
import {
  appliedKeyOf,
  appliedOf,
  decideApply,
  newestSaleAt,
  paidBackMinor,
  paymentOfApplied,
  unallocatedOf,
} from "../../../src/domain/fees/unallocated.ts";
import type { Book, EntryKind, LedgerRow } from "../../../src/domain/ledger.ts";
import { appliedLines, buildPosting, GENESIS, siblingsOf } from "../../../src/domain/posting.ts";

type Row = Pick<LedgerRow, "book" | "kind" | "entryKey" | "amountMinor" | "receipt">;
/** "1.1 9900": a payment left 9900; "1.1/9900 -4000": 4000 of it became energy when 9900 was left; "!" takes it back. */
function rows(...told: string[]): Row[] {
  return told.map((text) => {
    const [key = "", amount = ""] = text.split(" ");
    const line = (entryKey: string, kind: EntryKind, receipt: string | null, book: Book = "customer_fees"): Row => ({
      ...{ entryKey, kind, receipt, book },
      amountMinor: Number(amount),
    });
    if (key.startsWith("refund")) return line(`fee:refund:unallocated:${key}`, "fee", null);
    const [name = "", left] = key.replace("!", "").split("/");
    const payment = `receipt:${name}`;
    const posting = left === undefined ? payment : appliedKeyOf(payment, Number(left));
    const receipt = left === undefined ? (name.split("#")[0] ?? null) : null;
    const isBack = key.endsWith("!");
    return line(`${posting}/fee.unallocated${isBack ? ":reversal" : ""}`, isBack ? "reversal" : "payment", receipt);
  });
}
const line: Row = { book: "customer_fees", kind: "payment", entryKey: "", amountMinor: 0, receipt: null };
const said = (...told: string[]) =>
  unallocatedOf(rows(...told)).map(
    ({ receipt, leftMinor, availableMinor }) => `${receipt} left ${leftMinor}, available ${availableMinor}`,
  );

describe("what nothing took of payments to the number of the contract", () => {
  it.each([
    { why: "nothing, without such a payment", told: [], says: [] },
    { why: "all that was left at first", told: ["A#1.1 9900"], says: ["A left 9900, available 9900"] },
    {
      why: "less what became energy, each time",
      told: ["A#1.1 9900", "A#1.1/9900 -4000", "A#1.1/5900 -900"],
      says: ["A left 5000, available 5000"],
    },
    { why: "nothing once all of it did", told: ["A#1.1 9900", "A#1.1/9900 -9900"], says: ["A left 0, available 0"] },
    {
      why: "of each payment its own",
      told: ["A#1.1 100", "B#2.1 50", "A#1.1/100 -100"],
      says: ["A left 0, available 0", "B left 50, available 50"],
    },
    {
      why: "no more than the account has after some was paid back",
      told: ["A#1.1 9900", "refund1 -9000"],
      says: ["A left 9900, available 900"],
    },
    {
      why: "nothing after all was paid back",
      told: ["A#1.1 9900", "refund1 -9900"],
      says: ["A left 9900, available 0"],
    },
    { why: "nothing of a payment that was taken back", told: ["A#1.1 9900", "A#1.1! -9900"], says: [] },
    {
      why: "nothing of one that was taken back with its energy",
      told: ["A#1.1 9900", "A#1.1/9900 -4000", "A#1.1! -9900", "A#1.1/9900! 4000"],
      says: [],
    },
    {
      why: "nothing of others where the account owes what was paid back of one that was taken back",
      told: ["A#1.1 9900", "refund1 -9900", "A#1.1! -9900", "B#1.1 5000"],
      says: ["B left 5000, available 0"],
    },
  ])("is $why", ({ told, says }) => {
    expect(said(...told)).toEqual(says);
  });

  it("is the sum of the account's own lines, whatever became of it", () => {
    const lines = rows("A#1.1 9900", "B#1.1 100", "A#1.1/9900 -4000", "refund1 -50");
    expect(standingsOf(lines)).toMatchObject([{ part: "unallocated", outstandingMinor: -5_950, paidMinor: 5_950 }]);
  });

  it.each([
    { why: "nothing while all of it is there or is energy", told: ["A#1.1 9900", "A#1.1/9900 -4000"], minor: 0 },
    { why: "what was paid back", told: ["A#1.1 9900", "refund1 -900"], minor: 900 },
    {
      why: "nothing where another payment's rest covers it",
      told: ["A#1.1 9900", "B#1.1 900", "refund1 -900"],
      minor: 0,
    },
    { why: "all of it, after all was paid back", told: ["A#1.1 9900", "refund1 -9900"], minor: 9_900 },
    {
      why: "no more than it was, where the account owes already",
      told: ["B#1.1 500", "refund1 -500", "B#1.1! -500", "A#1.1 9900"],
      minor: 500,
    },
    {
      why: "all of it, where the account owes more than it was",
      told: ["B#1.1 500", "refund1 -500", "B#1.1! -500", "A#1.1 300"],
      minor: 300,
    },
  ])("goes out twice if it is moved: $why", ({ told, minor }) => {
    const lines = rows(...told);
    const accountMinor = lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
    const moved = unallocatedOf(lines).filter(({ receipt }) => receipt === "A");
    expect(paidBackMinor(moved, accountMinor)).toBe(minor);
  });

  it("goes out twice, of two shares that are moved together, what the account has for either and not for both", () => {
    const shares = unallocatedOf(rows("A#1.1 5000", "A#1.2 4900", "refund1 -4900"));
    expect(shares.map((share) => paidBackMinor([share], 5_000))).toEqual([0, 0]);
    expect(paidBackMinor(shares, 5_000)).toBe(4_900);
  });

  it("is paid back as far as it is there, also once what was owed of the kind is written off", () => {
    const owing = rows("A#1.1 100", "refund1 -100", "A#1.1! -100");
    const off: Row = { ...line, entryKey: "fee:writeoff:unallocated:letter", kind: "fee", amountMinor: 100 };
    const standings = standingsOf([...owing, off, ...rows("B#1.1 100")]);
    const refund = (amountMinor: number) =>
      decideFee(standings, { act: "refund", part: "unallocated", amountMinor }, "live");
    expect([refund(100), refund(101)]).toEqual([null, "more_than_paid"]);
  });

  it("names what became energy and is not taken back", () => {
    const lines = rows("A#1.1 9900", "A#1.1/9900 -4000", "A#1.1/5900 -900", "A#1.1/5900! 900", "B#1.1 1", "B#1.1/1 -1");
    expect(appliedOf(lines)).toEqual([
      { entryKey: "receipt:A#1.1/energy.9900", paymentKey: "receipt:A#1.1" },
      { entryKey: "receipt:B#1.1/energy.1", paymentKey: "receipt:B#1.1" },
    ]);
  });
});

describe("energy for what is left of a payment", () => {
  const rest = {
    paymentKey: "receipt:A#1.1",
    receipt: "A",
    amountMinor: 9_900,
    leftMinor: 5_900,
    availableMinor: 4_000,
  };
  const account = { status: "live", energyWh: 8_000 } as const;
  it.each([
    { why: "all that is available", seen: 5_900, amount: 4_000, says: null },
    { why: "a part of it", seen: 5_900, amount: 1, says: null },
    { why: "more than is available", seen: 5_900, amount: 4_001, says: "more_than_left" },
    { why: "what somebody saw before it became less", seen: 9_900, amount: 1, says: "stale" },
    { why: "an account without a tariff", seen: 5_900, amount: 1, over: { energyWh: null }, says: "tariff_unset" },
    { why: "an amount that buys nothing", seen: 5_900, amount: 1, over: { energyWh: 0 }, says: "too_little" },
    {
      why: "an account that has ended",
      seen: 5_900,
      amount: 1,
      over: { status: "terminated" as const },
      says: "terminated_account",
    },
  ])("is decided for $why", ({ seen, amount, over, says }) => {
    expect(decideApply(rest, { leftMinor: seen, amountMinor: amount }, { ...account, ...over })).toBe(says);
  });

  it("is refused where nothing is unallocated, and throws on an amount that is not whole and above zero", () => {
    expect(decideApply(undefined, { leftMinor: 1, amountMinor: 1 }, account)).toBe("nothing_unallocated");
    for (const amountMinor of [0, -1, 0.5, Number.NaN])
      expect(() => decideApply(rest, { leftMinor: 5_900, amountMinor }, account)).toThrow(RangeError);
  });

  it("is filed as a payment whose lines add up, each of which gives the same other lines after a restore", () => {
    const key = appliedKeyOf("receipt:A#1.1", 9_900);
    const frame = {
      ...{ accountId: 1, postingId: key, currency: "LSL" as const, provider: "mpesa" as const, tariffId: 7 },
      ...{
        rateE4PerKwh: 50_000,
        receipt: null,
        actor: "Lineo",
        reason: "asked for light",
        occurredAt: 1,
        acceptedAt: 2,
      },
    };
    const { posting } = buildPosting(GENESIS, frame, appliedLines(key, 8_000, 4_000));
    expect(
      posting.rows.map(({ entryKey, book, energyWh, amountMinor }) => [entryKey, book, energyWh, amountMinor]),
    ).toEqual([
      [key, "customer_energy", 8_000, 4_000],
      [`${key}/suspense`, "suspense", 0, -4_000],
      [`${key}/sold`, "energy_sold", -8_000, 0],
      [`${key}/fee.unallocated`, "customer_fees", 0, -4_000],
      [`${key}/fee.unallocated/suspense`, "suspense", 0, 4_000],
    ]);
    const own = posting.rows.filter(({ seq }) => seq !== null);
    expect(own.flatMap((row) => [row, ...siblingsOf(row)])).toEqual(posting.rows);
    expect(paymentOfApplied(key)).toBe("receipt:A#1.1");
    expect(paymentOfApplied("receipt:A#1.1")).toBeNull();
  });
});

it("energy was last sold when the newest sale that still stands was accepted; a payment and what was paid back are none", () => {
  const at = (...told: string[]) => newestSaleAt(rows(...told).map((row, nth) => ({ ...row, acceptedAt: nth })));
  expect([at(), at("A#1.1 100", "refund1 -50")]).toEqual([null, null]);
  expect(at("A#1.1 100", "A#1.1/100 -40", "B#1.1 50", "A#1.1/60 -10", "refund1 -1")).toBe(3);
  expect(at("A#1.1 100", "A#1.1/100 -40", "A#1.1/60 -10", "A#1.1/60! 10")).toBe(1);
  expect(at("A#1.1 100", "A#1.1/100 -40", "A#1.1! -100", "A#1.1/100! 40")).toBeNull();
});
