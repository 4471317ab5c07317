import type { LedgerRow } from "./ledger.ts";
import { consumptionOf } from "./posting.ts";

/** What has to happen so that an account's object and Postgres agree again. Nothing of either is lost. */
export type ReconcilePlan =
  /** One key with two contents, or at two sequences, and no meter's use: a person has to look, nothing is changed. */
  | { kind: "conflict"; entryKeys: string[] }
  | {
      kind: "agree";
      /** Only in Postgres: taken over under their own key and sequence. */
      adopt: LedgerRow[];
      /** Only in the object, on or after a sequence that Postgres gave to another: filed anew after the head. */
      refile: string[];
      /** Only in the object, and in nobody's way: sent again. */
      resend: string[];
      /** A meter's use that was posted before and is posted again from the same reading: withdrawn, as Postgres has it. */
      withdraw: string[];
    };

/**
 * Compares an account's own rows with those Postgres has, both in order of sequence. `refile`, `resend` and `withdraw` name
 * postings. A reading that is told again to an account that was set back posts its use a second time, under the same key and
 * accepted at another instant: what Postgres has of it stands, whatever register it began at, for what lies before is adopted.
 */
export function planReconcile(own: readonly LedgerRow[], recorded: readonly LedgerRow[]): ReconcilePlan {
  const recordedByKey = new Map(recorded.map((row) => [row.entryKey, row]));
  const ownKeys = new Set(own.map((row) => row.entryKey));
  const conflicts = own.filter((row) => {
    const other = recordedByKey.get(row.entryKey);
    return other !== undefined && (other.seq !== row.seq || other.hash !== row.hash);
  });
  const isAgain = (row: LedgerRow) => consumptionOf(row) !== null;
  if (!conflicts.every(isAgain))
    return { kind: "conflict", entryKeys: conflicts.filter((row) => !isAgain(row)).map((row) => row.entryKey) };
  const again = new Set(conflicts.map((row) => row.entryKey));
  const adopt = recorded.filter((row) => !ownKeys.has(row.entryKey) || again.has(row.entryKey));
  const firstTaken = adopt[0]?.seq ?? Number.POSITIVE_INFINITY;
  const mine = own.filter((row) => !recordedByKey.has(row.entryKey));
  const refile = new Set(mine.filter((row) => (row.seq ?? 0) >= firstTaken).map((row) => row.postingId));
  const resend = new Set(mine.map((row) => row.postingId).filter((postingId) => !refile.has(postingId)));
  const withdraw = [...new Set(conflicts.map((row) => row.postingId))];
  return { kind: "agree", adopt, refile: [...refile], resend: [...resend], withdraw };
}
