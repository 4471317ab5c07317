import type { QuarantineBecause, Reading } from "../../../src/domain/reading.ts";
import type { Point, Register, StoredPoint } from "../../../src/domain/register.ts";
import { LONG_MS, RECENT_MS, type Use } from "../../../src/domain/supply.ts";
import type { MeterHead } from "../../../src/ports/heads.ts";
import { createMissing } from "../create-missing.ts";
import type { Empties } from "./empties.ts";

/** Readings are kept so long: late ones find their neighbours. Older ones are Postgres's alone. */
export const READINGS_KEPT_MS = 40 * 86_400_000;
/** Old readings that one call takes away. */
const PRUNE_MAX = 200;
/** Readings of one account that wait for a person; more are only counted. */
export const QUARANTINE_MAX = 100;

/** A reading that waits for a person. */
export type Waiting = { reading: Reading; because: QuarantineBecause; at: number };

/** What an account's meters said: how each register stands, the readings of the last weeks, and those that wait. */
export class ReadingTables {
  readonly #sql: SqlStorage;
  /** Read from storage once. */
  #registers: Map<string, Register> | null = null;
  #waiting: number | null = null;

  readonly #empties: Empties;

  constructor(sql: SqlStorage, empties: Empties) {
    this.#sql = sql;
    this.#empties = empties;
    empties.watch("registers", () => {
      this.#registers = new Map();
    });
    this.migrate();
  }

  /** After a transaction that was rolled back. */
  forget() {
    this.#registers = null;
    this.#waiting = null;
  }

  migrate() {
    this.forget();
    createMissing(this.#sql, SCHEMA);
  }

  registers(): ReadonlyMap<string, Register> {
    this.#empties.look();
    this.#registers ??= new Map(
      this.#sql
        .exec<{ meter: string; register: string }>("SELECT meter, register FROM registers ORDER BY meter")
        .toArray()
        .map(({ meter, register }) => [meter, JSON.parse(register) as Register]),
    );
    return this.#registers;
  }

  putRegister(meterNumber: string, register: Register) {
    this.#sql.exec("INSERT OR REPLACE INTO registers VALUES (?, ?)", meterNumber, JSON.stringify(register));
    (this.registers() as Map<string, Register>).set(meterNumber, register);
  }

