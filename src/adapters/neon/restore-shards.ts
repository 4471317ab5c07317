import type { RestoredReceipt, RestoredReversal, ShardRestores } from "../../ports/shard-restores.ts";
import { type Database, orDown } from "./database.ts";

/** Receipts with all their shares and lines in one answer, which may have 10 MiB. */
const RECEIPTS_PAGE = 1_000;
/** Open reversals of a country: each waits for a person, so there are few. */
const REVERSALS_MAX = 5_000;

export const neonShardRestores = (db: Database): ShardRestores => ({
  shardReceipts: (shard, after, limit) => orDown("restore shard", () => shardReceipts(db, shard, after, limit)),
  receiptsNamed: (receipts) =>
    orDown("restore receipts", () =>
      db.read<RestoredReceipt>(
        `${RECEIPTS} WHERE p.receipt IN (SELECT jsonb_array_elements_text($1::jsonb))
        AND p.generation > 0 ORDER BY p.receipt`,
        [JSON.stringify(receipts.slice(0, RECEIPTS_PAGE))],
      ),
    ),
  openReversals: () => orDown("restore reversals", () => openReversals(db)),
});

const RECEIPTS = `SELECT
    json_build_object('receipt', p.receipt, 'shard', p.shard, 'provider', p.provider, 'amountMinor', p.amount_minor,
      'currency', p.currency, 'account', a.account_number, 'holderKind', p.holder_kind, 'paidAt', cc_ms(p.paid_at),
      'payerPhone', p.payer_phone, 'tillId', p.till_id, 'road', p.road, 'generation', p.generation,
      'version', p.version, 'blocked', p.blocked, 'claimedAt', cc_ms(p.claimed_at)) AS payment,
    (SELECT coalesce(json_agg(json_build_object('receipt', l.receipt, 'generation', l.generation, 'share', l.share,
        'holderKind', l.holder_kind, 'account', la.account_number, 'amountMinor', l.amount_minor,
        'because', l.because, 'entryKey', l.entry_key, 'actor', l.actor, 'reason', l.reason, 'at', cc_ms(l.at),
        'hints', CASE WHEN s.case_key IS NULL THEN NULL
          ELSE json_build_object('accounts', s.hint_accounts, 'note', s.hint_note) END,
        'openedAt', cc_ms(s.opened_at)) ORDER BY l.generation, l.share), '[]')
      FROM payment_allocations l LEFT JOIN accounts la ON la.id = l.account_id
        LEFT JOIN suspense_cases s ON s.receipt = l.receipt AND s.generation = l.generation AND s.share = l.share
      WHERE l.receipt = p.receipt) AS shares,
    (SELECT coalesce(json_agg(json_build_object('entryKey', e.entry_key, 'amountMinor', e.amount_minor, 'entry', CASE WHEN e.account_id IS NULL
        THEN NULL ELSE json_build_object('account', ea.account_number, 'accountId', ea.id, 'seq', e.seq, 'energyWh', e.energy_wh,
          'balanceAfterWh', e.balance_after_wh, 'rateE4PerKwh', coalesce(e.rate_e4_per_kwh, 0)) END) ORDER BY e.id), '[]')
      FROM ledger_entries e LEFT JOIN accounts ea ON ea.id = e.account_id WHERE e.receipt = p.receipt) AS lines,
    (SELECT coalesce(json_agg(json_build_object('sightingKey', g.sighting_key, 'receipt', g.receipt, 'road', g.road,
        'provider', g.provider, 'amountMinor', g.amount_minor, 'currency', g.currency, 'account', g.account_number,
        'verdict', g.verdict, 'seenAt', cc_ms(g.seen_at)) ORDER BY g.id), '[]')
      FROM payment_sightings g WHERE g.receipt = p.receipt) AS sightings
  FROM payments p LEFT JOIN accounts a ON a.id = p.account_id`;

const PAGE_OF_SHARD = `${RECEIPTS}
  WHERE p.shard = $1::int AND p.receipt > $2::text AND p.generation > 0 ORDER BY p.receipt LIMIT $3::int`;

async function shardReceipts(db: Database, shard: number, after: string, limit: number): Promise<RestoredReceipt[]> {
  const all: RestoredReceipt[] = [];
  for (let last = after; all.length < limit; ) {
    const page = Math.min(RECEIPTS_PAGE, limit - all.length);
    const rows: RestoredReceipt[] = await db.read<RestoredReceipt>(PAGE_OF_SHARD, [String(shard), last, String(page)]);
    all.push(...rows);
    last = rows.at(-1)?.payment.receipt ?? last;
    if (rows.length < page) break;
  }
  return all;
}

const openReversals = (db: Database) =>
  db.read<RestoredReversal>(
    `SELECT subject AS receipt, coalesce(details->>'provider', '') AS provider,
      coalesce(details->>'sightingKey', '') AS "sightingKey", details->'texts' AS texts, cc_ms(opened_at) AS at, version
    FROM reconciliation_cases WHERE case_kind = 'reversal' AND state = 'open' ORDER BY opened_at LIMIT ${REVERSALS_MAX}`,
  );
