/** The simulated meters are what every story about energy trusts: here they are held to physics and to the firmware. */
import { describe, expect, it } from "vitest";
import { FAULTS, type Fault, scheduledFault } from "../dev/iot/faults.ts";
import { COMMANDS_REMEMBERED_MAX, type Firmware, obey } from "../dev/iot/firmware.ts";
import { Fleet, SPEED_MAX } from "../dev/iot/fleet.ts";
import { LOAD_KINDS, loadMw } from "../dev/iot/load.ts";
import {
  advance,
  type MeterSpec,
  newMeter,
  reboot,
  registerWh,
  resetRegister,
  sample,
  shownWh,
  switchRelay,
  usedWh,
} from "../dev/iot/meter.ts";
import { command, type MeterRun, plant, resumeRun, startRun, tick, truthOf } from "../dev/iot/run.ts";
import { decimal, type RawReading, rawReading, relayTopic, stamp, thingOf } from "../dev/iot/wire.ts";
import { readMeterMessage } from "../src/domain/meter-message.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Wednesday 25 November 2026, midnight in Maseru. */
const MIDNIGHT = Date.UTC(2026, 10, 24, 22);

const spec = (over: Partial<MeterSpec> = {}): MeterSpec => ({
  thing: "MAK-GW-0007",
  meterNumber: "23099001",
  country: "LS",
  kind: "household",
  seed: 1,
  utcOffsetMinutes: 120,
  registerWh: 412_370,
  connected: true,
  ...over,
});

describe("the load", () => {
  const wattsOf = (of: MeterSpec, hour: number, day = 0) =>
    Array.from({ length: 12 }, (_, i) =>
      loadMw(of, MIDNIGHT + day * DAY_MS + hour * HOUR_MS + i * 5 * MINUTE_MS),
    ).reduce((sum, mw) => sum + mw / 12_000, 0);

  it.each(LOAD_KINDS)("of a %s is the same whenever it is asked, and another for another meter or seed", (kind) => {
    const at = MIDNIGHT + 9 * HOUR_MS + 123_456;
    expect(loadMw(spec({ kind }), at)).toBe(loadMw(spec({ kind }), at));
    expect(loadMw(spec({ kind, meterNumber: "23099002" }), at)).not.toBe(loadMw(spec({ kind }), at));
    expect(loadMw(spec({ kind, seed: 2 }), at)).not.toBe(loadMw(spec({ kind }), at));
  });

  it.each`
    kind           | busy  | quiet
    ${"household"} | ${19} | ${3}
    ${"household"} | ${19} | ${13}
    ${"shop"}      | ${18} | ${2}
    ${"school"}    | ${10} | ${22}
    ${"clinic"}    | ${10} | ${2}
    ${"mill"}      | ${10} | ${21}
  `("of a $kind is more than twice as high at $busy as at $quiet hours", ({ kind, busy, quiet }) => {
    for (const meterNumber of ["23099001", "23099002", "23199003"])
      expect(wattsOf(spec({ kind, meterNumber }), busy)).toBeGreaterThan(
        2 * wattsOf(spec({ kind, meterNumber }), quiet),
      );
  });

  it("of a school rests on Saturday and Sunday", () => {
    const [wednesday, saturday, sunday] = [0, 3, 4].map((day) => wattsOf(spec({ kind: "school" }), 10, day));
    expect(wednesday).toBeGreaterThan(5 * (saturday ?? 0));
    expect(saturday).toBeGreaterThan(sunday ?? 0);
  });

  it("follows the local day, not that of Greenwich", () => {
    const [lesotho, benin] = [120, 60].map((utcOffsetMinutes) => wattsOf(spec({ utcOffsetMinutes }), 17.25));
    expect(lesotho).toBeGreaterThan(1.3 * (benin ?? 0));
  });

  it("of a household comes to between half a kWh and three a day", () => {
    for (let meter = 0; meter < 20; meter++) {
      const of = spec({ meterNumber: String(23_099_001 + meter) });
      const used = usedWh(advance(of, newMeter(of, MIDNIGHT), MIDNIGHT + DAY_MS));
      expect(used).toBeGreaterThan(500);
      expect(used).toBeLessThan(3_000);
    }
  });
});

