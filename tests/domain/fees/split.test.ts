import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { COUNTRIES } from "../../../src/domain/country.ts";
import { type Debts, NO_DEBTS } from "../../../src/domain/fees/debt.ts";
import { type SplitFacts, type SplitPart, splitPayment } from "../../../src/domain/fees/split.ts";

const LS = COUNTRIES.LS.fees;
const facts = (over: Partial<SplitFacts> = {}): SplitFacts => ({
  amountMinor: 10_000,
  minorDigits: 2,
  channel: "electricity",
  isCommissioned: true,
  recognises: true,
  prices: LS,
  debts: NO_DEBTS,
  ...over,
});
const owes = (fees: Debts["fees"], over: Partial<Debts> = {}): Debts => ({ ...NO_DEBTS, fees, ...over });
const advance = (outstandingMinor: number, fractionE4 = 5_000) => ({
  name: "advance.connection" as const,
  outstandingMinor,
  fractionE4,
});
const plan = (outstandingMinor: number, fractionE4 = 2_000, name: "financing.7" | "financing.8" = "financing.7") => ({
  name,
  outstandingMinor,
  fractionE4,
});
const said = (parts: SplitPart[]) => parts.map(({ to, amountMinor, because }) => `${to} ${amountMinor} ${because}`);

describe("where a payment goes", () => {
  it.each([
    ["nothing is owed: all of it is energy", {}, ["energy 10000 energy"]],
    [
      "with light half of it pays the fees",
      { debts: owes({ connection: 50_100 }) },
      ["connection 5000 half", "energy 5000 energy"],
    ],
    [
      "before there is light all of it pays the fees",
      { isCommissioned: false, debts: owes({ connection: 50_100 }) },
      ["connection 10000 not_commissioned", "energy 0 energy"],
    ],
    [
      "before there is light what the fees do not take is energy",
      { isCommissioned: false, debts: owes({ connection: 4_000, readyboard: 1_000 }) },
      ["connection 4000 not_commissioned", "readyboard 1000 not_commissioned", "energy 5000 energy"],
    ],
    [
      "the connection is paid before the readyboard",
      { debts: owes({ connection: 3_000, readyboard: 49_900 }) },
      ["connection 3000 half", "readyboard 2000 half", "energy 5000 energy"],
    ],
    [
      "half of it, and never more than is owed",
      { debts: owes({ readyboard: 1_200 }) },
      ["readyboard 1200 half", "energy 8800 energy"],
    ],
    [
      "exactly what is owed pays all of it",
      { debts: owes({ connection: 6_000, readyboard: 4_000 }) },
      ["connection 6000 whole_debt", "readyboard 4000 whole_debt", "energy 0 energy"],
    ],
    [
      "one cent more than is owed is split in half again",
      { amountMinor: 10_001, debts: owes({ connection: 10_000 }) },
      ["connection 5000 half", "energy 5001 energy"],
    ],
    [
      "an odd cent: half a cent goes to the even neighbour",
      { amountMinor: 10_003, debts: owes({ connection: 50_100 }) },
      ["connection 5002 half", "energy 5001 energy"],
    ],
    [
      "an advance takes its fraction of what the fees left",
      { debts: owes({ connection: 2_000 }, { advances: [advance(90_000)] }) },
      ["connection 2000 half", "advance.connection 4000 fraction", "energy 4000 energy"],
    ],
    [
      "an advance takes never more than is left of it",
      { debts: owes({}, { advances: [advance(1_500)] }) },
      ["advance.connection 1500 fraction", "energy 8500 energy"],
    ],
    [
      "a plan takes a fifth",
      { debts: owes({}, { financing: [plan(90_000)] }) },
      ["financing.7 2000 fraction", "energy 8000 energy"],
    ],
    [
      "an amount that ends in 1 is meant for the plan",
      { amountMinor: 10_100, debts: owes({}, { financing: [plan(90_000)] }) },
      ["financing.7 10100 dedicated", "energy 0 energy"],
    ],
    [
      "an amount that ends in 9 is meant for the plan, up to what it lacks",
      { amountMinor: 9_950, debts: owes({}, { financing: [plan(6_000)] }) },
      ["financing.7 6000 dedicated", "energy 3950 energy"],
    ],
    [
      "only the oldest plan that is not paid off takes anything",
      { debts: owes({}, { financing: [plan(0), plan(90_000, 2_000, "financing.8")] }) },
      ["financing.8 2000 fraction", "energy 8000 energy"],
    ],
    [
      "fee, advance, plan, energy, in this order",
      { debts: owes({ connection: 50_100 }, { advances: [advance(90_000)], financing: [plan(90_000)] }) },
      ["connection 5000 half", "advance.connection 2500 fraction", "financing.7 500 fraction", "energy 2000 energy"],
    ],
  ] as [string, Partial<SplitFacts>, string[]][])("%s", (_, over, parts) => {
    expect(said(splitPayment(facts(over)))).toEqual(parts);
  });

  it("knows no part of a franc", () => {
    const francs = { minorDigits: 0 as const, prices: null, debts: owes({ connection: 20_000 }) };
    expect(said(splitPayment(facts({ ...francs, amountMinor: 1_001 })))).toEqual([
      "connection 500 half",
      "energy 501 energy",
    ]);
    expect(said(splitPayment(facts({ ...francs, amountMinor: 1_003 })))).toEqual([
      "connection 502 half",
      "energy 501 energy",
    ]);
    const planned = owes({}, { financing: [plan(20_000)] });
    expect(said(splitPayment(facts({ ...francs, debts: planned, amountMinor: 1_009 })))[0]).toBe(
      "financing.7 1009 dedicated",
    );
    expect(said(splitPayment(facts({ ...francs, debts: planned, amountMinor: 1_010 })))[0]).toBe(
      "financing.7 202 fraction",
    );
  });

  it("refuses an amount that is none", () => {
    for (const amountMinor of [0, -1, 0.5, Number.NaN])
      expect(() => splitPayment(facts({ amountMinor }))).toThrow(/amountMinor is .*expected a whole number above 0/);
  });
});

