import { type LegacyReadingRow, METER_NUMBER } from "../../src/domain/legacy-reading.ts";
import type { LegacyTotal, LegacyTotalRow } from "../../src/domain/legacy-total.ts";
import { HISTORY_ROWS_MAX } from "../../src/services/move-in-history.ts";
import { type Call, patiently } from "../move-in.ts";
import type { Progress } from "./progress.ts";

/** A row as it is sent, with its number in the old table: an answer of a refusal is then told of that row. */
export type Numbered<Row> = Row & { id: string };
export type SentReading = Numbered<LegacyReadingRow>;
export type SentTotal = Numbered<LegacyTotalRow>;
/** What is sent and does not hang on memory: asked for page by page, from any row on. */
export type Pages<Row> = { length: number; pages(from: number, max: number): AsyncIterable<Row[]> };

/** A table of the old database whose rows are too many to hold: readings, or totals by month or hour. */
export type OldTableRows = {
  /** Its name in the old database. */
  name: string;
  /** Names these rows for ever, so that a stopped run goes on where it was. */
  job: string;
} & (
  | { of: "readings"; source: string; rows: Pages<SentReading> }
  | { of: "totals"; origin: string; kind: LegacyTotal["kind"]; period: LegacyTotal["period"]; rows: Pages<SentTotal> }
);

export type RefusedRow = { table: string; row: string; because: string };
export type TableWritten = {
  /** New here, and here already just so; of the rows from `from` on. */
  taken: number;
  known: number;
  refused: Record<string, number>;
  /** The row at which this run went on; those before it an earlier run had sent. */
  from: number;
};

type Answer = { taken: number; known: number; refused: { index: number; because: string }[] };

/** Sends a table page by page. Stopped half way it goes on where it was; sent again it changes nothing. */
export async function postTable(
  call: Call,
  table: OldTableRows,
  { onRefused, progress }: { onRefused: (row: RefusedRow) => void; progress: Progress },
): Promise<TableWritten> {
  const { name, job } = table;
  const total = table.rows.length;
  const before = await patiently(() => call<{ rows: number; done: boolean }>("GET", `/legacy/claim/${job}`));
  const first = before.done ? 0 : Math.min(before.rows, total);
  const written: TableWritten = { taken: 0, known: 0, refused: {}, from: first };
  let from = first;
  for await (const page of table.rows.pages(first, HISTORY_ROWS_MAX)) {
    const [path, body] = requestOf(table, page);
    const answer = await patiently(() => call<Answer>("POST", path, { ...body, job, from, total }));
    written.taken += answer.taken;
    written.known += answer.known;
    for (const { index, because } of answer.refused) {
      written.refused[because] = (written.refused[because] ?? 0) + 1;
      onRefused({ table: name, row: page[index]?.id ?? "", because });
    }
    from += page.length;
    progress(name, from, total);
  }
  return written;
}

const requestOf = (table: OldTableRows, page: object[]): [string, object] =>
  table.of === "readings"
    ? ["/move-in/readings", { source: table.source, readings: page }]
    : ["/move-in/totals", { origin: table.origin, kind: table.kind, period: table.period, totals: page }];

export type MetersWritten = { made: number; known: number; unreadable: string[] };

/**
 * Meters of the old database, also those that hang on no account, so that their readings have a place. One that does not
 * read is named and not sent: its whole page would be refused.
 */
export async function postMeters(call: Call, meters: readonly string[], progress: Progress): Promise<MetersWritten> {
  const readable = meters.filter((meter) => METER_NUMBER.test(meter));
  const written = { made: 0, known: 0, unreadable: meters.filter((meter) => !METER_NUMBER.test(meter)) };
  for (let from = 0; from < readable.length; from += HISTORY_ROWS_MAX) {
    const page = readable.slice(from, from + HISTORY_ROWS_MAX);
    const answer = await patiently(() =>
      call<{ made: number; known: number }>("POST", "/move-in/meters", { meters: page }),
    );
    written.made += answer.made;
    written.known += answer.known;
    progress("meters", from + page.length, readable.length);
  }
  return written;
}
