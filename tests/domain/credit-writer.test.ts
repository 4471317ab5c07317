import { describe, expect, it } from "vitest";
import { type CreditWriterSetting, creditWriterAt, SWITCH_SILENCE_MS } from "../../src/domain/credit-writer.ts";

const MINUTE = 60_000;
const SIX = Date.UTC(2026, 11, 1, 6);
const set = (writer: CreditWriterSetting["writer"], minutes: number, site = "MAK"): CreditWriterSetting => ({
  site,
  writer,
  validFrom: SIX + minutes * MINUTE,
});

describe("creditWriterAt", () => {
  it.each([
    { why: "a site that nobody switched is the old system's", settings: [], minutes: 0, writer: "legacy" },
    { why: "before the switch: legacy", settings: [set("ours", 10)], minutes: 9, writer: "legacy" },
    { why: "from its very instant neither sends", settings: [set("ours", 0)], minutes: 0, writer: "neither" },
    { why: "nor in the 30th minute", settings: [set("ours", 0)], minutes: 29, writer: "neither" },
    { why: "after 30 minutes: ours", settings: [set("ours", 0)], minutes: 30, writer: "ours" },
    { why: "back again, neither", settings: [set("ours", 0), set("legacy", 90)], minutes: 90, writer: "neither" },
    { why: "and then legacy", settings: [set("ours", 0), set("legacy", 90)], minutes: 120, writer: "legacy" },
    {
      why: "changed back during the silence: silent from the last switch on",
      settings: [set("ours", 0), set("legacy", 20)],
      minutes: 40,
      writer: "neither",
    },
    {
      why: "then legacy, 30 minutes after the last",
      settings: [set("ours", 0), set("legacy", 20)],
      minutes: 50,
      writer: "legacy",
    },
    {
      why: "the same writer again is no switch",
      settings: [set("ours", 0), set("ours", 60)],
      minutes: 61,
      writer: "ours",
    },
    {
      why: "and does not end a silence",
      settings: [set("ours", 0), set("ours", 10)],
      minutes: 15,
      writer: "neither",
    },
    { why: "legacy set on an untouched site is no switch", settings: [set("legacy", 0)], minutes: 1, writer: "legacy" },
    { why: "in any order", settings: [set("legacy", 90), set("ours", 0)], minutes: 60, writer: "ours" },
    { why: "another site's switch is its own", settings: [set("ours", 0, "SHG")], minutes: 60, writer: "legacy" },
    { why: "a switch to come is not there yet", settings: [set("ours", 600)], minutes: 60, writer: "legacy" },
  ])("$why", ({ settings, minutes, writer }) => {
    expect(creditWriterAt(settings, "MAK", SIX + minutes * MINUTE)).toBe(writer);
  });

  it("is silent to the millisecond", () => {
    expect(creditWriterAt([set("ours", 0)], "MAK", SIX + SWITCH_SILENCE_MS - 1)).toBe("neither");
    expect(creditWriterAt([set("ours", 0)], "MAK", SIX + SWITCH_SILENCE_MS)).toBe("ours");
    expect(creditWriterAt([set("ours", 0)], "MAK", SIX - 1)).toBe("legacy");
  });
});
