import { parquetMetadata, parquetScan } from "hyparquet";
import { DayReader } from "../../domain/vendor-reading.ts";

/** By column, all names that releases have used; compared in lower case. */
const COLUMNS = {
  meter: ["meter", "meter_id", "meter_serial", "serial"],
  at: ["timestamp", "reading_time", "datetime", "heartbeat_start", "date"],
  kwh: ["kilowatt_hours", "kwh", "energy"],
  code: ["snapshot_customer_code", "snapshot_customer_id", "customer_code"],
} as const;
type Column = keyof typeof COLUMNS;

/** A base station with 1,000 meters, each row three times. */
const ROWS_MAX = 300_000;
const MAGIC = "PAR1";
/** Instants that no schema marks as such: above it they are microseconds, below milliseconds. */
const MICROS_MIN = 100_000_000_000_000n;

/** Full serials by the number that files know a meter by: the last four hex digits of the serial. Null: two share it. */
export type Serials = ReadonlyMap<number, string | null>;

/** "SMRSD-03-0002A1F4" is 0xA1F4 = 41460. */
export const shortId = (serial: string): number => Number.parseInt(serial.slice(-4), 16);

export function serialsOf(serials: readonly string[]): Serials {
  const known = new Map<number, string | null>();
  for (const serial of new Set(serials.map((each) => each.trim().toUpperCase()))) {
    const id = shortId(serial);
    if (!Number.isNaN(id)) known.set(id, known.has(id) ? null : serial);
  }
  return known;
}

export const isParquet = (bytes: Uint8Array): boolean =>
  bytes.byteLength >= 12 && new TextDecoder().decode(bytes.subarray(0, 4)) === MAGIC;

/**
 * A base station's day: the columns that are needed, a group of rows at a time, never the whole table. A string says what is
 * wrong with the file.
 */
export async function readParquet(
  bytes: Uint8Array,
  day: string,
  now: number,
  serials: Serials,
): Promise<DayReader | string> {
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  try {
    const metadata = parquetMetadata(file);
    const rows = Number(metadata.num_rows);
    if (rows > ROWS_MAX) return `the file has ${rows} rows, more than ${ROWS_MAX}`;
    const names = metadata.schema.map(({ name }) => name);
    const named = Object.fromEntries(
      Object.entries(COLUMNS).map(([column, aliases]) => [column, nameOf(names, aliases)]),
    ) as Record<Column, string | null>;
    if (named.at === null || named.kwh === null || (named.meter === null && named.code === null))
      return `the file's columns are ${names.slice(1).join(", ").slice(0, 100)}`;
    const columns = Object.values(named).filter((name) => name !== null);
    const scan = await parquetScan({ file, metadata, columns });
    const reader = new DayReader(day, now);
    let read = 0;
    for (const range of scan.ranges) {
      const of = async (column: string | null): Promise<ArrayLike<unknown>> =>
        column === null ? [] : await scan.readColumn({ ...range, column });
      const [meters, times, energies, codes] = [
        await of(named.meter),
        await of(named.at),
        await of(named.kwh),
        await of(named.code),
      ];
      const rowsHere = range.rowEnd - range.rowStart;
      if (times.length !== rowsHere || energies.length !== rowsHere) return "a column is shorter than the others";
      for (let row = 0; row < rowsHere; row += 1)
        reader.add({
          serial: serialOf(meters[row], serials),
          code: textOf(codes[row]),
          at: instantOf(times[row]),
          atIs: "start",
          kwh: numberOf(energies[row]),
          isTotalizer: false,
        });
      read += rowsHere;
    }
    if (read !== rows) return `the file has ${read} of ${rows} rows`;
    return reader;
  } catch (thrown) {
    // Cut off on the way, or of a kind that this library does not read.
    return `the file cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
  }
}

function nameOf(names: readonly string[], aliases: readonly string[]): string | null {
  for (const alias of aliases) {
    const found = names.find((name) => name.trim().toLowerCase() === alias);
    if (found !== undefined) return found;
  }
  return null;
}

/** A short number, or a full serial where the release has it. */
function serialOf(value: unknown, serials: Serials): string | null {
  const text = typeof value === "number" || typeof value === "bigint" ? String(value) : textOf(value);
  if (text === null) return null;
  return /^\d{1,5}$/.test(text) ? (serials.get(Number(text)) ?? null) : text;
}

const textOf = (value: unknown): string | null => (typeof value === "string" ? value : null);
const numberOf = (value: unknown) =>
  typeof value === "number" || typeof value === "string" || typeof value === "bigint" ? value : null;

function instantOf(value: unknown): string | number | null {
  if (value instanceof Date) return value.getTime();
  if (typeof value === "bigint") return Number(value >= MICROS_MIN ? value / 1_000n : value);
  return typeof value === "string" ? value : null;
}
