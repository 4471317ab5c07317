import { wholeUnits } from "./decimal.ts";
import type { Reading } from "./reading.ts";
import { vendorInstant } from "./vendor-time.ts";

const HOUR_MS = 3_600_000;
const WH_DECIMALS = 3;

/** An hour of a meter as SteamaCo writes it: numbers or texts. */
export type SteamaRow = {
  timestamp: string;
  /** The register, kWh, at the hour's end. */
  reading?: string | number | null | undefined;
  /** What the hour used; below zero where the register began anew. */
  usage_amount?: string | number | null | undefined;
};

/** References differ in leading zeros from place to place: as a number they are one. Null: it is none. */
export const steamaMeter = (reference: string): string | null =>
  /^0*([1-9]\d{0,19})$/.exec(reference.trim())?.[1] ?? null;

/**
 * The register at the end of an hour, as a reading of its meter. The register counts and not the hour's use: an hour that
 * comes twice, late or not at all changes no sum. Null: it cannot be read.
 */
export function steamaReading(meterNumber: string, row: SteamaRow): Reading | null {
  const at = vendorInstant(row.timestamp);
  const registerWh = row.reading === null || row.reading === undefined ? null : wholeUnits(row.reading, WH_DECIMALS);
  if (at === null || registerWh === null || registerWh < 0) return null;
  return {
    meterNumber,
    readAt: at + HOUR_MS,
    registerWh,
    powerW: null,
    voltageMv: null,
    currentMa: null,
    frequencyMhz: null,
    connected: null,
    source: "steama",
  };
}
