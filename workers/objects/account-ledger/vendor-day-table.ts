import type { VendorDay } from "../../../src/domain/imports/vendor-day.ts";
import { vendorDayPrefix } from "../../../src/domain/posting.ts";
import type { MeterHead } from "../../../src/ports/heads.ts";
import { createMissing } from "../create-missing.ts";

export type NamedDay = { meterNumber: string; day: string } & VendorDay;

/** Days of vendor meters as sources told them, hour by hour; what was posted of them is read from the entries. */
export class VendorDayTable {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.migrate();
  }

  forget() {}

  migrate() {
    createMissing(this.#sql, SCHEMA);
  }

  find(meterNumber: string, day: string): VendorDay | null {
    const row = this.#sql
      .exec<{ told: string }>("SELECT told FROM vendor_days WHERE meter = ? AND day = ?", meterNumber, day)
      .toArray()[0];
    return row === undefined ? null : (JSON.parse(row.told) as VendorDay);
  }

  put(meterNumber: string, day: string, told: VendorDay) {
    const hours = told.energyWh.filter((wh) => wh !== null).length;
    const sumWh = told.energyWh.reduce<number>((sum, wh) => sum + (wh ?? 0), 0);
    this.#sql.exec(
      "INSERT OR REPLACE INTO vendor_days VALUES (?, ?, ?, ?, ?)",
      meterNumber,
      day,
      hours,
      sumWh,
      JSON.stringify(told),
    );
  }

  /** Those of a meter from a day on, newest first; without a meter, of all. */
  since(meterNumber: string | null, day: string, max: number): NamedDay[] {
    return this.#sql
      .exec<{ meter: string; day: string; told: string }>(
        "SELECT meter, day, told FROM vendor_days WHERE (?1 IS NULL OR meter = ?1) AND day >= ?2 ORDER BY day DESC, meter LIMIT ?3",
        meterNumber,
        day,
        max,
      )
      .toArray()
      .map(({ meter, day, told }) => ({ meterNumber: meter, day, ...(JSON.parse(told) as VendorDay) }));
  }

  /** For the comparison with Postgres, in order of meter: known hours, and their energy. */
  heads(sinceDay: string): MeterHead[] {
    return this.#sql
      .exec<{ meter: string; hours: number; sum_wh: number }>(
        `SELECT meter, sum(hours) AS hours, sum(sum_wh) AS sum_wh FROM vendor_days WHERE day >= ?
         GROUP BY meter HAVING sum(hours) > 0 ORDER BY meter`,
        sinceDay,
      )
      .toArray()
      .map(({ meter, hours, sum_wh }) => ({ meterNumber: meter, readings: hours, sumWh: sum_wh }));
  }

  /** What has been debited of a day so far, and by how many entries. */
  posted(account: string, meterNumber: string, day: string): { postedWh: number; entries: number } {
    const prefix = vendorDayPrefix(account, meterNumber, day);
    const { wh, n } = this.#sql
      .exec<{ wh: number; n: number }>(
        "SELECT coalesce(sum(energy_wh), 0) AS wh, count(*) AS n FROM entries WHERE entry_key >= ?1 AND entry_key < ?1 || ':'",
        prefix,
      )
      .one();
    return { postedWh: wh === 0 ? 0 : -wh, entries: n };
  }
}

const SCHEMA = [
  `CREATE TABLE IF NOT EXISTS vendor_days (
    meter TEXT NOT NULL, day TEXT NOT NULL, hours INTEGER NOT NULL, sum_wh INTEGER NOT NULL, told TEXT NOT NULL,
    PRIMARY KEY (meter, day)
  ) STRICT, WITHOUT ROWID`,
] as const;
