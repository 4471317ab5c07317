import { describe, expect, it } from "vitest";
import { percentE4, percentOf, type Typed, typedQuery } from "../../web/pages/agreements/model.ts";

const typed = (over: Partial<Typed>): Typed => ({
  ...{ fee: "connection", title: "", principal: "", interest: "", setup: "", instalments: "", monthly: "" },
  ...{ penalty: "", grace: "30", interval: "14", fraction: "", ...over },
});
const about = { account: "0045MAK", reason: "signed" };
const query = (...args: Parameters<typeof typedQuery>) => Object.fromEntries(typedQuery(...args));

describe("a percentage", () => {
  it.each([
    ["2.5", 250],
    ["2,5 %", 250],
    ["0.05", 5],
    ["100", 10_000],
    ["0", 0],
    ["100.01", null],
    ["0.005", null],
    ["-1", null],
    ["", null],
    ["half", null],
  ])("typed as %j is %s ten-thousandths", (text, e4) => expect(percentE4(text)).toBe(e4));
  it("is written as people read it", () => expect([percentOf(250), percentOf(5)]).toEqual(["2.5 %", "0.05 %"]));
});

describe("what was typed of an agreement", () => {
  it("of an advance says its fee, and leaves to the server what was left empty", () => {
    expect(query("advance", typed({ principal: "500", monthly: "2" }), about, 2)).toEqual({
      ...{ kind: "advance", ...about, principalMinor: "50000", fee: "connection", monthlyFeeE4: "200" },
    });
  });

  it("of a plan has its days only with a penalty, and its money in the units of the country", () => {
    const plan = typed({ title: "freezer", principal: "1500", interest: "100", fraction: "20" });
    expect(query("financing", plan, about, 0)).toEqual({
      ...{ kind: "financing", ...about, title: "freezer", principalMinor: "1500", interestMinor: "100" },
      fractionE4: "2000",
    });
    const strict = { ...plan, penalty: "5" };
    expect(query("financing", strict, about, 0)).toMatchObject({
      penaltyE4: "500",
      graceDays: "30",
      intervalDays: "14",
    });
  });
});
