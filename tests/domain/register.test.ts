import { describe, expect, it } from "vitest";
import type { Reading } from "../../src/domain/reading.ts";
import {
  pointBetween,
  type ReadingFacts,
  type Register,
  type StoredPoint,
  unpostedWh,
} from "../../src/domain/register.ts";
import { type Release, releaseReading } from "../../src/domain/release-reading.ts";
import { settleRole } from "../../src/domain/settle-role.ts";
import { takeReading } from "../../src/domain/take-reading.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const T0 = Date.UTC(2026, 10, 24, 8, 0);

const at = (minutes: number, registerWh: number, over: Partial<Reading> = {}): Reading => ({
  meterNumber: "23099001",
  readAt: T0 + minutes * MINUTE,
  registerWh,
  powerW: null,
  voltageMv: null,
  currentMa: null,
  frequencyMhz: null,
  connected: null,
  source: "iot",
  ...over,
});

/** A meter's life in memory: what the object keeps, without the object. */
class Meter {
  register: Register | null = null;
  stored: StoredPoint[] = [];
  debits: { kind: string; wh: number }[] = [];
  facts: Partial<ReadingFacts> = {};

  take(reading: Reading) {
    const taken = takeReading(this.register, reading, this.factsAt(reading.readAt));
    this.keep(taken);
    return taken.verdict;
  }

  keep(taken: Pick<ReturnType<typeof takeReading>, "register" | "store" | "debits">) {
    this.register = taken.register ?? this.register;
    for (const { readAt, registerWh, begins } of taken.store)
      this.stored.push(begins === true ? { readAt, registerWh, begins } : { readAt, registerWh });
    this.stored.sort((a, b) => a.readAt - b.readAt);
    this.debits.push(...taken.debits.map(({ kind, fromWh, toWh }) => ({ kind, wh: toWh - fromWh })));
  }

  release(reading: Reading, how: Release, now: number) {
    const taken = releaseReading(this.register, reading, how, this.factsAt(now));
    if (taken === null) throw new Error("it can only be discarded");
    this.keep(taken);
  }

  factsAt(now: number): ReadingFacts {
    return {
      now,
      placement: { role: "primary", from: 0, baseRegisterWh: null, ratingW: null },
      billFrom: 0,
      isLastHour: false,
      beside: (readAt) => ({
        before: this.stored.findLast((point) => point.readAt < readAt) ?? null,
        same: this.stored.find((point) => point.readAt === readAt) ?? null,
        after: this.stored.find((point) => point.readAt > readAt) ?? null,
      }),
      ...this.facts,
    };
  }

  get debitedWh() {
    return this.debits.reduce((sum, { wh }) => sum + wh, 0);
  }
  /** Debited, and metered but not debited yet. */
  get usedWh() {
    return this.debitedWh + (this.register === null ? 0 : unpostedWh(this.register));
  }
}

const meterOf = (...readings: Reading[]) => {
  const meter = new Meter();
  for (const reading of readings) meter.take(reading);
  return meter;
};

