import { reversalKeyOf } from "./claim.ts";
import { paymentOfApplied } from "./fees/unallocated.ts";
import type { LedgerRow } from "./ledger.ts";
import { consumptionOf } from "./posting.ts";

/** What has to happen so that an account's object and Postgres agree again. Nothing of either is lost. */
export type ReconcilePlan =
  /** One key with two contents, or at two sequences, and nothing that is posted again: a person has to look, nothing is changed. */
  | { kind: "conflict"; entryKeys: string[] }
  | {
      kind: "agree";
      /** Only in Postgres: taken over under their own key and sequence. */
      adopt: LedgerRow[];
      /** Only in the object, on or after a sequence that Postgres gave to another: filed anew after the head. */
      refile: string[];
      /** Only in the object, and in nobody's way: sent again. */
      resend: string[];
      /** What was posted before and is posted again from the same reading, or picture: withdrawn, as Postgres has it. */
      withdraw: string[];
    };

/**
 * Compares an account's own rows with those Postgres has, both in order of sequence. `refile`, `resend` and `withdraw` name
 * postings. A reading that is told again to an account that was set back posts its use a second time, under the same key and
 * accepted at another instant: what Postgres has of it stands, whatever register it began at, for what lies before is adopted.
 * So does energy that people sell again for the same rest of a payment; another amount of it is a person's to look at.
 */
export function planReconcile(own: readonly LedgerRow[], recorded: readonly LedgerRow[]): ReconcilePlan {
  const recordedByKey = new Map(recorded.map((row) => [row.entryKey, row]));
  const ownKeys = new Set(own.map((row) => row.entryKey));
  const conflicts = own.filter((row) => {
    const other = recordedByKey.get(row.entryKey);
    return other !== undefined && (other.seq !== row.seq || other.hash !== row.hash);
  });
  const isSoldAgain = (row: LedgerRow) => {
    const other = recordedByKey.get(row.entryKey);
    if (other === undefined || paymentOfApplied(row.postingId) === null) return false;
    if (other.postingId !== row.postingId || other.amountMinor !== row.amountMinor) return false;
    // Another tariff since: what took our own back would not take Postgres's.
    return other.energyWh === row.energyWh || !ownKeys.has(reversalKeyOf(row.entryKey));
  };
  const isAgain = (row: LedgerRow) => consumptionOf(row) !== null || isSoldAgain(row);
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
