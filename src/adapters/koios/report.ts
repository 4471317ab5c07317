/// <reference path="../sheets/untyped.d.ts" />
import Papa from "papaparse";
import { DayReader } from "../../domain/vendor-reading.ts";
import type { FeedPage, FeedRefusal, FeedUnit } from "../../ports/vendor-feeds.ts";
import { refusalOf, sayOf, textOf, unreadable, type VendorDoor } from "../vendors/http.ts";
import { askKoios, KOIOS_DATA_MS_MAX, type KoiosSettings } from "./door.ts";

/** A site of 1,000 meters, each reading told 49 times, is beyond it: such a file is not read, and says so. */
const ROWS_MAX = 2_000_000;
const PATIENCE_MS = 15_000;

/** By column, all names seen so far; compared in lower case. */
const COLUMNS = {
  at: ["heartbeat_start", "timestamp"],
  kwh: ["kilowatt_hours", "energy", "energy_kwh"],
  serial: ["meter/serial", "meter/serial_number", "meter_serial", "serial", "serial_number"],
  code: ["meter/customer/code", "customer/code", "customer_code", "code"],
  type: ["meter/type", "type"],
} as const;
type Columns = Record<keyof typeof COLUMNS, number>;

/** A site's day as one CSV: the second source, and the only one with intervals of days that are long past. */
export function koiosReport(settings: KoiosSettings, door: VendorDoor) {
  return {
    async day(unit: FeedUnit): Promise<FeedPage | FeedRefusal> {
      const query = new URLSearchParams({
        granularity: "daily",
        type: "readings",
        site_id: unit.vendorSiteId,
        date: unit.day,
      });
      const reply = await askKoios(door, settings.url, settings.readKey, {
        kind: "data",
        method: "GET",
        path: `/api/v2/report?${query}`,
        timeoutMs: KOIOS_DATA_MS_MAX,
        patienceMs: PATIENCE_MS,
      });
      if (reply.came === "answer" && reply.status === 404)
        return { refused: "absent", retryAt: null, detail: sayOf(door, 404, textOf(reply)) };
      const refused = refusalOf(door, reply);
      if (refused !== null || reply.came !== "answer") return refused ?? unreadable(door, "no answer");
      return readReport(door, unit.day, textOf(reply));
    },
  };
}

/** Row by row: the whole table of a day never stands in memory beside its text. */
export function readReport(door: VendorDoor, day: string, csv: string): FeedPage | FeedRefusal {
  const reader = new DayReader(day, door.now());
  let columns: Columns | null = null;
  let rows = 0;
  let fault: string | null = null;
  Papa.parse(csv, {
    skipEmptyLines: true,
    step({ data, errors }, parser) {
      if (columns === null) {
        columns = columnsOf(data);
        fault = columns === null ? `the report's columns are ${data.join(", ").slice(0, 100)}` : null;
        if (columns === null) parser.abort();
        return;
      }
      rows += 1;
      if (rows > ROWS_MAX) fault = `the report has more than ${ROWS_MAX} rows`;
      // Cut off in the middle: what stands above it is only part of the day.
      if (errors.some(({ type }) => type === "Quotes")) fault = `row ${rows} of the report is broken`;
      if (fault !== null) return parser.abort();
      reader.add({
        serial: data[columns.serial],
        code: data[columns.code],
        at: data[columns.at],
        atIs: "start",
        kwh: data[columns.kwh],
        isTotalizer: data[columns.type]?.toLowerCase() === "totalizer",
      });
    },
  });
  if (fault !== null) return unreadable(door, fault);
  if (columns === null) return unreadable(door, "the report is empty");
  return { intervals: reader.intervals, leftOut: reader.leftOut, next: null };
}

/** Null: without an instant, an energy and a name of the meter or the customer, nothing can be read. */
function columnsOf(header: readonly string[]): Columns | null {
  const names = header.map((name) =>
    name
      .replace(/^\uFEFF/, "")
      .trim()
      .toLowerCase(),
  );
  const of = (aliases: readonly string[]) =>
    Math.max(
      -1,
      ...aliases
        .map((alias) => names.indexOf(alias))
        .filter((at) => at >= 0)
        .slice(0, 1),
    );
  const columns = {
    at: of(COLUMNS.at),
    kwh: of(COLUMNS.kwh),
    serial: of(COLUMNS.serial),
    code: of(COLUMNS.code),
    type: of(COLUMNS.type),
  };
  return columns.at < 0 || columns.kwh < 0 || (columns.serial < 0 && columns.code < 0) ? null : columns;
}
