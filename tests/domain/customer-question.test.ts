import { describe, expect, it } from "vitest";
import { COUNTRIES } from "../../src/domain/country.ts";
import { readQuestion } from "../../src/domain/customer-question.ts";

const { LS } = COUNTRIES;

describe("what is typed to find a customer", () => {
  it.each([
    ["mak0045", { accounts: ["0045MAK"] }],
    ["0045 MAK", { accounts: ["0045MAK"] }],
    ["45-mak", { accounts: ["0045MAK"] }],
    ["Thabo 0045MAK", { accounts: ["0045MAK"], words: ["thabo", "0045mak"] }],
    ["45", { accountDigits: "0045", legacyId: 45, phoneEnd: null, phone: null }],
    ["0101", { accountDigits: "0101", legacyId: 101, phoneEnd: "0101" }],
    ["00 0101", { accountDigits: null, phoneEnd: "000101" }],
    ["5000 0101", { phone: "50000101", phoneEnd: null }],
    ["+266 5000-0101", { phone: "50000101" }],
    ["0026650000101", { phone: "50000101" }],
    ["266 5000 01019", { phone: "00001019" }],
    ["000023099001", { meters: ["23099001"], alias: "000023099001" }],
    ["sm5r-04-abc1", { meters: ["sm5r-04-abc1", "SM5R-04-ABC1"] }],
    ["mak 0123 hh1", { piece: "mak0123hh1", words: ["mak", "0123", "hh1"] }],
    ["Mokoena, THABO", { words: ["mokoena", "thabo"], similar: ["mokoena", "thabo"], piece: null, meters: [] }],
    ["N'tcha Réné", { words: ["ntcha", "rene"] }],
    ["99999999999999999999", { legacyId: null, phone: null }],
  ])("%j may mean %j", (typed, meant) => {
    expect(readQuestion(typed, LS)).toMatchObject(meant);
  });

  it.each(["", " ", "a", "—", "'"])("%j means nothing", (typed) => {
    expect(readQuestion(typed, LS)).toBeNull();
  });

  it("has at most so many words, and no sign of a pattern in any of them", () => {
    const question = readQuestion("a% b_ \\c d' e f g h", LS);
    expect(question?.words).toEqual(["a", "b", "c", "d", "e", "f"]);
  });
});
