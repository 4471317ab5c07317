import { parentPort, workerData } from "node:worker_threads";
import { connect } from "../../src/adapters/neon/database.ts";
import { hourLines } from "../../workers/exports/hour-lines.ts";

/** `rows`: how many are expected, to know which quarter of the file it is. */
export type ExportOrder = { databaseUrl: string; sqlUrl: string; rows: number };
export type Exported = { rows: number; bytes: number; tookMs: number; end: string; heapBytes: number[] };

const QUARTERS = 4;
const { databaseUrl, sqlUrl, rows: expected } = workerData as ExportOrder;
const heapBytes = Array.from({ length: QUARTERS }, () => 0);
const order = { from: "2025-11-01", to: "2026-11-01", site: null, type: null, timeZone: "Africa/Maseru" };
let [rows, bytes, end] = [0, 0, ""];
const began = performance.now();
for await (const text of hourLines(connect(databaseUrl, sqlUrl), order)) {
  bytes += Buffer.byteLength(text);
  // The head is a line too, and the last piece is none.
  rows += text.startsWith("#") ? 0 : (text.match(/\n/g)?.length ?? 0);
  end = text;
  const quarter = Math.min(QUARTERS - 1, Math.floor(((rows - 1) * QUARTERS) / expected));
  heapBytes[quarter] = Math.max(heapBytes[quarter] ?? 0, process.memoryUsage().heapUsed);
}
parentPort?.postMessage({
  rows: rows - 1,
  bytes,
  tookMs: performance.now() - began,
  end,
  heapBytes,
} satisfies Exported);
