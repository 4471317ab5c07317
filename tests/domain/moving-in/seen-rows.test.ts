import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SeenRows } from "../../../src/domain/moving-in/seen-rows.ts";

describe("rows that have been seen", () => {
  it("are told from new ones as a map of texts would, also when they are many", () => {
    const puts = fc.array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 400 })), {
      maxLength: 5_000,
    });
    fc.assert(
      fc.property(puts, (all) => {
        const seen = new SeenRows();
        const map = new Map<string, number>();
        for (const [ref, [who, when]] of all.entries()) {
          const before = map.get(`${who} ${when}`);
          const found = seen.put(`meter ${who}`, when * 900, { ref, value: who });
          expect(found?.first).toBe(before);
          if (before === undefined) map.set(`${who} ${when}`, ref);
        }
        expect(seen.count).toBe(map.size);
      }),
      { numRuns: 20 },
    );
  });

  it("keep the lower row as the first, whichever came first, and say whether both say the same", () => {
    const seen = new SeenRows();
    expect(seen.put("m", 5, { ref: 9, value: 100 })).toBeNull();
    expect(seen.put("m", 5, { ref: 4, value: 100 })).toEqual({ first: 4, second: 9, kept: 100, saysTheSame: true });
    expect(seen.put("m", 5, { ref: 7, value: 101 })).toEqual({ first: 4, second: 7, kept: 100, saysTheSame: false });
  });

  it("keep every second apart, the first and the last that can be, and each meter by itself", () => {
    const seen = new SeenRows();
    const last = 2 ** 32 - 2;
    for (const when of [0, 1, last - 1, last]) expect(seen.put("m", when, { ref: when, value: 0 })).toBeNull();
    for (const when of [0, last]) expect(seen.put("other", when, { ref: 1, value: 0 })).toBeNull();
    expect(seen.put("m", 0, { ref: 5, value: 0 })).toMatchObject({ first: 0, second: 5 });
    expect(seen.put("m", last, { ref: last + 1, value: 0 })).toMatchObject({ first: last });
    expect([seen.count, seen.whos]).toEqual([6, 2]);
    expect(() => seen.put("m", last + 1, { ref: 1, value: 0 })).toThrow("no time");
  });

  it("refuse a time that would be taken for another meter's", () => {
    expect(() => new SeenRows().put("m", -1, { ref: 1, value: 0 })).toThrow("no time");
    expect(() => new SeenRows().put("m", 2 ** 32, { ref: 1, value: 0 })).toThrow("no time");
    expect(() => new SeenRows().put("m", 0.5, { ref: 1, value: 0 })).toThrow("no time");
  });
});
