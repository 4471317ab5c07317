import { BYTE_ORDER_MARK, csvLine, endLine, harmless } from "../../src/domain/export/csv.ts";
import means from "../../src/domain/metrics/profile-words/en.ts";

type Cell = string | number | null;
export type ProfileWords = keyof typeof means;

/**
 * A file, sent piece by piece as its rows come: whole units, and what it is in words at its end. One that cannot be finished breaks off,
 * and its last line is missing.
 */
export function profileFile(
  name: string,
  about: { definition: string; asOf: number; coveragePct: number | null },
  head: readonly string[],
  pieces: AsyncIterable<readonly (readonly Cell[])[]> | Iterable<readonly (readonly Cell[])[]>,
): Response {
  const encoder = new TextEncoder();
  async function* texts() {
    let count = 0;
    yield `${BYTE_ORDER_MARK}${csvLine(head)}`;
    for await (const rows of pieces) {
      // Whoever waits has to be given something.
      if (rows.length === 0) continue;
      count += rows.length;
      yield rows.map((cells) => csvLine(cells.map((cell) => (cell === null ? null : harmless(String(cell)))))).join("");
    }
    const { definition, asOf, coveragePct } = about;
    const known = coveragePct === null ? "" : ` ${coveragePct} % of the hours are known.`;
    yield `# ${definition}: ${means[definition as ProfileWords]}${known} As of ${new Date(asOf).toISOString()}.\r\n${endLine(count)}`;
  }
  const made = texts();
  const body = new ReadableStream<Uint8Array>(
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
  return new Response(body, {
    headers: {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": `attachment; filename="${name}.csv"`,
      "Cache-Control": "no-store",
    },
  });
}
