import { describe, expect, it } from "vitest";
import { drawPlan } from "../dev/simulate/plan.ts";
import { shrunken } from "../dev/simulate/shrink.ts";
import { Disk, storageOf } from "../dev/simulate/storage.ts";
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
