import { COLUMN_FIELDS, COLUMNS } from "../../domain/registration/columns.ts";
import { writeXlsx } from "./write-xlsx.ts";

const columns = COLUMN_FIELDS.map((field) => COLUMNS[field]);
const HELP = [
  "Write one customer in each row below the headers; columns may be left out or stand in another order.",
  "Lines that begin with # are remarks. Formulas, merged cells and shortened numbers (2.6E+10) are refused.",
];

/** An empty file to fill in, with a sheet that explains each column. */
export const templateXlsx = (): Uint8Array =>
  writeXlsx([
    { name: "Customers", widths: columns.map(() => 18), rows: [columns.map(({ header }) => header)] },
    {
      name: "Help",
      widths: [20, 24, 90],
      rows: [
        ["Column", "For example", "What it means"],
        ...columns.map(({ header, example, help }) => [header, example, help]),
        ...HELP.map((line) => ["", "", line]),
      ],
    },
  ]);

/** The same as a text file; what is explained stands in remarks. With a mark, so that Excel reads it as UTF-8. */
export function templateCsv(): string {
  const quoted = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const help = columns
    .filter((column) => column.help !== "")
    .map(({ header, example, help: text }) => `# ${header}: ${text}${example === "" ? "" : ` For example ${example}`}`);
  const lines = [...HELP.map((line) => `# ${line}`), ...help].map(quoted);
  return `\uFEFF${[...lines, columns.map(({ header }) => quoted(header)).join(",")].join("\r\n")}\r\n`;
}
