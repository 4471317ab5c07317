import { describe, expect, it } from "vitest";
import { pointBetween, type Register, unpostedWh } from "../../src/domain/register.ts";
import { releaseReading } from "../../src/domain/release-reading.ts";
import { settleRole } from "../../src/domain/settle-role.ts";
import { at, HOUR, Meter, MINUTE, meterOf, T0 } from "./register-world.ts";

describe("releaseReading", () => {
  const jumped = () => {
    const meter = meterOf(at(0, 1_000), at(15, 1_100));
    const jump = at(60, 900_000);
    meter.take(jump);
    return { meter, jump };
  };

  it("debits a jump that a person has found right, as a correction", () => {
    const { meter, jump } = jumped();
    meter.release(jump, "bill", jump.readAt);
    expect(meter.debits).toEqual([{ kind: "correction", wh: 899_000 }]);
    expect(meter.take(at(75, 900_100)).status).toBe("accepted");
  });

  it("goes on from a jump that nobody is debited for, with what was metered before it", () => {
    const { meter, jump } = jumped();
    meter.release(jump, "rebase", jump.readAt);
    expect(meter.debits).toEqual([{ kind: "consumption", wh: 100 }]);
    meter.take(at(120, 900_050));
    expect(meter.debitedWh).toBe(150);
  });

  it("lets counting start anew with a jump that nobody is debited for, and only with that", () => {
    const { meter, jump } = jumped();
    meter.release(jump, "rebase", jump.readAt);
    expect(meter.stored.map(({ begins }) => begins)).toEqual([undefined, undefined, true]);
    const billed = jumped();
    billed.meter.release(billed.jump, "bill", billed.jump.readAt);
    expect(billed.meter.stored.at(-1)).toEqual({ readAt: jump.readAt, registerWh: 900_000 });
  });

  it.each([
    ["before it is debited with what it shows", 1_160, "accepted", 160],
    ["after it waits: nobody knows when it was", 899_990, "quarantined", 100],
    ["below all of them waits", 900, "quarantined", 100],
  ])(
    "of a late reading between a jump that is nobody's and the one before it: one from %s",
    (_what, wh, status, used) => {
      const { meter, jump } = jumped();
      meter.release(jump, "rebase", jump.readAt);
      const late = at(40, wh);
      expect(meter.take(late).status).toBe(status);
      expect(meter.usedWh).toBe(used);
      expect(meter.stored).toHaveLength(status === "accepted" ? 4 : 3);
      // Also by a person's word no hour shows the jump.
      meter.release(late, "bill", jump.readAt);
      expect(meter.stored).toHaveLength(status === "accepted" ? 4 : 3);
    },
  );

  it("goes on from before a jump that was wrong, and lets what reaches it wait again", () => {
    const { meter, jump } = jumped();
    meter.release(jump, "discard", jump.readAt);
    expect(meter.debits).toEqual([]);
    // By then the meter could have counted so far: the person's word still stands.
    expect(meter.take(at(100 * 24 * 60, 900_010))).toEqual({ status: "quarantined", because: "beyond_rating" });
    expect(meter.take(at(100 * 24 * 60 + 15, 1_200))).toEqual({ status: "accepted", because: null });
    expect([meter.usedWh, meter.register?.heldWh]).toEqual([200, null]);
  });

  it("does not lose what was only seen before a jump that nobody is debited for", () => {
    const meter = meterOf(at(0, 1_000), at(10, 1_100));
    const jump = at(20, 900_000);
    meter.take(jump);
    meter.release(jump, "rebase", jump.readAt);
    expect(meter.usedWh).toBe(100);
    expect(meter.stored).toContainEqual({ readAt: T0 + 10 * MINUTE, registerWh: 1_100 });
  });

  it.each([
    ["dated a year ahead", at(525_600, 1_010)],
    ["below zero", at(15, -500)],
    ["of a register that no meter has", at(15, 1_660_000_000_000)],
  ])("cannot make right a reading %s", (_what, wrong) => {
    const meter = meterOf(at(0, 1_000));
    for (const how of ["bill", "rebase"] as const)
      expect(releaseReading(meter.register, wrong, how, meter.factsAt(T0 + 20 * MINUTE))).toBeNull();
    meter.release(wrong, "discard", T0 + 20 * MINUTE);
    meter.take(at(60, 1_200));
    expect([meter.usedWh, meter.stored.length]).toEqual([200, 2]);
  });

  it.each([
    ["fits nowhere is not stored, so that no hour shows what nobody used", 900, 2],
    ["fits by now explains its hours", 1_050, 3],
  ])("of an older reading: one that %s", (_what, registerWh, stored) => {
    const meter = meterOf(at(0, 1_000), at(60, 1_100));
    meter.release(at(30, registerWh), "bill", T0 + 60 * MINUTE);
    expect([meter.usedWh, meter.stored.length]).toEqual([100, stored]);
  });
});

