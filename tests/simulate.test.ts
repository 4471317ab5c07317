import { describe, expect, it } from "vitest";
import { AT_VENDOR, BREAKS, drawPlan, PAYERS, vendorOf } from "../dev/simulate/plan.ts";
import { shrunken } from "../dev/simulate/shrink.ts";
import { Disk, storageOf } from "../dev/simulate/storage.ts";
import { SEEDS_WITH_ALL, Tally } from "../dev/simulate/tally.ts";
import { type AnyStorage, STORAGE_CASES } from "./storage-cases.ts";

describe("a simulated object's storage, as workerd's own is asked in tests/workers/storage.test.ts", () => {
  it.each(STORAGE_CASES)("$says", async ({ ask, answers }) => {
    const disk = new Disk();
    const storage = storageOf(disk, {
      check: () => undefined,
      step: () => undefined,
      alarm: (at) => {
        disk.alarmAt = at;
      },
    });
    expect(await ask(storage as unknown as AnyStorage)).toEqual(answers);
  });

  it("of an object that is dead writes nothing", () => {
    const disk = new Disk();
    const dead = () => {
      throw new Error("dead");
    };
    const { sql } = storageOf(disk, { check: dead, step: () => undefined, alarm: () => undefined });
    expect(() => sql.exec("CREATE TABLE t (id INTEGER)")).toThrow("dead");
    expect(disk.has("t")).toBe(false);
  });
});

describe("the plan of a seed", () => {
  it("is the same each time, and another for another seed", () => {
    const at = Date.parse("2026-11-03T06:00:00Z");
    expect(drawPlan(7, 60, at)).toEqual(drawPlan(7, 60, at));
    expect(drawPlan(7, 60, at)).not.toEqual(drawPlan(8, 60, at));
  });

  it("of five minutes breaks something six times, and in 200 of them each kind of fault comes", () => {
    const at = Date.parse("2026-11-03T06:00:00Z");
    const plans = Array.from({ length: 200 }, (_, seed) => drawPlan(seed + 1, 5, at));
    const broken = plans.map((plan) =>
      plan.flatMap((deed) => {
        const fault = deed.what === "database" ? deed.mode : deed.what;
        return BREAKS.filter((each) => each === fault).slice(0, 1);
      }),
    );
    expect(broken.map(({ length }) => length)).toEqual(plans.map(() => 6));
    expect(new Set(broken.flat())).toEqual(new Set(BREAKS));
  });

  it("sets the database back once in one of fifty, within it, and never twice", () => {
    const at = Date.parse("2026-11-03T06:00:00Z");
    const backs = Array.from({ length: 200 }, (_, seed) =>
      drawPlan(seed + 1, 5, at).flatMap((deed) => (deed.what === "set back" ? [deed] : [])),
    );
    const some = backs.filter(({ length }) => length > 0);
    expect(some.length).toBeGreaterThan(2);
    expect(some.length).toBeLessThan(10);
    expect(some.every(([one, more]) => more === undefined && one !== undefined && one.at < 5 * 60_000)).toBe(true);
  });

  it("breaks a vendor while somebody's payment is on its way there", () => {
    const plans = Array.from({ length: 200 }, (_, seed) => drawPlan(seed + 1, 5, Date.parse("2026-11-03T06:00:00Z")));
    const breaks = plans.flatMap((plan) =>
      plan.flatMap((deed) => {
        if (deed.what !== "koios" && deed.what !== "thundercloud") return [];
        const times = plan.flatMap((each) =>
          each.what === "payment" && each.account !== null && vendorOf(each.account) === deed.what
            ? [each.at + Math.min(...each.phones.map(({ after }) => after))]
            : [],
        );
        return times.length === 0 ? [] : [{ isThen: times.includes(deed.at), minutes: deed.ms / 60_000 }];
      }),
    );
    expect(breaks.length).toBeGreaterThan(30);
    expect(breaks.filter(({ isThen, minutes }) => !isThen || minutes < 5)).toEqual([]);
  });
});

describe("what a person gives and another one moves", () => {
  const at = Date.parse("2026-11-03T06:00:00Z");
  const given = Array.from({ length: 200 }, (_, seed) => drawPlan(seed + 1, 5, at)).flatMap((plan) =>
    plan.flatMap((deed) => (deed.what === "assign" ? [deed] : [])),
  );

  it("was with somebody at a vendor first, of each of them in turn, and goes to somebody else", () => {
    const moved = given.flatMap(({ account, moved }) => (moved === null ? [] : [{ from: account, to: moved.account }]));
    expect(new Set(moved.map(({ from }) => from))).toEqual(new Set(AT_VENDOR));
    expect(moved.filter(({ from, to }) => from === to || !PAYERS.some((each) => each === to))).toEqual([]);
  });

  it("is not what two people give at once", () => {
    expect(given.filter(({ rival, moved }) => rival !== null && moved !== null)).toEqual([]);
    expect(given.filter(({ account, rival }) => rival?.account === account)).toEqual([]);
  });
});

describe("the tally of many seeds", () => {
  const one = { looked: { steps: 10, ends: 2 }, counts: { payments: 6 }, peaceMs: 120_000 };
  const struck = (but: string) => Object.fromEntries(BREAKS.filter((each) => each !== but).map((each) => [each, 1]));

  it("names a kind of fault that never struck, once there were seeds enough", () => {
    const tally = new Tally();
    for (let n = 1; n < SEEDS_WITH_ALL; n++) tally.add({ struck: struck("clocks"), ...one });
    expect(tally.missing()).toEqual([]);
    tally.add({ struck: struck("clocks"), ...one });
    expect(tally.missing()).toEqual(["clocks"]);
  });

  it("misses nothing where each struck once", () => {
    const tally = new Tally();
    for (let n = 1; n < SEEDS_WITH_ALL; n++) tally.add({ struck: {}, ...one });
    tally.add({ struck: struck("none"), ...one, peaceMs: 180_000 });
    expect(tally.missing()).toEqual([]);
    expect(tally.lines(16)).toEqual([
      expect.stringContaining("crash 1, kill 1"),
      "among it: payments 600; the longest peace took 3 minutes",
      expect.stringContaining("after 1000 events, and 16 about everything 200 times"),
    ]);
  });
});

describe("a red story", () => {
  it.each([
    ["two deeds that are red together", (some: readonly number[]) => some.includes(3) && some.includes(17), [3, 17]],
    ["one deed", (some: readonly number[]) => some.includes(0), [0]],
    ["all of them", (some: readonly number[]) => some.length === 20, Array.from({ length: 20 }, (_, n) => n)],
  ])("is made as short as it still is red: %s", async (_, isRed, left) => {
    const all = Array.from({ length: 20 }, (_, n) => n);
    expect(await shrunken(all, async (some) => isRed(some))).toEqual(left);
  });
});
