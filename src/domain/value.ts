import { divideHalfEven } from "./money.ts";

/** What energy is worth at a rate, in minor units, rounded once, half to even. For showing only: no posting is made from it. */
export function energyValueMinor(energyWh: number, rateE4PerKwh: number, minorDigits: 0 | 2): number {
  const scaled = BigInt(energyWh) * BigInt(rateE4PerKwh) * 10n ** BigInt(minorDigits);
  return Number(divideHalfEven(scaled, 10_000_000n));
}
