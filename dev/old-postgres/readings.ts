import type { Country } from "../../src/domain/country.ts";
import { oldMeter } from "../../src/domain/moving-in/names.ts";
import {
  POSTGRES_READING_TABLE,
  type PostgresReading,
  PostgresReadings,
} from "../../src/domain/moving-in/postgres-readings.ts";
import type { Progress } from "../moving-in/progress.ts";
import type { OldPostgres } from "./source.ts";

const EPOCH = "CASE WHEN isfinite(r.reading_time) THEN round(extract(epoch FROM r.reading_time)) END";

export type ReadingRules = {
  country: Country;
  untilWall: number;
  meters: ReadonlySet<string>;
  /** Only those taken since then; null: all. */
  sinceAt: number | null;
  /** From it on only what meters send counts; null: nobody said when it is. */
  cutoverAt: number | null;
};

/** The old readings, gone through by meter and time as often as they are asked for, some thousand at a time. */
export class OldReadings {
  readonly #old: OldPostgres;
  readonly #rules: ReadingRules;
  /** What the first whole pass came to. */
  readonly decided: PostgresReadings;

  private constructor(old: OldPostgres, rules: ReadingRules, decided: PostgresReadings) {
    this.#old = old;
    this.#rules = rules;
    this.decided = decided;
  }

  static async open(old: OldPostgres, rules: ReadingRules, progress: Progress): Promise<OldReadings> {
    const decided = new PostgresReadings(rules.meters, rules.untilWall, rules.country, rules.cutoverAt);
    const readings = new OldReadings(old, rules, decided);
    if (!old.has(POSTGRES_READING_TABLE)) return readings;
    const total = Number((await old.all("SELECT count(*)::text AS n FROM meter_readings"))[0]?.n ?? 0);
    for await (const _ of readings.#all(decided, (rows) => progress("readings read", rows, total)));
    return readings;
  }

  get length(): number {
    return this.decided.taken;
  }

  async *pages(from: number, max: number): AsyncGenerator<PostgresReading[]> {
    const { meters, untilWall, country, cutoverAt } = this.#rules;
    let [page, at]: [PostgresReading[], number] = [[], 0];
    for await (const reading of this.#all(
      new PostgresReadings(meters, untilWall, country, cutoverAt),
      () => undefined,
    )) {
      if (at++ < from) continue;
      page.push(reading);
      if (page.length < max) continue;
      yield page;
      page = [];
    }
    if (page.length > 0) yield page;
  }

  async *#all(decide: PostgresReadings, onRows: (rows: number) => void): AsyncGenerator<PostgresReading> {
    const spelt = (await this.#old.all("SELECT DISTINCT meter_id AS m FROM meter_readings")).flatMap(
      ({ m }) => m ?? [],
    );
    const { sinceAt } = this.#rules;
    const rows = this.#old.pages(
      `SELECT ${this.#old.select(POSTGRES_READING_TABLE, "r")}, (${EPOCH})::text AS epoch FROM meter_readings r
      LEFT JOIN unnest($1::text[], $2::text[]) AS s(written, meter) ON s.written = r.meter_id
      WHERE ($3::timestamptz IS NULL OR r.reading_time >= $3)
      ORDER BY s.meter COLLATE "C", ${EPOCH}, r.wh_reading, r.meter_id`,
      [spelt, spelt.map(oldMeter), sinceAt === null ? null : new Date(sinceAt).toISOString()],
    );
    for await (const page of rows) {
      for (const row of page) {
        const reading = decide.read(row);
        if (reading !== null) yield reading;
      }
      onRows(decide.rows);
    }
  }
}