describe("an amount that is the price of a fee", () => {
  it.each([
    ["connection", 50_100, owes({ connection: 50_100, readyboard: 49_900 }), ["connection 50100 exact_amount"]],
    ["readyboard", 49_900, owes({ connection: 50_100, readyboard: 49_900 }), ["readyboard 49900 exact_amount"]],
  ] as const)("pays the %s, whatever else is owed", (_, amountMinor, debts, parts) => {
    expect(said(splitPayment(facts({ amountMinor, debts })))).toEqual([...parts, "energy 0 energy"]);
  });

  it("pays what is left of the fee, and the rest is split as ever", () => {
    const parts = splitPayment(facts({ amountMinor: 50_100, debts: owes({ connection: 10_000, readyboard: 49_900 }) }));
    expect(said(parts)).toEqual(["connection 10000 exact_amount", "readyboard 20050 half", "energy 20050 energy"]);
  });

  it("is energy where that fee is not owed: paid, or never charged", () => {
    for (const debts of [NO_DEBTS, owes({ connection: 0 })])
      expect(said(splitPayment(facts({ amountMinor: 50_100, debts })))).toEqual(["energy 50100 energy"]);
  });

  it("is no fee to somebody who moved it by hand, nor a cent beside the price, nor without a price", () => {
    const debts = owes({ connection: 50_100, readyboard: 49_900 });
    const split = (over: Partial<SplitFacts>) => splitPayment(facts({ amountMinor: 50_100, debts, ...over }))[0];
    expect(split({ recognises: false })).toMatchObject({ to: "connection", amountMinor: 25_050, because: "half" });
    expect(split({ amountMinor: 50_101 })?.because).toBe("half");
    expect(split({ prices: null })?.because).toBe("half");
    expect(split({ prices: { connectionMinor: 0, readyboardMinor: 0 } })?.because).toBe("half");
  });
});

describe("the contract's channel", () => {
  const fees = (over: Partial<SplitFacts>) => said(splitPayment(facts({ channel: "fees", ...over })));

  it("never sells energy: half to the fees, then advances, and what is left to the fees again", () => {
    expect(fees({ debts: owes({ connection: 50_100 }, { advances: [advance(90_000)] }) })).toEqual([
      "connection 7500 half",
      "advance.connection 2500 fraction",
    ]);
  });

  it("takes no amount for a price, and knows no difference before there is light", () => {
    const debts = owes({ connection: 50_100 }, { advances: [advance(90_000)] });
    expect(fees({ amountMinor: 49_900, isCommissioned: false, debts })).toEqual([
      "connection 37425 half",
      "advance.connection 12475 fraction",
    ]);
  });

  it("leaves what nothing takes to a person", () => {
    expect(fees({ debts: owes({ connection: 4_000 }) })).toEqual(["connection 4000 half", "unallocated 6000 no_debt"]);
    expect(fees({})).toEqual(["unallocated 10000 no_debt"]);
  });

  it("pays no plan", () => {
    expect(fees({ amountMinor: 10_100, debts: owes({}, { financing: [plan(90_000)] }) })).toEqual([
      "unallocated 10100 no_debt",
    ]);
  });
});

describe("whatever is owed and paid", () => {
  const minor = fc.integer({ min: 0, max: 200_000 });
  const repaid = (names: readonly ("advance.connection" | "advance.readyboard" | "financing.7" | "financing.8")[]) =>
    fc.tuple(
      ...names.map((name) =>
        fc.record({
          name: fc.constant(name),
          outstandingMinor: minor,
          fractionE4: fc.integer({ min: 0, max: 10_000 }),
        }),
      ),
    );
  const any = fc.record({
    amountMinor: fc.oneof(fc.integer({ min: 1, max: 300_000 }), fc.constantFrom(50_100, 49_900, 1)),
    minorDigits: fc.constantFrom(0 as const, 2 as const),
    channel: fc.constantFrom("electricity" as const, "fees" as const),
    isCommissioned: fc.boolean(),
    recognises: fc.boolean(),
    prices: fc.constantFrom(LS, null),
    debts: fc.record({
      fees: fc.record({ connection: minor, readyboard: minor }, { requiredKeys: [] }),
      advances: repaid(["advance.connection", "advance.readyboard"]),
      financing: repaid(["financing.7", "financing.8"]),
    }),
  });

  it("the parts add up to the payment, are whole, and no debt gets more than is owed", () => {
    fc.assert(
      fc.property(any, (one) => {
        const parts = splitPayment(one);
        expect(parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(one.amountMinor);
        expect(new Set(parts.map(({ to }) => to)).size).toBe(parts.length);
        const owed = new Map<string, number>([
          ...Object.entries(one.debts.fees),
          ...[...one.debts.advances, ...one.debts.financing].map((d) => [d.name, d.outstandingMinor] as const),
        ]);
        const wrong = parts.filter(({ to, amountMinor }) => {
          const atLeast = to === "energy" ? 0 : 1;
          const atMost = to === "energy" || to === "unallocated" ? one.amountMinor : (owed.get(to) ?? 0);
          return !Number.isSafeInteger(amountMinor) || amountMinor < atLeast || amountMinor > atMost;
        });
        expect(wrong).toEqual([]);
        expect(parts.some(({ to }) => to === "energy")).toBe(one.channel === "electricity");
      }),
      { numRuns: 500 },
    );
  });
});
