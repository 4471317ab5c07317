import { Unzip, UnzipInflate } from "fflate";

/** All parts of a workbook that are read, together: what says it is small and is not, is a bomb. */
export const UNZIPPED_BYTES_MAX = 48 * 1024 * 1024;
const PARTS_MAX = 500;
/** Pushed at a time, so that a bomb is found after little of it. */
const CHUNK_BYTES = 16 * 1024;

export class BadArchive extends Error {
  override readonly name = "BadArchive";
}

/** The parts whose names are wanted. Bytes are counted as they come out: what a header says of its size is never believed. */
export function unzipParts(bytes: Uint8Array, wants: (name: string) => boolean): Map<string, Uint8Array> {
  const parts = new Map<string, Uint8Array[]>();
  let count = 0;
  let total = 0;
  const unzip = new Unzip((file) => {
    if (++count > PARTS_MAX) throw new BadArchive("too many parts");
    if (!wants(file.name)) return;
    if (parts.has(file.name)) throw new BadArchive("a part twice");
    const chunks: Uint8Array[] = [];
    parts.set(file.name, chunks);
    file.ondata = (error, chunk) => {
      if (error !== null) throw error;
      total += chunk.length;
      if (total > UNZIPPED_BYTES_MAX) throw new BadArchive("too large");
      chunks.push(chunk.slice());
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  for (let from = 0; from < bytes.length; from += CHUNK_BYTES)
    unzip.push(bytes.subarray(from, from + CHUNK_BYTES), from + CHUNK_BYTES >= bytes.length);
  return new Map([...parts].map(([name, chunks]) => [name, joined(chunks)]));
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
