import type { Context } from "hono";
import { writeParquet } from "../../src/adapters/parquet-table.ts";
import { BYTE_ORDER_MARK, csvLine, endLine } from "../../src/domain/export/csv.ts";
import { type Column, csvText, headOf, machineName, type Value } from "../../src/domain/export/table.ts";
import means from "../../src/domain/metrics/profile-words/en.ts";
import names from "../../src/domain/metrics/words/en.ts";
import { aboutLines, answerWith, bookAnswer, formatOf, placeOf, type Said } from "./reports-file.ts";

export type ProfileWords = keyof typeof means;
type Pieces = AsyncIterable<readonly (readonly Value[])[]> | Iterable<readonly (readonly Value[])[]>;

/**
 * A profile as a file, with what it is in words. A CSV is sent piece by piece as its rows come; the others are gathered first: a workbook for
 * people, JSON and Parquet by column for whatever plans grids.
 */
export async function profileFile(
  c: Context,
  name: string,
  about: Said & { definition: string },
  columns: readonly Column[],
  pieces: Pieces,
): Promise<Response> {
  const says = means[about.definition as ProfileWords];
  const format = formatOf(c);
  if (format === "csv") return csvStream(c, name, says, about, columns, pieces);
  const rows: (readonly Value[])[] = [];
  for await (const piece of pieces) rows.push(...piece);
  const lines = aboutLines(c, about);
  if (format === "xlsx") {
    const title = name.split("-").slice(0, 2).join(" ");
    return bookAnswer(name, {
      ...{ title, place: placeOf(c.env), tables: [{ title, columns, rows }] },
      about: { heading: names.doc_means, lines, terms: [{ name: about.definition, says }] },
    });
  }
  const said = {
    ...Object.fromEntries(lines.map((line) => [machineName({ name: line.name, as: line.as ?? "text" }), line.value])),
    ...{ definition: about.definition, means: says, rows: rows.length },
  };
  if (format === "parquet") {
    const texts = Object.fromEntries(
      Object.entries(said).map(([key, value]) => [key, value === null ? "" : String(value)]),
    );
    return answerWith("parquet", name, writeParquet(columns, rows, texts));
  }
  const data = Object.fromEntries(columns.map((column, n) => [machineName(column), rows.map((row) => row[n] ?? null)]));
  return answerWith("json", name, JSON.stringify({ about: said, columns: columns.map(machineName), data }));
}

/** One that cannot be finished breaks off, and its last line is missing. */
function csvStream(
  c: Context,
  name: string,
  says: string,
  { definition, coveragePct, asOf }: Parameters<typeof profileFile>[2],
  columns: readonly Column[],
  pieces: Pieces,
): Response {
  const place = placeOf(c.env);
  async function* texts() {
    let count = 0;
    yield `${BYTE_ORDER_MARK}${csvLine(columns.map((column) => headOf(column, "csv", place)))}`;
    for await (const rows of pieces) {
      // Whoever waits has to be given something.
      if (rows.length === 0) continue;
      count += rows.length;
      yield rows.map((row) => csvLine(columns.map((column, n) => csvText(row[n] ?? null, column)))).join("");
    }
    const known = coveragePct === null || coveragePct === undefined ? "" : ` ${coveragePct} % of the hours are known.`;
    yield `# ${definition}: ${says}${known} As of ${new Date(asOf).toISOString()}.\r\n${endLine(count)}`;
  }
  return answerWith("csv", name, textStream(texts()));
}

/** Texts as they are made, as fast as they are taken and no faster. */
export function textStream(made: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await made.next();
          if (done) controller.close();
          else controller.enqueue(encoder.encode(value));
        } catch (thrown) {
          controller.error(thrown);
        }
      },
      async cancel() {
        await made.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}