describe("settleRole", () => {
  const metered = () => meterOf(at(0, 1_000), at(15, 1_100), at(20, 1_120)).register as Register;

  it("debits what a meter had counted when it ceases to bill, also what was only seen", () => {
    const settled = settleRole(metered(), "primary", "check", T0 + HOUR);
    expect(settled.debits).toEqual([{ kind: "consumption", fromWh: 1_000, toWh: 1_120, readAt: T0 + 20 * MINUTE }]);
    expect(unpostedWh(settled.register)).toBe(0);
  });

  it("debits nothing of what a meter had counted before it bills", () => {
    const settled = settleRole(metered(), "check", "primary", T0 + HOUR);
    expect(settled.debits).toEqual([]);
    expect(unpostedWh(settled.register)).toBe(0);
  });

  it.each([
    ["on the line between two readings", at(0, 1_000), at(15, 1_100), 6, 1_040],
    ["where it was before a fall", at(0, 1_000), at(15, 30), 6, 1_000],
    ["where it was before counting started anew", at(0, 1_000), { ...at(15, 90_000), begins: true }, 6, 1_000],
  ])("takes a register at an instant %s", (_what, before, after, minutes, registerWh) => {
    const readAt = T0 + minutes * MINUTE;
    expect(pointBetween(before, after, readAt)).toMatchObject({ readAt, registerWh });
  });

  it("debits nothing more of a meter that has left before what it was debited for", () => {
    const left = { readAt: T0 - MINUTE, registerWh: 2_000 };
    expect(settleRole(metered(), "primary", null, T0 + HOUR, left).debits).toEqual([]);
  });

  describe("of a meter that was silent when it began to bill", () => {
    /** Read at 08:20 and not again; it bills from 12:20 on. */
    const silent = () => {
      const meter = new Meter();
      meter.facts = { placement: { role: "check", from: 0, baseRegisterWh: null, ratingW: null } };
      for (const reading of [at(0, 1_000), at(15, 1_100), at(20, 1_120)]) meter.take(reading);
      meter.keep({ store: [], ...settleRole(meter.register as Register, "check", "primary", T0 + 260 * MINUTE) });
      meter.facts = {};
      return meter;
    };

    it("debits what it counts from then on, and nothing of its silence", () => {
      const meter = silent();
      expect(meter.usedWh).toBe(0);
      // 2,500 Wh in 250 minutes, ten of them after it began.
      meter.take(at(270, 3_620));
      expect(meter.usedWh).toBe(100);
      meter.take(at(330, 4_000));
      expect(meter.debitedWh).toBe(480);
    });

    it("takes no Wh twice and loses none to rounding", () => {
      const meter = silent();
      meter.take(at(263, 1_127));
      expect([meter.register?.postedWh, meter.usedWh]).toEqual([1_126, 1]);
    });

    it.each([
      ["late", [at(140, 2_000), at(259, 2_100), at(265, 2_160), at(330, 2_400)]],
      ["shuffled", [at(259, 2_100), at(140, 2_000), at(330, 2_400), at(265, 2_160)]],
    ])("debits nothing of readings from before it that come %s", (_how, readings) => {
      const meter = silent();
      for (const reading of readings) meter.take(reading);
      expect(meter.usedWh).toBeGreaterThanOrEqual(290);
      expect(meter.usedWh).toBeLessThanOrEqual(300);
    });

    it("debits nothing of readings from before it, also where another placement covers them", () => {
      const meter = silent();
      meter.facts = { placement: { role: "check", from: 0, baseRegisterWh: null, ratingW: null } };
      meter.take(at(200, 2_000));
      meter.facts = {};
      meter.take(at(320, 2_120));
      expect(meter.usedWh).toBe(60);
    });

    it("goes on from a fall before it, and from one after it", () => {
      for (const [first, usedWh] of [
        [at(200, 30), 60],
        [at(320, 30), 120],
      ] as const) {
        const meter = silent();
        meter.take(first);
        meter.take({ ...first, readAt: first.readAt + 120 * MINUTE, registerWh: 150 });
        expect(meter.usedWh).toBe(usedWh);
      }
    });

    it("debits of a jump that a person has found right what lies after it", () => {
      const meter = silent();
      const jump = at(500, 900_000);
      expect(meter.take(jump).status).toBe("quarantined");
      meter.release(jump, "bill", jump.readAt);
      expect(meter.debits).toEqual([{ kind: "correction", wh: 449_440 }]);
    });

    it("debits nothing of a jump that is nobody's", () => {
      const meter = silent();
      const jump = at(500, 900_000);
      meter.take(jump);
      meter.release(jump, "rebase", jump.readAt);
      meter.take(at(560, 900_010));
      expect(meter.debitedWh).toBe(10);
    });
  });
});
