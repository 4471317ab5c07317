import { strFromU8, unzipSync } from "fflate";
import { readXml } from "../src/adapters/sheets/xml.ts";

/** A cell as a spreadsheet takes it: a text, yes or no, nothing, or a number with the format it is shown in. */
export type ReadCell = string | boolean | null | { value: number; format: string };
export type ReadSheet = { name: string; rows: ReadCell[][] };

/** Reads a workbook of ours with its types: nothing of the code that wrote it has a hand in it. Throws on one that a spreadsheet would mend. */
export function readWorkbook(bytes: Uint8Array): ReadSheet[] {
  const parts = unzipSync(bytes);
  const faults = workbookFaults(parts);
  if (faults.length > 0) throw new Error(`no whole workbook: ${faults.slice(0, 5).join("; ")}`);
  const xml = (path: string) => parts[path] ?? new Uint8Array();
  const formats = formatsOf(xml("xl/styles.xml"));
  const names = [...strFromU8(xml("xl/workbook.xml")).matchAll(/<sheet name="([^"]*)"/g)].map(([, name]) => name ?? "");
  return names.map((name, n) => ({
    name: name.replaceAll("&amp;", "&"),
    rows: rowsOf(xml(`xl/worksheets/sheet${n + 1}.xml`), formats),
  }));
}

const NEEDED = ["[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"];
const TYPES = ["n", "b", "inlineStr"];
const NAME_MAX = 31;

/** What a spreadsheet would stumble over: a part that is missing or named twice, a cell of another type than it says, anything that is run. */
export function workbookFaults(parts: Record<string, Uint8Array>): string[] {
  const faults = NEEDED.filter((path) => parts[path] === undefined).map((path) => `${path} is missing`);
  const names: string[] = [];
  const text = (path: string) => strFromU8(parts[path] ?? new Uint8Array());
  for (const [, name = ""] of text("xl/workbook.xml").matchAll(/<sheet name="([^"]*)"/g))
    names.push(name.toLowerCase());
  for (const [n, name] of names.entries()) {
    const path = `xl/worksheets/sheet${n + 1}.xml`;
    if (parts[path] === undefined) faults.push(`${path} is missing`);
    if (names.indexOf(name) !== n) faults.push(`two sheets are called ${name}`);
    if (name.replaceAll(/&\w+;/g, "x").length > NAME_MAX || /[[\]:*?/\\]/.test(name))
      faults.push(`no sheet may be called ${name}`);
    for (const part of ["[Content_Types].xml", "xl/_rels/workbook.xml.rels"])
      if (!text(part).includes(`worksheets/sheet${n + 1}.xml`)) faults.push(`${part} does not know ${path}`);
  }
  const styles = parts["xl/styles.xml"] === undefined ? 0 : formatsOf(parts["xl/styles.xml"]).length;
  for (const [path, bytes] of Object.entries(parts)) {
    if (/vba|externalLink|connections|\.bin$/i.test(path)) faults.push(`${path} is run, or asks somebody`);
    if (path.startsWith("xl/worksheets/"))
      faults.push(...cellFaults(bytes, styles).map((fault) => `${path}: ${fault}`));
  }
  return faults;
}

function cellFaults(bytes: Uint8Array, styles: number): string[] {
  const faults: string[] = [];
  let [type, text, reads] = ["n", "", false];
  readXml(bytes, {
    open(name, attributes) {
      if (name === "f" || name === "hyperlink") faults.push(`<${name}>`);
      if (name === "v") reads = true;
      if (name !== "c") return;
      const { t = "n", s = "0" } = attributes();
      [type, text] = [t, ""];
      if (!TYPES.includes(t)) faults.push(`a cell of type ${t}`);
      if (Number(s) >= styles) faults.push(`a cell of style ${s} of ${styles}`);
    },
    text: (some) => {
      if (reads) text += some;
    },
    close(name) {
      if (name === "v") reads = false;
      if (name !== "c") return;
      if (type === "n" && text !== "" && !/^-?\d+(\.\d+)?$/.test(text)) faults.push(`no number: ${text}`);
      if (type === "b" && !/^[01]$/.test(text)) faults.push(`neither yes nor no: ${text}`);
    },
  });
  return faults;
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
