import { describe, expect, it } from "vitest";
import { countdown, lightOf, OVERRIDE_MINUTES, untilOf } from "../../web/pages/meters/model.ts";

const NOW = Date.UTC(2026, 10, 3, 12);
const SECOND = 1_000;

describe("the countdown of a person's word", () => {
  it.each([
    ["a second", SECOND, "00:00:01"],
    ["less than a second", 1, "00:00:01"],
    ["an hour and a bit", 3_725 * SECOND, "01:02:05"],
    ["a day and more", 93_784 * SECOND, "1 d 02:03:04"],
    ["nothing", 0, null],
    ["less than nothing", -5 * SECOND, null],
  ])("with %s left", (_, left, text) => expect(countdown(NOW + left, NOW)).toBe(text));
});

describe("the end of a person's word", () => {
  it("is so many minutes from now", () => expect(untilOf(60, NOW)).toBe("2026-11-03T13:00:00.000Z"));
  it("is within 31 days also by a clock that is a little behind", () => {
    const longest = Date.parse(untilOf(OVERRIDE_MINUTES.at(-1) ?? 0, NOW)) - NOW;
    expect(longest).toBe(31 * 86_400_000 - 60_000);
  });
});

describe("light", () => {
  it.each([
    [true, "lit", "good"],
    [false, "dark", "bad"],
    [null, "unknown", "quiet"],
  ])("connected %s is %s", (connected, word, tone) => expect(lightOf({ connected })).toEqual({ word, tone }));
});
