import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { COUNTRIES } from "../../src/domain/country.ts";
import { canonicalPhone, isDialable, samePhoneKey, shownPhone, spellingsOf } from "../../src/domain/phone.ts";

describe("canonicalPhone", () => {
  it.each([
    ["26650000101", "LS", "26650000101"],
    ["+26650000101", "LS", "26650000101"],
    ["0026650000101", "LS", "26650000101"],
    ["50000101", "LS", "26650000101"],
    ["62000131", "LS", "26662000131"],
    ["266 50 000 109", "LS", "26650000109"],
    ["266\u00a050\u202f000-109", "LS", "26650000109"],
    ["+27 82 123 4567", "LS", "27821234567"],
    ["22997000122", "BJ", "2290197000122"],
    ["2290197000122", "BJ", "2290197000122"],
    ["+229 97 00 11 22", "BJ", "2290197001122"],
    ["97000122", "BJ", "2290197000122"],
    ["0197000122", "BJ", "2290197000122"],
    ["22901 97000123", "BJ", "2290197000123"],
    ["22997000122", "LS", "2290197000122"],
    ["0977123456", "ZM", "260977123456"],
    ["260977123456", "ZM", "260977123456"],
  ] as const)("it spells %j in %s as %s", (text, code, phone) => {
    expect(canonicalPhone(text, COUNTRIES[code])).toBe(phone);
  });

  it.each([
    ["", "LS"],
    ["199", "LS"],
    ["MPESA", "LS"],
    ["266XXXXXXXX", "LS"],
    ["call 50000101", "LS"],
    ["2665000010", "LS"],
    ["266500001011", "LS"],
    ["9700012255", "BJ"],
    ["0".repeat(100), "LS"],
  ] as const)("it takes %j in %s for no phone", (text, code) => {
    expect(canonicalPhone(text, COUNTRIES[code])).toBeNull();
  });

  it("it changes nothing the second time, whatever came", () => {
    const codes = fc.constantFrom("LS" as const, "BJ" as const, "ZM" as const);
    fc.assert(
      fc.property(
        fc.oneof(fc.stringMatching(/^\+?[0-9 -]{6,16}$/), fc.string({ unit: "binary" })),
        codes,
        (text, code) => {
          const once = canonicalPhone(text, COUNTRIES[code]);
          if (once !== null) expect(canonicalPhone(`+${once}`, COUNTRIES[code])).toBe(once);
        },
      ),
    );
  });
});

describe("shownPhone", () => {
  it.each([
    ["26650000101", "LS", "5000 0101"],
    ["2290197000122", "BJ", "01 97 00 01 22"],
    ["260977123456", "ZM", "097 7123456"],
    ["27821234567", "LS", "+27 82 123 4567"],
    ["2290197000122", "LS", "+229 01 97 00 01 22"],
    ["199", "LS", "199"],
  ] as const)("it shows %s in %s as %s, which is read as the same number", (phone, code, shown) => {
    expect(shownPhone(phone, COUNTRIES[code])).toBe(shown);
    if (phone !== "199") expect(canonicalPhone(shown, COUNTRIES[code])).toBe(phone);
  });
});

describe("samePhoneKey", () => {
  it("it is the same for old and new numbers of Benin, and for every spelling", () => {
    const spellings = ["22997000122", "2290197000122", "97000122", "01 97 00 01 22", "+229 97000122"];
    expect(new Set(spellings.map(samePhoneKey))).toEqual(new Set(["97000122"]));
  });
});

describe("spellingsOf", () => {
  it.each([
    ["2290197000122", ["2290197000122", "22997000122"]],
    ["22997000122", ["2290197000122", "22997000122"]],
    ["26650000101", ["26650000101"]],
    ["260961234567", ["260961234567"]],
    ["27658123456", ["27658123456"]],
    ["97000122", ["97000122"]],
    ["", [""]],
  ])("it spells %j in each way that means the same phone, and in no other", (phone, spellings) => {
    expect(spellingsOf(phone)).toEqual(spellings);
  });

  it("it shares no spelling between two numbers of different countries or operators", () => {
    const numbers = ["26658123456", "27658123456", "260961234567", "260761234567", "2290197000122", "26697000122"];
    const all = numbers.flatMap(spellingsOf);
    expect(new Set(all).size).toBe(all.length);
  });
});

describe("isDialable", () => {
  it.each([
    ["26650000101", true],
    ["+26650000101", true],
    ["199", true],
    ["12", false],
    ["MPESA", false],
    ["266 50000101", false],
    ["26650000101\n", false],
    ["1234567890123456", false],
  ])("it says whether %j can be dialled: %s", (to, dialable) => {
    expect(isDialable(to)).toBe(dialable);
  });
});
