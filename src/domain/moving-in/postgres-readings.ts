import type { Country } from "../country.ts";
import { wholeUnits } from "../decimal.ts";
import { METER_NUMBER } from "../legacy-reading.ts";
import { oldMeter } from "./names.ts";
import type { NotTaken, NotTakenReason } from "./not-taken.ts";
import type { PostgresRow } from "./postgres-records.ts";
import { instantOfWall, wallText, whyNotBelieved, yearOfWall } from "./wall-time.ts";

export const POSTGRES_READING_TABLE = "meter_readings";
const W_DECIMALS_OF_KW = 3;
const NUMBER = /^\d+(\.\d+)?$/;
/** A terawatt-hour: no meter of a house ever shows it. Garbage, or a register of another unit. */
const REGISTER_WH_MAX = 1_000_000_000_000;
/** The bridge's power stood there in watts for months, and in kilowatts after them: nobody can say which. */
const POWER_IN_DOUBT = new Set(["iot"]);

export type PostgresReading = {
  /** Meter and instant as they stand there: a reading of that table has no number. */
  id: string;
  meter: string;
  /** UTC ms. */
  readAt: number;
  registerWh: number;
  powerW: number | null;
};

/**
 * Decides reading by reading. They come by meter, in its one spelling, and second: the same meter and second is one reading,
 * whatever table of spellings it was written under.
 */
export class PostgresReadings {
  readonly notTaken: NotTaken[] = [];
  readonly takenByYear: Record<string, number> = {};
  rows = 0;
  taken = 0;
  #last: { meter: string; wallMs: number; registerWh: number; id: string } | null = null;
  readonly #meters: ReadonlySet<string>;
  readonly #untilWall: number;
  readonly #country: Country;
  readonly #cutoverWall: number;

  constructor(meters: ReadonlySet<string>, untilWall: number, country: Country, cutoverAt: number | null) {
    this.#meters = meters;
    this.#cutoverWall = cutoverAt === null ? Number.POSITIVE_INFINITY : cutoverAt + country.utcOffsetMinutes * 60_000;
    this.#untilWall = untilWall;
    this.#country = country;
  }

  /** Null: it is left out, and `notTaken` says why. */
  read(row: PostgresRow): PostgresReading | null {
    this.rows++;
    const written = row.meter_id ?? null;
    const meter = oldMeter(written);
    const wallMs = row.epoch == null ? null : Number(row.epoch) * 1_000 + this.#country.utcOffsetMinutes * 60_000;
    const id = `${written} ${wallMs === null ? "" : wallText(wallMs)}`;
    const said = {
      meter: written,
      date: wallMs === null ? null : wallText(wallMs),
      registerWh: row.wh_reading ?? null,
    };
    const leaveOut = (reason: NotTakenReason, sameAs?: string): null => {
      const same = sameAs === undefined ? {} : { sameAs: { table: POSTGRES_READING_TABLE, row: sameAs } };
      this.notTaken.push({ table: POSTGRES_READING_TABLE, row: id, reason, ...same, said });
      return null;
    };
    const doubt = whyNotBelieved(wallMs, this.#untilWall);
    if (doubt !== null || wallMs === null) return leaveOut(doubt ?? "date_missing");
    if (meter === null || !METER_NUMBER.test(meter) || !this.#meters.has(meter)) return leaveOut("meter_unknown");
    const registerWh = row.wh_reading == null ? null : wholeUnits(row.wh_reading, 0);
    const power = POWER_IN_DOUBT.has(row.source ?? "") ? null : (row.power_kw ?? null);
    const powerW = power === null ? null : wholeUnits(power, W_DECIMALS_OF_KW);
    if (wallMs >= this.#cutoverWall) return leaveOut("after_cut_over");
    const isNumber = NUMBER.test(row.wh_reading ?? "");
    if (isNumber && (registerWh === null || registerWh > REGISTER_WH_MAX)) return leaveOut("implausible");
    if (registerWh === null || registerWh < 0 || (power !== null && powerW === null))
      return leaveOut("number_unreadable");
    const last = this.#last;
    if (last !== null && last.meter === meter && last.wallMs === wallMs)
      return leaveOut(last.registerWh === registerWh ? "duplicate" : "differs", last.id);
    this.#last = { meter, wallMs, registerWh, id };
    this.taken++;
    const year = String(yearOfWall(wallMs));
    this.takenByYear[year] = (this.takenByYear[year] ?? 0) + 1;
    return { id, meter, readAt: instantOfWall(wallMs, this.#country), registerWh, powerW };
  }
}
