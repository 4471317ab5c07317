import { describe, expect, it } from "vitest";
import { FAULTS, type Fault, scheduledFault } from "../dev/iot/faults.ts";
import { Fleet, SPEED_MAX } from "../dev/iot/fleet.ts";
import { LOAD_KINDS } from "../dev/iot/load.ts";
import { registerWh, usedWh } from "../dev/iot/meter.ts";
import { command, type MeterRun, plant, resumeRun, startRun, tick, truthOf } from "../dev/iot/run.ts";
import { type RawReading, stamp } from "../dev/iot/wire.ts";
import { ascending, DAY_MS, HOUR_MS, lived, MIDNIGHT, MINUTE_MS, spec, times } from "./iot-meters-world.ts";

describe("a meter's day", () => {
  it("has one reading every quarter of an hour, at minutes of its own", () => {
    const { messages } = lived([], 24);
    expect(messages).toHaveLength(96);
    expect(new Set(times(messages).map((time) => Number(time.slice(-2)) % 15)).size).toBe(1);
    const [first, second] = ["23099001", "23099002"].map(
      (meterNumber) => times(lived([], 1, { meterNumber }).messages)[0],
    );
    expect(first).not.toBe(second);
  });

  it("is the same whether it is watched once or every second", () => {
    const of = spec();
    const run = startRun(of, MIDNIGHT);
    const messages = Array.from({ length: 6 * 3_600 }, (_, second) =>
      tick(of, run, MIDNIGHT + (second + 1) * 1_000, { faults: true }),
    ).flatMap((ticked) => ticked.messages);
    const once = startRun(of, MIDNIGHT);
    expect(messages).toEqual(tick(of, once, MIDNIGHT + 6 * HOUR_MS, { faults: true }).messages);
  });

  it("sends a duplicate twice, word for word", () => {
    const { messages } = lived(["duplicate"]);
    expect(messages[0]).toEqual(messages[1]);
    expect(messages).toHaveLength(25);
  });

  it("sends a late reading after the next one, and within half an hour", () => {
    const { messages } = lived(["late"]);
    const [ordered] = [ascending(messages)];
    expect(times(messages).slice(0, 3)).toEqual([ordered[1], ordered[0], ordered[2]]);
  });

  it.each`
    fault           | field                 | value
    ${"short_id"}   | ${"meterId"}          | ${/^23099001$/}
    ${"comma"}      | ${"EnergyActive"}     | ${/^412,\d\d kWh$/}
    ${"no_units"}   | ${"EnergyActive"}     | ${/^412\.\d\d$/}
    ${"clock_1970"} | ${"Time"}             | ${/^1970010102\d\d$/}
    ${"reset"}      | ${"EnergyActive"}     | ${/^0\.00 kWh$/}
    ${"reboot"}     | ${"EnergyIntegrated"} | ${/^0\.000000 kWh$/}
  `("writes $value for $fault in one reading and is well again in the next", ({ fault, field, value }) => {
    const { messages } = lived([fault as Fault]);
    expect(messages[0]?.[field as keyof RawReading]).toMatch(value);
    expect(messages[1]?.meterId).toBe("000023099001");
    expect(messages[1]?.Time).toMatch(/^20261125/);
  });

  it("stamps hours ahead when its clock is ahead, and only then", () => {
    const { messages } = lived(["clock_ahead"]);
    const [ahead, next] = times(messages).map(Number);
    expect((ahead ?? 0) - (next ?? 0)).toBeGreaterThan(100);
  });

  it("sends nothing while it has no network, and then everything in order", () => {
    const of = spec();
    const run = startRun(of, MIDNIGHT);
    plant(run, "offline", 1);
    expect(tick(of, run, MIDNIGHT + 40 * MINUTE_MS, { faults: true }).messages).toEqual([]);
    expect(truthOf(of, run)).toMatchObject({ online: false, sent: 0 });
    const { messages } = tick(of, run, MIDNIGHT + 6 * HOUR_MS, { faults: false });
    expect(messages).toHaveLength(24);
    expect(times(messages)).toEqual(ascending(messages));
  });

  it("sends what was held before its register is reset, so that no old reading follows a new one", () => {
    const { messages } = lived(["late", "reset"]);
    expect(messages.slice(0, 2).map(({ EnergyActive }) => EnergyActive.slice(0, 2))).toEqual(["41", "0."]);
  });

  it("has every kind of fault somewhere in a month of fifty meters, the same at every run", () => {
    const slots = Array.from({ length: 96 * 30 }, (_, slot) => slot);
    const meters = Array.from({ length: 50 }, (_, i) => String(23_099_001 + i));
    const faultsOf = (seed: number) =>
      meters.flatMap((meter) => slots.map((slot) => scheduledFault(seed, meter, slot)));
    const counts = Map.groupBy(faultsOf(1), (fault) => fault);
    for (const fault of FAULTS) expect(counts.get(fault)?.length ?? 0).toBeGreaterThan(10);
    const share = (fault: Fault) => (counts.get(fault)?.length ?? 0) / slots.length / meters.length;
    expect(share("duplicate")).toBeCloseTo(0.05, 2);
    expect(share("late")).toBeCloseTo(0.02, 2);
    expect(faultsOf(1)).toEqual(faultsOf(1));
    expect(faultsOf(2)).not.toEqual(faultsOf(1));
  });
});

