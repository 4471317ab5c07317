import { once } from "node:events";
import { createWriteStream } from "node:fs";

type RowLists = Record<"notTaken" | "left" | "openings", readonly object[]>;

/** A report as JSON, a row a line, so that a report of millions of rows is no one text in memory. */
export async function writeReport<T extends RowLists>(path: string, report: T): Promise<void> {
  const { notTaken, left, openings, ...rest } = report;
  const out = createWriteStream(path, { encoding: "utf8" });
  const write = async (text: string) => {
    if (!out.write(text)) await once(out, "drain");
  };
  await write(`${JSON.stringify(rest, null, 1).slice(0, -2)},\n "openings": `);
  await writeRows(write, openings);
  await write(`,\n "left": `);
  await writeRows(write, left);
  await write(`,\n "notTaken": `);
  await writeRows(write, notTaken);
  out.end("\n}\n");
  await once(out, "finish");
}

async function writeRows(write: (text: string) => Promise<void>, rows: readonly object[]): Promise<void> {
  await write("[");
  for (const [at, row] of rows.entries()) await write(`${at === 0 ? "" : ","}\n  ${JSON.stringify(row)}`);
  await write(rows.length === 0 ? "]" : "\n ]");
}