describe("a meter", () => {
  it("counts the same energy in one leap as second by second: none is lost", () => {
    const of = spec();
    const to = MIDNIGHT + 2 * HOUR_MS + 7_001;
    let state = newMeter(of, MIDNIGHT + 17);
    for (let at = MIDNIGHT + 1_000; at < to; at += 1_000) state = advance(of, state, at);
    expect(advance(of, state, to)).toEqual(advance(of, newMeter(of, MIDNIGHT + 17), to));
  });

  it("uses nothing while its relay is open, and goes on where it was", () => {
    const of = spec();
    const evening = advance(of, newMeter(of, MIDNIGHT), MIDNIGHT + 20 * HOUR_MS);
    const dark = advance(of, switchRelay(evening, false), MIDNIGHT + 22 * HOUR_MS);
    expect(usedWh(dark)).toBe(usedWh(evening));
    expect(sample(of, dark)).toMatchObject({ powerMw: 0, currentMa: 0, connected: false });
    expect(sample(of, dark).voltageMv).toBeGreaterThan(200_000);
    const lit = advance(of, switchRelay(dark, true), MIDNIGHT + 23 * HOUR_MS);
    expect(usedWh(lit)).toBeGreaterThan(usedWh(dark));
  });

  it("is not moved by an instant that has passed", () => {
    const state = advance(spec(), newMeter(spec(), MIDNIGHT), MIDNIGHT + HOUR_MS);
    expect(advance(spec(), state, MIDNIGHT)).toBe(state);
  });

  it("shows its register in steps of 10 Wh, never more than it holds", () => {
    const of = spec({ registerWh: 3_014 });
    const state = advance(of, newMeter(of, MIDNIGHT), MIDNIGHT + 8 * HOUR_MS);
    expect(shownWh(newMeter(of, MIDNIGHT))).toBe(3_010);
    expect(shownWh(state) % 10).toBe(0);
    expect(registerWh(state) - shownWh(state)).toBeLessThan(10);
    expect(registerWh(state)).toBe(3_014 + usedWh(state));
  });

  it("keeps its register through a reboot, and loses only the second counter", () => {
    const of = spec();
    const before = advance(of, newMeter(of, MIDNIGHT), MIDNIGHT + 8 * HOUR_MS);
    const after = reboot(before);
    expect(sample(of, after)).toEqual({ ...sample(of, before), integratedMwh: 0 });
  });

  it("begins at zero after a reset, and has used what it has used", () => {
    const of = spec();
    const before = advance(of, newMeter(of, MIDNIGHT), MIDNIGHT + 8 * HOUR_MS);
    const after = resetRegister(before);
    expect(registerWh(after)).toBe(0);
    expect(usedWh(after)).toBe(usedWh(before));
    expect(registerWh(advance(of, after, MIDNIGHT + 20 * HOUR_MS))).toBeGreaterThan(300);
  });

  it.each(LOAD_KINDS)("of a %s measures power, voltage and current that belong together", (kind) => {
    const of = spec({ kind });
    for (let hour = 0; hour < 24; hour++) {
      const { powerMw, voltageMv, currentMa, frequencyMhz } = sample(of, newMeter(of, MIDNIGHT + hour * HOUR_MS));
      expect((voltageMv * currentMa) / 1_000).toBeGreaterThanOrEqual(powerMw * 0.95);
      expect((voltageMv * currentMa) / 1_000).toBeLessThanOrEqual(powerMw * 1.1 + 300);
      expect(Math.abs(frequencyMhz - 50_000)).toBeLessThan(200);
    }
  });
});

describe("the firmware", () => {
  const NOW = MIDNIGHT + 8 * HOUR_MS;
  const order = (over: Record<string, unknown> = {}) => ({
    cmd_id: "c-1",
    meter_id: "000023099001",
    action: "open",
    requested_at_unix: NOW / 1_000,
    ttl_seconds: 300,
    ...over,
  });
  const lit: Firmware = { connected: true, answers: [] };

  it.each`
    action     | mode        | lateMs     | status        | relay   | error               | connected
    ${"open"}  | ${"ack"}    | ${0}       | ${"acked"}    | ${"0"}  | ${null}             | ${false}
    ${"close"} | ${"ack"}    | ${0}       | ${"acked"}    | ${"1"}  | ${null}             | ${true}
    ${"open"}  | ${"ack"}    | ${300_000} | ${"acked"}    | ${"0"}  | ${null}             | ${false}
    ${"open"}  | ${"ack"}    | ${300_001} | ${"rejected"} | ${"1"}  | ${"ttl_expired"}    | ${true}
    ${"open"}  | ${"reject"} | ${0}       | ${"rejected"} | ${"1"}  | ${"ttl_expired"}    | ${true}
    ${"open"}  | ${"failed"} | ${0}       | ${"failed"}   | ${null} | ${"modbus_timeout"} | ${true}
  `(
    "answers $action, $mode, $lateMs ms later: $status",
    ({ action, mode, lateMs, status, relay, error, connected }) => {
      const { firmware, answer } = obey(lit, order({ action }), { now: NOW + lateMs, mode });
      expect(answer).toEqual({ cmd_id: "c-1", meter_id: "000023099001", status, relay_after: relay, error });
      expect(firmware.connected).toBe(connected);
    },
  );

  it("answers a command that it knows with the same words, also after its time, and drives nothing", () => {
    const first = obey(lit, order(), { now: NOW, mode: "ack" });
    const relit = { ...first.firmware, connected: true };
    const again = obey(relit, order(), { now: NOW + HOUR_MS, mode: "ack" });
    expect(again).toEqual({ firmware: relit, answer: first.answer, acted: false });
  });

  it(`knows the last ${COMMANDS_REMEMBERED_MAX} commands and no more`, () => {
    let firmware = lit;
    for (let i = 0; i <= COMMANDS_REMEMBERED_MAX; i++)
      firmware = obey(firmware, order({ cmd_id: `c-${i}` }), { now: NOW, mode: "ack" }).firmware;
    expect(obey(firmware, order({ cmd_id: "c-1" }), { now: NOW, mode: "ack" }).acted).toBe(false);
    expect(obey(firmware, order({ cmd_id: "c-0" }), { now: NOW, mode: "ack" }).acted).toBe(true);
  });
});

