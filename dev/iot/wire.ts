import type { Sample } from "./meter.ts";

/** What a meter publishes: strings with their units inside. */
export type RawReading = {
  meterId: string;
  Time: string;
  EnergyActive: string;
  EnergyIntegrated: string;
  PowerActive: string;
  PowerReactive: string;
  Voltage: string;
  Current: string;
  Frequency: string;
  Relay: "0" | "1";
  MeterConstant: string;
  FirmwareVersion: string;
  thingName: string;
};

/** How one message spells what it says. */
export type Spelling = { id: "padded" | "short"; decimals: "." | ","; units: boolean };
export const USUAL: Spelling = { id: "padded", decimals: ".", units: true };

const METER_DIGITS = 12;
const FIRMWARE_VERSION = "1.4.2";

export const readingTopic = (thing: string) => `oneMeter/${thing}/reading`;
export const relayTopic = (thing: string) => `oneMeter/${thing}/cmd/relay`;
export const ackTopic = (thing: string) => `oneMeter/${thing}/cmd/relay/ack`;
/** The thing whose topic this is, or null. */
export const thingOf = (topic: string, wanted: (thing: string) => string): string | null => {
  const thing = topic.split("/")[1] ?? "";
  return thing !== "" && topic === wanted(thing) ? thing : null;
};

/** YYYYMMDDHHMM of a wall clock; whatever its zone, it does not say. */
export function stamp(at: number, utcOffsetMinutes: number): string {
  return new Date(at + utcOffsetMinutes * 60_000).toISOString().slice(0, 16).replaceAll(/[-T:]/g, "");
}

/** A sample as the meter writes it. `clock` is what its own clock shows, UTC ms: a broken one shows something else. */
export function rawReading(
  { thing, meterNumber, utcOffsetMinutes }: { thing: string; meterNumber: string; utcOffsetMinutes: number },
  sample: Sample,
  clock: number,
  { id, decimals, units }: Spelling = USUAL,
): RawReading {
  const write = (text: string, unit: string) => `${text.replace(".", decimals)}${units ? ` ${unit}` : ""}`;
  return {
    meterId: id === "padded" ? meterNumber.padStart(METER_DIGITS, "0") : meterNumber,
    Time: stamp(clock, utcOffsetMinutes),
    EnergyActive: write(decimal(sample.registerWh, 3, 2), "kWh"),
    EnergyIntegrated: write(decimal(sample.integratedMwh, 6, 6), "kWh"),
    PowerActive: write(decimal(sample.powerMw, 3, 1), "W"),
    PowerReactive: write(decimal(sample.reactiveMvar, 3, 1), "VAR"),
    Voltage: write(decimal(sample.voltageMv, 3, 1), "V"),
    Current: write(decimal(sample.currentMa, 3, 2), "A"),
    Frequency: write(decimal(sample.frequencyMhz, 3, 1), "Hz"),
    Relay: sample.connected ? "1" : "0",
    MeterConstant: "1200",
    FirmwareVersion: FIRMWARE_VERSION,
    thingName: thing,
  };
}

/** A whole number of 10^-scale as text with so many decimals; what does not fit is cut off, as a display does. */
export function decimal(value: number, scale: number, decimals: number): string {
  const digits = String(Math.abs(value)).padStart(scale + 1, "0");
  const whole = digits.slice(0, -scale);
  const fraction = digits.slice(-scale).slice(0, decimals);
  return `${value < 0 ? "-" : ""}${whole}${decimals === 0 ? "" : `.${fraction}`}`;
}