describe("a command to a meter", () => {
  const order = (action: "open" | "close", at: number, id = "c-1") => ({
    cmd_id: id,
    meter_id: "000023099001",
    action,
    requested_at_unix: Math.floor(at / 1_000),
    ttl_seconds: 300,
  });
  const at = MIDNIGHT + 20 * HOUR_MS;

  it("is obeyed, and a reading that shows it follows at once", () => {
    const of = spec();
    const run = startRun(of, at - HOUR_MS);
    tick(of, run, at, { faults: false });
    expect(command(run, order("open", at), { now: at + 65_000, mode: "ack" })).toMatchObject({ relay_after: "0" });
    const { messages } = tick(of, run, at + 2 * MINUTE_MS, { faults: false });
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatchObject({ Relay: "0", PowerActive: "0.0 W", Current: "0.00 A" });
    expect(messages[0]?.Time).toBe(stamp(at + MINUTE_MS, 120));
  });

  it("brings no second reading in one minute: its stamp would be that of the first", () => {
    const of = spec();
    const run = startRun(of, at - HOUR_MS);
    const lastAt = run.nextAt;
    tick(of, run, lastAt, { faults: false });
    command(run, order("open", at), { now: lastAt + 1_000, mode: "ack" });
    expect(tick(of, run, lastAt + 59_000, { faults: false }).messages).toEqual([]);
    const [reading] = tick(of, run, lastAt + MINUTE_MS, { faults: false }).messages;
    expect(reading?.Time).toBe(stamp(lastAt + MINUTE_MS, 120));
  });

  it("to a meter that replays its past is answered at once, and moves the relay when that time has come", () => {
    const of = spec({ connected: false });
    const run = startRun(of, at - 6 * HOUR_MS);
    expect(command(run, order("close", at), { now: at, mode: "ack" })).toMatchObject({ relay_after: "1" });
    const before = tick(of, run, at - 1, { faults: false }).messages;
    expect(new Set(before.map(({ Relay, EnergyActive }) => `${Relay} ${EnergyActive}`))).toEqual(
      new Set(["0 412.37 kWh"]),
    );
    tick(of, run, at + HOUR_MS, { faults: false });
    expect(truthOf(of, run)).toMatchObject({ relay: "1" });
    expect(usedWh(run.state)).toBeGreaterThan(20);
  });

  it("that came before the meter began to live is not forgotten", () => {
    const answers = [
      { cmd_id: "c-0", meter_id: "x", status: "acked" as const, relay_after: "1" as const, error: null },
    ];
    const of = spec({ connected: false });
    const run = startRun(of, at - HOUR_MS, { connected: true, answers, at: at - 1_000 });
    expect(command(run, order("open", at, "c-0"), { now: at, mode: "ack" })).toEqual(answers[0]);
    tick(of, run, at, { faults: false });
    expect(truthOf(of, run).relay).toBe("1");
  });

  it("waits for a meter without a network, and is judged by its age when it arrives", () => {
    const of = spec();
    const run = startRun(of, MIDNIGHT);
    plant(run, "offline", 1);
    const soon = MIDNIGHT + 20 * MINUTE_MS;
    tick(of, run, soon, { faults: false });
    expect(command(run, order("open", soon), { now: soon, mode: "ack" })).toBeNull();
    const now = MIDNIGHT + 6 * HOUR_MS;
    const { commands } = tick(of, run, now, { faults: false });
    expect(commands).toEqual([order("open", soon)]);
    expect(command(run, commands[0] ?? {}, { now, mode: "ack" })).toMatchObject({ error: "ttl_expired" });
  });

  it("finds a meter whose spell without a network lies in the past that it replays", () => {
    const of = spec();
    const run = startRun(of, at - 12 * HOUR_MS);
    plant(run, "offline", 1);
    tick(of, run, at - 12 * HOUR_MS + 20 * MINUTE_MS, { faults: false });
    expect(command(run, order("open", at), { now: at, mode: "ack" })).toMatchObject({ status: "acked" });
  });
});

