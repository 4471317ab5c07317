import { describe, expect, it } from "vitest";
import { fileLine, type Hit, hasEnded, isAskable, metersOf } from "../../web/pages/customers/model.ts";

const hit = (over: Partial<Hit> = {}): Hit => ({
  customerId: 12,
  matched: "name",
  rank: 3,
  name: "Thabo Mokoena",
  phones: ["5000 0101", "6200 0131"],
  site: "MAK",
  plotNumber: null,
  customerType: "HH1",
  legacyId: null,
  accounts: [
    { account: "0045MAK", status: "live", meters: ["23099001"] },
    { account: "0046MAK", status: "terminated", meters: [] },
  ],
  ...over,
});

describe("a question to the register", () => {
  it.each`
    typed     | isAsked
    ${""}     | ${true}
    ${"  "}   | ${true}
    ${"q"}    | ${false}
    ${"q "}   | ${false}
    ${"mo"}   | ${true}
    ${"é l"}  | ${true}
    ${"7"}    | ${true}
    ${"+266"} | ${true}
    ${"--"}   | ${false}
  `("$typed is asked: $isAsked", ({ typed, isAsked }) => {
    expect(isAskable(typed)).toBe(isAsked);
  });
});

describe("a customer in the list", () => {
  it("has the meters of all accounts, and has ended when every account has", () => {
    expect(metersOf(hit())).toEqual(["23099001"]);
    expect(hasEnded(hit())).toBe(false);
    expect(hasEnded(hit({ accounts: [{ account: "0046MAK", status: "terminated", meters: [] }] }))).toBe(true);
    expect(hasEnded(hit({ accounts: [] }))).toBe(false);
  });

  it("is a line of the file, what is missing empty and not 0", () => {
    expect(fileLine(hit({ phones: [], customerType: null }))).toEqual([
      "12",
      "Thabo Mokoena",
      "0045MAK 0046MAK",
      "live terminated",
      null,
      "MAK",
      null,
      null,
      "23099001",
      null,
    ]);
  });
});
