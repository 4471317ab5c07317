import type { Country } from "../country.ts";
import type { LegacyRow } from "../legacy.ts";
import type { OldTransaction } from "./transactions.ts";
import { instantOfWall } from "./wall-time.ts";

const WH_DECIMALS = 3;

/** A transaction as a row of a file of the old books, which the move-in of such files reads. */
export function legacyRowOf(row: OldTransaction, country: Country): LegacyRow & Record<string, string | null> {
  const kwh = decimalText(row.energyWh, WH_DECIMALS);
  const isConsumption = row.kind === "consumption";
  return {
    source: row.table,
    id: String(row.id),
    kind: row.kind,
    account: row.account,
    // There, too, energy that was used stands in the column of money.
    amount: isConsumption ? kwh : decimalText(row.amountMinor, country.minorDigits),
    kwh: isConsumption ? null : kwh,
    paid_at: new Date(instantOfWall(row.wallMs, country)).toISOString(),
  };
}

/** -250 with three decimals is "-0.250". */
function decimalText(units: number | null, decimals: number): string | null {
  if (units === null) return null;
  const digits = String(Math.abs(units)).padStart(decimals + 1, "0");
  const split = digits.length - decimals;
  const text = decimals === 0 ? digits : `${digits.slice(0, split)}.${digits.slice(split)}`;
  return units < 0 ? `-${text}` : text;
}
