/** Counts and hashes what goes through it. In PostgreSQL's text form a row is a line: a line break inside one is written "\n". */
import { createHash } from "node:crypto";
import { Transform } from "node:stream";

export type Told = { rows: number; bytes: number; sha256: string };

export class Lines extends Transform {
  #rows = 0;
  #bytes = 0;
  readonly #hash = createHash("sha256");

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: (error: null, chunk: Buffer) => void) {
    this.#bytes += chunk.length;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) this.#rows += 1;
    this.#hash.update(chunk);
    done(null, chunk);
  }

  /** Once, at the end. */
  told(): Told {
    return { rows: this.#rows, bytes: this.#bytes, sha256: this.#hash.digest("hex") };
  }
}
