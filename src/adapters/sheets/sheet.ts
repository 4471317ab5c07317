import { FILE_BYTES_MAX, fileFault, type ReadSheet } from "../../domain/registration/cell.ts";
import { err } from "../../domain/result.ts";
import { readCsv, readCsvUpTo } from "./csv.ts";
import { readXlsx } from "./xlsx.ts";

const startsWith = (bytes: Uint8Array, ...sign: number[]) => sign.every((byte, index) => bytes[index] === byte);

/** By what the bytes are: names of files say anything. */
export const readSheet: ReadSheet = (bytes) => readBy(bytes, readCsv);

/** Rows of a list that a machine wrote as text; of a workbook as many as of any other. */
export const LIST_ROWS_MAX = 50_000;

/** The same for lists of operators and vendors. */
export const readList: ReadSheet = (bytes) => readBy(bytes, (text) => readCsvUpTo(text, LIST_ROWS_MAX));

function readBy(bytes: Uint8Array, readText: ReadSheet): ReturnType<ReadSheet> {
  if (bytes.length === 0) return err(fileFault("0 bytes", "a file with something in it"));
  if (bytes.length > FILE_BYTES_MAX)
    return err(
      fileFault(`${bytes.length} bytes`, `at most ${FILE_BYTES_MAX} bytes; leave pictures and other sheets out`),
    );
  if (startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0))
    return err(
      fileFault("an old .xls, or a workbook with a password", "a workbook saved as .xlsx without a password, or CSV"),
    );
  return startsWith(bytes, 0x50, 0x4b, 0x03, 0x04) ? readXlsx(bytes) : readText(bytes);
}
