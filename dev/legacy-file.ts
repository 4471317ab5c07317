import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { extname } from "node:path";

/** A row of the old books: text by the name of its column, in lower case. */
export type FileRow = Record<string, string | null>;

/** Rows of a file of old transactions, and a name for it that is its content's own: the same file is the same job. */
export function readLegacyFile(path: string): { job: string; rows: FileRow[] } {
  const text = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  const job = createHash("sha256").update(text, "utf8").digest("hex").slice(0, 32);
  return { job, rows: extname(path).toLowerCase() === ".json" ? rowsOfJson(text) : rowsOfCsv(text) };
}

/** A list of objects; numbers and flags become the text they are written as. */
export function rowsOfJson(text: string): FileRow[] {
  const parsed: unknown = JSON.parse(text);
  if (!Array.isArray(parsed)) throw new Error("the JSON file must be a list of rows");
  return parsed.map((row: unknown) => {
    if (typeof row !== "object" || row === null || Array.isArray(row)) throw new Error("a row must be an object");
    return Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name.toLowerCase(), value === null ? null : String(value)]),
    );
  });
}

/** Comma-separated, the first line naming the columns; quotes as RFC 4180 has them, so that a cell may hold a new line. */
export function rowsOfCsv(text: string): FileRow[] {
  const [header, ...lines] = cells(text);
  if (header === undefined) return [];
  const names = header.map((name) => name.trim().toLowerCase());
  return lines
    .filter((line) => line.length > 1 || (line[0] ?? "") !== "")
    .map((line, index) => {
      if (line.length !== names.length)
        throw new Error(`row ${index + 1} has ${line.length} cells, and there are ${names.length} columns`);
      return Object.fromEntries(names.map((name, at) => [name, line[at] ?? null]));
    });
}

function cells(text: string): string[][] {
  const lines: string[][] = [[]];
  let cell = "";
  let quoted = false;
  const endCell = () => {
    lines.at(-1)?.push(cell);
    cell = "";
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    if (quoted) {
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === ",") endCell();
    else if (char === "\n") {
      endCell();
      lines.push([]);
    } else if (char !== "\r") cell += char;
  }
  if (quoted) throw new Error("the file ends inside a quoted cell");
  if (cell !== "" || (lines.at(-1)?.length ?? 0) > 0) endCell();
  return lines.filter((line) => line.length > 0);
}
