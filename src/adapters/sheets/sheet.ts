import { FILE_BYTES_MAX, fileFault, type ReadSheet } from "../../domain/registration/cell.ts";
import { err } from "../../domain/result.ts";
import { readCsv } from "./csv.ts";
import { readXlsx } from "./xlsx.ts";

const startsWith = (bytes: Uint8Array, ...sign: number[]) => sign.every((byte, index) => bytes[index] === byte);

/** By what the bytes are: names of files say anything. */
export const readSheet: ReadSheet = (bytes) => {
  if (bytes.length === 0) return err(fileFault("0 bytes", "a file with something in it"));
  if (bytes.length > FILE_BYTES_MAX)
    return err(
      fileFault(`${bytes.length} bytes`, `at most ${FILE_BYTES_MAX} bytes; leave pictures and other sheets out`),
    );
  if (startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0))
    return err(
      fileFault("an old .xls, or a workbook with a password", "a workbook saved as .xlsx without a password, or CSV"),
    );
  return startsWith(bytes, 0x50, 0x4b, 0x03, 0x04) ? readXlsx(bytes) : readCsv(bytes);
};
