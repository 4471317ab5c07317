import type { Country } from "../country.ts";
import { wholeUnits } from "../decimal.ts";
import { RATE_SCALE } from "../energy.ts";
import { numberOf, type OldRow, textOf, wallOf } from "./cells.ts";
import { instantOfWall } from "./wall-time.ts";

export const SETTINGS_TABLE = "tblconfig";
const RATE_DECIMALS = Math.log10(RATE_SCALE);
const WH_DECIMALS = 3;

export type OldSettings = {
  /** Ten-thousandths of a currency unit per kWh. */
  rateE4PerKwh: number | null;
  /** UTC ms. */
  rateFrom: number | null;
  currency: string | null;
  lowBalanceWh: number | null;
  company: string | null;
};

/** The old database's settings: its last row, where it has more than one; null where it has none. */
export function readSettings(rows: readonly OldRow[], country: Country): OldSettings | null {
  const row = rows.at(-1);
  if (row === undefined) return null;
  const [rate, low, rateWall] = [numberOf(row, "therate"), numberOf(row, "low balance kwh"), wallOf(row, "rate date")];
  return {
    rateE4PerKwh: rate === null ? null : wholeUnits(rate, RATE_DECIMALS),
    rateFrom: rateWall === null ? null : instantOfWall(rateWall, country),
    currency: textOf(row, "currency"),
    lowBalanceWh: low === null ? null : wholeUnits(low, WH_DECIMALS),
    company: textOf(row, "company name"),
  };
}

/** A file that names no currency is taken to be in the country's. */
export const isOurMoney = ({ currency }: OldSettings, country: Country): boolean =>
  currency === null || currency.trim().toUpperCase() === country.currency;

/** The rate as it can be set: null where there is none, no day to it, or where it is in other money. */
export function rateOf(settings: OldSettings | null, country: Country): { rateE4PerKwh: number; from: number } | null {
  if (settings === null || !isOurMoney(settings, country)) return null;
  const { rateE4PerKwh, rateFrom } = settings;
  return rateE4PerKwh === null || rateE4PerKwh <= 0 || rateFrom === null ? null : { rateE4PerKwh, from: rateFrom };
}
