import type { Country } from "../country.ts";
import type { LegacyKind, LegacyRow } from "../legacy.ts";
import { instantOfWall } from "./wall-time.ts";

const WH_DECIMALS = 3;

/** What a row of the old books says, whichever table it stood in. */
export type OldBooksRow = {
  table: string;
  id: number;
  kind: LegacyKind;
  account: string | null;
  amountMinor: number | null;
  energyWh: number | null;
  /** Null: it has no date that can be believed. */
  wallMs: number | null;
  receipt?: string | null;
  payerPhone?: string | null;
};

/** A transaction as a row of a file of the old books, which the move-in of such files reads. */
export function legacyRowOf(row: OldBooksRow, country: Country): LegacyRow & Record<string, string | null> {
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
    paid_at: row.wallMs === null ? null : new Date(instantOfWall(row.wallMs, country)).toISOString(),
    ...(row.receipt == null ? {} : { receipt: row.receipt }),
    ...(row.payerPhone == null ? {} : { payer_phone: row.payerPhone }),
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
