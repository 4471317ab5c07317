import { describe, expect, it } from "vitest";
import { COUNTRIES } from "../../src/domain/country.ts";
import { asksOldBooks, holdBefore } from "../../src/domain/hold.ts";
import { paidAtOf } from "../../src/domain/paid-at.ts";

const DAY = 86_400_000;
const RECEIVED = Date.UTC(2026, 10, 25, 12);

describe("paidAtOf", () => {
  it.each([
    { printed: null, at: RECEIVED, from: "server", inWindow: true, why: "no date: server receipt" },
    { printed: RECEIVED - 1, at: RECEIVED - 1, from: "text", inWindow: true, why: "a moment before" },
    {
      printed: RECEIVED - 90 * DAY,
      at: RECEIVED - 90 * DAY,
      from: "text",
      inWindow: true,
      why: "90 days before, to the ms",
    },
    { printed: RECEIVED - 90 * DAY - 1, at: RECEIVED, from: "server", inWindow: false, why: "a ms more" },
    {
      printed: RECEIVED + 12 * 3_600_000,
      at: RECEIVED + 12 * 3_600_000,
      from: "text",
      inWindow: true,
      why: "12 h ahead",
    },
    { printed: RECEIVED + 12 * 3_600_000 + 1, at: RECEIVED, from: "server", inWindow: false, why: "a ms more ahead" },
    { printed: Date.UTC(1970, 0, 1), at: RECEIVED, from: "server", inWindow: false, why: "1970" },
    { printed: Date.UTC(2099, 0, 1), at: RECEIVED, from: "server", inWindow: false, why: "2099" },
    { printed: "impossible" as const, at: RECEIVED, from: "server", inWindow: false, why: "31 February" },
  ])("$why", ({ printed, at, from, inWindow }) => {
    expect(paidAtOf(printed, RECEIVED)).toEqual({ at, from, inWindow });
  });
});

describe("holdBefore", () => {
  const facts = {
    country: COUNTRIES.LS,
    channel: "electricity" as const,
    cutoverAt: RECEIVED - 30 * DAY,
    paidAt: paidAtOf(RECEIVED - 1000, RECEIVED),
    till: { allow: true } as Parameters<typeof holdBefore>[0]["till"],
  };

  it("lets a plain payment pass", () => expect(holdBefore(facts)).toBeNull());

  it("lets a payment to the number of the contract pass where fees are charged", () =>
    expect(holdBefore({ ...facts, channel: "fees" })).toBeNull());

  it.each([
    {
      name: "a country whose payments are not automatic",
      change: { country: COUNTRIES.ZM, cutoverAt: null },
      because: "automation_off",
    },
    {
      name: "the number of the contract where no fees are charged",
      change: { channel: "fees" as const, country: COUNTRIES.BJ },
      because: "fees_channel",
    },
    {
      name: "a date outside the window",
      change: { paidAt: paidAtOf(Date.UTC(2020, 0, 1), RECEIVED) },
      because: "date",
    },
    { name: "a country without cut-over", change: { cutoverAt: null }, because: "no_cutover" },
    { name: "a text dated before cut-over", change: { cutoverAt: RECEIVED }, because: "before_cutover" },
    { name: "a cap", change: { till: { allow: false as const, because: "cap" as const, detail: "" } }, because: "cap" },
  ])("holds $name", ({ change, because }) => {
    expect(holdBefore({ ...facts, ...change })?.because).toBe(because);
  });

  it("credits an undated text after cut-over, whatever its receipt time", () => {
    expect(holdBefore({ ...facts, paidAt: paidAtOf(null, RECEIVED) })).toBeNull();
  });

  it("says what the till has against it beside a switch that is off", () => {
    const till = { allow: false as const, because: "cap" as const, detail: "the payment is above 100 minor units" };
    expect(holdBefore({ ...facts, country: COUNTRIES.ZM, till })).toEqual({
      because: "automation_off",
      note: "payments do not credit by themselves in Zambia; the payment is above 100 minor units",
    });
  });
});

describe("an undated payment", () => {
  const undated = paidAtOf(null, RECEIVED);
  const till = { allow: true } as const;

  it("that came before cut-over was made before it: it waits", () => {
    const hold = holdBefore({
      country: COUNTRIES.LS,
      channel: "electricity",
      cutoverAt: RECEIVED + 1,
      paidAt: undated,
      till,
    });
    expect(hold?.because).toBe("before_cutover");
  });

  it.each([
    { why: "undated, on the day of cut-over", cutoverAt: RECEIVED, paidAt: undated, asks: true },
    { why: "undated, in the 30th day", cutoverAt: RECEIVED - 30 * DAY + 1, paidAt: undated, asks: true },
    { why: "undated, after 30 days", cutoverAt: RECEIVED - 30 * DAY, paidAt: undated, asks: false },
    { why: "undated, before cut-over", cutoverAt: RECEIVED + 1, paidAt: undated, asks: false },
    { why: "undated, no cut-over", cutoverAt: null, paidAt: undated, asks: false },
    { why: "dated after cut-over", cutoverAt: RECEIVED - DAY, paidAt: paidAtOf(RECEIVED - 1, RECEIVED), asks: false },
    { why: "dated before cut-over", cutoverAt: RECEIVED, paidAt: paidAtOf(RECEIVED - 1, RECEIVED), asks: false },
    { why: "an impossible date", cutoverAt: RECEIVED, paidAt: paidAtOf("impossible", RECEIVED), asks: false },
  ])("$why: the old books are asked, $asks", ({ cutoverAt, paidAt, asks }) => {
    expect(asksOldBooks(cutoverAt, paidAt)).toBe(asks);
  });
});
