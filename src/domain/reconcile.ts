import type { LedgerRow } from "./ledger.ts";

/** What has to happen so that an account's object and Postgres agree again. Nothing of either is lost. */
export type ReconcilePlan =
  /** One key with two contents, or at two sequences: a person has to look, nothing is changed. */
  | { kind: "conflict"; entryKeys: string[] }
  | {
      kind: "agree";
      /** Only in Postgres: taken over under their own key and sequence. */
      adopt: LedgerRow[];
      /** Only in the object, on or after a sequence that Postgres gave to another: filed anew after the head. */
      refile: string[];
      /** Only in the object, and in nobody's way: sent again. */
      resend: string[];
    };

/** Compares an account's own rows with those Postgres has, both in order of sequence. `refile` and `resend` name postings. */
export function planReconcile(own: readonly LedgerRow[], recorded: readonly LedgerRow[]): ReconcilePlan {
  const recordedByKey = new Map(recorded.map((row) => [row.entryKey, row]));
  const ownKeys = new Set(own.map((row) => row.entryKey));
  const conflicts = own.filter((row) => {
    const other = recordedByKey.get(row.entryKey);
    return other !== undefined && (other.seq !== row.seq || other.hash !== row.hash);
  });
  if (conflicts.length > 0) return { kind: "conflict", entryKeys: conflicts.map((row) => row.entryKey) };
  const adopt = recorded.filter((row) => !ownKeys.has(row.entryKey));
  const firstTaken = adopt[0]?.seq ?? Number.POSITIVE_INFINITY;
  const mine = own.filter((row) => !recordedByKey.has(row.entryKey));
  const refile = new Set(mine.filter((row) => (row.seq ?? 0) >= firstTaken).map((row) => row.postingId));
  const resend = new Set(mine.map((row) => row.postingId).filter((postingId) => !refile.has(postingId)));
  return { kind: "agree", adopt, refile: [...refile], resend: [...resend] };
}
