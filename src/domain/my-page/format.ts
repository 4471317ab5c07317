import type { Country, Language, MoneyOf } from "../country.ts";
import { RATE_SCALE } from "../energy.ts";
import { divideHalfEven, formatMoney } from "../money.ts";
import { filled, type MyWords, monthsOf } from "./words.ts";

const MINUTE_MS = 60_000;
const WH_PER_KWH = 1_000n;

/** A balance as a meter's window shows it: two decimals below 10 kWh, one above. */
export function meterDigits(energyWh: number): string {
  const fine = Math.abs(energyWh) < 9_995;
  const scaled = divideHalfEven(BigInt(energyWh), fine ? 10n : 100n);
  const digits = String(scaled < 0n ? -scaled : scaled).padStart(fine ? 3 : 2, "0");
  const split = digits.length - (fine ? 2 : 1);
  return `${scaled < 0n ? "-" : ""}${digits.slice(0, split)}.${digits.slice(split)}`;
}

/** The same for reading: with a comma where the language has one. */
export const readKwh = (energyWh: number, language: Language): string =>
  language === "fr" ? meterDigits(energyWh).replace(".", ",") : meterDigits(energyWh);

/** What energy is worth at a rate, in minor units, half to even; null: no rate is set. Shown, and in no sum. */
export function worthMinor(energyWh: number, rateE4PerKwh: number | null, minorDigits: 0 | 2): number | null {
  if (rateE4PerKwh === null) return null;
  const numerator = BigInt(energyWh) * BigInt(rateE4PerKwh) * 10n ** BigInt(minorDigits);
  return Number(divideHalfEven(numerator, WH_PER_KWH * BigInt(RATE_SCALE)));
}

/** A price: "M5.00". */
export const readRate = (rateE4PerKwh: number, country: MoneyOf): string =>
  formatMoney(
    Number(divideHalfEven(BigInt(rateE4PerKwh) * 10n ** BigInt(country.minorDigits), BigInt(RATE_SCALE))),
    country,
  );

/** How long a supply lasts: minutes below two hours, hours below two days, then days and hours. */
export function readSpan(minutes: number, words: MyWords): string {
  const hours = Math.floor(minutes / 60);
  if (hours < 2) return filled(words.time_minutes, { n: Math.max(0, Math.floor(minutes)) });
  if (hours < 48) return filled(words.time_hours, { n: hours });
  return filled(words.time_days, { n: Math.floor(hours / 24), hours: hours % 24 });
}

/** A local instant: "28 Nov 14:05"; with its year when it is not the year of `now`. */
export function readInstant(at: number, now: number, utcOffsetMinutes: number, language: Language): string {
  const iso = (instant: number) => new Date(instant + utcOffsetMinutes * MINUTE_MS).toISOString();
  const [then, present] = [iso(at), iso(now)];
  const month = monthsOf(language)[Number(then.slice(5, 7)) - 1] ?? then.slice(5, 7);
  const year = then.slice(0, 4) === present.slice(0, 4) ? "" : ` ${then.slice(0, 4)}`;
  return `${Number(then.slice(8, 10))} ${month}${year} ${then.slice(11, 16)}`;
}

/** How the lamp of the meter stands. */
export type Lamp = "ok" | "low" | "none";
export const lampOf = (energyWh: number, { lowBalance }: Pick<Country, "lowBalance">): Lamp =>
  energyWh <= 0 ? "none" : energyWh <= lowBalance.warnWh ? "low" : "ok";
