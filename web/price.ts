import { facts } from "./country.ts";
import { rate } from "./format.ts";

/** What a kWh costs, with its currency: as many decimals as that has, up to four where they say something. */
export const price = (rateE4PerKwh: number | null): string =>
  rate(rateE4PerKwh, facts.value?.currency ?? "", facts.value?.minorDigits ?? 2);
