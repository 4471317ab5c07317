import type { Country } from "../country.ts";
import { wholeUnits } from "../decimal.ts";
import { idOf, numberOf, type OldRow, type RowRef, textOf, wallOf } from "./cells.ts";
import { oldMeter } from "./names.ts";
import type { NotTaken, NotTakenReason } from "./not-taken.ts";
import { SeenRows } from "./seen-rows.ts";
import { instantOfWall, wallText, whyNotBelieved, yearOfWall } from "./wall-time.ts";

/** Read in this order: of two copies the earlier table's row is the one that is taken. */
export const READING_TABLES = ["tblmeterdata1", "tblmeterdata", "tblmeterdatadump"] as const;
export type ReadingTable = (typeof READING_TABLES)[number];

const W_DECIMALS_OF_KW = 3;
/** Row numbers are 32-bit; the table stands above them in a ref. */
const ID_SPAN = 2 ** 32;

export type OldReading = {
  meter: string;
  /** UTC ms. */
  readAt: number;
  /** The register, cumulative. */
  registerWh: number;
  /** Null: the row does not say. */
  powerW: number | null;
  site: string | null;
  source: ReadingTable;
  /** Its number there. */
  row: number;
};

export type ReadingCounts = {
  rows: number;
  taken: number;
  duplicates: number;
  withoutPower: number;
  takenByYear: Record<string, number>;
  meters: number;
};

/**
 * The readings of three tables as one, row by row, since they are too many to hold: what is taken is handed on at once.
 * The same meter and second is one reading, under either spelling of the meter.
 */
export class ReadingMove {
  readonly notTaken: NotTaken[] = [];
  readonly #seen = new SeenRows();
  readonly #takenByYear = new Map<number, number>();
  #rows = 0;
  #duplicates = 0;
  #withoutPower = 0;
  readonly #meters: ReadonlySet<string>;
  readonly #untilWall: number;
  readonly #country: Country;

  constructor(meters: ReadonlySet<string>, untilWall: number, country: Country) {
    this.#meters = meters;
    this.#untilWall = untilWall;
    this.#country = country;
  }

  /** The reading, or null where the row is left out: then `notTaken` says why. */
  read(table: ReadingTable, row: OldRow): OldReading | null {
    this.#rows++;
    const id = idOf(row, "id");
    const written = textOf(row, "meterid");
    const wallMs = wallOf(row, "whdatetime");
    const said = { meter: written, date: wallMs === null ? null : wallText(wallMs) };
    const leaveOut = (reason: NotTakenReason): null => {
      this.notTaken.push({ table, row: id === null ? "" : String(id), reason, said });
      return null;
    };
    if (id === null) return leaveOut("id_missing");
    const meter = oldMeter(written);
    const doubt = whyNotBelieved(wallMs, this.#untilWall);
    if (doubt !== null || wallMs === null) return leaveOut(doubt ?? "date_missing");
    if (meter === null || !this.#meters.has(meter)) return leaveOut("meter_unknown");
    const [register, power] = [numberOf(row, "whreading"), numberOf(row, "powerkw")];
    const registerWh = register === null ? null : wholeUnits(register, 0);
    const powerW = power === null ? null : wholeUnits(power, W_DECIMALS_OF_KW);
    if (registerWh === null || (power !== null && powerW === null)) return leaveOut("number_unreadable");
    const ref = READING_TABLES.indexOf(table) * ID_SPAN + id;
    const seen = this.#seen.put(meter, wallMs / 1_000, { ref, value: registerWh });
    if (seen !== null) {
      const { first, second, saysTheSame, kept } = seen;
      if (saysTheSame) this.#duplicates++;
      this.notTaken.push({
        ...refOf(second),
        reason: saysTheSame ? "duplicate" : "differs",
        sameAs: refOf(first),
        said: saysTheSame ? said : { ...said, registerWh: String(registerWh), takenRegisterWh: String(kept) },
      });
      return null;
    }
    const year = yearOfWall(wallMs);
    this.#takenByYear.set(year, (this.#takenByYear.get(year) ?? 0) + 1);
    if (powerW === null) this.#withoutPower++;
    const site = textOf(row, "community")?.trim().toUpperCase() ?? null;
    return { meter, readAt: instantOfWall(wallMs, this.#country), registerWh, powerW, site, source: table, row: id };
  }

  get counts(): ReadingCounts {
    const years = [...this.#takenByYear].sort(([a], [b]) => a - b).map(([year, count]) => [String(year), count]);
    return {
      rows: this.#rows,
      taken: this.#seen.count,
      duplicates: this.#duplicates,
      withoutPower: this.#withoutPower,
      takenByYear: Object.fromEntries(years),
      meters: this.#seen.whos,
    };
  }
}

const refOf = (ref: number): RowRef => ({
  table: READING_TABLES[Math.floor(ref / ID_SPAN)] ?? "",
  row: String(ref % ID_SPAN),
});