describe("the answer key", () => {
  /** Whoever reads every message: begins with the first, orders them by their stamps, leaves out those no clock can have written, adds up the rises. */
  function billed(messages: RawReading[], now: string) {
    const stamped = messages.filter(({ Time }) => Time > "2020" && Time <= now);
    const real = stamped.filter(({ Time }) => Time >= (stamped[0]?.Time ?? ""));
    const shown = real.map(({ Time, EnergyActive }) => ({ Time, wh: Number(EnergyActive.replace(/\D/g, "")) * 10 }));
    const ordered = shown.toSorted((a, b) => (a.Time < b.Time ? -1 : a.Time > b.Time ? 1 : 0));
    return ordered.slice(1).reduce((sum, { wh }, i) => sum + Math.max(0, wh - (ordered[i]?.wh ?? wh)), 0);
  }

  it.each(Array.from({ length: 25 }, (_, seed) => seed))("is what the messages of seed %i add up to", (seed) => {
    for (const [i, kind] of LOAD_KINDS.entries()) {
      const of = spec({ seed, kind, meterNumber: String(23_099_001 + i) });
      const run = startRun(of, MIDNIGHT);
      plant(run, FAULTS[seed % FAULTS.length] ?? "late", 2);
      const now = MIDNIGHT + 3 * DAY_MS;
      const { messages } = tick(of, run, now, { faults: true });
      const truth = truthOf(of, run);
      expect(billed(messages, stamp(now, 120))).toBe(truth.billableWh);
      expect(truth.billableWh).toBeLessThanOrEqual(truth.usedWh + truth.registerStepWh);
      expect(truth.sent).toBe(messages.length);
    }
  });

  it("begins the same whichever of two readings comes first: by itself nothing goes wrong with the first one", () => {
    for (let seed = 0; seed < 200; seed++) {
      const of = spec({ seed });
      const run = startRun(of, MIDNIGHT);
      const { messages } = tick(of, run, MIDNIGHT + 2 * HOUR_MS, { faults: true });
      expect(messages[0]?.Time).toBe(ascending(messages).find((time) => time > "2020"));
    }
  });

  it("says what was planted, and when", () => {
    const { of, run } = lived(["reset", "duplicate", "duplicate"]);
    const { faults, faultCounts } = truthOf(of, run);
    expect(faultCounts).toEqual({ reset: 1, duplicate: 2 });
    expect(faults.map(({ fault }) => fault)).toEqual(["reset", "duplicate", "duplicate"]);
    expect(faults[0]?.at).toBeGreaterThan(MIDNIGHT);
  });
});

