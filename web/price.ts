import { RATE_SCALE } from "../src/domain/energy.ts";
import { facts } from "./country.ts";

/** What a kWh costs, with its currency: as many decimals as that has, up to four where they say something. */
export function price(rateE4PerKwh: number | null): string {
  if (rateE4PerKwh === null) return "–";
  const { currency = "", minorDigits = 2 } = facts.value ?? {};
  const decimals = String(rateE4PerKwh % RATE_SCALE)
    .padStart(4, "0")
    .replace(/0+$/, "")
    .padEnd(minorDigits, "0");
  return `${Math.floor(rateE4PerKwh / RATE_SCALE)}${decimals === "" ? "" : `.${decimals}`} ${currency}`;
}
