/** Excel takes a file without it for one in the machine's own old code page, and shows "Réné" wrong. */
export const BYTE_ORDER_MARK = "\uFEFF";
const LINE_END = "\r\n";

const BEGINS_FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
const NUMBER = /^[+-]?\d{1,20}(\.\d{1,20})?$/;

/** Whether a spreadsheet would run this text. A plain number begins with a sign as well, and does nothing. */
export const isFormula = (text: string) => BEGINS_FORMULA.test(text) && !NUMBER.test(text);

/** A text as a spreadsheet shows it and never runs it: an apostrophe before what would be a formula. */
export const harmless = (text: string) => (isFormula(text) ? `'${text}` : text);

const quoted = (text: string) => (/[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** One line of a CSV (RFC 4180). What is null is empty; what is the empty text is "". */
export const csvLine = (cells: readonly (string | null)[]) =>
  cells.map((cell) => (cell === null ? "" : cell === "" ? '""' : quoted(cell))).join(",") + LINE_END;

/** The last line of every file: one that lacks it was cut. */
export const endLine = (rows: number) => `# end of file: ${rows} rows`;
