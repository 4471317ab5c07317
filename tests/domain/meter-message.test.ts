import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { COUNTRIES } from "../../src/domain/country.ts";
import { type MeterMessage, readMeterMessage } from "../../src/domain/meter-message.ts";

const LESOTHO = { utcOffsetMinutes: COUNTRIES.LS.utcOffsetMinutes, source: "iot" } as const;
/** 17:45 in Lesotho. */
const READ_AT = Date.UTC(2026, 1, 16, 15, 45);

const BRIDGE = {
  meter_id: "000023099001",
  thing_name: "MAK-GW-0007",
  timestamp: "202602161745",
  energy_active: 3.01,
  energy_integrated: 3.014512,
  power_active: 84.0,
  voltage: 230.1,
  current: 0.37,
  relay: "1",
  frequency: 50.0,
  firmware_version: "1.4.2",
};

const DEVICE = {
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
};

const read = (message: unknown, over: Partial<{ utcOffsetMinutes: number }> = {}) =>
  readMeterMessage(message, { ...LESOTHO, ...over });

const readingOf = (message: MeterMessage) => {
  if (message.kind !== "reading") throw new Error(`no reading: ${JSON.stringify(message)}`);
  return message.reading;
};
const registerOf = (energy: unknown) => readingOf(read({ ...BRIDGE, energy_active: energy })).registerWh;
const readAtOf = (timestamp: unknown) => readingOf(read({ ...BRIDGE, timestamp })).readAt;

const READING = {
  meterNumber: "23099001",
  readAt: READ_AT,
  registerWh: 3_010,
  powerW: 84,
  voltageMv: 230_100,
  currentMa: 370,
  frequencyMhz: 50_000,
  connected: true,
  source: "iot",
};

