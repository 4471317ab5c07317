/** The release before this one, as it was built: kept in the clone, so that old and new can meet where there is no history. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { ROOT } from "./tools.ts";

/** Where the kept one is; `PREVIOUS_RELEASE` names another folder. */
export const previousFolder = () => process.env.PREVIOUS_RELEASE ?? join(ROOT, "tests", "release", "previous");

/** Where the oldest one is: nothing writes it, so that what it wrote is woken by every release there will ever be. */
export const firstFolder = () => join(ROOT, "tests", "release", "first");

export type Recorded = {
  commit: string;
  committedAt: string;
  /** The newest migration that it brings. */
  migration: string;
  /** Of the Worker as it is uploaded. */
  bytes: number;
  sha256: string;
};

const FACTS = "release.json";
const WORKER = "worker.js.br";

export function readRecord(folder = previousFolder()): Recorded | null {
  const file = join(folder, FACTS);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Recorded) : null;
}

export function writeRecord(folder: string, worker: Buffer, facts: Omit<Recorded, "bytes" | "sha256">): Recorded {
  const recorded = { ...facts, bytes: worker.length, sha256: sha256(worker) };
  const packed = brotliCompressSync(worker, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: worker.length,
    },
  });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, WORKER), packed);
  writeFileSync(join(folder, FACTS), `${JSON.stringify(recorded, null, 2)}\n`);
  return recorded;
}

/** Puts the recorded Worker into a folder, as a build would. Throws where it is not what was recorded. */
export function unpackRecord(into: string, folder = previousFolder()): Recorded {
  const recorded = readRecord(folder);
  if (recorded === null) throw new Error(`there is no recorded release in ${folder}: npm run release:record`);
  const worker = brotliDecompressSync(readFileSync(join(folder, WORKER)));
  if (sha256(worker) !== recorded.sha256) throw new Error(`the Worker in ${folder} is not the one that was recorded`);
  mkdirSync(into, { recursive: true });
  writeFileSync(join(into, "index.js"), worker);
  return recorded;
}

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
