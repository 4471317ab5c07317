import { describe, expect, it } from "vitest";
import { FAULTS, type Fault } from "../dev/iot/faults.ts";
import { COMMANDS_REMEMBERED_MAX, type Firmware, obey } from "../dev/iot/firmware.ts";
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
import { truthOf } from "../dev/iot/run.ts";
import { decimal, rawReading, relayTopic, stamp, thingOf } from "../dev/iot/wire.ts";
import { readMeterMessage } from "../src/domain/meter-message.ts";
import { DAY_MS, HOUR_MS, lived, MIDNIGHT, MINUTE_MS, spec } from "./iot-meters-world.ts";

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
