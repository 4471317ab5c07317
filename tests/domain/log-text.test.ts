import { describe, expect, it } from "vitest";
import { givenRequestId, isRequestId, saidBy, scrubbed } from "../../src/domain/log-text.ts";

describe("a text that others wrote, in the log", () => {
  it.each([
    ["what a parser quotes", "Unexpected token 'Q', \"QK7 Confirm\"... is not valid JSON", /QK7|Confirm/],
    ["the value that a database refused", "Key (phone)=(Thabo Mokoena) already exists.", /Thabo|Mokoena/],
    ["a number", "no answer for 26650000101", /26650000101/],
    ["a number with blanks", "call +266 5000 0101 back", /5000|0101/],
    ["an e-mail", "mpho@example.org is taken", /mpho|example\.org/],
    ["an address with a password", "fetch https://user:secret@old.example/sms?to=5 failed", /user|secret|old\.example/],
    ["a connection string", `cannot reach ${["postgres://cc_app", "hunter22@db/ls"].join(":")}`, /hunter22|cc_app/],
    ["a key", "bad key 0f3c9a1be4d2770f3c9a1be4d277", /0f3c9a1b/],
    ["a credential", "header Basic cGhvbmU6dG9rZW4= refused", /cGhvbmU6/],
  ])("loses %s", (_, text, personal) => expect(scrubbed(text)).not.toMatch(personal));

  it("keeps what a person on call needs, up to a limit", () => {
    expect(scrubbed("no answer in 10000 ms from account_ledger:0045MAK")).toBe(
      "no answer in 10000 ms from account_ledger:0045MAK",
    );
    expect(scrubbed("x ".repeat(1_000))).toHaveLength(300);
  });

  it("is of an error its name and what it says; of a database's its code and constraint alone", () => {
    expect(saidBy(new TypeError("no such method"))).toBe("TypeError: no such method");
    const refused = Object.assign(new Error("Key (name)=(Thabo) is there"), { code: "23505", constraint: "one_phone" });
    expect(saidBy(refused)).toBe("Error 23505 one_phone");
    expect(saidBy("gone")).toBe("gone");
  });
});

describe("the id that a caller gives a request", () => {
  it.each([
    "till-7.2026-11-29_0001",
    "3f0e2b9a-1c55-4d3e-9f10-aa53e0e1b6c2",
    "90000000-0000-4000-8000-000000000000",
    "4bf92f3577b34da6a3ce929d0e0e4736",
    "trace-3f0e2b9a",
  ])("is taken: %s", (id) => expect(givenRequestId(id)).toBe(id));
  it.each([
    undefined,
    "",
    "short",
    "x".repeat(65),
    "with a blank",
    "-begins",
    "a\nb-forged-line",
    "26650000101",
    'a"b,c:d{}',
    "+26650000101",
    "266 5000 0101",
    "5000.0101",
    "tel-50000101",
    "Thabo Mokoena",
    "Thabo.Mokoena",
    "thabo_mokoena",
    "ABCDEFGH",
  ])("is not taken: %j", (id) => expect(givenRequestId(id)).toBeNull());

  it("that was taken before names were not is still asked about, and a mere number never", () => {
    expect(["refused-one", "26650000101", "short", "tel-50000101"].map(isRequestId)).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });
});
