import type { ContractDocument } from "../domain/contract/document.ts";

export type PrintedContract = { bytes: Uint8Array; pages: number };

/** A picture that looked like one from outside cannot be unpacked. */
export class UnreadablePicture extends Error {
  override readonly name = "UnreadablePicture";
}

/** Makes a PDF of a document. The same document gives the same bytes, whenever and wherever it is printed. */
export interface ContractPrinter {
  /** Throws UnreadablePicture. */
  print(document: ContractDocument): Promise<PrintedContract>;
}
