/** Excel takes a file without it for one in the machine's own old code page, and shows "Réné" wrong. */
export const BYTE_ORDER_MARK = "\uFEFF";
const LINE_END = "\r\n";

const BEGINS_FORMULA = /^[^\S\t\r\n]*[=+\-@\t\r\n＝＋－＠]/;
const NUMBER = /^[+-]?\d{1,20}(\.\d{1,20})?$/;
/**
 * Where a cell begins within a text for Excel in French, whose lists have semicolons: the comma before the field begins none there, so its
 * quotes protect nothing. A plain number is left only where its cell ends with it: at the text's end the next field would go on with it,
 * and "+1,1+…" is a formula.
 */
const FORMULA_WITHIN = /([;\t\r\n])(?=(?:"|[^\S\t\r\n])*[=+\-@＝＋－＠])(?! *[+-]?\d{1,20}(?:\.\d{1,20})? *[;\r\n])/g;

/** Whether a spreadsheet would run this text. A plain number begins with a sign as well, and does nothing. */
export const isFormula = (text: string) => BEGINS_FORMULA.test(text) && !NUMBER.test(text);

/** A text as no spreadsheet runs it, whatever separates its lists: an apostrophe before each place that would be a formula. */
export const harmless = (text: string) => (isFormula(text) ? `'${text}` : text).replace(FORMULA_WITHIN, "$1'");

const quoted = (text: string) => (/[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** One line of a CSV (RFC 4180). What is null is empty; what is the empty text is "". */
export const csvLine = (cells: readonly (string | null)[]) =>
  cells.map((cell) => (cell === null ? "" : cell === "" ? '""' : quoted(cell))).join(",") + LINE_END;

/** A line that says something of the file, for people: one cell, whatever stands in it. */
export const remarkLine = (text: string) => csvLine([harmless(`# ${text}`)]);

/** The last line of every file: one that lacks it was cut. */
export const endLine = (rows: number) => `# end of file: ${rows} rows`;
