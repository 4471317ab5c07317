import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LEASE_MS } from "../../src/adapters/neon/meter-days.ts";
import { HOUR_MS } from "../../src/domain/imports/vendor-day.ts";
import { importStep } from "../../src/services/import-step.ts";
import { close, NOW_ASKED, open, opened, rowsOf, runsOf, stagedRows, threePages } from "./import-day-world.ts";
import { M1, unitOf } from "./import-world.ts";

beforeAll(open);
afterAll(close);

describe("units", () => {
  it("are in one pair of hands: the second gets nothing until the lease is over, and then the first writes nothing", async () => {
    const unit = unitOf("2026-09-01");
    const { ports, clock } = await opened(unit, {});
    const first = await ports.days.take(unit, NOW_ASKED, clock.now);
    expect(await ports.days.take(unit, NOW_ASKED, clock.now + LEASE_MS - 1)).toBeNull();
    const second = await ports.days.take(unit, NOW_ASKED, clock.now + LEASE_MS);
    if (first === null || second === null) throw new Error("not taken");
    expect(second.runId).toBe(first.runId);
    expect(
      await ports.days.storePage(
        first,
        [{ serial: M1, intervals: [{ startAt: Date.parse(unit.day), energyWh: 1 }] }],
        first.state,
        false,
        clock.now,
      ),
    ).toBe(false);
    expect(await stagedRows(unit)).toBe(0);
    const outcome = {
      expectedHours: 1,
      receivedHours: 1,
      complete: true,
      nextAt: null,
      error: null,
      rowsRefused: 0,
      details: {},
    };
    expect(await ports.days.finish(first, outcome, clock.now)).toBe(false);
    expect(await runsOf(unit)).toEqual([{ state: "running", pages: 0 }]);
  });

  it("are not begun for who asked before the last attempt ended, and are gone on with for everybody", async () => {
    const unit = unitOf("2026-09-03");
    const world = await opened(unit, threePages(unit.day));
    const sentAt = world.clock.now;
    expect(await importStep(world.ports, unit, { freshAt: null, sentAt })).toMatchObject({ is: "more" });
    world.clock.now += HOUR_MS;
    expect(await importStep(world.ports, unit, { freshAt: null, sentAt })).toMatchObject({ is: "done" });
    await world.ports.days.ask([unit], true, world.clock.now);
    expect(await importStep(world.ports, unit, { freshAt: null, sentAt })).toMatchObject({ is: "busy" });
    expect(await importStep(world.ports, unit, { freshAt: null, sentAt: world.clock.now })).toMatchObject({
      is: "more",
    });
  });

  it("are due newest first, one source of a day at a time, the one that was tried least, and none of a day that is whole", async () => {
    await rowsOf("DELETE FROM meter_days WHERE day < '2026-09-01'");
    const { ports } = await opened(unitOf("2026-08-01"), {});
    const now = Date.parse("2026-08-20T00:00:00Z");
    const dueDays = async () =>
      (await ports.days.due(now, "2026-08-01", 10))
        .filter(({ day }) => day < "2026-09")
        .map(({ day, source }) => `${day} ${source}`);
    await rowsOf("DELETE FROM meter_days WHERE day BETWEEN '2026-08-01' AND '2026-08-31'");
    const units = (["2026-08-02", "2026-08-03"] as const).flatMap((day) => [unitOf(day), unitOf(day, "koios_report")]);
    expect(await ports.days.open(units, now)).toBe(4);
    expect(await ports.days.open(units, now)).toBe(0);
    expect(await dueDays()).toEqual(["2026-08-03 koios", "2026-08-02 koios"]);
    await rowsOf("UPDATE meter_days SET attempts = 1 WHERE day = '2026-08-03' AND source = 'koios'");
    expect(await dueDays()).toEqual(["2026-08-03 koios_report", "2026-08-02 koios"]);
    await rowsOf("UPDATE meter_days SET complete = true WHERE day = '2026-08-03' AND source = 'koios_report'");
    expect(await dueDays()).toEqual(["2026-08-02 koios"]);
    await ports.days.take(unitOf("2026-08-02"), NOW_ASKED, now);
    expect(await dueDays()).toEqual([]);
  });

  it("of a site without a vendor, or of another vendor's source, are none", async () => {
    const { ports, clock } = await opened(unitOf("2026-09-02"), {});
    await rowsOf("INSERT INTO sites (code, name, facts_version) VALUES ('KET', 'Ketane', 1) ON CONFLICT DO NOTHING");
    expect(await ports.days.open([{ site: "KET", day: "2026-09-02", source: "koios" }], clock.now)).toBe(0);
    const other = unitOf("2026-09-02", "thundercloud");
    await ports.days.open([other], clock.now);
    expect(await ports.days.take(other, NOW_ASKED, clock.now)).toBeNull();
  });
});
