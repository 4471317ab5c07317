import { createHash } from "node:crypto";
import { DERIVED_TABLES, type DerivedRow, type DerivedTable } from "../../src/domain/moving-in/derived.ts";
import { type OldReading, READING_TABLES, type ReadingTable } from "../../src/domain/moving-in/readings.ts";
import { RowSpool } from "../moving-in/row-spool.ts";
import type { OldTableRows, SentReading, SentTotal } from "../moving-in/tables.ts";

/** What each table of totals holds. */
const TOTALS = {
  tblmonthlyconsumption: { kind: "consumption", period: "month" },
  tblmonthlytransactions: { kind: "sales", period: "month" },
  tblhourlyconsumption: { kind: "consumption", period: "hour" },
} as const satisfies Record<DerivedTable, object>;

/** The readings and totals that are taken, each table by itself, on disk between the reading and the writing. */
export class AccessSpools {
  readonly #readings: Record<ReadingTable, RowSpool<SentReading>>;
  readonly #totals: Record<DerivedTable, RowSpool<SentTotal>>;

  /** The files are named `beside.tblmeterdata1.rows` and so on. */
  constructor(beside: string) {
    const spool = <Row extends object>(table: string) => new RowSpool<Row>(`${beside}.${table}.rows`);
    this.#readings = byName(READING_TABLES, (table) => spool<SentReading>(table));
    this.#totals = byName(DERIVED_TABLES, (table) => spool<SentTotal>(table));
  }

  readonly onReading = ({ source, row, meter, readAt, registerWh, powerW }: OldReading) =>
    this.#readings[source].put({ id: String(row), meter, readAt, registerWh, powerW });

  readonly onTotal = ({ table, row, from, account, meter, source, energyWh, amountMinor, transactions }: DerivedRow) =>
    this.#totals[table].put({
      ...{ id: String(row), startsAt: from, account, meter, source },
      ...{ energyWh, amountMinor, transactions },
    });

  /** As they are sent. `named` names the files and the rules by which they were read, for ever. */
  tables(named: readonly (string | number | undefined)[]): OldTableRows[] {
    const job = (table: string, length: number) =>
      createHash("sha256")
        .update([...named, table, length].join("\n"))
        .digest("hex")
        .slice(0, 32);
    const readings = READING_TABLES.map((name): OldTableRows => {
      const rows = this.#readings[name];
      return { name, of: "readings", source: `access:${name}`, rows, job: job(name, rows.length) };
    });
    const totals = DERIVED_TABLES.map((name): OldTableRows => {
      const rows = this.#totals[name];
      return { name, of: "totals", origin: `access:${name}`, ...TOTALS[name], rows, job: job(name, rows.length) };
    });
    return [...readings, ...totals].filter(({ rows }) => rows.length > 0);
  }

  remove() {
    for (const spool of [...Object.values(this.#readings), ...Object.values(this.#totals)]) spool.remove();
  }
}

const byName = <Name extends string, T>(names: readonly Name[], make: (name: Name) => T) =>
  Object.fromEntries(names.map((name) => [name, make(name)])) as Record<Name, T>;
