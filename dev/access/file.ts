import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { basename } from "node:path";
import MDBReader from "mdb-reader";
import type { Cell, OldRow } from "../../src/domain/moving-in/cells.ts";
import { columnsOf, type OldTable } from "../../src/domain/moving-in/tables.ts";
import type { Progress } from "../moving-in/progress.ts";
import { whyTooSmall } from "./memory.ts";

/** Rows held at a time; a table of millions is never held whole. */
const ROWS_AT_ONCE = 20_000;
const READ_BYTES = 64 * 1024 * 1024;

type Found = { table: ReturnType<MDBReader["getTable"]>; columns: Map<string, string> };

/**
 * A Microsoft Access file. Names of tables and columns are found in any case. Rows come in the order of their pages, which
 * is not that of their ids. The reader turns the bytes of a negative amount round where they stand: read twice, they have
 * lost their sign, so that a table can be gone through once only.
 */
export class AccessFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Columns that the file does not have: their cells are empty. */
  readonly missingColumns: { table: string; column: string }[] = [];
  /** Rows read of each table, as far as that has come, and how many the file says it has. */
  readonly rowsRead: Record<string, { found: number; said: number }> = {};
  readonly #tables = new Map<OldTable, Found>();
  readonly #begun = new Set<OldTable>();
  readonly #progress: Progress;

  /** Throws when the file is no Access file, lacks a table or a column that is needed, or is too large for the machine. */
  constructor(path: string, tables: readonly OldTable[], progress: Progress = () => undefined) {
    this.name = basename(path);
    this.#progress = progress;
    const content = readWhole(path, (done, of) => progress(`reading ${this.name}`, done, of));
    this.bytes = content.length;
    this.sha256 = createHash("sha256").update(content).digest("hex");
    let reader: MDBReader;
    try {
      reader = new MDBReader(content);
    } catch (thrown) {
      throw new Error(`${this.name} does not read as a Microsoft Access file: ${String(thrown)}`);
    }
    for (const table of tables) this.#tables.set(table, this.#find(reader, table));
  }

  *rows(table: OldTable): Generator<OldRow> {
    const found = this.#tables.get(table);
    if (found === undefined) throw new Error(`${table} was not asked for when ${this.name} was opened`);
    if (this.#begun.has(table)) throw new Error(`${table} was read before: a second reading would lose signs`);
    this.#begun.add(table);
    const columns = [...found.columns.keys()];
    const count = { found: 0, said: found.table.rowCount };
    this.rowsRead[table] = count;
    for (let from = 0; ; from += ROWS_AT_ONCE) {
      const page = found.table.getData<Record<string, Cell>>({ columns, rowOffset: from, rowLimit: ROWS_AT_ONCE });
      for (const row of page) yield renamed(row, found.columns);
      count.found += page.length;
      this.#progress(table, count.found, count.said);
      if (page.length < ROWS_AT_ONCE) return;
    }
  }

  #find(reader: MDBReader, table: OldTable): Found {
    const named = reader.getTableNames().find((name) => same(name, table));
    if (named === undefined)
      throw new Error(`${this.name} has no table ${table}; it has ${reader.getTableNames().join(", ")}`);
    const found = reader.getTable(named);
    const { needed, wanted } = columnsOf(table);
    const columns = new Map<string, string>();
    for (const column of [...needed, ...wanted]) {
      const own = found.getColumnNames().find((name) => same(name, column));
      if (own !== undefined) columns.set(own, column);
      else if (wanted.includes(column)) this.missingColumns.push({ table, column });
      else
        throw new Error(
          `${table} of ${this.name} has no column [${column}]; it has ${found.getColumnNames().join(", ")}`,
        );
    }
    return { table: found, columns };
  }
}

const same = (one: string, other: string) => one.trim().toLowerCase() === other.trim().toLowerCase();

function renamed(row: Record<string, Cell>, columns: ReadonlyMap<string, string>): OldRow {
  const own: Record<string, Cell> = {};
  for (const [name, column] of columns) own[column] = row[name] ?? null;
  return own;
}

/** The file in one piece of memory; in parts, since one read takes at most 2 GiB. */
function readWhole(path: string, progress: (done: number, of: number) => void): Buffer {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const tooSmall = whyTooSmall(size, process.availableMemory());
    if (tooSmall !== null) throw new Error(tooSmall);
    const content = Buffer.allocUnsafe(size);
    for (let done = 0; done < size; ) {
      const read = readSync(file, content, done, Math.min(READ_BYTES, size - done), done);
      if (read === 0) throw new Error(`${path} ended at ${done} of ${size} bytes`);
      done += read;
      progress(done, size);
    }
    return content;
  } finally {
    closeSync(file);
  }
}
