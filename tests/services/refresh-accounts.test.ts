import { describe, expect, it } from "vitest";
import type { RefreshRun, RefreshRuns } from "../../src/ports/refresh-runs.ts";
import { LATE_MAX, REFRESH_PAGE_MAX, type RefreshPorts, refreshStep } from "../../src/services/refresh-accounts.ts";

const account = (index: number) => `${String(index).padStart(4, "0")}MAK`;
const ACCOUNTS = Array.from({ length: 450 }, (_, index) => account(index + 1));

/** Runs as the table keeps them, one row, and a country whose objects may be away. */
function world(over: Partial<RefreshRun> = {}) {
  const row = {
    unit: "tariff:1",
    fence: 0,
    after: "",
    walked: false,
    site: null,
    account: null,
    late: [] as string[],
    seen: 0,
    accounts: ACCOUNTS.length,
    ...over,
  };
  let state = "running";
  let dueAt = 0;
  const away = new Set<string>();
  const told: string[] = [];
  const runs: Pick<RefreshRuns, "take" | "accountsAfter" | "advance"> = {
    async take() {
      if (state === "done") return null;
      row.fence += 1;
      return { ...row, late: [...row.late] };
    },
    accountsAfter: async ({ after }, limit) => ACCOUNTS.filter((each) => each > after).slice(0, limit),
    async advance({ fence, after, walked, late, seen }, due) {
      if (fence !== row.fence || state === "done") return false;
      Object.assign(row, { after, walked, late: [...late], seen });
      dueAt = due;
      if (walked && late.length === 0) state = "done";
      return true;
    },
  };
  const ports: RefreshPorts = {
    runs,
    async tell(accounts) {
      told.push(...accounts.filter((each) => !away.has(each)));
      return accounts.filter((each) => away.has(each));
    },
    now: () => 1_000,
  };
  return { ports, row, told, away, due: () => dueAt, state: () => state };
}

describe("one change for every account", () => {
  it("is told page by page, each account once, and then is done", async () => {
    const { ports, told, row, state } = world();
    const step = () => refreshStep(ports, "tariff:1");
    expect([await step(), await step(), await step()]).toEqual(["more", "more", "done"]);
    expect(told).toEqual(ACCOUNTS);
    expect([row.seen, state()]).toEqual([450, "done"]);
    expect(await refreshStep(ports, "tariff:1")).toBe("done");
    expect(told).toHaveLength(450);
  });

  it("goes on where it was when a worker dies in the middle of a page", async () => {
    const { ports, told } = world();
    await refreshStep(ports, "tariff:1");
    const dies = { ...ports, tell: () => Promise.reject(new Error("evicted")) };
    await expect(refreshStep(dies, "tariff:1")).rejects.toThrow("evicted");
    while ((await refreshStep(ports, "tariff:1")) === "more");
    expect(told).toEqual(ACCOUNTS);
  });

  it("lets an account that cannot be reached keep nobody waiting, and comes back to it until it is told", async () => {
    const { ports, told, away, row, due } = world();
    away.add(account(7)).add(account(300));
    while ((await refreshStep(ports, "tariff:1")) === "more");
    expect(told).toHaveLength(448);
    expect(row.late).toEqual([account(7), account(300)]);
    expect(due()).toBe(61_000);
    away.delete(account(300));
    expect(await refreshStep(ports, "tariff:1")).toBe("later");
    expect(row.late).toEqual([account(7)]);
    away.clear();
    expect(await refreshStep(ports, "tariff:1")).toBe("done");
    expect(told.toSorted()).toEqual(ACCOUNTS);
  });

  it("gives each late account its turn, also behind many that stay away", async () => {
    const late = ACCOUNTS.slice(0, REFRESH_PAGE_MAX + 1);
    const { ports, away, row } = world({ walked: true, late });
    for (const each of late.slice(0, REFRESH_PAGE_MAX)) away.add(each);
    await refreshStep(ports, "tariff:1");
    expect(row.late[0]).toBe(late.at(-1));
    await refreshStep(ports, "tariff:1");
    expect(row.late).not.toContain(late.at(-1));
  });

  it("waits where it is when nearly nobody can be reached", async () => {
    const late = Array.from({ length: LATE_MAX }, (_, index) => `${String(index).padStart(4, "0")}SHG`);
    const { ports, away, row } = world({ late });
    away.add(account(1));
    expect(await refreshStep(ports, "tariff:1")).toBe("later");
    expect([row.after, row.seen, row.late.length]).toEqual(["", 0, LATE_MAX]);
  });

  it("counts nothing twice when two work on it at once", async () => {
    const { ports, row } = world();
    const steps = await Promise.all([refreshStep(ports, "tariff:1"), refreshStep(ports, "tariff:1")]);
    expect(steps.toSorted()).toEqual(["done", "more"]);
    expect([row.seen, row.after]).toEqual([REFRESH_PAGE_MAX, account(REFRESH_PAGE_MAX)]);
  });
});
