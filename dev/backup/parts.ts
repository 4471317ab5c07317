/** A table's rows, compressed, as files of a size that a bucket takes: read one after the other they are one gzip. */
import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { filesOf } from "./manifest.ts";

/** `wrangler r2 object put` takes 300 MiB. */
export const PART_BYTES_MAX = 200 * 1024 * 1024;

/** Writes the first file always, and the next one when there is more. */
export class Parts extends Writable {
  /** Names of what was written, in order. */
  readonly files: string[] = [];
  readonly #folder: string;
  readonly #name: string;
  readonly #bytesMax: number;
  #file: FileHandle | null = null;
  #left = 0;

  constructor(folder: string, name: string, bytesMax = PART_BYTES_MAX) {
    super();
    this.#folder = folder;
    this.#name = name;
    this.#bytesMax = bytesMax;
  }

  override _construct(done: (error?: Error | null) => void) {
    this.#next().then(() => done(), done);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void) {
    this.#take(chunk).then(() => done(), done);
  }

  override _final(done: (error?: Error | null) => void) {
    this.#close().then(() => done(), done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void) {
    this.#close().then(() => done(error), done);
  }

  async #take(chunk: Buffer) {
    for (let rest = chunk; rest.length > 0; ) {
      if (this.#left === 0) await this.#next();
      const taken = rest.subarray(0, this.#left);
      await this.#file?.writeFile(taken);
      this.#left -= taken.length;
      rest = rest.subarray(taken.length);
    }
  }

  async #next() {
    await this.#close();
    const file = this.files.length === 0 ? this.#name : `${this.#name}.${this.files.length + 1}`;
    this.files.push(file);
    this.#file = await open(join(this.#folder, file), "w");
    this.#left = this.#bytesMax;
  }

  async #close() {
    await this.#file?.close();
    this.#file = null;
  }
}

/** The parts of a table in a folder, as one stream. */
export const readParts = (folder: string, table: { name: string; files?: string[] | undefined }): Readable =>
  Readable.from(bytesOf(filesOf(table).map((file) => join(folder, file))), { objectMode: false });

async function* bytesOf(paths: readonly string[]) {
  for (const path of paths) yield* createReadStream(path);
}
