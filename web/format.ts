import { RATE_SCALE } from "../src/domain/energy.ts";

/** The only place where a watt-hour becomes "1.2 kWh" and a minor unit becomes money. */

/** Below one kWh in watt-hours: a quarter of an hour of light is 21 Wh, not 0.0 kWh. */
export function energy(energyWh: number | null): string {
  if (energyWh === null) return "–";
  const size = Math.abs(energyWh);
  const sign = energyWh < 0 ? "−" : "";
  if (size < 1_000) return `${sign}${size} Wh`;
  const tenths = Math.round(size / 100);
  return `${sign}${grouped(String(Math.floor(tenths / 10)))}.${tenths % 10} kWh`;
}

const grouped = (digits: string) => digits.replace(/\B(?=(\d{3})+$)/g, "\u202f");

export function money(amountMinor: number | null, currency: string, minorDigits: 0 | 2): string {
  if (amountMinor === null) return "–";
  const sign = amountMinor < 0 ? "−" : "";
  const digits = String(Math.abs(amountMinor)).padStart(minorDigits + 1, "0");
  const whole = grouped(digits.slice(0, digits.length - minorDigits));
  const part = minorDigits === 0 ? "" : `.${digits.slice(-minorDigits)}`;
  return `${sign}${whole}${part} ${currency}`;
}

/** The local day, minute and no more, as "2026-11-03 14:00". */
export const instant = (at: number, utcOffsetMinutes: number) =>
  new Date(at + utcOffsetMinutes * 60_000).toISOString().slice(0, 16).replace("T", " ");

/** The local day, as "2026-11-03". */
export const day = (at: number, utcOffsetMinutes: number) => instant(at, utcOffsetMinutes).slice(0, 10);

/** Zero hides nothing, but it should not shout either. */
export const count = (value: number) => new Intl.NumberFormat("en").format(value);

/** A rate in ten-thousandths of a unit per kWh: the currency's decimals, and up to four where they say something. */
export function rate(rateE4PerKwh: number | null, currency: string, minorDigits: 0 | 2): string {
  if (rateE4PerKwh === null) return "–";
  const decimals = String(rateE4PerKwh % RATE_SCALE)
    .padStart(4, "0")
    .replace(/0+$/, "")
    .padEnd(minorDigits, "0");
  return `${Math.floor(rateE4PerKwh / RATE_SCALE)}${decimals === "" ? "" : `.${decimals}`} ${currency}`;
}
