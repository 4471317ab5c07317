import { strFromU8, unzipSync } from "fflate";
import { readXml } from "../src/adapters/sheets/xml.ts";

/** A cell as a spreadsheet takes it: a text, yes or no, nothing, or a number with the format it is shown in. */
export type ReadCell = string | boolean | null | { value: number; format: string };
export type ReadSheet = { name: string; rows: ReadCell[][] };

/** Reads a workbook of ours with its types: nothing of the code that wrote it has a hand in it. */
export function readWorkbook(bytes: Uint8Array): ReadSheet[] {
  const parts = unzipSync(bytes);
  const xml = (path: string) => parts[path] ?? new Uint8Array();
  const formats = formatsOf(xml("xl/styles.xml"));
  const names = [...strFromU8(xml("xl/workbook.xml")).matchAll(/<sheet name="([^"]*)"/g)].map(([, name]) => name ?? "");
  return names.map((name, n) => ({
    name: name.replaceAll("&amp;", "&"),
    rows: rowsOf(xml(`xl/worksheets/sheet${n + 1}.xml`), formats),
  }));
}

/** A day of a spreadsheet, as the calendar has it. */
export const dayOf = (cell: ReadCell | undefined): string | null =>
  typeof cell === "object" && cell !== null && cell.format.startsWith("yyyy")
    ? new Date((cell.value - 25_569) * 86_400_000).toISOString().slice(0, 10)
    : null;

function formatsOf(bytes: Uint8Array): string[] {
  const codes = new Map<string, string>();
  const styles: string[] = [];
  let inCells = false;
  readXml(bytes, {
    open(name, attributes) {
      if (name === "cellXfs") inCells = true;
      if (name === "numFmt") codes.set(attributes().numFmtId ?? "", attributes().formatCode ?? "");
      if (name === "xf" && inCells) styles.push(codes.get(attributes().numFmtId ?? "") ?? "General");
    },
    close: (name) => {
      if (name === "cellXfs") inCells = false;
    },
    text() {},
  });
  return styles;
}

function rowsOf(bytes: Uint8Array, formats: readonly string[]): ReadCell[][] {
  const rows: ReadCell[][] = [];
  let [type, style, text, reads] = ["n", 0, "", false];
  readXml(bytes, {
    open(name, attributes) {
      if (name === "row") rows.push([]);
      if (name === "c") [type, style, text] = [attributes().t ?? "n", Number(attributes().s ?? 0), ""];
      if (name === "v" || name === "t") reads = true;
    },
    text: (some) => {
      if (reads) text += some;
    },
    close(name) {
      if (name === "v" || name === "t") reads = false;
      if (name !== "c") return;
      const number = { value: Number(text), format: formats[style] ?? "" };
      rows.at(-1)?.push(type === "inlineStr" ? text : type === "b" ? text === "1" : text === "" ? null : number);
    },
  });
  return rows;
}
