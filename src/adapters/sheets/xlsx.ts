import { fileFault, type ReadSheet } from "../../domain/registration/cell.ts";
import { err, ok } from "../../domain/result.ts";
import { BadArchive, UNZIPPED_BYTES_MAX, unzipParts } from "./unzip.ts";
import { plain, readCells, TooMuch, type Workbook } from "./xlsx-cells.ts";
import { readXml } from "./xml.ts";

const WORKBOOK = "xl/workbook.xml";
const RELATIONS = "xl/_rels/workbook.xml.rels";
const STYLES = "xl/styles.xml";
const STRINGS = "xl/sharedStrings.xml";
const STRINGS_MAX = 300_000;

/** The first sheet that is not hidden. */
export const readXlsx: ReadSheet = (bytes) => {
  try {
    const about = unzipParts(bytes, (name) => [WORKBOOK, RELATIONS, STYLES].includes(name));
    const sheet = firstSheet(about);
    if (sheet === null) return err(fileFault("no sheet", "a workbook with a sheet"));
    const parts = unzipParts(bytes, (name) => name === sheet.path || name === STRINGS);
    const cells = parts.get(sheet.path);
    if (cells === undefined) return err(fileFault("no sheet", "a workbook with a sheet"));
    const workbook: Workbook = {
      strings: stringsOf(parts.get(STRINGS)),
      isDateStyle: dateStyles(about.get(STYLES)),
      from1904: sheet.from1904,
    };
    return ok({ format: "xlsx", name: sheet.name, rows: readCells(cells, workbook) });
  } catch (error) {
    // Whatever a broken or hostile file does to the reader: it is the file's fault, and the reader ends here.
    const because = error instanceof TooMuch ? error.message : error instanceof BadArchive && error.message;
    return typeof because === "string" && because !== "a part twice"
      ? err(fileFault(because, `a workbook with at most ${UNZIPPED_BYTES_MAX / 1024 / 1024} MB in it, saved as .xlsx`))
      : err(fileFault("a workbook that cannot be read", "a workbook saved as .xlsx; open it and save it again"));
  }
};

type FirstSheet = { name: string; path: string; from1904: boolean };

function firstSheet(parts: Map<string, Uint8Array>): FirstSheet | null {
  const targets = new Map<string, string>();
  readXml(parts.get(RELATIONS), {
    open(name, attributes) {
      const { Id, Target } = name === "Relationship" ? attributes() : {};
      if (Id !== undefined && Target !== undefined) targets.set(Id, Target);
    },
    close() {},
    text() {},
  });
  let from1904 = false;
  let found: { name: string; id: string } | null = null;
  readXml(parts.get(WORKBOOK), {
    open(name, attributes) {
      if (name === "workbookPr") from1904 = ["1", "true"].includes(attributes().date1904 ?? "");
      if (name !== "sheet" || found !== null) return;
      const all = attributes();
      const id = Object.entries(all).find(([key]) => /(^|:)id$/.test(key))?.[1];
      if (id !== undefined && (all.state ?? "visible") === "visible") found = { name: all.name ?? "", id };
    },
    close() {},
    text() {},
  });
  const { name, id } = (found ?? {}) as { name?: string; id?: string };
  const target = targets.get(id ?? "");
  if (name === undefined || target === undefined) return null;
  return { name, path: target.startsWith("/") ? target.slice(1) : `xl/${target}`, from1904 };
}

function stringsOf(bytes: Uint8Array | undefined): string[] {
  const strings: string[] = [];
  let text = "";
  let reads = false;
  let isSpoken = false;
  readXml(bytes, {
    open(name) {
      if (name === "si") text = "";
      else if (name === "rPh") isSpoken = true;
      else if (name === "t") reads = !isSpoken;
    },
    text(part) {
      if (reads) text += part;
    },
    close(name) {
      if (name === "t") reads = false;
      else if (name === "rPh") isSpoken = false;
      else if (name === "si") {
        strings.push(plain(text));
        if (strings.length > STRINGS_MAX) throw new TooMuch(`at most ${STRINGS_MAX} different texts`);
      }
    },
  });
  return strings;
}

/** Formats that every spreadsheet knows by number: dates and times of all its languages. */
const isBuiltInDate = (id: number) =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);

function dateStyles(bytes: Uint8Array | undefined): Workbook["isDateStyle"] {
  const own = new Map<number, string>();
  const formats: number[] = [];
  let inCells = false;
  readXml(bytes, {
    open(name, attributes) {
      if (name === "cellXfs") inCells = true;
      if (name === "numFmt") own.set(Number(attributes().numFmtId), attributes().formatCode ?? "");
      if (name === "xf" && inCells) formats.push(Number(attributes().numFmtId ?? 0));
    },
    close(name) {
      if (name === "cellXfs") inCells = false;
    },
    text() {},
  });
  return (style) => {
    const format = formats[style] ?? 0;
    const code = own.get(format)?.replace(/"[^"]*"|\\.|\[[^\]]*\]|_.|\*./g, "");
    return code === undefined ? isBuiltInDate(format) : /[ymdhs]/i.test(code) && !/^general$/i.test(code);
  };
}
