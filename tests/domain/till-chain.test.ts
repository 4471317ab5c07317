import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  agedBy,
  type ChainLink,
  compactLinks,
  type Gap,
  gapsOf,
  LINKS_KEPT_MAX,
  LIVE_LINKS_MAX,
  linkedAt,
  summaryOf,
} from "../../src/domain/till-chain.ts";

const MINUTE = 60_000;

/** A walk of balances, one link a minute: positive steps are payments, negative ones withdrawals. */
const walk = (startMinor: number, steps: readonly number[]): ChainLink[] => {
  let balance = startMinor;
  return steps.map((step, index) => {
    const fromMinor = balance;
    balance += step;
    return { key: `link-${index}`, fromMinor, toMinor: balance, at: index * MINUTE, receivedAt: index * MINUTE + 5 };
  });
};

const steps = fc.array(
  fc.integer({ min: -500, max: 500 }).filter((step) => step !== 0),
  { minLength: 1, maxLength: 60 },
);
const byPlace = (gaps: Gap[]) => gaps.map(({ startMinor, nth }) => `${startMinor}/${nth}`).sort();

describe("the chain of a till's balances", () => {
  it("has no gap when nothing is missing, withdrawals included", () => {
    expect(gapsOf(walk(1_000, [500, -1_200, 300, 40]))).toEqual([]);
    fc.assert(fc.property(fc.nat(100_000), steps, (start, taken) => gapsOf(walk(start, taken)).length === 0));
  });

  it("has the same gaps in whatever order the texts arrive", () => {
    const someOf = fc
      .tuple(fc.nat(1_000), steps)
      .chain(([start, taken]) => fc.subarray(walk(start, taken)))
      .chain((links) => fc.tuple(fc.constant(links), fc.shuffledSubarray(links, { minLength: links.length })));
    fc.assert(
      fc.property(someOf, ([links, shuffled]) => {
        expect(gapsOf(shuffled)).toEqual(gapsOf(links));
      }),
    );
  });

  it("shows one gap for one missing text, unless it was at an end", () => {
    const growing = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 3, maxLength: 60 });
    fc.assert(
      fc.property(growing, fc.nat(), (taken, pick) => {
        const links = walk(0, taken);
        const missing = pick % links.length;
        const gaps = gapsOf(links.filter((_, index) => index !== missing));
        const atAnEnd = missing === 0 || missing === links.length - 1;
        expect(gaps).toHaveLength(atAnEnd ? 0 : 1);
        if (!atAnEnd)
          expect(gaps[0]).toMatchObject({ startMinor: links[missing]?.toMinor, endMinor: links[missing]?.fromMinor });
      }),
    );
  });

  it("sees a missing text also when the till came back to its first balance", () => {
    const links = walk(1_000, [500, 200, -700]);
    expect(gapsOf(links.filter((_, index) => index !== 1))).toMatchObject([{ startMinor: 1_700, nth: 1 }]);
  });

  it("finds what is missing also within a minute, after a text that prints no time", () => {
    const seconds = (n: number) => ({ at: n * 1_000, receivedAt: n * 1_000 });
    const printed = (n: number) => ({ at: 0, receivedAt: n * 1_000 });
    const links = [
      { key: "paid", fromMinor: 1_000, toMinor: 1_500, ...printed(5) },
      { key: "withdrawn", fromMinor: 1_500, toMinor: 900, ...seconds(20) },
      { key: "after the lost one", fromMinor: 1_600, toMinor: 1_700, ...printed(40) },
    ];
    expect(gapsOf(links)).toMatchObject([{ startMinor: 1_600, endMinor: 900 }]);
    // A stretch does not end before itself, and each gap has an end of its own.
    const next = [
      { key: "withdrawn again", fromMinor: 5_000, toMinor: 4_900, ...seconds(70) },
      { key: "paid again", fromMinor: 4_900, toMinor: 5_100, at: 60_000, receivedAt: 80_000 },
    ];
    expect(gapsOf([...links, ...next])).toMatchObject([
      { startMinor: 1_600, endMinor: 900 },
      { startMinor: 5_000, endMinor: 1_700 },
    ]);
    // A text that fits nowhere does not end before itself.
    const [first, second] = links;
    const forged = { key: "forged", fromMinor: 77_000, toMinor: 80_000, ...printed(50) };
    if (first === undefined || second === undefined) throw new Error("two links");
    expect(gapsOf([first, second, forged])).toMatchObject([{ startMinor: 77_000, endMinor: 900 }]);
  });

  it("notices a forged text that fits, when the next true one comes", () => {
    const links = walk(1_000, [500, 200]);
    const forged = { key: "forged", fromMinor: 1_700, toMinor: 2_200, at: 3 * MINUTE, receivedAt: 3 * MINUTE + 5 };
    const next = { key: "next", fromMinor: 1_700, toMinor: 1_800, at: 4 * MINUTE, receivedAt: 4 * MINUTE + 5 };
    expect(gapsOf([...links, forged])).toEqual([]);
    expect(gapsOf([...links, forged, next])).toMatchObject([{ startMinor: 1_700 }]);
  });

  it("makes no gap of the order in which texts without a time arrive", () => {
    // A withdrawal and a payment that print no time, the later one first.
    const undated = walk(1_000, [500, -700]).map((link, index) => ({
      ...link,
      at: 90 - index,
      receivedAt: 90 - index,
    }));
    expect(gapsOf(undated)).toEqual([]);
    // One of the day of a dated one, which arrived before it.
    const [first, second] = walk(1_000, [500, -700]);
    if (first === undefined || second === undefined) throw new Error("two links");
    expect(gapsOf([first, { ...second, at: -1, receivedAt: -1 }])).toEqual([]);
  });

  it("shows a forged text as a gap", () => {
    const forged = { key: "forged", fromMinor: 77_000, toMinor: 80_000, at: 90_000, receivedAt: 90_000 };
    expect(gapsOf([...walk(1_000, [500, 200]), forged])).toMatchObject([{ startMinor: 77_000 }]);
  });

  it("keeps two tills' worth of equal balances apart by counting them", () => {
    const links = walk(0, [100, -100, 100, -100, 100]);
    expect(gapsOf(links)).toEqual([]);
    expect(gapsOf(links.filter(({ key }) => key !== "link-1" && key !== "link-3"))).toHaveLength(2);
  });

  it("keeps its gaps when old links are joined, and still lets a late text close one", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.integer({ min: -50, max: 60 }).filter((step) => step !== 0),
          {
            minLength: LIVE_LINKS_MAX + 3,
            maxLength: LIVE_LINKS_MAX + 40,
          },
        ),
        fc.array(fc.nat(LIVE_LINKS_MAX), { maxLength: 2 }),
        (taken, missing) => {
          const all = walk(5_000, taken);
          const links = all.filter((_, index) => !missing.includes(index));
          const { joined, stretches } = compactLinks(links);
          const gone = new Set(joined);
          const compacted = [...links.filter(({ key }) => !gone.has(key)), ...stretches];
          expect(compacted.length).toBeLessThan(LINKS_KEPT_MAX + 10);
          expect(byPlace(gapsOf(compacted))).toEqual(byPlace(gapsOf(links)));
          const late = all.filter((_, index) => missing.includes(index));
          expect(byPlace(gapsOf([...compacted, ...late]))).toEqual(byPlace(gapsOf(all)));
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe("a chain that begins with a text without a time", () => {
  const undated = (fromMinor: number, toMinor: number, at: number) => ({
    key: "first",
    fromMinor,
    toMinor,
    at,
    receivedAt: at,
  });
  const growing = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 3, maxLength: 700 });

  it("shows no gap of its own beginning when another text is lost, however late the first one comes", () => {
    fc.assert(
      fc.property(growing, fc.nat(), fc.nat(800 * MINUTE), (taken, pick, lateMs) => {
        const links = walk(100, taken);
        const missing = 1 + (pick % (links.length - 2));
        const chain = [undated(0, 100, lateMs), ...links.filter((_, index) => index !== missing)];
        const start = links[missing + 1]?.fromMinor;
        expect(gapsOf(chain).map(({ startMinor }) => startMinor)).toEqual([start]);
        const { joined, stretches } = compactLinks(chain);
        const compacted = [...chain.filter(({ key }) => !joined.includes(key)), ...stretches];
        expect(byPlace(gapsOf(compacted))).toEqual(byPlace(gapsOf(chain)));
      }),
      { numRuns: 200 },
    );
  });
});

