import type { Reading, ReadingSource } from "../../../src/domain/reading.ts";
import type { Placement, UnmappedMeter } from "../../../src/ports/unmapped-meters.ts";
import { createMissing } from "../create-missing.ts";
import { METERS_MAX, READINGS_PER_METER_MAX, saysNothingNew } from "./bounds.ts";

/** Before every reading that can be: where a replay begins. */
const BEGINNING = -1;

type Row = {
  meter: string;
  read_at: number;
  register_wh: number;
  power_w: number | null;
  voltage_mv: number | null;
  current_ma: number | null;
  frequency_mhz: number | null;
  connected: number | null;
  source: string;
};

/**
 * Readings of meters without a place, by meter and instant. A meter with `replay_after` is being handed over: what was
 * read after that instant is still to be offered.
 */
export class UnmappedTables {
  readonly #sql: SqlStorage;
  /** The earliest reading that came, by meter, since its last page was taken: the page does not have it. */
  readonly #cameSince = new Map<string, number>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    createMissing(sql, [
      `CREATE TABLE IF NOT EXISTS meters (
        meter TEXT PRIMARY KEY,
        first_seen_at INTEGER NOT NULL,
        last_seen_at INTEGER NOT NULL,
        kept INTEGER NOT NULL,
        lost INTEGER NOT NULL,
        replay_after INTEGER
      ) STRICT, WITHOUT ROWID`,
      `CREATE TABLE IF NOT EXISTS readings (
        meter TEXT NOT NULL,
        read_at INTEGER NOT NULL,
        register_wh INTEGER NOT NULL,
        power_w INTEGER,
        voltage_mv INTEGER,
        current_ma INTEGER,
        frequency_mhz INTEGER,
        connected INTEGER,
        source TEXT NOT NULL,
        PRIMARY KEY (meter, read_at)
      ) STRICT, WITHOUT ROWID`,
    ]);
  }

  /** False: there are too many meters already, and this is one more. The first word of a meter's instant stays. */
  keep(reading: Reading, seenAt: number): boolean {
    const { meterNumber, readAt } = reading;
    if (!this.#isKnown(meterNumber)) {
      if (this.count() >= METERS_MAX) return false;
      this.#sql.exec("INSERT INTO meters VALUES (?1, ?2, ?2, 0, 0, NULL)", meterNumber, seenAt);
    }
    this.#sql.exec(
      // What comes while a meter is being handed over is not passed by.
      `UPDATE meters SET last_seen_at = max(last_seen_at, ?2), replay_after = min(replay_after, ?3) WHERE meter = ?1`,
      meterNumber,
      seenAt,
      readAt - 1,
    );
    if (!this.#insert(reading)) return true;
    this.#cameSince.set(meterNumber, Math.min(readAt, this.#cameSince.get(meterNumber) ?? readAt));
    this.#changeKept(meterNumber, 1);
    this.#thin(meterNumber, readAt);
    this.#bound(meterNumber);
    return true;
  }

  /** By meter number, after one of them. */
  list(after: string, limit: number): UnmappedMeter[] {
    return this.#sql
      .exec<UnmappedMeter>(
        `SELECT m.meter AS meterNumber, m.first_seen_at AS firstSeenAt, m.last_seen_at AS lastSeenAt,
                (SELECT min(read_at) FROM readings r WHERE r.meter = m.meter) AS firstReadAt,
                l.read_at AS lastReadAt, l.register_wh AS lastRegisterWh, m.kept AS count, m.lost
         FROM meters m JOIN readings l
           ON l.meter = m.meter AND l.read_at = (SELECT max(read_at) FROM readings r WHERE r.meter = m.meter)
         WHERE m.meter > ? ORDER BY m.meter LIMIT ?`,
        after,
        limit,
      )
      .toArray();
  }

  count(): number {
    return this.#sql.exec<{ n: number }>("SELECT count(*) AS n FROM meters").one().n;
  }

  isEmpty(): boolean {
    return this.count() === 0;
  }

  /** When each meter that is not being handed over was read last. */
  waiting(): { meterNumber: string; at: number }[] {
    return this.#sql
      .exec<{ meterNumber: string; at: number }>(
        `SELECT meter AS meterNumber, (SELECT max(read_at) FROM readings r WHERE r.meter = m.meter) AS at
         FROM meters m WHERE replay_after IS NULL ORDER BY meter`,
      )
      .toArray();
  }

  /** Begins to hand a meter over, if one of its readings lies in the placement. */
  placed({ meterNumber, from, to }: Placement): boolean {
    const begun = this.#sql.exec(
      `UPDATE meters SET replay_after = ?4
       WHERE meter = ?1 AND EXISTS (SELECT 1 FROM readings
         WHERE meter = ?1 AND read_at >= ?2 AND (?3 IS NULL OR read_at < ?3))`,
      meterNumber,
      from,
      to,
      BEGINNING,
    );
    if (begun.rowsWritten === 0) return false;
    this.#cameSince.set(meterNumber, BEGINNING + 1);
    return true;
  }

  /** Meters that are being handed over. */
  due(): string[] {
    return this.#sql
      .exec<{ meter: string }>("SELECT meter FROM meters WHERE replay_after IS NOT NULL ORDER BY meter")
      .toArray()
      .map(({ meter }) => meter);
  }

  /** The next readings of a meter that is being handed over, in order. */
  page(meterNumber: string, limit: number): Reading[] {
    this.#cameSince.delete(meterNumber);
    return this.#sql
      .exec<Row>(
        `SELECT * FROM readings WHERE meter = ?1
           AND read_at > (SELECT replay_after FROM meters WHERE meter = ?1) ORDER BY read_at LIMIT ?2`,
        meterNumber,
        limit,
      )
      .toArray()
      .map(readingOf);
  }

  /** Takes away what was answered finally, and goes on after `through`; null: the page was the last. True: there is more. */
  handed(meterNumber: string, final: readonly Reading[], through: number | null): boolean {
    for (const { readAt } of final) this.#remove(meterNumber, readAt);
    const came = this.#cameSince.get(meterNumber);
    const next = came === undefined ? through : Math.min(came - 1, through ?? came);
    this.#sql.exec("UPDATE meters SET replay_after = ? WHERE meter = ?", next, meterNumber);
    if (next === null) this.#sql.exec("DELETE FROM meters WHERE meter = ? AND kept = 0", meterNumber);
    return next !== null;
  }

  #insert(reading: Reading): boolean {
    const { connected } = reading;
    const written = this.#sql.exec(
      "INSERT INTO readings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
      reading.meterNumber,
      reading.readAt,
      reading.registerWh,
      reading.powerW,
      reading.voltageMv,
      reading.currentMa,
      reading.frequencyMhz,
      connected === null ? null : Number(connected),
      reading.source,
    );
    return written.rowsWritten > 0;
  }

  /** Looks at what lies around a new reading: whatever says nothing new between its neighbours goes. */
  #thin(meterNumber: string, readAt: number) {
    const near = [...this.#near(meterNumber, "read_at <= ?2 ORDER BY read_at DESC LIMIT 3", readAt).reverse()];
    near.push(...this.#near(meterNumber, "read_at > ?2 ORDER BY read_at LIMIT 2", readAt));
    for (let index = 1; index < near.length - 1; ) {
      const [before, reading, after] = near.slice(index - 1, index + 2);
      if (before === undefined || reading === undefined || after === undefined) return;
      if (!saysNothingNew(before, reading, after)) {
        index += 1;
        continue;
      }
      this.#remove(meterNumber, reading.readAt);
      near.splice(index, 1);
    }
  }

  #near(meterNumber: string, where: string, readAt: number): Reading[] {
    return this.#sql
      .exec<Row>(`SELECT * FROM readings WHERE meter = ?1 AND ${where}`, meterNumber, readAt)
      .toArray()
      .map(readingOf);
  }

  /** The oldest make room for the newest, and are counted. */
  #bound(meterNumber: string) {
    const { kept } = this.#sql.exec<{ kept: number }>("SELECT kept FROM meters WHERE meter = ?", meterNumber).one();
    if (kept <= READINGS_PER_METER_MAX) return;
    const [oldest] = this.#near(meterNumber, "read_at >= ?2 ORDER BY read_at LIMIT 1", BEGINNING);
    if (oldest === undefined) return;
    this.#remove(meterNumber, oldest.readAt);
    this.#sql.exec("UPDATE meters SET lost = lost + 1 WHERE meter = ?", meterNumber);
  }

  #remove(meterNumber: string, readAt: number) {
    const gone = this.#sql.exec("DELETE FROM readings WHERE meter = ? AND read_at = ?", meterNumber, readAt);
    if (gone.rowsWritten > 0) this.#changeKept(meterNumber, -1);
  }

  #changeKept(meterNumber: string, by: number) {
    this.#sql.exec("UPDATE meters SET kept = kept + ? WHERE meter = ?", by, meterNumber);
  }

  #isKnown(meterNumber: string): boolean {
    return this.#sql.exec("SELECT 1 FROM meters WHERE meter = ?", meterNumber).toArray().length > 0;
  }
}

const readingOf = (row: Row): Reading => ({
  meterNumber: row.meter,
  readAt: row.read_at,
  registerWh: row.register_wh,
  powerW: row.power_w,
  voltageMv: row.voltage_mv,
  currentMa: row.current_ma,
  frequencyMhz: row.frequency_mhz,
  connected: row.connected === null ? null : row.connected === 1,
  source: row.source as ReadingSource,
});
