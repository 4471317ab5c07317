import { describe, expect, it } from "vitest";
import { balanceQuestion } from "../../src/domain/balance-question.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import { ECOCASH_SAMPLES, MOMO_SAMPLES, MPESA_SAMPLES } from "./sms/samples.ts";

describe("balanceQuestion", () => {
  it.each([
    ["BAL", null],
    ["bal", null],
    ["Balance", null],
    ["balance?", null],
    ["  Bal.\n", null],
    ["SOLDE", null],
    ["Bal please", null],
    ["HOURS", null],
    ["lihora 0045MAK", "0045MAK"],
    ["heures svp", null],
    ["Hello, balance. Thanks!", null],
    ["bal 0045MAK", "0045MAK"],
    ["BAL 0045 mak", "0045MAK"],
    ["Balance: mak-0045", "0045MAK"],
    ["balance of", undefined],
    ["0045MAK", "0045MAK"],
    ["mak0045", "0045MAK"],
    ["45 MAK", "0045MAK"],
    ["0045/MAK please", "0045MAK"],
    ["0045MAK bal", "0045MAK"],
    ["0045MAK\nThank you", "0045MAK"],
    ["ＢＡＬ ００４５ＭＡＫ", "0045MAK"],
    ["", undefined],
    ["please", undefined],
    ["0045", undefined],
    ["MAK", undefined],
    ["0045XYZ", undefined],
    ["0045KWH", undefined],
    ["bal 0045XYZ", undefined],
    ["bal 0045MAK 0046MAK", undefined],
    ["bal bal", undefined],
    ["balances", undefined],
    ["I want my balance", undefined],
    ["0045MAK paid", undefined],
    ["0045MAK M20", undefined],
    ["0045MAK 20.00", undefined],
    ["20 0045MAK", undefined],
    ["plot 0045MAK", undefined],
    ["no light at 0045MAK since morning", undefined],
    [`bal ${" ".repeat(60)}`, undefined],
  ])("takes %j as a question about %s", (text, account) => {
    const question = balanceQuestion(text, COUNTRIES.LS);
    expect(question).toEqual(account === undefined ? null : { account });
  });

  it("knows the sites of its own country, and any where there is no list", () => {
    expect(balanceQuestion("solde 0045GBO svp", COUNTRIES.BJ)).toEqual({ account: "0045GBO" });
    expect(balanceQuestion("0045MAK", COUNTRIES.BJ)).toBeNull();
    expect(balanceQuestion("0045XYZ", COUNTRIES.ZM)).toEqual({ account: "0045XYZ" });
    expect(balanceQuestion("0045KWH", COUNTRIES.ZM)).toBeNull();
  });

  it("takes no operator's text for a question", () => {
    const samples = [...MPESA_SAMPLES, ...ECOCASH_SAMPLES, ...MOMO_SAMPLES].filter(
      ({ want }) => want.kind !== "unparsed",
    );
    expect(samples.length).toBeGreaterThan(30);
    expect(samples.filter(({ text, country }) => balanceQuestion(text, COUNTRIES[country]) !== null)).toEqual([]);
  });
});
