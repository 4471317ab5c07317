import { describe, expect, it } from "vitest";
import { readSplit, sharesAfter, typedAmount, vanished } from "../../web/pages/suspense/model.ts";

const part = (account: string, amount: string) => ({ to: "account", account, amount }) as const;

describe("readSplit", () => {
  it.each`
    amounts            | left    | whole    | is
    ${["20", "10"]}    | ${0}    | ${true}  | ${"exact"}
    ${["20", "10.01"]} | ${-1}   | ${false} | ${"a cent too much"}
    ${["20", "9.99"]}  | ${1}    | ${false} | ${"a cent too little"}
    ${["30", ""]}      | ${0}    | ${false} | ${"a part without an amount"}
    ${["30", "0"]}     | ${0}    | ${false} | ${"a part of nothing"}
    ${["10", "-20"]}   | ${2000} | ${false} | ${"no number"}
    ${["1e1", "20"]}   | ${1000} | ${false} | ${"a number of another kind"}
  `(
    "takes $amounts of 30.00 as $is",
    ({ amounts, left, whole }: { amounts: string[]; left: number; whole: boolean }) => {
      const split = readSplit(
        amounts.map((amount, at) => part(`004${at}MAK`, amount)),
        3_000,
        2,
      );
      expect(split.leftMinor).toBe(left);
      expect(split.parts !== null).toBe(whole);
    },
  );

  it("wants an account for what goes to one, and none for the treasury", () => {
    expect(readSplit([part("", "10"), part("0046MAK", "20")], 3_000, 2).faults).toEqual(["account", null]);
    const drafts = [{ to: "treasury", account: "", amount: "10" } as const, part("0046MAK", "20")];
    expect(readSplit(drafts, 3_000, 2).parts).toEqual([
      { to: "treasury", amountMinor: 1_000 },
      { to: "account", account: "0046MAK", amountMinor: 2_000 },
    ]);
  });

  it("counts francs without decimals", () => {
    expect(readSplit([part("0001GBO", "2000"), part("0002GBO", "3 000")], 5_000, 0).parts).toHaveLength(2);
    expect(readSplit([part("0001GBO", "2000.50")], 5_000, 0).faults).toEqual(["amount"]);
  });
});

describe("vanished", () => {
  const row = (caseKey: string, openedAt: number) => ({ caseKey, openedAt });
  it("names what is gone from a whole list", () => {
    expect(vanished([row("a", 1), row("b", 2)], [row("b", 2)], true)).toEqual([row("a", 1)]);
    expect(vanished([row("a", 1)], [], true)).toEqual([row("a", 1)]);
  });
  it("does not take what was pushed beyond the end of a page for gone", () => {
    expect(vanished([row("a", 1), row("z", 9)], [row("a", 1), row("b", 2)], false)).toEqual([]);
  });
});

describe("sharesAfter", () => {
  it("gives one share away and leaves the others where they are", () => {
    const shares = [
      { share: 1, holder: { kind: "account", account: "0045MAK" }, amountMinor: 1_000 },
      { share: 2, holder: { kind: "suspense" }, amountMinor: 2_000 },
      { share: 3, holder: { kind: "treasury" }, amountMinor: 500 },
    ];
    expect(sharesAfter(shares, 2, [{ to: "account", account: "0046MAK", amountMinor: 2_000 }])).toEqual([
      { to: "account", account: "0045MAK", amountMinor: 1_000 },
      { to: "account", account: "0046MAK", amountMinor: 2_000 },
      { to: "treasury", amountMinor: 500 },
    ]);
  });
});

describe("typedAmount", () => {
  it.each([
    [1_250, 2, "12.50"],
    [5, 2, "0.05"],
    [5_000, 0, "5000"],
  ] as const)("writes %i with %i decimals as %s", (minor, digits, text) => {
    expect(typedAmount(minor, digits)).toBe(text);
  });
});
