import { describe, expect, it } from "vitest";
import type { Answer, Trouble } from "../../web/api.ts";
import { type Asked, heard, isSameQuestion, isStale, unasked } from "../../web/asked.ts";

const good = (value: string): Answer<string> => ({ ok: true, value });
const bad: Answer<string> = { ok: false, trouble: { status: 503, kind: "no_store", message: "later" } as Trouble };
const OCTOBER = ["2026-10-01", "MAK"];
const NOVEMBER = ["2026-11-01", "MAK"];
const inOctober: Asked<string> = heard(unasked<string>(), OCTOBER, good("October"), 1_000);

describe("an answer and its question", () => {
  it("is nobody's before it comes, and is not stale", () => {
    expect([unasked().value, isStale(unasked(), OCTOBER)]).toEqual([null, false]);
  });

  it("is of the question that it was asked by, and of no other", () => {
    expect([inOctober.value, isStale(inOctober, OCTOBER), isStale(inOctober, NOVEMBER)]).toEqual([
      ...["October", false, true],
    ]);
  });

  it("comes after another, and takes its place", () => {
    const now = heard(inOctober, NOVEMBER, good("November"), 2_000);
    expect([now.value, now.heardAt, isStale(now, NOVEMBER), isStale(now, OCTOBER)]).toEqual([
      ...["November", 2_000, false, true],
    ]);
  });

  it("stays when the same question fails, with what is wrong beside it", () => {
    const now = heard(inOctober, OCTOBER, bad, 2_000);
    expect([now.value, now.heardAt, now.trouble?.status, now.isBusy, isStale(now, OCTOBER)]).toEqual([
      ...["October", 1_000, 503, false, false],
    ]);
  });

  it("goes when another question fails: what is left would stand under a name that is not its own", () => {
    const now = heard(inOctober, NOVEMBER, bad, 2_000);
    expect([now.value, now.about, now.trouble?.status, now.isBusy]).toEqual([null, null, 503, false]);
  });

  it.each([
    [[], [], true],
    [[undefined], [], false],
    [["a", null], ["a", null], true],
    [["a", null], ["a", undefined], false],
    [[Number.NaN], [Number.NaN], true],
    [["1"], [1], false],
  ])("%j and %j are the same question: %s", (one, other, same) => {
    expect(isSameQuestion(one, other)).toBe(same);
  });
});
