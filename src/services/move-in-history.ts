import type { Country } from "../domain/country.ts";
import {
  type LegacyReading,
  type LegacyReadingRefusal,
  type LegacyReadingRow,
  readLegacyReading,
} from "../domain/legacy-reading.ts";
import {
  type LegacyTotal,
  type LegacyTotalRefusal,
  type LegacyTotalRow,
  readLegacyTotal,
} from "../domain/legacy-total.ts";
import type { Result } from "../domain/result.ts";
import type { Added, LegacyHistory, Placed } from "../ports/legacy-history.ts";
import type { Change } from "../ports/registry.ts";

/** Rows of one call. */
export const HISTORY_ROWS_MAX = 5_000;

/** taken: new. known: here already, just so. Each of the others by its place in the page. */
export type HistoryReport<Because> = {
  taken: number;
  known: number;
  refused: { index: number; because: Because }[];
};

/**
 * Brings a page of readings of the old books over. They are kept to be looked at: none debits, none reaches an account's
 * object, none is in an hour or a day. The same page again changes nothing.
 */
export async function moveInReadings(
  history: Pick<LegacyHistory, "addReadings">,
  { source, readings }: { source: string; readings: readonly LegacyReadingRow[] },
  by: Change,
): Promise<HistoryReport<LegacyReadingRefusal>> {
  const page = readPage<LegacyReading, LegacyReadingRefusal>(readings.map((row) => readLegacyReading(row, by.at)));
  return reportOf(page, await history.addReadings(page.read, source, by));
}

/** Brings a page of the old books' monthly or hourly totals over. The same page again changes nothing. */
export async function moveInTotals(
  { history, country }: { history: Pick<LegacyHistory, "addTotals">; country: Country },
  {
    origin,
    totals,
    ...of
  }: Pick<LegacyTotal, "kind" | "period"> & {
    origin: string;
    totals: readonly LegacyTotalRow[];
  },
  by: Change,
): Promise<HistoryReport<LegacyTotalRefusal>> {
  const page = readPage<LegacyTotal, LegacyTotalRefusal>(totals.map((row) => readLegacyTotal(row, of, country, by.at)));
  return reportOf(page, await history.addTotals(page.read, origin, by));
}

type Page<T, Because> = { read: Placed<T>[]; refused: { index: number; because: Because }[] };

function readPage<T, Because>(rows: readonly Result<T, Because>[]): Page<T, Because> {
  const page: Page<T, Because> = { read: [], refused: [] };
  for (const [index, row] of rows.entries()) {
    if (row.ok) page.read.push({ ...row.value, index });
    else page.refused.push({ index, because: row.error });
  }
  return page;
}

function reportOf<T, Because>(page: Page<T, Because>, { taken, refused }: Added<Because>): HistoryReport<Because> {
  return {
    taken,
    known: page.read.length - taken - refused.length,
    refused: [...page.refused, ...refused].sort((a, b) => a.index - b.index),
  };
}
