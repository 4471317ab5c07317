import { describe, expect, it } from "vitest";
import { keptFor } from "../src/queries/kept.ts";

const NOON = Date.UTC(2026, 10, 3, 12);

/** A query that counts how often it was asked. */
function counted() {
  const keep = keptFor<number>(15_000);
  let asked = 0;
  return { ask: (now: number) => keep(now, async () => ++asked), fail: (now: number) => keep(now, fail) };
}
const fail = async () => {
  throw new Error("down");
};

describe("a kept answer", () => {
  it("is given again until it is too old, and says as of when it is", async () => {
    const { ask } = counted();
    expect(await ask(NOON)).toEqual({ asOf: NOON, value: 1 });
    expect(await ask(NOON + 14_999)).toEqual({ asOf: NOON, value: 1 });
    expect(await ask(NOON + 15_000)).toEqual({ asOf: NOON + 15_000, value: 2 });
  });

  it("is asked for anew when the clock was put back", async () => {
    const { ask } = counted();
    await ask(NOON);
    expect(await ask(NOON - 1)).toEqual({ asOf: NOON - 1, value: 2 });
  });

  it("is no failure: the next look asks again", async () => {
    const { ask, fail: failAt } = counted();
    await expect(failAt(NOON)).rejects.toThrow("down");
    expect(await ask(NOON + 1)).toEqual({ asOf: NOON + 1, value: 1 });
    // One that is too old is not given in place of what failed.
    await expect(failAt(NOON + 20_000)).rejects.toThrow("down");
  });

  it("belongs to its own query", async () => {
    const [first, second] = [counted(), counted()];
    await first.ask(NOON);
    await first.ask(NOON + 15_000);
    expect(await second.ask(NOON)).toEqual({ asOf: NOON, value: 1 });
  });
});
