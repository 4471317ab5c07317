import type { ContractDocument } from "../../domain/contract/document.ts";
import type { ContractPrinter, PrintedContract } from "../../ports/contract-printer.ts";
import { type FontFace, readFont } from "./font.ts";
import { type Faces, layOut } from "./lay-out.ts";
import { NOTO_SANS_BOLD } from "./noto-sans-bold.ts";
import { NOTO_SANS_REGULAR } from "./noto-sans-regular.ts";

const faceOf = (base64: string): FontFace => readFont(new Uint8Array(Buffer.from(base64, "base64")));

let kept: Faces | null = null;
/** The two faces of every document here, read once. */
export function faces(): Faces {
  kept ??= { regular: faceOf(NOTO_SANS_REGULAR), bold: faceOf(NOTO_SANS_BOLD) };
  return kept;
}

/** pdf-lib is loaded when the first contract is printed: a request that has nothing to do with contracts never pays for it. */
export const pdfPrinter = (): ContractPrinter => ({
  async print(document: ContractDocument): Promise<PrintedContract> {
    const { draw } = await import("./draw.ts");
    return draw(document, layOut(document, faces()), faces());
  },
});
