import { describe, expect, it } from "vitest";
import { at, HOUR, Meter, MINUTE, meterOf, T0 } from "./register-world.ts";

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
