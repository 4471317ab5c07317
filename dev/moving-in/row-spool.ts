import { appendFileSync, closeSync, createReadStream, openSync, rmSync } from "node:fs";
import { createInterface } from "node:readline";

/** Written out when so much has come together. */
const BUFFER_CHARS = 256 * 1024;

/**
 * Rows on their way from a file to the door, kept on disk meanwhile: a table has more of them than the machine has memory.
 * One JSON a line, in the order they came. It names accounts and meters, so it lies beside the report and goes when done.
 */
export class RowSpool<Row extends object> {
  readonly #path: string;
  #buffer: string[] = [];
  #chars = 0;
  #length = 0;

  constructor(path: string) {
    this.#path = path;
    // Only its owner reads it; what an earlier run left there is gone.
    closeSync(openSync(path, "w", 0o600));
  }

  get length(): number {
    return this.#length;
  }

  put(row: Row) {
    const line = `${JSON.stringify(row)}\n`;
    this.#buffer.push(line);
    this.#chars += line.length;
    this.#length++;
    if (this.#chars >= BUFFER_CHARS) this.#flush();
  }

  /** The rows from `from` on, at most `max` at a time. As often as wanted. */
  async *pages(from: number, max: number): AsyncGenerator<Row[]> {
    this.#flush();
    let page: Row[] = [];
    let at = 0;
    for await (const line of createInterface({ input: createReadStream(this.#path, "utf8"), crlfDelay: Infinity })) {
      if (at++ < from) continue;
      page.push(JSON.parse(line));
      if (page.length < max) continue;
      yield page;
      page = [];
    }
    if (page.length > 0) yield page;
  }

  remove() {
    rmSync(this.#path, { force: true });
  }

  #flush() {
    if (this.#buffer.length > 0) appendFileSync(this.#path, this.#buffer.join(""));
    this.#buffer = [];
    this.#chars = 0;
  }
}
