import { once } from "node:events";
import type pg from "pg";

export type CopyCell = string | number | boolean | null;

/** Text of one piece: small enough to sit in memory, large enough to be few. */
const CHUNK_CHARS = 256 * 1024;

/** What the driver gives to a query that speaks the copy protocol itself; its own types leave that out. */
type Wire = {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(why: string): void;
  stream: NodeJS.WritableStream & { writableNeedDrain?: boolean };
};

/** Loads rows by COPY, as fast as the server takes them and never more than a piece of them in memory. Says how many. */
export async function copyIn(
  client: pg.Client,
  table: string,
  columns: readonly string[],
  rows: Iterable<readonly CopyCell[]>,
): Promise<number> {
  let count = 0;
  function* chunks() {
    let text = "";
    for (const row of rows) {
      count++;
      text += `${row.map(copyText).join("\t")}\n`;
      if (text.length < CHUNK_CHARS) continue;
      yield Buffer.from(text);
      text = "";
    }
    if (text !== "") yield Buffer.from(text);
  }
  await new Promise<void>((resolve, reject) => {
    const names = columns.map((column) => `"${column}"`).join(", ");
    client.query(new CopyQuery(`COPY ${table} (${names}) FROM STDIN`, chunks(), resolve, reject) as never);
  });
  return count;
}

/** One cell of the text format of COPY. */
function copyText(cell: CopyCell): string {
  if (cell === null) return "\\N";
  if (typeof cell !== "string") return String(cell);
  return /[\\\t\n\r]/.test(cell)
    ? cell.replaceAll("\\", "\\\\").replaceAll("\t", "\\t").replaceAll("\n", "\\n").replaceAll("\r", "\\r")
    : cell;
}

class CopyQuery {
  #failed: Error | null = null;
  readonly #text: string;
  readonly #chunks: Iterable<Buffer>;
  readonly #done: () => void;
  readonly #refused: (error: Error) => void;

  constructor(text: string, chunks: Iterable<Buffer>, done: () => void, refused: (error: Error) => void) {
    this.#text = text;
    this.#chunks = chunks;
    this.#done = done;
    this.#refused = refused;
  }

  submit(wire: Wire) {
    wire.query(this.#text);
  }

  handleCopyInResponse(wire: Wire) {
    void this.#pump(wire).catch((thrown) => {
      this.#failed ??= thrown as Error;
      wire.sendCopyFail(String(thrown));
    });
  }

  async #pump(wire: Wire) {
    for (const chunk of this.#chunks) {
      if (this.#failed !== null) return;
      wire.sendCopyFromChunk(chunk);
      if (wire.stream.writableNeedDrain) await once(wire.stream, "drain");
    }
    wire.endCopyFrom();
  }

  handleError(error: Error) {
    this.#failed ??= error;
    this.#refused(this.#failed);
  }

  handleReadyForQuery() {
    if (this.#failed === null) this.#done();
  }

  handleCommandComplete() {}
}