describe("a link's instant", () => {
  const received = Date.parse("2026-11-20T12:00:30Z");
  it.each`
    printed                       | at                            | why
    ${"2026-11-20T12:00:00.000Z"} | ${"2026-11-20T12:00:00.000Z"} | ${"a time to the minute"}
    ${"2026-11-19T22:00:00.000Z"} | ${"2026-11-20T12:00:30.000Z"} | ${"a day without a time"}
    ${"2026-11-20T00:00:00.000Z"} | ${"2026-11-20T00:00:00.000Z"} | ${"another zone's midnight"}
  `("of $printed is $at: $why", ({ printed, at }) => {
    expect(new Date(linkedAt(Date.parse(printed), received, 120)).toISOString()).toBe(at);
  });
});

describe("what a person sees of a chain", () => {
  it("is its stretches and the newest balance", () => {
    expect(summaryOf([])).toBeNull();
    const links = walk(1_000, [500, -1_200, 300, 40]);
    expect(summaryOf(links)).toEqual({ stretches: 1, balanceMinor: 640, balanceAt: 3 * MINUTE });
    expect(summaryOf(links.filter((_, index) => index !== 2))).toMatchObject({ stretches: 2, balanceMinor: 640 });
    expect(summaryOf(walk(1_000, [500, -500]))).toMatchObject({ stretches: 1, balanceMinor: 1_000 });
  });
});

describe("the age of a gap", () => {
  it.each`
    last          | now            | aged           | why
    ${null}       | ${5 * MINUTE}  | ${0}           | ${"nobody has polled before"}
    ${0}          | ${5 * MINUTE}  | ${5 * MINUTE}  | ${"a phone polls"}
    ${0}          | ${20 * MINUTE} | ${20 * MINUTE} | ${"just in time"}
    ${0}          | ${21 * MINUTE} | ${0}           | ${"the till was silent"}
    ${5 * MINUTE} | ${5 * MINUTE}  | ${0}           | ${"two phones at once"}
    ${6 * MINUTE} | ${5 * MINUTE}  | ${0}           | ${"a poll that comes late"}
  `("grows by $aged ms from $last to $now: $why", ({ last, now, aged }) => {
    expect(agedBy(last, now)).toBe(aged);
  });
});
