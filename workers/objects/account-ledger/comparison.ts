import type { LedgerHead } from "../../../src/domain/posting.ts";
import { type AccountHead, CREDITS_HEAD, type MeterHead } from "../../../src/ports/heads.ts";

/**
 * The chain as it stood after an entry (null: there is none), as it stands, and how long the next one has been accepted; and
 * what the account has of its meters' readings since an instant.
 */
export type Comparison = {
  at: LedgerHead | null;
  now: LedgerHead;
  oldestAfterAt: number | null;
  meters: MeterHead[];
  /** Rows that are on their way to Postgres. */
  waiting: number;
};

/** What Postgres has of an account; no head: it has no entry of it. */
export type Recorded = { head: AccountHead | null; meters: MeterHead[] };

/** True when both sides have the same, and Postgres all of it. */
export function isSame(own: Comparison, { head, meters }: Recorded): boolean {
  if (own.now.seq !== (head?.seq ?? 0)) return false;
  if (!sameMeters(own.meters, meters)) return false;
  if (head === null) return true;
  return isWhole(head) && own.at?.hash === head.hash && own.at.balanceWh === head.balanceWh;
}

/** False where entries before the last one are missing: a database that was set back, and has been sent newer ones since. */
export const isWhole = (head: AccountHead | null) =>
  head === null || (head.sumWh === head.balanceWh && head.entries === head.seq);

const sameMeters = (own: readonly MeterHead[], recorded: readonly MeterHead[]) =>
  own.length === recorded.length &&
  own.every((meter, index) => {
    const other = recorded[index];
    return other?.meterNumber === meter.meterNumber && other.readings === meter.readings && other.sumWh === meter.sumWh;
  });

/**
 * True when Postgres has nothing that the account does not know: it was not set back, and may do what its memory says is due. One
 * that was would put somebody in the dark whose payment it has forgotten, or send a vendor what has been taken back.
 */
export function knowsAll(own: Comparison, { head, meters }: Recorded): boolean {
  if (head !== null && own.at?.hash !== head.hash) return false;
  return meters.every((recorded) => {
    const mine = own.meters.find(({ meterNumber }) => meterNumber === recorded.meterNumber);
    if (mine === undefined || mine.readings < recorded.readings) return false;
    return recorded.meterNumber !== CREDITS_HEAD || mine.sumWh >= recorded.sumWh;
  });
}