describe("a fleet", () => {
  const NOW = MIDNIGHT + DAY_MS;
  const fleet = (over: { speed?: number; replayMs?: number; saved?: Record<string, MeterRun> } = {}) =>
    new Fleet({ meters: [spec()], now: NOW, replayMs: DAY_MS, speed: 100, faults: false, ...over });

  it.each`
    speed            | realMs       | behindMs
    ${100}           | ${0}         | ${DAY_MS}
    ${100}           | ${60_000}    | ${DAY_MS - 99 * 60_000}
    ${100}           | ${872_728}   | ${0}
    ${100}           | ${3_600_000} | ${0}
    ${SPEED_MAX}     | ${10_000}    | ${DAY_MS - (SPEED_MAX - 1) * 10_000}
    ${2 * SPEED_MAX} | ${10_000}    | ${DAY_MS - (SPEED_MAX - 1) * 10_000}
    ${1}             | ${3_600_000} | ${DAY_MS}
  `("at $speed times real speed is $behindMs ms behind after $realMs ms", ({ speed, realMs, behindMs }) => {
    const now = NOW + realMs;
    expect(now - fleet({ speed }).clock(now)).toBe(behindMs);
  });

  it("never stamps ahead of the true time, however it is looked at", () => {
    const meters = fleet();
    for (let realMs = 0; realMs <= 15 * MINUTE_MS; realMs += 1_700) {
      const now = NOW + realMs;
      for (const { ticked } of meters.tick(now))
        for (const { Time } of ticked.messages) expect(Time <= stamp(now, 120)).toBe(true);
    }
    expect(meters.truth()[0]?.sent).toBeGreaterThanOrEqual(96);
  });

  it("whose clock is ahead stamps ahead of the true time, also while it replays its past", () => {
    const meters = fleet();
    meters.plant("23099001", "clock_ahead", 1);
    const now = NOW + 30_000;
    const [ahead] = meters.tick(now)[0]?.ticked.messages ?? [];
    expect((ahead?.Time ?? "") > stamp(now + HOUR_MS, 120)).toBe(true);
    expect(meters.truth()[0]?.lastSent?.readAt).toBeLessThanOrEqual(meters.clock(now));
  });

  it("goes on from what was saved: the register has what was used meanwhile, and no reading lies in between", () => {
    const first = fleet();
    first.tick(NOW + HOUR_MS);
    const saved = JSON.parse(JSON.stringify(first.save())) as Record<string, MeterRun>;
    const later = new Fleet({
      meters: [spec()],
      now: NOW + 9 * HOUR_MS,
      replayMs: HOUR_MS,
      speed: 1,
      faults: false,
      saved,
    });
    const [before] = first.truth();
    const [after] = later.truth();
    expect(after?.registerWh).toBeGreaterThan(before?.registerWh ?? Infinity);
    const [ticked] = later.tick(NOW + 9 * HOUR_MS + HOUR_MS);
    expect(ticked?.ticked.messages).toHaveLength(4);
    expect(ticked?.ticked.messages[0]?.Time).toMatch(/^2026112[56]0[89]/);
  });

  it("keeps its register when it is started at an earlier time than it was saved", () => {
    const of = spec();
    const run = startRun(of, NOW);
    tick(of, run, NOW + 5 * HOUR_MS, { faults: false });
    const back = resumeRun(of, run, NOW - DAY_MS);
    expect(registerWh(back.state)).toBe(registerWh(run.state));
    expect(back.nextAt).toBeLessThanOrEqual(NOW - DAY_MS + 15 * MINUTE_MS);
  });
});
