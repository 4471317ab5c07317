import { describe, expect, it } from "vitest";
import { owedBy } from "../dev/faults/drain.ts";

const NOON = Date.UTC(2026, 10, 30, 12);
const world = { now: NOON, isThere: () => true };
const credit = (over: object = {}) => ({
  externalId: "receipt:QK7A#1.1/energy.900",
  amountMinor: 900,
  state: "queued",
  because: null,
  waiting: true,
  attempts: 4,
  nextAt: NOON + 120_000,
  error: "404 a page",
  ...over,
});
const view = (over: object = {}) => ({ copyWaiting: 0, messages: [], commands: [], credits: [], ...over });

describe("what an account still owes when a drain gives up", () => {
  it("is nothing where all has ended, or waits for a person", () => {
    const credits = [
      credit({ waiting: false, state: "confirmed" }),
      credit({ state: "rejected", because: "cannot_take_back" }),
    ];
    expect(owedBy("0001AAA", 200, view({ credits }), world)).toBeNull();
  });

  it("names its credit, how it stands, how often it was tried and when it is tried again", () => {
    expect(owedBy("0001AAA", 200, view({ credits: [credit()] }), world)).toEqual({
      what: "0001AAA: 200, 0 rows, 0 SMS, 0 commands, 1 credits",
      why: "receipt:QK7A#1.1/energy.900 queued, 4 tries, tried again in 120 s, 404 a page",
    });
  });

  it.each([
    [
      "one that nobody tries",
      { state: "dead", because: "given_up", nextAt: null, error: null },
      "dead (given_up), 4 tries, nobody tries it",
    ],
    [
      "one whose alarm never came",
      { attempts: 1, nextAt: NOON - 30_000, error: null },
      "queued, 1 try, was due 30 s ago",
    ],
  ])("%s", (_, over, said) => {
    expect(owedBy("0001AAA", 200, view({ credits: [credit(over)] }), world)?.why).toBe(
      `receipt:QK7A#1.1/energy.900 ${said}`,
    );
  });

  it("one that is not wanted and never arrived is looked for longer, for nothing", () => {
    const credits = [credit({ state: "taking_back" })];
    expect(owedBy("0001AAA", 200, view({ credits }), { ...world, isThere: () => false })).toBeNull();
    expect(owedBy("0001AAA", 200, view({ credits }), world)).not.toBeNull();
  });

  it("an account that does not answer owes what nobody knows", () => {
    expect(owedBy("0001AAA", 0, null, world)?.what).toMatch(/^0001AAA: 0, undefined rows/);
    expect(owedBy("0001AAA", 200, view({ commands: [{ state: "published" }] }), world)?.why).toBe("command published");
  });
});
