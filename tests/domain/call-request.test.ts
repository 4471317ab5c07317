import { describe, expect, it } from "vitest";
import { callRequest } from "../../src/domain/call-request.ts";
import { COUNTRIES } from "../../src/domain/country.ts";

const SENDER = "+26650000101";
const ls = (text: string, sender = SENDER) => callRequest(text, sender, COUNTRIES.LS);

describe("a request to be called", () => {
  it.each([
    "Please call me",
    "PLS CALL ME",
    "call me back",
    "Please call me now!",
    "callback",
    "Ke kopa le nletsetse",
    "ka kopo nletsetse hle",
    "Rappelez-moi svp",
    "s'il vous plaît appelez moi",
  ])("is %s, to whoever sent it", (text) => {
    expect(ls(text)).toEqual({ phone: expect.stringMatching(/50000101$/), why: "asked" });
  });

  it.each([
    "hello",
    "please call me about the transformer that burns since Monday and nobody came",
    "call the police",
    "0045MAK",
    "BAL",
    "",
    "I will call you",
    "Win a goat with Vodacom! For help please call 80051000",
    "x".repeat(500),
  ])("is not: %s", (text) => {
    expect(ls(text)).toBeNull();
  });

  it.each([
    "You have 1 missed call from +266 5000 0102",
    "Missed call: 50000102 at 12:05",
    "Please call me 26650000102",
    "Please Call 50000102",
  ])("is an operator's notice of a call: %s", (text) => {
    expect(ls(text, "Vodacom")).toEqual({ phone: expect.stringMatching(/50000102$/), why: expect.any(String) });
  });

  it("of nobody who can be called is none", () => {
    expect(ls("please call me", "MPESA")).toBeNull();
  });
});
