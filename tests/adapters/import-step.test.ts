import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LEASE_MS } from "../../src/adapters/neon/meter-days.ts";
import { DAY_MS, HOUR_MS } from "../../src/domain/imports/vendor-day.ts";
import { importStep } from "../../src/services/import-step.ts";
import {
  afterwards,
  close,
  dayRow,
  ENDS,
  open,
  opened,
  rowsOf,
  runsOf,
  stagedRows,
  threePages,
} from "./import-day-world.ts";
import {
  interval,
  M1,
  M2,
  page,
  quarters,
  refusal,
  runUnit,
  type Script,
  STRAY,
  unitOf,
  type World,
} from "./import-world.ts";

beforeAll(open);
afterAll(close);

describe("a site's day", () => {
  it("comes page by page, and reaches the accounts once all of it is there", async () => {
    const unit = unitOf("2026-11-01");
    const world = await opened(unit, threePages(unit.day));
    expect(await importStep(world.ports, unit)).toMatchObject({ is: "more" });
    expect(world.accounts.calls).toBe(0);
    expect(await stagedRows(unit)).toBe(196);
    expect(await runUnit(world, unit)).toBe("done");
    expect(world.accounts.totals(unit.day)).toEqual(ENDS);
    expect(await dayRow(unit)).toMatchObject({
      expected_hours: 48,
      received_hours: 48,
      complete: true,
      attempts: 1,
      free: true,
      next_at: null,
      details: { unmapped: [STRAY], unmappedCount: 1, leftOut: { totalizer: 2, absurd: 1 } },
    });
    expect(await stagedRows(unit)).toBe(0);
    expect(await runsOf(unit)).toEqual([{ state: "done", pages: 3 }]);
    expect(await importStep(world.ports, unit)).toMatchObject({ is: "busy" });
  });

  it("ends the same, whichever step its Worker dies in, before or after the work of it", async () => {
    const deaths = Array.from({ length: 24 }, (_, n) => ({ at: Math.floor(n / 2) + 1, isBefore: n % 2 === 0 }));
    let died = 0;
    for (const [n, { at, isBefore }] of deaths.entries()) {
      const unit = unitOf(`2026-10-${String(n + 1).padStart(2, "0")}`);
      const world = await opened(unit, threePages(unit.day));
      const dying = dyingAt(world, at, isBefore);
      for (let step = 0; step < 40 && (await dayRow(unit))?.complete !== true; step++) {
        try {
          await importStep(dying.ports, unit);
        } catch (thrown) {
          expect(String(thrown)).toContain("killed");
          died += 1;
          world.clock.now += LEASE_MS + 1;
        }
      }
      expect(world.accounts.totals(unit.day)).toEqual(ENDS);
      expect(await dayRow(unit)).toMatchObject({ complete: true, received_hours: 48, free: true, attempts: 1 });
      expect(await stagedRows(unit)).toBe(0);
      expect((await runsOf(unit)).map(({ state }) => state)).toEqual(["done"]);
    }
    expect(died).toBeGreaterThan(18);
  });

  it("of more pages than one step takes goes on with the next", async () => {
    const unit = unitOf("2026-11-19");
    const pages: Script = {};
    for (let n = 0; n < 16; n++)
      pages[n === 0 ? "first" : `p${n}`] = page(
        quarters(unit.day, M1, 10, n * 6, n * 6 + 6),
        n === 15 ? null : `p${n + 1}`,
      );
    const world = await opened(unit, pages);
    expect(await importStep(world.ports, unit)).toMatchObject({ is: "more", detail: "page 6, 6 intervals" });
    expect(await importStep(world.ports, unit)).toMatchObject({ is: "more", detail: "page 12, 6 intervals" });
    await runUnit(world, unit);
    expect(world.accounts.totals(unit.day)).toEqual({ [`0045MAK ${M1}`]: 960 });
    expect(await runsOf(unit)).toEqual([{ state: "done", pages: 16 }]);
  });

  it("is begun again when its cursor has died, and what was stored counts once", async () => {
    const unit = unitOf("2026-11-02");
    let asked = 0;
    const pages = threePages(unit.day);
    const world = await opened(unit, {
      ...pages,
      p3: () => (asked++ === 0 ? refusal("cursor_died") : (pages.p3 as never)),
    });
    expect(await runUnit(world, unit)).toBe("done");
    expect(world.accounts.totals(unit.day)).toEqual(ENDS);
    expect(world.feed.asked).toEqual(["first", "p2", "p3", "first", "p2", "p3"]);
  });

  it("that is told otherwise when it begins again is not mixed with what was told before", async () => {
    const unit = unitOf("2026-11-17");
    let isTotal = false;
    const world = await opened(unit, {
      first: () =>
        page(isTotal ? [interval(unit.day, 0, 960)] : quarters(unit.day, M1, 10, 0, 50), isTotal ? null : "p2"),
      p2: () => {
        isTotal = true;
        return refusal("cursor_died");
      },
    });
    expect(await runUnit(world, unit)).toBe("later");
    expect(world.accounts.totals(unit.day)).toEqual({});
    expect(world.cases).toMatchObject([{ caseKind: "import_degraded" }]);
  });

  it("is given up for a while when its cursor dies again and again, and no account is told of a part of it", async () => {
    const unit = unitOf("2026-11-03");
    const world = await opened(unit, { ...threePages(unit.day), p3: refusal("cursor_died") });
    expect(await runUnit(world, unit)).toBe("later");
    expect(world.accounts.calls).toBe(0);
    expect(await stagedRows(unit)).toBe(0);
    expect(await dayRow(unit)).toMatchObject({ complete: false, last_error: "the cursor died 6 times", free: true });
  });

  it.each([
    ["budget_spent", "2026-11-04"],
    ["busy", "2026-11-05"],
    ["unavailable", "2026-11-06"],
  ] as const)("goes on where it was after %s, and nobody has part of it meanwhile", async (refused, day) => {
    const unit = unitOf(day);
    let isOut = true;
    const pages = threePages(day);
    const world = await opened(unit, {
      ...pages,
      p3: () => (isOut ? refusal(refused, afterwards(day) + HOUR_MS) : (pages.p3 as never)),
    });
    expect(await runUnit(world, unit)).toBe("later");
    expect(world.accounts.calls).toBe(0);
    expect(Number((await dayRow(unit))?.next_at)).toBeGreaterThanOrEqual(afterwards(day) + HOUR_MS);
    isOut = false;
    expect(await runUnit(world, unit)).toBe("done");
    expect(world.feed.asked).toEqual(["first", "p2", "p3", "p3"]);
    expect(world.accounts.totals(day)).toEqual(ENDS);
    expect(await dayRow(unit)).toMatchObject({ attempts: 1, last_error: null });
  });

  it("opens a case when the key is refused or the answer has another shape, and tries again later", async () => {
    const unit = unitOf("2026-11-07");
    const world = await opened(unit, { first: refusal("unauthorised") });
    expect(await runUnit(world, unit)).toBe("later");
    expect(world.cases).toMatchObject([{ caseKey: "import_refused:MAK:2026-11-07:koios", caseKind: "import_refused" }]);
    expect(await runsOf(unit)).toEqual([{ state: "failed", pages: 0 }]);
  });

  it("that is late is fetched again until it is whole, and each time the accounts have what there is", async () => {
    const unit = unitOf("2026-11-08");
    let until = 40;
    const world = await opened(unit, {
      first: () => page([...quarters(unit.day, M1, 10, 0, until), ...quarters(unit.day, M2, 20)]),
    });
    expect(await runUnit(world, unit)).toBe("done");
    expect(world.accounts.totals(unit.day)[`0045MAK ${M1}`]).toBe(400);
    expect(await dayRow(unit)).toMatchObject({ complete: false, received_hours: 34, expected_hours: 48 });
    until = 96;
    expect(await runUnit(world, unit)).toBe("done");
    expect(world.accounts.totals(unit.day)).toEqual(ENDS);
    expect(await dayRow(unit)).toMatchObject({ complete: true, attempts: 2 });
  });

  it("that does not grow any more is done with once it is ten days old, and not before", async () => {
    const unit = unitOf("2026-11-09");
    const world = await opened(unit, { first: page(quarters(unit.day, M1, 10, 0, 40)) });
    await runUnit(world, unit);
    await runUnit(world, unit);
    expect(await dayRow(unit)).toMatchObject({ complete: false, received_hours: 10 });
    world.clock.now = Date.parse(unit.day) + 11 * DAY_MS;
    await runUnit(world, unit);
    expect(await dayRow(unit)).toMatchObject({ complete: true, received_hours: 10, expected_hours: 48 });
    expect(world.cases).toMatchObject([{ caseKind: "import_gap", state: "open" }]);
  });

  it("of which the source has nothing is asked for again while it is young, and done with when it is old", async () => {
    const unit = unitOf("2026-11-10", "koios_report");
    const world = await opened(unit, { first: refusal("absent") });
    await runUnit(world, unit);
    expect(await dayRow(unit)).toMatchObject({ complete: false });
    world.clock.now = Date.parse(unit.day) + 11 * DAY_MS;
    await runUnit(world, unit);
    expect(await dayRow(unit)).toMatchObject({ complete: true, last_error: "absent: absent, says the script" });
    expect(world.cases).toMatchObject([{ caseKind: "import_gap", caseKey: "import_gap:MAK:2026-11-10:koios_report" }]);
  });

  it("is postponed as a whole while one account does not answer, and told again to all", async () => {
    const unit = unitOf("2026-11-11");
    const world = await opened(unit, threePages(unit.day), ({ accounts }) => accounts.refuse.add("0046MAK"));
    expect(await runUnit(world, unit)).toBe("later");
    expect(await dayRow(unit)).toMatchObject({
      complete: false,
      last_error: "1 accounts did not take their hours, the first 0046MAK",
    });
    world.accounts.refuse.clear();
    expect(await runUnit(world, unit)).toBe("done");
    expect(world.accounts.totals(unit.day)).toEqual(ENDS);
    expect(world.feed.asked).toHaveLength(3);
  });

  it("knows a meter by its customer's code where the vendor says nothing else, and counts it once with its serial", async () => {
    const unit = unitOf("2026-11-12");
    const byCode = quarters(unit.day, M1, 10).map((each) => ({ ...each, serial: null, customerCode: "0045MAK" }));
    const world = await opened(unit, {
      first: page([...byCode, ...quarters(unit.day, M1, 10, 0, 50), ...quarters(unit.day, M2, 20)]),
    });
    expect(await runUnit(world, unit)).toBe("done");
    expect(world.accounts.totals(unit.day)).toEqual(ENDS);
  });

  it("of a meter that is placed later is taken by fetching it again", async () => {
    const unit = unitOf("2026-11-13");
    const world = await opened(unit, { first: page([...quarters(unit.day, M1, 10), ...quarters(unit.day, STRAY, 5)]) });
    await runUnit(world, unit);
    await rowsOf(`INSERT INTO meter_placements (meter_id, account_id, role, valid_from, valid_to, facts_version)
      SELECT m.id, a.id, 'check', '2026-11-13T12:00Z', '2026-11-14', 2 FROM meters m, accounts a
      WHERE m.meter_number = '${STRAY}' AND a.account_number = '0045MAK'`);
    await runUnit(world, unit);
    expect(world.accounts.totals(unit.day)[`0045MAK ${STRAY}`]).toBe(240);
    expect(await dayRow(unit)).toMatchObject({ expected_hours: 60, details: { unmapped: [STRAY] } });
  });

  it("opens again by itself once a meter that it named is placed, and once only", async () => {
    const unit = unitOf("2026-11-18");
    const world = await opened(unit, {
      first: page([...quarters(unit.day, M1, 10), ...quarters(unit.day, M2, 20), ...quarters(unit.day, STRAY, 5)]),
    });
    await runUnit(world, unit);
    expect(await dayRow(unit)).toMatchObject({ complete: true });
    expect(await world.ports.days.reopen(unit.day, world.clock.now)).toBe(0);
    await rowsOf(`INSERT INTO meter_placements (meter_id, account_id, role, valid_from, valid_to, facts_version)
      SELECT m.id, a.id, 'check', '2026-11-18T12:00Z', '2026-11-19', 9 FROM meters m, accounts a
      WHERE m.meter_number = '${STRAY}' AND a.account_number = '0045MAK'`);
    expect(await world.ports.days.reopen(unit.day, world.clock.now)).toBe(1);
    expect(await dayRow(unitOf(unit.day, "koios_report"))).toMatchObject({ complete: false });
    await runUnit(world, unit);
    expect(world.accounts.totals(unit.day)[`0045MAK ${STRAY}`]).toBe(240);
    // Of the morning it has still no place: that is known, and no reason to ask again.
    expect(await dayRow(unit)).toMatchObject({ complete: true, details: { unmapped: [STRAY] } });
    expect(await world.ports.days.reopen(unit.day, world.clock.now)).toBe(0);
  });

  it("that is a total in disguise is refused with a case, and reaches nobody", async () => {
    const unit = unitOf("2026-11-14");
    const totals = Array.from({ length: 25 }, (_, n) =>
      interval(unit.day, 0, 900, { serial: n === 0 ? M1 : `SM16R-01-000001${String(n).padStart(2, "0")}` }),
    );
    const world = await opened(unit, { first: page(totals) });
    expect(await runUnit(world, unit)).toBe("later");
    expect(world.accounts.calls).toBe(0);
    expect(world.cases).toMatchObject([{ caseKind: "import_degraded" }]);
  });

  it("keeps what a meter cannot carry out of the hours, and says so in a case", async () => {
    const unit = unitOf("2026-11-15");
    const world = await opened(unit, { first: page([interval(unit.day, 0, 2_511), interval(unit.day, 1, 2_510)]) });
    await runUnit(world, unit);
    // The hour lacks a quarter now: it waits for another source until the day is closed.
    expect(world.accounts.totals(unit.day)).toEqual({});
    world.clock.now = Date.parse(unit.day) + 11 * DAY_MS;
    await runUnit(world, unit);
    expect(world.accounts.totals(unit.day)).toEqual({ [`0045MAK ${M1}`]: 2_510 });
    expect(JSON.parse(world.cases[0]?.detailsJson ?? "")).toMatchObject({
      count: 1,
      held: [{ serial: M1, energyWh: 2_511 }],
    });
  });

  it("believes the source that its account believes", async () => {
    const unit = unitOf("2026-11-16", "koios_report");
    await rowsOf(`INSERT INTO source_priorities (scope, sources) VALUES ('MAK', '{koios,koios_report}'), ('0046MAK', '{koios_report,koios}')
      ON CONFLICT (scope) DO UPDATE SET sources = excluded.sources`);
    const world = await opened(unit, { first: page([...quarters(unit.day, M1, 30), ...quarters(unit.day, M2, 30)]) });
    const before = {
      day: unit.day,
      source: "koios",
      hours: [{ hour: Date.parse(unit.day), energyWh: 7 }],
      priority: [],
    };
    await world.accounts.recordDays("0045MAK", [{ ...before, meterNumber: M1 }]);
    await world.accounts.recordDays("0046MAK", [{ ...before, meterNumber: M2 }]);
    await runUnit(world, unit);
    expect(world.accounts.totals(unit.day)).toEqual({ [`0045MAK ${M1}`]: 7 + 23 * 120, [`0046MAK ${M2}`]: 24 * 120 });
  });
});

/** The same ports, whose n-th call fails: before its work is done, or after it, with the answer lost. */
function dyingAt(world: World, at: number, isBefore: boolean): World {
  let calls = 0;
  const dying = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(object, name) {
        const method = Reflect.get(object, name) as unknown;
        if (typeof method !== "function") return method;
        return async (...args: unknown[]) => {
          calls += 1;
          const isLast = calls === at;
          if (isLast && isBefore) throw new Error("killed before");
          const answer: unknown = await method.apply(object, args);
          if (isLast) throw new Error("killed after");
          return answer;
        };
      },
    });
  const { ports } = world;
  const feed = ports.feed("koios");
  return { ...world, ports: { ...ports, days: dying(ports.days), feed: () => (feed === null ? null : dying(feed)) } };
}
