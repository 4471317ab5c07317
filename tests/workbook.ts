import { strToU8, zipSync } from "fflate";

/**
 * Workbooks as spreadsheets write them, for tests: texts in the shared table or in place, numbers, dates by their format,
 * formulas with what they came to last, merged cells, hidden sheets.
 */
export type MadeCell =
  | string
  | number
  | null
  | { formula: string; value: string }
  | { date: number }
  | { inline: string }
  | { error: string }
  | { bool: 0 | 1 };
export type MadeSheet = { name: string; rows: MadeCell[][]; merges?: string[]; hidden?: boolean; firstRow?: number };

const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const letters = (column: number) => String.fromCharCode(65 + column);

export function madeWorkbook(sheets: MadeSheet[], options: { from1904?: boolean } = {}): Uint8Array {
  const strings: string[] = [];
  const shared = (text: string) => {
    strings.push(text);
    return strings.length - 1;
  };
  const cell = (value: MadeCell, at: string): string => {
    if (value === null) return `<c r="${at}" s="0"/>`;
    if (typeof value === "string") return `<c r="${at}" t="s"><v>${shared(value)}</v></c>`;
    if (typeof value === "number") return `<c r="${at}"><v>${value}</v></c>`;
    if ("formula" in value)
      return `<c r="${at}" t="str"><f>${escaped(value.formula)}</f><v>${escaped(value.value)}</v></c>`;
    if ("date" in value) return `<c r="${at}" s="1"><v>${value.date}</v></c>`;
    if ("inline" in value) return `<c r="${at}" t="inlineStr"><is><t>${escaped(value.inline)}</t></is></c>`;
    if ("error" in value) return `<c r="${at}" t="e"><v>${value.error}</v></c>`;
    return `<c r="${at}" t="b"><v>${value.bool}</v></c>`;
  };
  const parts: Record<string, string> = {
    "xl/workbook.xml": `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><workbookPr${options.from1904 ? ' date1904="1"' : ""}/><sheets>${sheets
      .map(
        ({ name, hidden }, n) =>
          `<sheet name="${name}" sheetId="${n + 1}"${hidden ? ' state="hidden"' : ""} r:id="rId${n + 1}"/>`,
      )
      .join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${sheets
      .map(
        (_, n) => `<Relationship Id="rId${n + 1}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${n + 1}.xml"/>`,
      )
      .join("")}</Relationships>`,
    "xl/styles.xml": `<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>`,
  };
  for (const [n, { rows, merges, firstRow = 1 }] of sheets.entries())
    parts[`xl/worksheets/sheet${n + 1}.xml`] = `<worksheet xmlns="${MAIN}"><sheetData>${rows
      .map(
        (cells, row) =>
          `<row r="${row + firstRow}">${cells.map((value, column) => cell(value, `${letters(column)}${row + firstRow}`)).join("")}</row>`,
      )
      .join(
        "",
      )}</sheetData>${merges === undefined ? "" : `<mergeCells>${merges.map((ref) => `<mergeCell ref="${ref}"/>`).join("")}</mergeCells>`}</worksheet>`;
  parts["xl/sharedStrings.xml"] = `<sst xmlns="${MAIN}">${strings
    .map((text) => `<si><t xml:space="preserve">${escaped(text)}</t></si>`)
    .join("")}</sst>`;
  return zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)])));
}
