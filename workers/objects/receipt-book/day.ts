import { createHash } from "node:crypto";
import { postingsOf } from "../../../src/domain/receipt-postings.ts";
import type { StoredReceipt } from "../../../src/domain/receipt-state.ts";
import type { ClaimExtent } from "../../../src/ports/heads.ts";
import type { ReceiptTable } from "./table.ts";

const DAY_MS = 86_400_000;

/** Receipts of one day that changed after their claim: moves, refusals, reversals. */
const CHANGED_MAX = 5_000;

type Claimed = { receipt: string } & ClaimExtent;

/** A UTC day of claims, and the receipts of any day that changed on it, with the number of their last change. */
export type ShardDay = { count: number; sha256: string; changed: (Claimed & { version: number })[] };

/** In the order of the bytes of their lines in the digest. */
export const claimsOf = (table: ReceiptTable, day: string): Claimed[] =>
  table
    .claimedBetween(...span(day))
    .map((receipt) => extentOf(table, receipt))
    .map((claimed) => ({ claimed, line: lineOf(claimed) }))
    .sort((a, b) => Buffer.compare(Buffer.from(a.line), Buffer.from(b.line)))
    .map(({ claimed }) => claimed);

export function digestOf(table: ReceiptTable, day: string): ShardDay {
  const claims = claimsOf(table, day);
  const hash = createHash("sha256");
  for (const claimed of claims) hash.update(`${lineOf(claimed)}\n`, "utf8");
  const changed = table
    .changedBetween(...span(day), CHANGED_MAX)
    .map((receipt) => ({ ...extentOf(table, receipt), version: receipt.version }));
  return { count: claims.length, sha256: hash.digest("hex"), changed };
}

const lineOf = ({ receipt, generation, shares, postings }: Claimed) => `${receipt}#${generation}/${shares}/${postings}`;

function extentOf(table: ReceiptTable, receipt: StoredReceipt): Claimed {
  const shares = table.shares(receipt.receipt, null);
  return {
    receipt: receipt.receipt,
    generation: receipt.generation,
    shares: shares.filter(({ generation }) => generation === receipt.generation).length,
    postings:
      postingsOf(receipt, shares, table.entries(receipt.receipt)).length + table.recordedKeys(receipt.receipt).length,
  };
}

function span(day: string): [from: number, to: number] {
  const from = Date.parse(`${day}T00:00:00Z`);
  return [from, from + DAY_MS];
}
