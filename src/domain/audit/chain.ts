import { createHash } from "node:crypto";

/** One row of the audit as its hash covers it; before and after are the texts that Postgres makes of them. */
export type ChainRow = {
  seq: number;
  id: number;
  /** UTC with microseconds, as 2026-11-03T12:00:00.000000Z. */
  at: string;
  actor: string;
  action: string;
  subject: string;
  before: string | null;
  after: string | null;
  reason: string | null;
  requestId: string | null;
  reverts: number | null;
  prevHash: string;
  hash: string;
  /** What a later act of the chain says that this row hashes to since a person was taken out of it; null: it is as it was written. */
  erasedHash: string | null;
};
type Hashed = Omit<ChainRow, "hash" | "erasedHash">;

/** Where a chain stands: after so many rows, with the last one's hash. */
export type ChainHead = { seq: number; hash: string };

/** Before the first row. */
export const CHAIN_START: ChainHead = { seq: 0, hash: "0".repeat(64) };

/** What is wrong with a row: it is not the next one, it does not follow the one before, or it is not what was hashed. */
export type ChainBreak = { seq: number; id: number; because: "missing_before" | "does_not_follow" | "changed" };

/** A page of the chain, walked. `lost`, on the last page: heads kept outside Postgres that this chain does not have. */
export type AuditWalk = {
  walked: number;
  head: ChainHead;
  broken: ChainBreak | null;
  isEnd: boolean;
  kept: number;
  lost: ChainHead[];
};

/** "bytes:text" and a line's end; "-" is null: no two rows have one text. */
const field = (value: string | number | null) =>
  value === null ? "-\n" : `${Buffer.byteLength(String(value), "utf8")}:${value}\n`;

/** The same text as cc_audit_text() of the database makes. */
export const chainText = (row: Hashed): string =>
  [
    "1pwr-audit-1\n",
    ...[row.prevHash, row.seq, row.id, row.at, row.actor, row.action, row.subject, row.before, row.after].map(field),
    ...[row.reason, row.requestId, row.reverts].map(field),
  ].join("");

export const chainHash = (row: Hashed): string => createHash("sha256").update(chainText(row), "utf8").digest("hex");

/** Walks rows that should follow `head`. The first that does not ends the walk. */
export function walkChain(
  head: ChainHead,
  rows: readonly ChainRow[],
): { head: ChainHead; walked: number; broken: ChainBreak | null } {
  let at = head;
  for (const [walked, row] of rows.entries()) {
    const broken = (because: ChainBreak["because"]) => ({
      head: at,
      walked,
      broken: { seq: row.seq, id: row.id, because },
    });
    if (row.seq !== at.seq + 1) return broken("missing_before");
    if (row.prevHash !== at.hash) return broken("does_not_follow");
    if (![row.hash, row.erasedHash].includes(chainHash(row))) return broken("changed");
    at = { seq: row.seq, hash: row.hash };
  }
  return { head: at, walked: rows.length, broken: null };
}

/**
 * Where tonight's walk begins: behind the last head that was kept, and in the night to Sunday (UTC) at the first row, so that an
 * edit of an old row is noticed within a week. Null: at the first row.
 */
export function walkFrom(kept: readonly ChainHead[], now: number): ChainHead | null {
  const isSunday = new Date(now).getUTCDay() === 0;
  return isSunday ? null : (kept.at(-1) ?? null);
}

/** Heads that were kept elsewhere and that this chain cannot be the same one as: rows were cut off, or all made anew. */
export function lostHeads(
  kept: readonly ChainHead[],
  end: ChainHead,
  hashAt: (seq: number) => string | null,
): ChainHead[] {
  return kept.filter(({ seq, hash }) => seq > end.seq || (seq > 0 && hashAt(seq) !== hash));
}
