import { describe, expect, it } from "vitest";
import { BLANK, blankFor, instantOf, rateText, readRate, wantedOf } from "../../web/pages/tariffs/model.ts";

describe("a rate as it is typed", () => {
  it.each([
    ["5.50", 55_000],
    ["5,5", 55_000],
    [" 160 ", 1_600_000],
    ["0.0001", 1],
    ["5.00005", null],
    ["0", null],
    ["-5", null],
    ["1e3", null],
    ["", null],
    ["five", null],
    ["999999999", null],
  ])("%j is %s ten-thousandths", (typed, rate) => expect(readRate(typed)).toBe(rate));
});

describe("a rate as it is shown", () => {
  it.each([
    [55_000, 2, "5.50"],
    [55_001, 2, "5.5001"],
    [50_000, 2, "5.00"],
    [1_600_000, 0, "160"],
    [1_605_000, 0, "160.5"],
    [1, 2, "0.0001"],
  ] as const)("%s ten-thousandths with %s decimals of the currency are %s", (rate, digits, text) =>
    expect(rateText(rate, digits)).toBe(text),
  );
  it("is read back as what it was", () => {
    for (const rate of [1, 9_999, 55_001, 1_600_000]) expect(readRate(rateText(rate, 2))).toBe(rate);
  });
});

describe("the start of a change", () => {
  it.each([
    [120, "2027-03-01T00:00:00+02:00"],
    [60, "2027-03-01T00:00:00+01:00"],
    [-210, "2027-03-01T00:00:00-03:30"],
    [0, "2027-03-01T00:00:00+00:00"],
  ])("with an offset of %s minutes is %s", (offset, text) => expect(instantOf("2027-03-01T00:00", offset)).toBe(text));
});

describe("what is asked for", () => {
  it("names the subject of its scope alone, and no instant where none was typed", () => {
    const form = { ...BLANK, site: "MAK", account: "0045MAK", rate: "5.5" };
    expect(wantedOf(form, 120)).toEqual({ scope: "site", site: "MAK", rateE4PerKwh: 55_000 });
    expect(wantedOf({ ...form, scope: "account", kind: "ends" }, 120)).toEqual({
      scope: "account",
      account: "0045MAK",
      ends: true,
    });
    expect(wantedOf({ ...form, scope: "global", kind: "nothing", from: "2027-03-01T06:00" }, 120)).toEqual({
      scope: "global",
      rateE4PerKwh: null,
      validFrom: "2027-03-01T06:00:00+02:00",
    });
  });
  it("is nothing while the rate cannot be read", () => expect(wantedOf({ ...BLANK, rate: "cheap" }, 120)).toBeNull());
});

describe("a form for the account that a link names", () => {
  it("is for the rate of that account, however it is spelt", () =>
    expect(blankFor(" 0045 mak")).toEqual({ ...BLANK, scope: "account", account: "0045MAK" }));
  it("is empty without one, and keeps what is no account, to be put right", () => {
    expect(blankFor(" ")).toEqual(BLANK);
    expect(blankFor("45")).toEqual({ ...BLANK, scope: "account", account: "45" });
  });
});
