import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

/** All entries of one kind together. */
export type EntrySum = { kind: string; count: number; energyWh: number; amountMinor: number };

/** What all recorded entries of an account come to, added up anew, and up to which one that is. */
export type EntrySums = { kinds: EntrySum[]; seq: number; energyWh: number; recordedAt: number | null };

export async function entrySums(reader: Reader, account: string): Promise<EntrySums> {
  const rows = await reader.read<EntrySum & { seq: number; recordedAt: number }>(
    // What of a payment paid a fee is a line of its own, and no other payment; nor is what was sold later for its rest.
    `SELECT e.kind, count(*) FILTER (WHERE (e.book <> 'customer_fees' OR e.entry_key = e.posting_id) AND e.entry_key !~ '/energy[.][0-9]+(:reversal)?$') AS count, sum(e.energy_wh)::bigint AS "energyWh", sum(e.amount_minor)::bigint AS "amountMinor",
      max(e.seq) AS seq, ${ms("max(e.recorded_at)", '"recordedAt"')}
    FROM ledger_entries e JOIN accounts a ON a.id = e.account_id WHERE a.account_number = $1::text
    GROUP BY e.kind ORDER BY min(e.seq)`,
    [account],
  );
  return {
    kinds: rows.map(({ kind, count, energyWh, amountMinor }) => ({ kind, count, energyWh, amountMinor })),
    seq: rows.reduce((last, { seq }) => Math.max(last, seq), 0),
    energyWh: rows.reduce((sum, { energyWh }) => sum + energyWh, 0),
    recordedAt: rows.length === 0 ? null : Math.max(...rows.map(({ recordedAt }) => recordedAt)),
  };
}