describe("readMeterMessage", () => {
  it("reads the bridge's body", () => {
    expect(read(BRIDGE)).toEqual({ kind: "reading", reading: READING, thing: "MAK-GW-0007", firmware: "1.4.2" });
  });

  it("reads the device's own message, with units inside the strings", () => {
    expect(read(DEVICE)).toEqual({ kind: "reading", reading: READING, thing: "OneMeter99", firmware: "1.4.2" });
  });

  it("reads a stored message as DynamoDB wraps it", () => {
    const { meterId, Time, ...rest } = DEVICE;
    const item = { device_id: meterId, sample_time: Time, ...rest };
    const wrapped = Object.fromEntries(Object.entries(item).map(([name, value]) => [name, { S: value }]));
    expect(readingOf(read(wrapped))).toEqual(READING);
    const numbers = { ...wrapped, EnergyActive: { N: "3.01" }, Relay: { BOOL: true }, Voltage: { N: "230.1" } };
    expect(readingOf(read(numbers))).toEqual(READING);
  });

  it.each([
    ["3.01 kWh", 3_010],
    ["3,01 kWh", 3_010],
    ["3.01kWh", 3_010],
    ["3.01 KWH", 3_010],
    ["3.01", 3_010],
    [" 3.01 kWh ", 3_010],
    ["3010 Wh", 3_010],
    ["0003.010", 3_010],
    [3.01, 3_010],
    [3, 3_000],
    [0, 0],
    [-0, 0],
    ["-0.5", -500],
    [1e9, 1_000_000_000_000],
    [8_388.61, 8_388_610],
    [4.35, 4_350],
    [1e-7, 0],
    ["0.0005", 0],
    ["0.0015", 2],
    ["0.0025", 2],
    ["0.00250001", 3],
    ["-0.0015", -2],
  ])("takes an energy of %j as %d Wh", (energy, registerWh) => {
    expect(registerOf(energy)).toBe(registerWh);
  });

  it("turns every register of whole watt-hours into just that, as a number, as text and with a comma", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999_999 }), (registerWh) => {
        const kwh = `${Math.floor(registerWh / 1_000)}.${String(registerWh % 1_000).padStart(3, "0")}`;
        expect(registerOf(JSON.parse(kwh.replace(/^0+(?=\d)/, "")))).toBe(registerWh);
        expect(registerOf(`${kwh} kWh`)).toBe(registerWh);
        expect(registerOf(kwh.replace(".", ","))).toBe(registerWh);
        expect(registerOf(`${registerWh} Wh`)).toBe(registerWh);
      }),
    );
  });

  it.each([
    "",
    " ",
    "kWh",
    "NaN",
    "3.01 MWh",
    "3.01 kVAh",
    "3.01 W",
    "1,234.56 kWh",
    "1 234 kWh",
    "3.0.1",
    "0x10",
    "١٢",
    ".",
    "3.",
    "--3",
    "1e999",
    "9".repeat(61),
    1e22,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    null,
    undefined,
    true,
    [[]],
    [["3"]],
    {},
    { S: null },
    { L: [] },
  ])("refuses an energy of %j by name", (energy) => {
    expect(read({ ...BRIDGE, energy_active: energy })).toMatchObject({
      kind: "rejected",
      meterNumber: "23099001",
      field: "energy_active",
      expected: "a number in kWh or Wh",
    });
  });

  it("never looks at the counter that a reboot resets", () => {
    const { energy_active: _, ...without } = BRIDGE;
    expect(read(without)).toMatchObject({ kind: "rejected", field: "energy_active", value: "missing" });
    expect(registerOf(2)).toBe(2_000);
  });

  it.each([
    [{ power_active: "0.084 kW" }, { powerW: 84 }],
    [{ power_active: "84,4 W" }, { powerW: 84 }],
    [{ power_active: 84.5 }, { powerW: 84 }],
    [{ power_active: 85.5 }, { powerW: 86 }],
    [{ power_active: "-12.0" }, { powerW: -12 }],
    [{ voltage: "230,1 V" }, { voltageMv: 230_100 }],
    [{ current: "370 mA" }, { currentMa: 370 }],
    [{ frequency: "49,98 Hz" }, { frequencyMhz: 49_980 }],
    [
      { voltage: null, current: undefined, frequency: "" },
      { voltageMv: null, currentMa: null, frequencyMhz: null },
    ],
    [
      { voltage: "NaN V", power_active: "--" },
      { voltageMv: null, powerW: null },
    ],
    [{ power_active: 1e12 }, { powerW: null }],
    [{ voltage: { S: "230.1 V" } }, { voltageMv: 230_100 }],
  ])("takes side measures of %j as %j", (over, wanted) => {
    expect(readingOf(read({ ...BRIDGE, ...over }))).toMatchObject(wanted);
  });

  it.each([
    ["power_active", "84 VA"],
    ["voltage", "230 W"],
    ["current", "0.37 uA"],
    ["frequency", "50 rpm"],
  ])("refuses a %s of %j: its unit is not known", (field, value) => {
    expect(read({ ...BRIDGE, [field]: value })).toMatchObject({ kind: "rejected", field, value });
  });

  it.each([
    ["1", true],
    [1, true],
    [true, true],
    [{ N: "1" }, true],
    ["0", false],
    [0, false],
    [false, false],
    ["", null],
    ["on", null],
    [2, null],
    [null, null],
    [undefined, null],
  ])("takes a relay of %j as connected: %j", (relay, connected) => {
    expect(readingOf(read({ ...BRIDGE, relay })).connected).toBe(connected);
  });

  it.each([
    ["000023099001", "23099001"],
    ["23099001", "23099001"],
    [23_099_001, "23099001"],
    [" 000023099001 ", "23099001"],
    ["00AB-12", "AB-12"],
  ])("takes a meter id of %j as %s", (meter_id, meterNumber) => {
    expect(readingOf(read({ ...BRIDGE, meter_id })).meterNumber).toBe(meterNumber);
  });

  it.each(["", "0", "000000000000", "23 099", "x".repeat(41), "a\u0000b", -5, 2.5, 1e300, null, undefined, {}, [[]]])(
    "refuses a meter id of %j",
    (meter_id) => {
      expect(read({ ...BRIDGE, meter_id })).toMatchObject({ kind: "rejected", meterNumber: null, field: "meter_id" });
    },
  );

  it.each([
    ["202602161745", READ_AT],
    ["20260216174530", READ_AT + 30_000],
    [202_602_161_745, READ_AT],
    ["2026-02-16T17:45:00+02:00", READ_AT],
    ["2026-02-16T15:45:00Z", READ_AT],
    ["2026-02-16 10:45-0500", READ_AT],
    ["2026-02-16T15:45:09.999Z", READ_AT + 9_000],
    ["202601010000", Date.UTC(2025, 11, 31, 22)],
    ["202402290000", Date.UTC(2024, 1, 28, 22)],
    ["209912312359", Date.UTC(2099, 11, 31, 21, 59)],
  ])("takes a time of %j as its instant", (timestamp, readAt) => {
    expect(readAtOf(timestamp)).toBe(readAt);
  });

  it("goes by the clock of the country, once", () => {
    expect(readingOf(read(BRIDGE, { utcOffsetMinutes: 60 })).readAt).toBe(READ_AT + 3_600_000);
  });

  it("takes unix seconds only from the field that says so", () => {
    const { timestamp: _, ...without } = BRIDGE;
    const seconds = READ_AT / 1_000;
    expect(readingOf(read({ ...without, timestamp_unix: seconds })).readAt).toBe(READ_AT);
    expect(readingOf(read({ ...without, timestamp_unix: { N: String(seconds) } })).readAt).toBe(READ_AT);
    expect(read({ ...BRIDGE, timestamp: seconds })).toMatchObject({ kind: "rejected", field: "timestamp" });
    for (const bad of [READ_AT, -1, 1.5, "soon", null])
      expect(read({ ...without, timestamp_unix: bad })).toMatchObject({ kind: "rejected", field: "timestamp_unix" });
    expect(read({ ...without, timestamp_unix: 0 })).toMatchObject({ kind: "dropped" });
  });

  it.each([
    "202613011200",
    "202602311200",
    "202502290000",
    "202602162400",
    "202602161760",
    "20260216174560",
    "202600161745",
    "202602001745",
    "2026-02-16T17:45:00",
    "2026-02-30T17:45:00Z",
    "2026-02-16T17:45:00+15:00",
    "16/02/2026 17:45",
    "2026021617",
    "202602161745Z",
    "",
    "soon",
    null,
    undefined,
    true,
    {},
  ])("refuses a time of %j by name", (timestamp) => {
    expect(read({ ...BRIDGE, timestamp })).toMatchObject({
      kind: "rejected",
      meterNumber: "23099001",
      field: "timestamp",
    });
  });

  it.each(["197001010000", "200001010000", "201912312359", "000000000000", "1970-01-01T00:00:00Z"])(
    "drops what a clock that was never set dates %s",
    (timestamp) => {
      expect(read({ ...BRIDGE, timestamp })).toEqual({ kind: "dropped", because: "clock", meterNumber: "23099001" });
    },
  );

  it("names fields as the sender does", () => {
    expect(read({ ...DEVICE, Time: "x" })).toMatchObject({ field: "Time", value: "x" });
    expect(read({ ...DEVICE, EnergyActive: "3 MWh" })).toMatchObject({ field: "EnergyActive", value: "3 MWh" });
    expect(read({ device_id: { S: "!" } })).toMatchObject({ field: "device_id", value: "!" });
  });

  it.each([null, undefined, 5, "text", true, [[]], [[BRIDGE]]])("refuses %j, which is no message", (message) => {
    expect(read(message)).toMatchObject({ kind: "rejected", meterNumber: null, field: "" });
  });

  it("keeps what it says about a wrong field short and storable", () => {
    const said = read({ ...BRIDGE, timestamp: `\ud800${"x".repeat(500)}` });
    expect(said.kind === "rejected" && [said.value.length, said.value.isWellFormed()]).toEqual([60, true]);
  });

  it("never throws, whatever JSON comes", () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(...Object.keys(BRIDGE), ...Object.keys(DEVICE)), (json, field) => {
        const value: unknown = JSON.parse(json);
        expect(["reading", "dropped", "rejected"]).toContain(read(value).kind);
        expect(["reading", "dropped", "rejected"]).toContain(read({ ...BRIDGE, [field]: value }).kind);
        expect(["reading", "dropped", "rejected"]).toContain(read({ ...DEVICE, [field]: value }).kind);
      }),
    );
  });
});
