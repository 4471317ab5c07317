/** What one SMS, or one reading, asks of the platform, as a table. */
import type pg from "pg";
import { COUNTS_PATH } from "./counted/isolate.ts";
import type { CountryWorker } from "./country.ts";
import { table } from "./figures.ts";

export const COUNTED_ENTRY = "dev/bench/counted/worker.mjs";

/** "sql Mailbox SELECT …": how often. */
export type Counts = Record<string, number>;

const KINDS = [
  "request",
  "call",
  "carried",
  "woken",
  "alarm",
  "setAlarm",
  "deleteAlarm",
  "transactionSync",
  "commit",
  "read",
  "write",
  "rows",
  "sql",
  "timer",
  "json",
  "queue",
  "batch",
  "delivered",
  "fetch",
  "bytes",
] as const;
/** Lines of one kind, the most frequent first; the rest is in its sum. */
const LINES_MAX = 60;
const TEXT_CHARS_MAX = 110;

/** The counts since they were last asked for. */
export async function countsSince(worker: CountryWorker): Promise<Counts> {
  const answer = await fetch(`${worker.url}${COUNTS_PATH}`);
  return (await answer.json()) as Counts;
}

/** Bytes of a country's tables with their indexes. */
export async function tableBytes(database: pg.Client): Promise<number> {
  const { rows } = await database.query<{ bytes: string }>(
    "SELECT sum(pg_total_relation_size(oid)) AS bytes FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
  );
  return Number(rows[0]?.bytes);
}

/** The counts since they were last asked for, and by how much the tables grew from `bytesBefore`. */
export async function countsWithBytes(
  worker: CountryWorker,
  database: pg.Client,
  bytesBefore: number,
): Promise<Counts> {
  return { ...(await countsSince(worker)), "bytes of PostgreSQL": (await tableBytes(database)) - bytesBefore };
}

/** How often all of a kind together. */
export const sumOf = (counts: Counts, kind: string) =>
  Object.entries(counts).reduce((sum, [key, times]) => sum + (key.startsWith(`${kind} `) ? times : 0), 0);

export function countsTable(counts: Counts, asked: number, what = "an SMS"): string {
  const each = (times: number) => (times / asked).toFixed(2);
  const rows = KINDS.flatMap((kind) => {
    const own = Object.entries(counts)
      .filter(([key]) => key.startsWith(`${kind} `))
      .map(([key, times]) => ({ what: key.slice(kind.length + 1), times }))
      .toSorted((a, b) => b.times - a.times);
    const sum = own.reduce((all, { times }) => all + times, 0);
    return [
      [`**${kind}**`, `**${each(sum)}**`],
      ...own
        .slice(0, LINES_MAX)
        .map(({ what: line, times }) => [line.slice(0, TEXT_CHARS_MAX).replaceAll("|", "∣"), each(times)]),
    ];
  });
  return table([`${what} asks for`, "times"], rows);
}
