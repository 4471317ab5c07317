import { isFormula } from "./csv.ts";

/** A sheet has 1,048,576 rows; the header and the last line want room too. */
export const SHEET_ROWS_MAX = 1_048_000;
/** A cell holds so many characters; a longer text says that it was cut. */
const CELL_CHARS_MAX = 32_767;
const CUT = "… [cut]";
/** A spreadsheet counts with fifteen digits: a longer number is a text, or its last digits would be others. */
const DIGITS_MAX = 15;

const STYLE = { header: 1, instant: 2, day: 3, harmless: 4, wrapped: 5 } as const;
/** Styles of a workbook's own number formats stand after these. */
const OWN_STYLES_FROM = 6;
const OWN_FORMATS_FROM = 166;
const DAY_MS = 86_400_000;
/** 1970-01-01 in the days of a spreadsheet. */
const EPOCH_DAY = 25_569;
const [YEAR_1900, YEAR_10000] = [Date.UTC(1900, 2, 1), Date.UTC(10_000, 0, 1)];

export type Cell =
  /** `format`: which of the workbook's own number formats. */
  | { type: "number"; value: string; format?: number }
  /** `as`: in bold, or in as many lines as it takes. */
  | { type: "text"; value: string; as?: "header" | "wrapped" }
  | { type: "bool"; value: boolean }
  /** UTC ms, shown as the clock on the wall there. */
  | { type: "instant"; at: number; utcOffsetMinutes: number }
  | { type: "day"; value: string }
  | null;

const text = (value: string, style?: number) =>
  `<c t="inlineStr"${style === undefined ? "" : ` s="${style}"`}><is><t xml:space="preserve">${xml(value)}</t></is></c>`;
const number = (value: number, style?: number) => `<c${style === undefined ? "" : ` s="${style}"`}><v>${value}</v></c>`;

/** Each with its true type. A text is never a formula here; the sign that it is none goes with it into other files. */
function cellXml(cell: Cell): string {
  if (cell === null) return "<c/>";
  switch (cell.type) {
    case "number": {
      if (cell.value.replace(/[-.]|^0+/g, "").length > DIGITS_MAX) return text(cell.value);
      const style = cell.format === undefined ? "" : ` s="${cell.format + OWN_STYLES_FROM}"`;
      return `<c${style}><v>${cell.value}</v></c>`;
    }
    case "bool":
      return `<c t="b"><v>${cell.value ? 1 : 0}</v></c>`;
    case "instant": {
      const local = cell.at + cell.utcOffsetMinutes * 60_000;
      return local < YEAR_1900 || local >= YEAR_10000
        ? text(new Date(cell.at).toISOString())
        : number((local + EPOCH_DAY * DAY_MS) / DAY_MS, STYLE.instant);
    }
    case "day": {
      const at = Date.parse(cell.value);
      return at < YEAR_1900 || at >= YEAR_10000 ? text(cell.value) : number(at / DAY_MS + EPOCH_DAY, STYLE.day);
    }
    case "text":
      return text(cell.value, isFormula(cell.value) ? STYLE.harmless : cell.as && STYLE[cell.as]);
  }
}

export const rowXml = (cells: readonly Cell[]) => `<row>${cells.map(cellXml).join("")}</row>`;
export const headerXml = (names: readonly string[]) =>
  `<row>${names.map((name) => text(name, STYLE.header)).join("")}</row>`;

/** What XML cannot hold becomes U+FFFD; what a spreadsheet would take for its own escape is escaped. */
function xml(value: string): string {
  const short = value.length > CELL_CHARS_MAX ? value.slice(0, CELL_CHARS_MAX - CUT.length) + CUT : value;
  return (
    short
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that XML does not have
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
      .replace(/_(x[0-9A-Fa-f]{4}_)/g, "_x005F_$1")
      .replace(/&/g, "&amp;")
      .replace(/</g, "&lt;")
      .replace(/>/g, "&gt;")
      .replace(/\r/g, "&#13;")
  );
}

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml";

