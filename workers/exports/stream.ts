import { log } from "../../src/ports/log.ts";
import type { Reader } from "../../src/ports/reader.ts";
import { orderOf, placeOf, type Row, type TableQuestion, tableRows } from "../../src/queries/tables/read.ts";
import type { BrowsedTable } from "../../src/queries/tables/shape.ts";
import type { ExportWriter } from "./writers.ts";

/** Rows asked for in one call: Neon answers at most 10 MiB, and a row is seldom a kilobyte. */
export const EXPORT_PAGE_MAX = 2_000;
/** A page that does not come is asked for again, half as long, down to this. */
const PAGE_MIN = 60;
/** Some 750 calls: a Worker may make a thousand. More rows need a filter. */
export const EXPORT_ROWS_MAX = 1_500_000;

/**
 * All rows of a question in the order of the key, as a file, read as fast as it is taken and kept a page at a time. A file
 * that cannot be finished breaks off: the connection ends with an error, and the last line is missing.
 */
export function exportStream(
  db: Reader,
  table: BrowsedTable,
  question: TableQuestion,
  writer: ExportWriter,
): ReadableStream<Uint8Array> {
  const order = orderOf(table, question.sort);
  let after: (string | null)[] | null = null;
  let limit = EXPORT_PAGE_MAX;
  let count = 0;
  let state: "begin" | "rows" | "done" = "begin";

  const page = async (): Promise<Row[]> => {
    for (;;) {
      try {
        return await tableRows(db, table, question, after, limit);
      } catch (thrown) {
        if (limit <= PAGE_MIN) throw thrown;
        limit = Math.ceil(limit / 2);
      }
    }
  };

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          if (state === "begin") {
            state = "rows";
            controller.enqueue(writer.begin());
            return;
          }
          // A compressor may swallow a page whole: whoever waits is given what comes of the next.
          for (;;) {
            const rows = await page();
            count += rows.length;
            if (count > EXPORT_ROWS_MAX) throw new RangeError(`more than ${EXPORT_ROWS_MAX} rows`);
            const last = rows.at(-1);
            if (last !== undefined) after = placeOf(order, last);
            const bytes = rows.length === 0 ? null : writer.rows(rows);
            if (bytes !== null && bytes.length > 0) controller.enqueue(bytes);
            if (rows.length < limit) break;
            if (bytes !== null && bytes.length > 0) return;
          }
          state = "done";
          controller.enqueue(writer.end(count));
          controller.close();
        } catch (thrown) {
          log.error("export", { table: table.name, rows: count, error: thrown });
          controller.error(thrown);
        }
      },
    },
    { highWaterMark: 0 },
  );
}
