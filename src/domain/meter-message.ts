import { measured, type Quantity, UNITS_EXPECTED } from "./meter-quantity.ts";
import { type DeviceTime, UNIX_EXPECTED, unixTime, WALL_EXPECTED, wallTime } from "./meter-time.ts";
import type { Reading, ReadingSource } from "./reading.ts";
import { connectedOf } from "./relay.ts";

/** A message that is not stored names the one field that is wrong, what it held, and what was expected. */
export type MessageFault = { field: string; value: string; expected: string };

/**
 * What a message came to. `dropped`: measured by a clock that was never set, so nobody can say when. A `rejected` one
 * still names its meter where that could be read.
 */
export type MeterMessage =
  | { kind: "reading"; reading: Reading; thing: string | null; firmware: string | null }
  | { kind: "dropped"; because: "clock"; meterNumber: string }
  | ({ kind: "rejected"; meterNumber: string | null } & MessageFault);

const ECHO_CHARS_MAX = 60;
const NAME_CHARS_MAX = 100;
const METER_NUMBER = /^[0-9A-Za-z][0-9A-Za-z-]{0,39}$/;
/** Side measures beyond this are noise of a sensor: Postgres keeps them in 32 bits. */
const SIDE_MEASURE_MAX = 2_147_483_647;

/** Each field as the bridge names it, as the device does, and as the table of stored messages does. */
const NAMES = {
  meter: ["meter_id", "meterId", "device_id"],
  time: ["timestamp", "Time", "sample_time"],
  unix: ["timestamp_unix"],
  energy: ["energy_active", "EnergyActive"],
  power: ["power_active", "PowerActive"],
  voltage: ["voltage", "Voltage"],
  current: ["current", "Current"],
  frequency: ["frequency", "Frequency"],
  relay: ["relay", "Relay"],
  thing: ["thing_name", "thingName"],
  firmware: ["firmware_version", "FirmwareVersion"],
} as const;

/**
 * One message of a meter: the bridge's body, the device's own with units inside the strings, or either as DynamoDB wraps
 * it. The billing register is read strictly; the counter that a reboot resets is never looked at. A register that no
 * meter shows (negative, a billion kWh) is still a reading: its account keeps it for a person. So is one from the future.
 * A side measure that holds no number is missing; one in a unit that is not known is refused, for the format has changed.
 */
export function readMeterMessage(
  message: unknown,
  from: { utcOffsetMinutes: number; source: ReadingSource },
): MeterMessage {
  if (typeof message !== "object" || message === null || Array.isArray(message))
    return rejected(null, { field: "", value: echo(message), expected: "an object with a meter's reading" });
  const fields = new Map<string, unknown>(Object.entries(message).map(([name, value]) => [name, unwrapped(value)]));
  const find = (names: readonly string[]): Field => {
    const name = names.find((each) => fields.has(each)) ?? names[0] ?? "";
    return { name, value: fields.get(name) };
  };

  const meter = find(NAMES.meter);
  const meterNumber = meterNumberOf(meter.value);
  if (meterNumber === null) return rejected(null, fault(meter, "a meter's number: digits, letters, hyphens"));
  const time = timeOf(find(NAMES.time), find(NAMES.unix), from.utcOffsetMinutes);
  if (typeof time.at === "object") return rejected(meterNumber, time.at);
  if (time.at === "clock") return { kind: "dropped", because: "clock", meterNumber };
  const energy = find(NAMES.energy);
  const register = isMeasure(energy.value) ? measured(energy.value, "energy") : null;
  if (!register?.ok) return rejected(meterNumber, fault(energy, UNITS_EXPECTED.energy));

  const sides = { power: find(NAMES.power), voltage: find(NAMES.voltage), current: find(NAMES.current) };
  const side = { ...sides, frequency: find(NAMES.frequency) };
  for (const [quantity, field] of Object.entries(side) as [Quantity, Field][])
    if (hasUnknownUnit(field, quantity)) return rejected(meterNumber, fault(field, UNITS_EXPECTED[quantity]));
  return {
    kind: "reading",
    reading: {
      meterNumber,
      readAt: time.at,
      registerWh: register.value,
      powerW: sideMeasure(side.power, "power"),
      voltageMv: sideMeasure(side.voltage, "voltage"),
      currentMa: sideMeasure(side.current, "current"),
      frequencyMhz: sideMeasure(side.frequency, "frequency"),
      connected: connectedOf(find(NAMES.relay).value),
      source: from.source,
    },
    thing: nameOf(find(NAMES.thing).value),
    firmware: nameOf(find(NAMES.firmware).value),
  };
}

type Field = { name: string; value: unknown };

/** On the wire with leading zeros, in the registry without. */
function meterNumberOf(value: unknown): string | null {
  if (typeof value !== "string" && !(typeof value === "number" && Number.isSafeInteger(value))) return null;
  const number = String(value).trim().replace(/^0+/, "");
  return METER_NUMBER.test(number) ? number : null;
}

function timeOf(wall: Field, unix: Field, utcOffsetMinutes: number): { at: number | "clock" | MessageFault } {
  const isUnix = wall.value === undefined && unix.value !== undefined;
  const field = isUnix ? unix : wall;
  const text = isMeasure(field.value) ? String(field.value).trim() : "";
  const at: DeviceTime = isUnix ? unixTime(text) : wallTime(text, utcOffsetMinutes);
  return { at: at === "impossible" ? fault(field, isUnix ? UNIX_EXPECTED : WALL_EXPECTED) : at };
}

function hasUnknownUnit({ value }: Field, quantity: Quantity): boolean {
  const read = isMeasure(value) ? measured(value, quantity) : null;
  return read !== null && !read.ok && read.because === "unknown_unit";
}

function sideMeasure({ value }: Field, quantity: Quantity): number | null {
  const read = isMeasure(value) ? measured(value, quantity) : null;
  return read?.ok && Math.abs(read.value) <= SIDE_MEASURE_MAX ? read.value : null;
}

const isMeasure = (value: unknown): value is string | number => typeof value === "string" || typeof value === "number";

const nameOf = (value: unknown) =>
  typeof value === "string" && value.trim() !== "" && value.length <= NAME_CHARS_MAX ? value.trim() : null;

/** {"S": "3.01 kWh"} and {"N": "3"}, as DynamoDB writes values, are what they hold. */
function unwrapped(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const [[type, held] = [], ...others] = Object.entries(value);
  return others.length === 0 && (type === "S" || type === "N" || type === "BOOL") ? held : value;
}

const fault = ({ name, value }: Field, expected: string): MessageFault => ({
  field: name,
  value: echo(value),
  expected,
});

const rejected = (meterNumber: string | null, because: MessageFault): MeterMessage => ({
  kind: "rejected",
  meterNumber,
  ...because,
});

function echo(value: unknown): string {
  if (value === undefined) return "missing";
  // Never written out: one that is nested a million deep would not come back.
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "a list" : "an object";
  return String(value).slice(0, ECHO_CHARS_MAX).toWellFormed();
}
