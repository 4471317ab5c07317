import type { Country } from "../country.ts";
import { RATE_SCALE } from "../energy.ts";
import { numberOf, type OldRow, textOf, wallOf } from "./cells.ts";
import { wholeUnits } from "./decimal.ts";
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