describe("a meter's register", () => {
  it("starts with its first reading and debits nothing for it", () => {
    const meter = meterOf(at(0, 5_000));
    expect(meter.usedWh).toBe(0);
    expect(meter.stored).toHaveLength(1);
  });

  it("starts with what the placement says, when it says it", () => {
    const meter = new Meter();
    meter.facts = { placement: { role: "primary", from: T0 - HOUR, baseRegisterWh: 4_000, ratingW: null } };
    meter.take(at(0, 5_000));
    expect(meter.debitedWh).toBe(1_000);
  });

  it("debits with the first accepted reading of a new clock hour all since the last", () => {
    const meter = meterOf(at(0, 1_000), at(15, 1_100), at(30, 1_250), at(45, 1_300));
    expect([meter.debitedWh, meter.usedWh]).toEqual([0, 300]);
    meter.take(at(60, 1_400));
    expect(meter.debits).toEqual([{ kind: "consumption", wh: 400 }]);
  });

  it("debits with every reading in the last hour of supply", () => {
    const meter = meterOf(at(0, 1_000));
    meter.facts = { isLastHour: true };
    meter.take(at(3, 1_010));
    meter.take(at(6, 1_030));
    expect(meter.debits.map(({ wh }) => wh)).toEqual([10, 20]);
  });

  it("sees a reading that comes too soon, stores and debits nothing, and loses nothing", () => {
    const meter = meterOf(at(0, 1_000));
    expect(meter.take(at(14, 1_100))).toEqual({ status: "accepted", because: "gate" });
    expect(meter.stored).toHaveLength(1);
    expect([meter.debitedWh, meter.usedWh]).toEqual([0, 100]);
    expect(meter.register).toMatchObject({ registerWh: 1_000, seenAt: T0 + 14 * MINUTE });
    expect(meter.take(at(15, 1_110))).toEqual({ status: "accepted", because: null });
    meter.take(at(60, 1_110));
    expect(meter.debitedWh).toBe(110);
  });

  it("accepts one that comes too soon when the relay has turned", () => {
    const meter = meterOf(at(0, 1_000, { connected: true }));
    expect(meter.take(at(5, 1_000, { connected: true }))).toEqual({ status: "accepted", because: "gate" });
    expect(meter.take(at(6, 1_000, { connected: false }))).toEqual({ status: "accepted", because: null });
    expect(meter.register?.connected).toBe(false);
  });

  it.each([
    ["twice", [at(0, 1_000), at(15, 1_100), at(15, 1_100), at(60, 1_200), at(60, 1_200)]],
    ["out of order", [at(0, 1_000), at(60, 1_200), at(15, 1_100), at(30, 1_150)]],
    ["with one that was missing", [at(0, 1_000), at(60, 1_200)]],
  ])("debits the same when readings come %s", (_how, readings) => {
    expect(meterOf(...readings).debitedWh).toBe(200);
  });

  it("stores a late reading and never moves the register back for it", () => {
    const meter = meterOf(at(0, 1_000), at(30, 1_100));
    expect(meter.take(at(15, 1_050))).toEqual({ status: "accepted", because: "late" });
    expect(meter.register).toMatchObject({ registerWh: 1_100, readAt: T0 + 30 * MINUTE });
    expect(meter.stored.map(({ registerWh }) => registerWh)).toEqual([1_000, 1_050, 1_100]);
  });

  it.each([
    ["lower than the one before it", 990],
    ["higher than the one after it", 1_110],
  ])("lets a late reading wait that is %s", (_how, registerWh) => {
    const meter = meterOf(at(0, 1_000), at(30, 1_100));
    expect(meter.take(at(15, registerWh))).toEqual({ status: "quarantined", because: "backwards" });
    expect(meter.usedWh).toBe(100);
  });

  it("takes a fall for a reset: a new base, nothing negative, and what was only seen before it is kept", () => {
    const meter = meterOf(at(0, 1_000), at(15, 1_100), at(20, 1_130));
    expect(meter.take(at(30, 5))).toEqual({ status: "accepted", because: "reset" });
    expect(meter.debits).toEqual([{ kind: "consumption", wh: 130 }]);
    meter.take(at(90, 55));
    expect(meter.debitedWh).toBe(180);
  });

  it("takes no fall for a reset after which a register could not show so much: two meters under one number debit nothing", () => {
    const meter = meterOf(at(0, 120_000));
    for (const minutes of [15, 45, 75, 105]) {
      expect(meter.take(at(minutes, 123_000 + minutes)).status).toBe("accepted");
      expect(meter.take(at(minutes + 15, 120_000))).toEqual({ status: "quarantined", because: "backwards" });
    }
    expect(meter.usedWh).toBe(3_105);
    expect(meter.take(at(130, 40)), "it has begun at zero").toEqual({ status: "accepted", because: "reset" });
  });

  it.each([
    ["before the fall", [at(0, 1_000), at(45, 20), at(15, 1_040)], 40],
    ["after the fall", [at(0, 1_000), at(45, 20), at(30, 5)], 15],
    ["on both sides", [at(0, 1_000), at(45, 20), at(30, 5), at(15, 1_040)], 55],
    ["on both sides, the other way round", [at(0, 1_000), at(45, 20), at(15, 1_040), at(30, 5)], 55],
    ["in their order", [at(0, 1_000), at(15, 1_040), at(30, 5), at(45, 20)], 55],
  ])("counts the same around a reset when readings come %s", (_how, readings, usedWh) => {
    expect(meterOf(...readings).usedWh).toBe(usedWh);
  });

  it.each([
    ["in their order", [at(0, 1_000), at(15, 1_100), at(30, 1_150)], 150],
    ["the second before the first", [at(15, 1_100), at(0, 1_000), at(30, 1_150)], 150],
    ["the last before the others", [at(30, 1_150), at(15, 1_100), at(0, 1_000)], 150],
    ["and the first a day late: that is history", [at(24 * 60, 1_150), at(0, 1_000)], 0],
  ])("counts from the very first reading when they come %s", (_how, readings, usedWh) => {
    expect(meterOf(...readings).usedWh).toBe(usedWh);
  });

  it("lets a jump beyond the meter's rating wait, however long it is repeated, and goes on from where it was", () => {
    const meter = meterOf(at(0, 1_000));
    for (const minutes of [15, 30, 40_000]) {
      expect(meter.take(at(minutes, 900_000 + minutes))).toEqual({ status: "quarantined", because: "beyond_rating" });
    }
    expect(meter.usedWh).toBe(0);
    expect(meter.take(at(40_015, 1_500))).toEqual({ status: "accepted", because: null });
    expect(meter.usedWh).toBe(500);
  });

  it("measures a jump by the meter's own rating and the time that has passed", () => {
    const meter = new Meter();
    meter.facts = { placement: { role: "primary", from: 0, baseRegisterWh: null, ratingW: 1_000 } };
    meter.take(at(0, 1_000));
    expect(meter.take(at(15, 1_300)).status).toBe("quarantined");
    expect(meter.take(at(16, 1_250)).status).toBe("accepted");
    // It went on from before the jump, so that was none; a day later it may well have counted so far.
    expect(meter.take(at(16 + 24 * 60, 25_000)).status).toBe("accepted");
  });

  it.each([
    ["an hour and a minute ahead", at(61, 1_000), { now: T0 }, "future"],
    ["of a register that no meter has", at(0, 1_660_000_000_000), {}, "absurd"],
    ["below zero", at(0, -10), {}, "absurd"],
  ])("lets a reading %s wait", (_how, reading, facts, because) => {
    const meter = new Meter();
    meter.facts = facts;
    expect(meter.take(reading)).toEqual({ status: "quarantined", because });
  });

  it("takes one that is an hour ahead: clocks drift", () => {
    const meter = new Meter();
    meter.facts = { now: T0 };
    expect(meter.take(at(60, 1_000)).status).toBe("accepted");
  });

  it("is not read when the meter was on another account then", () => {
    const meter = new Meter();
    meter.facts = { placement: null };
    expect(meter.take(at(0, 1_000))).toEqual({ status: "elsewhere" });
  });

  it("counts nothing of what the meter counted on another account before it came back", () => {
    const meter = meterOf(at(0, 1_000), at(15, 1_100));
    const back = { role: "primary", from: T0 + 10 * HOUR, baseRegisterWh: null, ratingW: null } as const;
    meter.facts = { placement: back };
    meter.take(at(11 * 60, 9_000));
    expect(meter.debits).toEqual([{ kind: "consumption", wh: 100 }]);
    meter.take(at(12 * 60, 9_050));
    expect(meter.debitedWh).toBe(150);
  });

  it("starts with what the placement says when the meter comes back", () => {
    const meter = meterOf(at(0, 1_000));
    const back = { role: "primary", from: T0 + 10 * HOUR, baseRegisterWh: 8_900, ratingW: null } as const;
    meter.facts = { placement: back };
    meter.take(at(11 * 60, 9_000));
    expect(meter.usedWh).toBe(100);
  });

  it.each(["check", "backup"] as const)("debits nothing for a %s meter", (role) => {
    const meter = new Meter();
    meter.facts = { placement: { role, from: 0, baseRegisterWh: null, ratingW: null } };
    for (const reading of [at(0, 1_000), at(60, 2_000), at(120, 3_000)]) meter.take(reading);
    expect(meter.usedWh).toBe(0);
    expect(meter.stored).toHaveLength(3);
  });

  it("debits nothing of the time before the cut-over, and all after it", () => {
    const meter = new Meter();
    meter.facts = { billFrom: T0 + HOUR };
    for (const reading of [at(0, 1_000), at(45, 1_500), at(75, 1_700), at(135, 2_000)]) meter.take(reading);
    expect(meter.usedWh).toBe(500);
  });

  it("debits nothing while there is no cut-over", () => {
    const meter = new Meter();
    meter.facts = { billFrom: null };
    for (const reading of [at(0, 1_000), at(60, 1_500)]) meter.take(reading);
    expect(meter.usedWh).toBe(0);
  });
});

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