const FROZEN = `<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`;

/** A sheet up to its first row, which stays in sight where it names the columns. */
export function sheetBegins({
  widths = [],
  heads = true,
}: {
  widths?: readonly number[];
  heads?: boolean;
} = {}): string {
  const columns = widths.map((width, n) => `<col min="${n + 1}" max="${n + 1}" width="${width}" customWidth="1"/>`);
  const cols = columns.length === 0 ? "" : `<cols>${columns.join("")}</cols>`;
  return `${HEAD}<worksheet xmlns="${MAIN}">${heads ? FROZEN : ""}<sheetFormatPr defaultRowHeight="15"/>${cols}<sheetData>`;
}
export const SHEET_ENDS = "</sheetData></worksheet>";
export const sheetPath = (sheet: number) => `xl/worksheets/sheet${sheet}.xml`;

const SHEET_NAME_MAX = 31;

/** Names that a spreadsheet takes: short, without its own signs, and none twice, whatever its case. */
export function sheetNames(titles: readonly string[]): string[] {
  const taken = new Set<string>();
  return titles.map((title) => {
    const plain = title
      .replace(/[[\]:*?/\\]|\p{Cc}/gu, " ")
      .replace(/\s+/g, " ")
      .replace(/^['\s]+|['\s]+$/g, "");
    for (let nth = 1; ; nth++) {
      const end = nth === 1 ? "" : ` ${nth}`;
      const name = `${plain.slice(0, SHEET_NAME_MAX - end.length).trimEnd() || "Sheet"}${end}`;
      if (taken.has(name.toLowerCase())) continue;
      taken.add(name.toLowerCase());
      return name;
    }
  });
}

/** The parts beside the sheets, by path; `formats` are the codes of the workbook's own number formats. */
export function workbookParts(names: readonly string[], formats: readonly string[] = []): [string, string][] {
  const sheets = names.length;
  const each = (part: (sheet: number) => string) => names.map((_, i) => part(i + 1)).join("");
  const name = (sheet: number) => attribute(names[sheet - 1] ?? "");
  const own = formats.map((code, n) => `<numFmt numFmtId="${n + OWN_FORMATS_FROM}" formatCode="${attribute(code)}"/>`);
  const styles = formats.map((_, n) => `<xf numFmtId="${n + OWN_FORMATS_FROM}" applyNumberFormat="1"/>`);
  return [
    [
      "[Content_Types].xml",
      `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${KIND}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${KIND}.styles+xml"/>${each((sheet) => `<Override PartName="/${sheetPath(sheet)}" ContentType="${KIND}.worksheet+xml"/>`)}</Types>`,
    ],
    [
      "_rels/.rels",
      `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ],
    [
      "xl/workbook.xml",
      `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${DOCUMENT}"><sheets>${each((sheet) => `<sheet name="${name(sheet)}" sheetId="${sheet}" r:id="rId${sheet}"/>`)}</sheets></workbook>`,
    ],
    [
      "xl/_rels/workbook.xml.rels",
      `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${each((sheet) => `<Relationship Id="rId${sheet}" Type="${DOCUMENT}/worksheet" Target="worksheets/sheet${sheet}.xml"/>`)}<Relationship Id="rId${sheets + 1}" Type="${DOCUMENT}/styles" Target="styles.xml"/></Relationships>`,
    ],
    [
      "xl/styles.xml",
      `${HEAD}<styleSheet xmlns="${MAIN}"><numFmts count="${2 + formats.length}"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/>${own.join("")}</numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="${OWN_STYLES_FROM + formats.length}"><xf/><xf fontId="1" applyFont="1"/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/><xf quotePrefix="1"/><xf applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>${styles.join("")}</cellXfs></styleSheet>`,
    ],
  ];
}

const attribute = (value: string) => xml(value).replace(/"/g, "&quot;");