  /** In order of their instants. */
  store(meterNumber: string, readings: readonly Point[]) {
    if (readings.length === 0) return;
    this.#sql.exec(
      `INSERT OR IGNORE INTO readings SELECT ?1, value ->> 0, value ->> 1 FROM json_each(?2)`,
      meterNumber,
      JSON.stringify(readings.map(({ readAt, registerWh }) => [readAt, registerWh])),
    );
  }

  prune(meterNumber: string, before: number) {
    this.#sql.exec(
      `DELETE FROM readings WHERE meter = ?1 AND read_at IN
        (SELECT read_at FROM readings WHERE meter = ?1 AND read_at < ?2 ORDER BY read_at LIMIT ${PRUNE_MAX})`,
      meterNumber,
      before,
    );
    this.#sql.exec("DELETE FROM falls WHERE meter = ? AND read_at < ?", meterNumber, before);
  }

  beside(
    meterNumber: string,
    readAt: number,
  ): { before: StoredPoint | null; same: StoredPoint | null; after: StoredPoint | null } {
    const one = (condition: string) =>
      this.#points(`meter = ?1 AND read_at ${condition} LIMIT 1`, meterNumber, readAt)[0] ?? null;
    return { before: one("< ?2 ORDER BY read_at DESC"), same: one("= ?2"), after: one("> ?2 ORDER BY read_at") };
  }

  /** Readings from an instant on, in order. */
  since(meterNumber: string, from: number, max: number): StoredPoint[] {
    return this.#points("meter = ?1 AND read_at >= ?2 ORDER BY read_at LIMIT ?3", meterNumber, from, max);
  }

  /** For the comparison with Postgres, in order of meter. */
  heads(since: number): MeterHead[] {
    return this.#sql
      .exec<{ meter: string; readings: number; sum_wh: number }>(
        `SELECT meter, count(*) AS readings, sum(register_wh) AS sum_wh FROM readings WHERE read_at >= ?
         GROUP BY meter ORDER BY meter`,
        since,
      )
      .toArray()
      .map(({ meter, readings, sum_wh }) => ({ meterNumber: meter, readings, sumWh: sum_wh }));
  }

  /** What the meter counted in the two windows that end with its newest reading. */
  use(meterNumber: string, { readAt, registerWh }: Register): Use {
    const recent = this.#counted(meterNumber, readAt - RECENT_MS, readAt, registerWh);
    const long = this.#counted(meterNumber, readAt - LONG_MS, readAt, registerWh);
    return { recentWh: recent.energyWh, recentMs: recent.spanMs, longWh: long.energyWh, longMs: long.spanMs };
  }

  /** From the first reading of a window to the newest: what the register rose, and what it fell between. Both are looked up. */
  #counted(meterNumber: string, from: number, to: number, registerWh: number): { energyWh: number; spanMs: number } {
    const [first] = this.since(meterNumber, from, 1);
    if (first === undefined) return { energyWh: 0, spanMs: 0 };
    const { fell } = this.#sql
      .exec<{ fell: number }>(
        "SELECT coalesce(sum(fell_wh), 0) AS fell FROM falls WHERE meter = ? AND read_at > ? AND read_at <= ?",
        meterNumber,
        first.readAt,
        to,
      )
      .one();
    return { energyWh: Math.max(0, registerWh - first.registerWh + fell), spanMs: to - first.readAt };
  }

  /**
   * The register fell by so much when it was read then: a reset. Below zero: it jumped, and counting starts anew from there.
   */
  fell(meterNumber: string, readAt: number, fellWh: number) {
    this.#sql.exec("INSERT OR REPLACE INTO falls VALUES (?, ?, ?)", meterNumber, readAt, fellWh);
  }

  /** After readings were taken over: what they show of falls, and those with which counting started anew. */
  findFalls(begun: readonly { meterNumber: string; readAt: number; registerWh: number }[] = []) {
    for (const { meterNumber, readAt, registerWh } of begun) {
      const { before } = this.beside(meterNumber, readAt);
      if (before !== null) this.fell(meterNumber, readAt, before.registerWh - registerWh);
    }
    this.#sql.exec(
      `INSERT OR REPLACE INTO falls SELECT meter, read_at, was - register_wh FROM (
        SELECT meter, read_at, register_wh, lag(register_wh, 1) OVER (PARTITION BY meter ORDER BY read_at) AS was
        FROM readings) WHERE register_wh < was`,
    );
  }

  /** One more reading that waits. False: so many wait already that this one is only counted. */
  hold(waiting: Waiting): boolean {
    const { meterNumber, readAt, registerWh } = waiting.reading;
    if (this.waiting() >= QUARANTINE_MAX) return false;
    const added = this.#sql
      .exec(
        "INSERT OR IGNORE INTO quarantine VALUES (?, ?, ?, ?) RETURNING meter",
        meterNumber,
        readAt,
        registerWh,
        JSON.stringify(waiting),
      )
      .toArray().length;
    this.#waiting = null;
    return added > 0;
  }

  /** Those of one meter, oldest first; without a meter, of all. */
  held(meterNumber: string | null = null): Waiting[] {
    return this.#sql
      .exec<{ waiting: string }>(
        "SELECT waiting FROM quarantine WHERE ?1 IS NULL OR meter = ?1 ORDER BY read_at, register_wh",
        meterNumber,
      )
      .toArray()
      .map(({ waiting }) => JSON.parse(waiting) as Waiting);
  }

  waiting(): number {
    this.#waiting ??= this.#sql.exec<{ n: number }>("SELECT count(*) AS n FROM quarantine").one().n;
    return this.#waiting;
  }

  unhold(meterNumber: string, upToReadAt: number) {
    this.#waiting = null;
    this.#sql.exec("DELETE FROM quarantine WHERE meter = ? AND read_at <= ?", meterNumber, upToReadAt);
  }

  #points(where: string, ...bindings: (string | number)[]): StoredPoint[] {
    return this.#sql
      .exec<{ read_at: number; register_wh: number; begins: number }>(
        `SELECT read_at, register_wh, EXISTS (SELECT 1 FROM falls f
          WHERE f.meter = readings.meter AND f.read_at = readings.read_at AND f.fell_wh < 0) AS begins
        FROM readings WHERE ${where}`,
        ...bindings,
      )
      .toArray()
      .map(({ read_at: readAt, register_wh: registerWh, begins }) =>
        begins === 1 ? { readAt, registerWh, begins: true } : { readAt, registerWh },
      );
  }
}

const SCHEMA = [
  "CREATE TABLE IF NOT EXISTS registers (meter TEXT PRIMARY KEY, register TEXT NOT NULL) STRICT",
  `CREATE TABLE IF NOT EXISTS readings (
    meter TEXT NOT NULL, read_at INTEGER NOT NULL, register_wh INTEGER NOT NULL, PRIMARY KEY (meter, read_at)
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS falls (
    meter TEXT NOT NULL, read_at INTEGER NOT NULL, fell_wh INTEGER NOT NULL, PRIMARY KEY (meter, read_at)
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS quarantine (
    meter TEXT NOT NULL, read_at INTEGER NOT NULL, register_wh INTEGER NOT NULL, waiting TEXT NOT NULL,
    PRIMARY KEY (meter, read_at, register_wh)
  ) STRICT, WITHOUT ROWID`,
] as const;
