import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { distribute } from "../../../src/domain/statements/distribute.ts";
import type { StatementLine } from "../../../src/domain/statements/line.ts";
import { settleGap } from "../../../src/domain/statements/settle-gap.ts";
import { type DayLine, dayOf, differenceOf, type Held, isFinal } from "../../../src/domain/statements/till-day.ts";

const weightsOf = (...energies: number[]) => energies.map((energyWh, n) => ({ key: `000${n}MAK`, energyWh }));

describe("an amount distributed by energy", () => {
  it.each<[string, number, number[], number[] | null]>([
    ["evenly", 300, [1, 1, 1], [100, 100, 100]],
    ["one unit over goes to the first of equals", 100, [1, 1, 1], [34, 33, 33]],
    ["two over", 101, [1, 1, 1], [34, 34, 33]],
    ["the largest remainder first, wherever it stands", 10, [1, 1, 4], [2, 2, 6]],
    ["a hundred over one and two", 100, [1, 2], [33, 67]],
    ["nothing used, nothing given", 100, [0, 5, 0], [0, 100, 0]],
    ["fewer units than accounts", 1, [5, 5, 6], [0, 0, 1]],
    ["a total below nought", -100, [1, 1, 1], [-34, -33, -33]],
    ["nought", 0, [3, 4], [0, 0]],
    ["nought over nothing", 0, [0, 0], [0, 0]],
    ["nobody used anything", 100, [0, 0], null],
    ["nobody is there", 100, [], null],
    ["more than a float can hold", 9_007_199_254_740_991, [1, 1], [4_503_599_627_370_496, 4_503_599_627_370_495]],
  ])("%s", (_, total, energies, parts) => {
    expect(distribute(total, weightsOf(...energies))?.map(({ amountMinor }) => amountMinor) ?? null).toEqual(parts);
  });

  const weights = fc.uniqueArray(
    fc.record({ key: fc.string({ minLength: 1, maxLength: 8 }), energyWh: fc.nat({ max: 2 ** 40 }) }),
    { selector: ({ key }) => key, minLength: 1, maxLength: 60 },
  );
  it("always adds up, gives nobody more than one unit beside the exact share, and does not depend on the order", () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: -(2 ** 50), max: 2 ** 50 }), (drawn, total) => {
        const sum = drawn.reduce((all, { energyWh }) => all + BigInt(energyWh), 0n);
        const parts = distribute(total, drawn);
        if (sum === 0n) {
          expect(parts === null || total === 0).toBe(true);
          return;
        }
        expect(parts?.reduce((all, { amountMinor }) => all + BigInt(amountMinor), 0n)).toBe(BigInt(total));
        for (const { key, amountMinor } of parts ?? []) {
          const energy = BigInt(drawn.find((weight) => weight.key === key)?.energyWh ?? 0);
          const off = BigInt(amountMinor) * sum - BigInt(total) * energy;
          expect(off < sum && -off < sum).toBe(true);
        }
        const again = distribute(total, drawn.toReversed());
        expect(new Map(again?.map(({ key, amountMinor }) => [key, amountMinor]))).toEqual(
          new Map(parts?.map(({ key, amountMinor }) => [key, amountMinor])),
        );
      }),
    );
  });
  it("refuses what is no weight", () => {
    expect(() => distribute(1, [{ key: "a", energyWh: -1 }])).toThrow(RangeError);
    expect(() => distribute(0.5, weightsOf(1))).toThrow(RangeError);
    expect(() => distribute(1, [...weightsOf(1), ...weightsOf(1)])).toThrow("each key once");
  });
});

const held = (over: Partial<Held>): Held => ({
  accountsMinor: 0,
  suspenseMinor: 0,
  treasuryMinor: 0,
  legacyMinor: 0,
  ...over,
});
const line = (over: Partial<DayLine> = {}): DayLine => ({
  receipt: "QK7AAA",
  kind: "payment",
  statementMinor: 2_000,
  held: held({ accountsMinor: 2_000 }),
  reversed: false,
  names: false,
  ...over,
});