describe("the wire", () => {
  const measured = {
    at: Date.UTC(2026, 1, 16, 15, 45),
    registerWh: 3_010,
    integratedMwh: 3_014_512,
    powerMw: 84_000,
    reactiveMvar: 12_000,
    voltageMv: 230_100,
    currentMa: 370,
    frequencyMhz: 50_000,
    connected: true,
  };
  const name = { thing: "OneMeter99", meterNumber: "23099001", utcOffsetMinutes: 120 };

  it("carries a reading as the devices write it", () => {
    expect(rawReading(name, measured, measured.at)).toEqual({
      meterId: "000023099001",
      Time: "202602161745",
      EnergyActive: "3.01 kWh",
      EnergyIntegrated: "3.014512 kWh",
      PowerActive: "84.0 W",
      PowerReactive: "12.0 VAR",
      Voltage: "230.1 V",
      Current: "0.37 A",
      Frequency: "50.0 Hz",
      Relay: "1",
      MeterConstant: "1200",
      FirmwareVersion: "1.4.2",
      thingName: "OneMeter99",
    });
  });

  it.each`
    spelling                                         | expected
    ${{ id: "short", decimals: ".", units: true }}   | ${{ meterId: "23099001", EnergyActive: "3.01 kWh" }}
    ${{ id: "padded", decimals: ",", units: true }}  | ${{ EnergyActive: "3,01 kWh", Voltage: "230,1 V" }}
    ${{ id: "padded", decimals: ".", units: false }} | ${{ EnergyActive: "3.01", Frequency: "50.0", Current: "0.37" }}
  `("spells $spelling as $expected", ({ spelling, expected }) => {
    expect(rawReading(name, measured, measured.at, spelling)).toMatchObject(expected);
  });

  it.each`
    value      | scale | decimals | text
    ${0}       | ${3}  | ${2}     | ${"0.00"}
    ${9}       | ${3}  | ${2}     | ${"0.00"}
    ${10}      | ${3}  | ${2}     | ${"0.01"}
    ${412_370} | ${3}  | ${2}     | ${"412.37"}
    ${1}       | ${6}  | ${6}     | ${"0.000001"}
    ${-84_100} | ${3}  | ${1}     | ${"-84.1"}
  `("writes $value / 10^$scale as $text", ({ value, scale, decimals, text }) => {
    expect(decimal(value, scale, decimals)).toBe(text);
  });

  it("stamps the wall clock of the country, over midnight and the year's end", () => {
    expect(stamp(Date.UTC(2026, 11, 31, 22, 30), 120)).toBe("202701010030");
    expect(stamp(Date.UTC(2026, 11, 31, 22, 30), 60)).toBe("202612312330");
    expect(stamp(0, 120)).toBe("197001010200");
  });

  it("knows the thing in its topic, and no other topic", () => {
    expect(thingOf("oneMeter/MAK-GW-0007/cmd/relay", relayTopic)).toBe("MAK-GW-0007");
    expect(thingOf("oneMeter/MAK-GW-0007/cmd/relay/ack", relayTopic)).toBeNull();
    expect(thingOf("other/MAK-GW-0007/cmd/relay", relayTopic)).toBeNull();
  });
});

describe("the system", () => {
  it.each(FAULTS)("reads every message of a day with %s in it, and each register to the watt-hour", (fault) => {
    const { of, run, messages } = lived(Array<Fault>(20).fill(fault), 24);
    const read = messages.map((body) => readMeterMessage(body, { utcOffsetMinutes: 120, source: "iot" }));
    expect(read.filter(({ kind }) => kind === "dropped")).toHaveLength(fault === "clock_1970" ? 20 : 0);
    const readings = read.flatMap((message) => (message.kind === "reading" ? [message.reading] : []));
    expect(readings.length + (fault === "clock_1970" ? 20 : 0)).toBe(messages.length);
    expect(new Set(readings.map(({ meterNumber }) => meterNumber))).toEqual(new Set([of.meterNumber]));
    const { lastSent } = truthOf(of, run);
    expect(readings.find(({ readAt }) => readAt === lastSent?.readAt)?.registerWh).toBe(lastSent?.registerWh);
  });
});

/** A meter's messages from midnight on, with the faults that are planted in its first readings. */
function lived(faults: Fault[], hours = 6, over: Partial<MeterSpec> = {}) {
  const of = spec(over);
  const run = startRun(of, MIDNIGHT);
  for (const fault of faults) plant(run, fault, 1);
  const { messages } = tick(of, run, MIDNIGHT + hours * HOUR_MS, { faults: false });
  return { of, run, messages };
}
const times = (messages: RawReading[]) => messages.map(({ Time }) => Time);
const ascending = (messages: RawReading[]) => times(messages).toSorted();

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
