import { createHash } from "node:crypto";
import type { Country } from "../../src/domain/country.ts";
import { legacyRowOf } from "../../src/domain/moving-in/legacy-row.ts";
import { POSTGRES_READING_TABLE } from "../../src/domain/moving-in/postgres-readings.ts";
import type { FileRow } from "../legacy-file.ts";
import type { OldTableRows } from "../moving-in/tables.ts";
import type { MoveToWrite } from "../moving-in/write.ts";
import type { MovedPostgres } from "./migrate.ts";
import type { OldPostgres } from "./source.ts";
import { totalsOf } from "./totals.ts";

/** Changes when the rules do: then the same database is another job. */
const RULES = "postgres-1";
export const READINGS_SOURCE = `postgres:${POSTGRES_READING_TABLE}`;

/** What the old database gives, as it is written. Of the history a page at a time is held. */
export async function toWrite(
  old: OldPostgres,
  { records, history, readings, meters, toSend, openings, rate, report }: MovedPostgres,
  { country, now, sinceAt }: { country: Country; now: number; sinceAt: number | null },
): Promise<MoveToWrite> {
  const { rows, taken } = report.figures.transactions;
  const [last] = openings;
  const jobOf = (...named: (string | number | undefined)[]) =>
    createHash("sha256")
      .update([RULES, country.code, report.database, report.since, ...named].join("\n"))
      .digest("hex")
      .slice(0, 32);
  const job = jobOf(rows, taken, toSend, last?.document.row);
  const ofReadings: OldTableRows = {
    name: POSTGRES_READING_TABLE,
    of: "readings",
    source: READINGS_SOURCE,
    job: jobOf(POSTGRES_READING_TABLE, readings.decided.rows, readings.length),
    rows: readings,
  };
  const totals = await totalsOf(old, { country, now, sinceAt, jobOf });
  const start = async function* (): AsyncGenerator<FileRow> {
    for await (const row of history.taken(() => undefined)) if (history.isNew(row)) yield legacyRowOf(row, country);
  };
  return {
    from: "postgres",
    customers: records.customers,
    accounts: records.accounts,
    history: { job, rows: new PagedRows(toSend, start), source: "" },
    // Before the old books end there is nothing to open with: what is paid until then would be missing.
    openings: report.cutoverAt === null ? [] : openings,
    opensOnlyNew: report.since !== null,
    rate,
    meters,
    tables: [...(readings.length === 0 ? [] : [ofReadings]), ...totals],
  };
}

/** Pages of rows that come one after the other: those before the first page asked for are read and passed over. */
class PagedRows {
  readonly length: number;
  readonly #start: () => AsyncGenerator<FileRow>;
  #rows: AsyncGenerator<FileRow> | null = null;
  #at = 0;

  constructor(length: number, start: () => AsyncGenerator<FileRow>) {
    this.length = length;
    this.#start = start;
  }

  async slice(from: number, to: number): Promise<FileRow[]> {
    if (this.#rows === null || from < this.#at) {
      await this.#rows?.return(undefined);
      this.#rows = this.#start();
      this.#at = 0;
    }
    const page: FileRow[] = [];
    while (this.#at < to) {
      const next = await this.#rows.next();
      if (next.done === true) break;
      if (this.#at >= from) page.push(next.value);
      this.#at++;
    }
    return page;
  }
}
