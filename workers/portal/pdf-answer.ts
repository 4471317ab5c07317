import { createHash } from "node:crypto";
import type { ContractFiles, ContractRow } from "../../src/ports/contracts.ts";
import { log } from "../../src/ports/log.ts";

/** The PDF as it was made, byte for byte; null, and a line in the log, when it is not there or another. */
export async function pdfAnswer(
  files: Pick<ContractFiles, "get">,
  { contractId, objectKey, sha256 }: ContractRow,
): Promise<Response | null> {
  const bytes = await files.get(objectKey);
  if (bytes === null || createHash("sha256").update(bytes).digest("hex") !== sha256) {
    log.error("contract", { contractId, error: bytes === null ? "missing" : "changed" });
    return null;
  }
  return new Response(bytes, {
    headers: {
      "Content-Type": "application/pdf",
      "Content-Disposition": 'inline; filename="contract.pdf"',
      "Cache-Control": "private, no-store",
      "X-Robots-Tag": "noindex, nofollow",
    },
  });
}
