import { BYTE_ORDER_MARK, csvLine, harmless } from "../src/domain/export/csv.ts";

/** Rows as a file that spreadsheets open: nothing in it is run. */
export const csvOf = (heads: readonly string[], rows: readonly (readonly (string | null)[])[]): string =>
  BYTE_ORDER_MARK + [heads, ...rows].map((cells) => csvLine(cells.map((cell) => cell && harmless(cell)))).join("");

/** Hands the reader a file made here. */
export function saveFile(name: string, text: string, type = "text/csv;charset=utf-8") {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
