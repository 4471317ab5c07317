import { type Currency, minorDigitsOf } from "./country.ts";
import { energyForMoney } from "./energy.ts";
import { energyValueMinor } from "./value.ts";

/** What a balance was wrong about. There is no "to agree with the platform": a difference is explained, never filled. */
export const CORRECTION_CODES = [
  "payment_missing",
  "payment_twice",
  "wrong_account",
  "wrong_tariff",
  "meter_fault",
  "reading_wrong",
  "legacy_error",
  "goodwill",
] as const;
export type CorrectionCode = (typeof CORRECTION_CODES)[number];

/** One of the two, by a person with a document; below zero takes away. */
export type Corrected = { energyWh: number; amountMinor: null } | { energyWh: null; amountMinor: number };

export const CORRECTION_ENERGY_WH_MAX = 100_000_000;
export const CORRECTION_MINOR_MAX = 1_000_000_000;

/** What a correction is worth, whichever way it goes; null: the account has no tariff, and nobody can say. */
export function worthMinor(corrected: Corrected, currency: Currency, rateE4PerKwh: number | null): number | null {
  if (corrected.amountMinor !== null) return Math.abs(corrected.amountMinor);
  return rateE4PerKwh === null
    ? null
    : Math.abs(energyValueMinor(corrected.energyWh, rateE4PerKwh, minorDigitsOf(currency)));
}

export const correctionKeyOf = (id: string) => `correction:${id}`;
export const isCorrectionKey = (entryKey: string) => entryKey.startsWith(correctionKeyOf(""));

/** What is posted, and what the vendor's wallet gets. Null: money, and the account has no tariff to turn it into energy. */
export function correctionOf(
  corrected: Corrected,
  currency: Currency,
  rateE4PerKwh: number | null,
): { energyWh: number; amountMinor: number; walletMinor: number } | null {
  const digits = minorDigitsOf(currency);
  if (corrected.amountMinor === null) {
    const { energyWh } = corrected;
    const walletMinor = rateE4PerKwh === null ? 0 : energyValueMinor(energyWh, rateE4PerKwh, digits);
    return { energyWh, amountMinor: 0, walletMinor };
  }
  if (rateE4PerKwh === null) return null;
  const { amountMinor } = corrected;
  const size = energyForMoney(Math.abs(amountMinor), digits, rateE4PerKwh);
  return { energyWh: amountMinor < 0 ? -size : size, amountMinor, walletMinor: amountMinor };
}