describe("what is not explained of a till's day", () => {
  it.each<[string, Partial<DayLine>, number]>([
    ["a payment in its account", {}, 0],
    ["in suspense", { held: held({ suspenseMinor: 2_000 }) }, 0],
    [
      "split between both and our own money",
      { held: held({ accountsMinor: 500, suspenseMinor: 700, treasuryMinor: 800 }) },
      0,
    ],
    ["in the old books", { held: held({ legacyMinor: 2_000 }) }, 0],
    ["of another amount", { held: held({ accountsMinor: 200 }) }, 1_800],
    ["not known to us", { held: null }, 2_000],
    ["taken back by the operator, and still in the account", { reversed: true }, -2_000],
    ["taken back, and out of the account", { reversed: true, held: held({ suspenseMinor: 2_000 }) }, 0],
    [
      "that the statement lacks, and a person said that it never came",
      { kind: "missing", statementMinor: 0, held: held({}) },
      0,
    ],
    ["returned by a person, and the statement has it", { held: held({}) }, 2_000],
    ["taken back by the operator, and returned", { reversed: true, held: held({}) }, 0],
    ["that the statement lacks", { kind: "missing", statementMinor: 0 }, -2_000],
    ["our own deposit", { kind: "treasury", held: null }, 0],
    [
      "our own deposit, claimed by a text and moved to treasury",
      { kind: "treasury", held: held({ treasuryMinor: 2_000 }) },
      0,
    ],
    ["our own deposit that a customer was credited", { kind: "treasury" }, -2_000],
    ["a withdrawal", { kind: "withdrawal", held: null }, 0],
    ["a reversal that says of what", { kind: "reversal", held: null, names: true }, 0],
    ["a reversal that does not say of what", { kind: "reversal", held: null }, -2_000],
    ["a payment that did not happen, credited all the same", { kind: "unfinished" }, -2_000],
  ])("%s", (_, over, difference) => {
    expect(differenceOf(line(over))).toBe(difference);
  });
  it("adds up to a final day only when each line agrees and the statement covers the whole day", () => {
    const good = dayOf([line(), line({ receipt: "QK7AAB", held: held({ suspenseMinor: 2_000 }) })]);
    expect(good).toMatchObject({
      statementMinor: 4_000,
      paymentsMinor: 2_000,
      suspenseMinor: 2_000,
      differenceMinor: 0,
    });
    expect([isFinal(good, true), isFinal(good, false)]).toEqual([true, false]);
  });
  it("a lost payment beside a forged one of the same amount is no final day", () => {
    const day = dayOf([line({ held: null }), line({ receipt: "QK7FAKE", kind: "missing", statementMinor: 0 })]);
    expect(day).toMatchObject({ differenceMinor: 0, unexplained: 2, missing: 1 });
    expect(isFinal(day, true)).toBe(false);
  });
  it("a day without a payment is final when it is covered", () => expect(isFinal(dayOf([]), true)).toBe(true));
});

describe("a gap in a till's chain, and the statement", () => {
  const step = (n: number, from: number, to: number, over: Partial<StatementLine> = {}): StatementLine => ({
    row: n,
    receipt: `QK7AA${n}`,
    kind: to >= from ? "payment" : "withdrawal",
    amountMinor: Math.abs(to - from),
    at: n * 1_000,
    balanceMinor: to,
    payerPhone: null,
    text: "",
    linked: null,
    linkedMinor: null,
    ...over,
  });
  const chain = [step(1, 100, 150), step(2, 150, 180), step(3, 180, 80), step(4, 80, 200)];
  const rowsOf = (lines: StatementLine[], endMinor: number | null, startMinor: number) =>
    settleGap(lines, { endMinor, startMinor })?.map(({ line }) => line.row) ?? null;

  it.each<[string, StatementLine[], number | null, number, number[] | null]>([
    ["one text never came", chain, 150, 180, [2]],
    ["two, one of them a withdrawal", chain, 150, 80, [2, 3]],
    ["newest first is the same list", chain.toReversed(), 150, 80, [2, 3]],
    ["the statement does not reach the other end", chain, 150, 999, null],
    ["nothing begins there", chain, 151, 180, null],
    ["the chain has no end before the gap", chain, null, 180, null],
    [
      "one line of it is missing in the statement too",
      [chain[0], chain[1], chain[3]] as StatementLine[],
      150,
      80,
      null,
    ],
    ["a line without a balance says nothing", [step(2, 150, 180, { balanceMinor: null })], 150, 180, null],
    ["a payment that did not happen moved nothing", [step(2, 150, 180, { kind: "unfinished" })], 150, 180, null],
    [
      "two of one second stand the other way round",
      [step(2, 180, 230, { at: 5 }), step(3, 150, 180, { at: 5 })],
      150,
      230,
      [3, 2],
    ],
    [
      "the balance was there before, too",
      [step(1, 100, 150), step(2, 150, 100), step(3, 100, 150), step(4, 150, 300)],
      150,
      300,
      [2, 3, 4],
    ],
  ])("%s", (_, lines, end, start, rows) => {
    expect(rowsOf(lines, end, start)).toEqual(rows);
  });
});
