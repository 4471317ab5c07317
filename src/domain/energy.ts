import { divideHalfEven } from "./money.ts";

/** A rate is counted in ten-thousandths of a currency unit per kWh. */
export const RATE_SCALE = 10_000;

const WH_PER_KWH = 1_000n;
const WH_PER_TENTH_OF_KWH = 100n;

/**
 * Whole watt-hours that an amount buys, rounded once, half to even. Throws when the rate is not a positive whole number:
 * an unset tariff is decided on before money is turned into energy.
 */
export function energyForMoney(amountMinor: number, minorDigits: 0 | 2, rateE4PerKwh: number): number {
  if (!Number.isSafeInteger(amountMinor)) throw new RangeError("amount must be whole minor units");
  if (!Number.isSafeInteger(rateE4PerKwh) || rateE4PerKwh <= 0) throw new RangeError("rate must be positive and whole");
  const numerator = BigInt(amountMinor) * BigInt(RATE_SCALE) * WH_PER_KWH;
  const energyWh = Number(divideHalfEven(numerator, 10n ** BigInt(minorDigits) * BigInt(rateE4PerKwh)));
  if (!Number.isSafeInteger(energyWh)) throw new RangeError("energy is beyond whole watt-hours");
  return energyWh;
}

/** Kilowatt-hours with one decimal and no unit ("4.0"), half to even; for messages to people, never for sums. */
export function formatKwh(energyWh: number): string {
  const tenths = divideHalfEven(BigInt(energyWh), WH_PER_TENTH_OF_KWH);
  const size = tenths < 0n ? -tenths : tenths;
  return `${tenths < 0n ? "-" : ""}${size / 10n}.${size % 10n}`;
}
