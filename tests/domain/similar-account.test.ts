import { describe, expect, it } from "vitest";
import { SIMILAR_MAX, similarAccounts } from "../../src/domain/similar-account.ts";

const SITES = ["MAK", "MAS", "SHG"];

describe("similarAccounts", () => {
  it.each`
    typed               | meant        | is
    ${"power 0054MAK"}  | ${"0045MAK"} | ${"two digits that changed places"}
    ${"power 0046mak"}  | ${"0045MAK"} | ${"one digit that is another"}
    ${"power 0045 MAX"} | ${"0045MAK"} | ${"a letter that is another"}
    ${"power 0045MAK"}  | ${"0045MAS"} | ${"a letter that makes it another site"}
  `("finds $meant for $typed: $is", ({ typed, meant }) => {
    expect(similarAccounts(typed, SITES)).toContain(meant);
  });

  it("offers neither the number that was typed nor one of a site that is far from it", () => {
    const offered = similarAccounts("0045MAK", SITES);
    expect(offered).not.toContain("0045MAK");
    expect(offered.filter((account) => account.endsWith("SHG"))).toEqual([]);
  });

  it("has nothing to offer for a text without a number, and never more than its maximum", () => {
    expect(similarAccounts("for light, thank you", SITES)).toEqual([]);
    const many = Array.from({ length: 15 }, (_, index) => `${1000 + index * 37}MAK`).join(" ");
    expect(similarAccounts(many, SITES)).toHaveLength(SIMILAR_MAX);
  });
});
