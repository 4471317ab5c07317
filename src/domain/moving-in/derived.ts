import type { Country } from "../country.ts";
import { wholeUnits } from "../decimal.ts";
import { idOf, numberOf, type OldRow, textOf, wallOf } from "./cells.ts";
import { oldAccount, oldMeter } from "./names.ts";
import type { NotTaken, NotTakenReason } from "./not-taken.ts";
import { SeenRows } from "./seen-rows.ts";
import { instantOfWall, wallText, whyNotBelieved } from "./wall-time.ts";

export const DERIVED_TABLES = ["tblmonthlyconsumption", "tblmonthlytransactions", "tblhourlyconsumption"] as const;
export type DerivedTable = (typeof DERIVED_TABLES)[number];

/** Totals of the old books have ten-thousandths of a kilowatt-hour; sums are made of these, and rounded never. */
const KWH_DECIMALS = 4;
const WH_DECIMALS = 3;
const MONTH = /^(\d{4})-(\d{2})$/;

/** A total that the old system had made of its rows. Kept to compare with, never the source of a balance. */
export type DerivedRow = {
  table: DerivedTable;
  /** Its number there. */
  row: number;
  /** Null where the meter had no account when the total was made: the old books then have the meter's id in its place. */
  account: string | null;
  meter: string | null;
  /** UTC ms of the hour's begin; of a month, of its first local midnight. */
  from: number;
  source: string;
  energyWh: number | null;
  amountMinor: number | null;
  transactions: number | null;
};

export type DerivedSums = { rows: number; kwhE4: number; amountMinor: number };
export type DerivedCounts = {
  rows: number;
  distinct: number;
  duplicates: number;
  accountIsMeter: number;
  bySource: Record<string, DerivedSums>;
};

/** One derived table, row by row. */
export class DerivedMove {
  readonly notTaken: NotTaken[] = [];
  readonly #seen = new SeenRows();
  readonly #bySource = new Map<string, DerivedSums>();
  #rows = 0;
  #duplicates = 0;
  #accountIsMeter = 0;
  readonly table: DerivedTable;
  readonly #untilWall: number;
  readonly #country: Country;

  constructor(table: DerivedTable, untilWall: number, country: Country) {
    this.table = table;
    this.#untilWall = untilWall;
    this.#country = country;
  }

  read(row: OldRow): DerivedRow | null {
    this.#rows++;
    const id = idOf(row, "id");
    const [account, meter] = [oldAccount(textOf(row, "accountnumber")), oldMeter(textOf(row, "meterid"))];
    const fromWall = this.#fromWall(row);
    const said = { account, meter, from: fromWall === null ? textOf(row, "yearmonth") : wallText(fromWall) };
    const leaveOut = (reason: NotTakenReason): null => {
      this.notTaken.push({ table: this.table, row: id === null ? "" : String(id), reason, said });
      return null;
    };
    if (id === null) return leaveOut("id_missing");
    const doubt = whyNotBelieved(fromWall, this.#untilWall);
    if (doubt !== null || fromWall === null) return leaveOut(doubt ?? "date_missing");
    const kwh = numberOf(row, this.table === "tblmonthlytransactions" ? "kwh_vended" : "kwh");
    const amount = numberOf(row, "amount_lsl");
    const kwhE4 = kwh === null ? null : wholeUnits(kwh, KWH_DECIMALS);
    const amountMinor = amount === null ? null : wholeUnits(amount, this.#country.minorDigits);
    if ((kwh !== null && kwhE4 === null) || (amount !== null && amountMinor === null))
      return leaveOut("number_unreadable");
    const source = textOf(row, "source")?.trim() ?? "";
    const value = { ref: id, value: kwhE4 ?? 0 };
    const seen = this.#seen.put(`${account}\n${meter}\n${source}`, fromWall / 1_000, value);
    if (seen !== null) {
      const [ref, sameAs] = [String(seen.second), { table: this.table, row: String(seen.first) }];
      if (seen.saysTheSame) this.#duplicates++;
      this.notTaken.push({
        table: this.table,
        row: ref,
        reason: seen.saysTheSame ? "duplicate" : "differs",
        sameAs,
        said,
      });
      return null;
    }
    const sums = this.#bySource.get(source) ?? { rows: 0, kwhE4: 0, amountMinor: 0 };
    this.#bySource.set(source, {
      rows: sums.rows + 1,
      kwhE4: sums.kwhE4 + (kwhE4 ?? 0),
      amountMinor: sums.amountMinor + (amountMinor ?? 0),
    });
    const isMeter = account !== null && meter !== null && oldMeter(account) === meter.toUpperCase();
    if (isMeter) this.#accountIsMeter++;
    return {
      table: this.table,
      row: id,
      account: isMeter ? null : account,
      meter,
      from: instantOfWall(fromWall, this.#country),
      source,
      energyWh: kwh === null ? null : wholeUnits(kwh, WH_DECIMALS),
      amountMinor,
      transactions: idOf(row, "txn_count"),
    };
  }

  #fromWall(row: OldRow): number | null {
    if (this.table === "tblhourlyconsumption") return wallOf(row, "reading_datetime");
    const month = MONTH.exec(textOf(row, "yearmonth")?.trim() ?? "");
    const [year, number] = [Number(month?.[1]), Number(month?.[2])];
    return month !== null && number >= 1 && number <= 12 ? Date.UTC(year, number - 1, 1) : null;
  }

  get counts(): DerivedCounts {
    const bySource = [...this.#bySource].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      rows: this.#rows,
      distinct: this.#seen.count,
      duplicates: this.#duplicates,
      accountIsMeter: this.#accountIsMeter,
      bySource: Object.fromEntries(bySource),
    };
  }
}
