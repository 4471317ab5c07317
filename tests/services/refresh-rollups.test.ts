import { describe, expect, it } from "vitest";
import type { DueMonths, RollupDays, Rollups, Touched } from "../../src/ports/rollups.ts";
import {
  MONTH_HOURS_REST_MS,
  pick,
  ROLLUP_DAYS_MAX,
  refreshMonthHours,
  refreshRollups,
} from "../../src/services/refresh-rollups.ts";

const DAY_MS = 86_400_000;
const NEWEST = Date.UTC(2026, 10, 29, 10);
const days = (count: number): Touched[] =>
  Array.from({ length: count }, (_, n) => ({ id: n, what: "money", at: NEWEST - n * DAY_MS }));

/** Takes so many days a call, and keeps what is left. */
function slowBooks(touched: Touched[], takesMax: number, accounts = 2_000) {
  const asked: RollupDays[] = [];
  let left = touched;
  const rollups = {
    accounts: async () => accounts,
    touched: async (max) => left.slice(0, max),
    refresh: async (order, done) => {
      asked.push(order);
      if (order.money.length > takesMax) throw new Error("no answer in 15000 ms");
      left = left.filter(({ id }) => !done.includes(id));
      return order.money.length;
    },
  } satisfies Partial<Rollups> as unknown as Rollups;
  return { rollups, asked, left: () => left };
}

describe("what a step adds up", () => {
  it("is the newest days, a bounded number of them, and it says that there are more", async () => {
    const books = slowBooks(days(40), 100);
    expect(await refreshRollups(books.rollups, 120)).toEqual({ days: 14, changed: 14, more: true });
    expect(books.asked[0]?.money[0]).toBe("2026-11-29");
    expect(books.left()).toHaveLength(26);
  });

  it("is fewer days where there are more accounts, but a day at least, and never more than a month of a small country", async () => {
    const daysOf = async (accounts: number) =>
      (await refreshRollups(slowBooks(days(40), 100, accounts).rollups, 120)).days;
    expect(await Promise.all([0, 10, 4_000, 14_000, 1_000_000].map(daysOf))).toEqual([31, 31, 7, 2, 1]);
  });

  it("becomes half where it was too much, down to a day, and then fails with what went wrong", async () => {
    const slow = slowBooks(days(40), 3);
    expect((await refreshRollups(slow.rollups, 120)).days).toBe(2);
    expect(slow.asked.map(({ money }) => money.length)).toEqual([14, 7, 4, 2]);
    const none = slowBooks(days(40), 0);
    await expect(refreshRollups(none.rollups, 120)).rejects.toThrow("no answer");
    expect(none.left()).toHaveLength(40);
  });

  it("is nothing where nothing has changed", async () => {
    const books = slowBooks([], 100);
    expect(await refreshRollups(books.rollups, 120)).toEqual({ days: 0, changed: 0, more: false });
    expect(books.asked).toEqual([]);
  });

  it("is the local day, and both days where an hour of the zone lies in two", () => {
    const late: Touched[] = [{ id: 1, what: "money", at: Date.UTC(2026, 10, 28, 22) }];
    expect(pick(late, 120, 14).days.money).toEqual(["2026-11-29"]);
    expect(pick(late, 60, 14).days.money).toEqual(["2026-11-28"]);
    expect(pick([{ id: 1, what: "money", at: Date.UTC(2026, 10, 28, 18) }], 330, 14).days.money).toEqual([
      "2026-11-28",
      "2026-11-29",
    ]);
    expect(pick([{ id: 1, what: "energy", at: Date.UTC(2026, 10, 28) }], 120, 14).days.energy).toEqual(["2026-11-28"]);
  });

  it("forgets only touches that lie wholly in its days", () => {
    const touched = [...days(ROLLUP_DAYS_MAX + 3), { id: 99, what: "money" as const, at: NEWEST - 3_600_000 }];
    const { done } = pick(touched, 120, ROLLUP_DAYS_MAX);
    expect(done).toContain(99);
    expect(done).not.toContain(ROLLUP_DAYS_MAX);
  });
});

describe("a step of load curves", () => {
  /** Accounts numbered from 1; a call takes so many of them. */
  function slowMonth(accounts: number, takesMax: number) {
    const asked: [after: number, accounts: number][] = [];
    const due: DueMonths[] = [];
    const forgotten: string[] = [];
    const rollups = {
      touchedMonths: async (max, order) => {
        due.push(order);
        return [
          { month: "2026-11-01", ids: [1] },
          { month: "2026-10-01", ids: [2] },
        ].slice(0, max);
      },
      refreshMonth: async (_month, after, slice) => {
        asked.push([after, slice]);
        if (Math.min(slice, accounts - after) > takesMax) throw new Error("no answer in 15000 ms");
        const last = Math.min(accounts, after + slice);
        return { changed: last - after, last: last < accounts ? last : null };
      },
      forgetMonth: async ({ month }) => {
        forgotten.push(month);
      },
    } satisfies Partial<Rollups> as unknown as Rollups;
    return { rollups, asked, due, forgotten };
  }
  const NOW = { now: NEWEST, utcOffsetMinutes: 120 };

  it("is one month, slice by slice, and says that there are more", async () => {
    const { rollups, asked, forgotten } = slowMonth(450, 1_000);
    expect(await refreshMonthHours(rollups, NOW)).toEqual({ months: 1, changed: 450, more: true });
    expect(asked).toEqual([
      [0, 200],
      [200, 200],
      [400, 200],
    ]);
    expect(forgotten).toEqual(["2026-11-01"]);
  });

  it("takes half of a slice that was too much, for the rest of the month, and every account once", async () => {
    const { rollups, asked } = slowMonth(450, 60);
    expect(await refreshMonthHours(rollups, NOW)).toMatchObject({ changed: 450 });
    expect(asked.slice(0, 5)).toEqual([
      [0, 200],
      [0, 100],
      [0, 50],
      [50, 50],
      [100, 50],
    ]);
  });

  it("fails with what went wrong where one account is too much, and forgets nothing", async () => {
    const { rollups, forgotten } = slowMonth(450, 0);
    await expect(refreshMonthHours(rollups, NOW)).rejects.toThrow("no answer");
    expect(forgotten).toEqual([]);
  });

  it("asks for the running month of the country's clock only after its rest", async () => {
    const { rollups, due } = slowMonth(1, 1);
    const newYear = Date.UTC(2026, 11, 31, 23, 30);
    await refreshMonthHours(rollups, { now: newYear, utcOffsetMinutes: 120 });
    await refreshMonthHours(rollups, { now: newYear, utcOffsetMinutes: 0 });
    expect(due).toEqual([
      { running: "2027-01-01", waitedSince: newYear - MONTH_HOURS_REST_MS },
      { running: "2026-12-01", waitedSince: newYear - MONTH_HOURS_REST_MS },
    ]);
  });
});
