import { describe, expect, it } from "vitest";
import { windowOf } from "../../web/parts/window.ts";

const list = { count: 100_000, rowHeight: 40, viewHeight: 800 };

describe("the rows that are drawn of a long list", () => {
  it("are those in view and some beyond, and leave room for all the others", () => {
    const { first, last, above, below } = windowOf({ ...list, scrolled: 40_000 });
    expect([first, last]).toEqual([970, 1_050]);
    expect(above + (last - first) * 40 + below).toBe(100_000 * 40);
  });
  it.each([
    ["above the list", -5_000, 0, 50],
    ["at its head", 0, 0, 50],
    ["at its end", 100_000 * 40, 99_970, 100_000],
    ["far beyond its end", 100_000 * 80, 99_970, 100_000],
  ])("are few, however far one is %s", (_, scrolled, first, last) =>
    expect(windowOf({ ...list, scrolled })).toMatchObject({ first, last }),
  );
  it("are guessed while no row was ever measured", () =>
    expect(windowOf({ ...list, rowHeight: 0, scrolled: 0 }).last).toBeGreaterThan(0));
});
