import { receiptOfEntry } from "../../domain/fees/sold-later.ts";
import { type CopyStep, recordset, STRANGER } from "./copy-step.ts";

const ENTRY =
  recordset(`owner text, account text, "entryKey" text, "postingId" text, book text, kind text, "energyWh" bigint,
  "amountMinor" bigint, currency text, provider text, "accountId" bigint, seq bigint, "balanceAfterWh" bigint,
  "tariffId" bigint, "rateE4PerKwh" bigint, receipt text, actor text, reason text, hash text, "occurredAt" bigint,
  "acceptedAt" bigint`);

const STORED = `e.posting_id, e.book, e.kind, e.energy_wh, e.amount_minor, e.currency, e.provider, e.account_id, e.seq,
  e.balance_after_wh, e.tariff_id, e.rate_e4_per_kwh, e.receipt, e.actor, e.reason, e.hash, e.occurred_at, e.accepted_at`;
const BROUGHT = `r."postingId", r.book, r.kind, r."energyWh", r."amountMinor", r.currency, r.provider, r."accountId", r.seq,
  r."balanceAfterWh", r."tariffId", r."rateE4PerKwh"::numeric, r.receipt, r.actor, r.reason, r.hash,
  cc_at(r."occurredAt"), cc_at(r."acceptedAt")`;

/** Items that disagree with what Postgres has or whose account is a stranger's, and the first such item of each account: what follows it waits. */
const DISAGREEING = `r AS (SELECT * FROM ${ENTRY}),
  bad AS (
    SELECT r.i, min(CASE WHEN s.id IS NOT NULL THEN 'sequence ' || r.seq || ' has another key'
      ELSE 'key has other content' END) AS detail
    FROM r LEFT JOIN ledger_entries e ON e.entry_key = r."entryKey"
      LEFT JOIN ledger_entries s ON s.account_id = r."accountId" AND s.seq = r.seq AND s.entry_key <> r."entryKey"
    WHERE s.id IS NOT NULL OR (e.id IS NOT NULL AND (${STORED}) IS DISTINCT FROM (${BROUGHT}))
    GROUP BY r.i
    UNION ALL
    SELECT r.i, min(${STRANGER}) FROM r LEFT JOIN accounts a ON a.id = r."accountId"
    WHERE r.owner IS NOT NULL AND r."accountId" IS NOT NULL AND a.account_number IS DISTINCT FROM r.owner GROUP BY r.i
  ),
  stop AS (SELECT r.account, min(r.i) AS i FROM r JOIN bad USING (i) WHERE r.account IS NOT NULL GROUP BY r.account)`;

const AGREEING = `r.i NOT IN (SELECT i FROM bad)
  AND NOT EXISTS (SELECT FROM stop WHERE stop.account = r.account AND stop.i < r.i)`;

/**
 * Whole postings. The look before the insert only keeps a posting that disagrees from being half written; that nothing
 * is ever written twice is the work of the two keys, and what the insert left out is read back after it.
 */
export const postingStep: CopyStep<"posting"> = {
  rows: ({ account, rows }) => rows.map((row) => ({ account, ...row })),
  statements: [
    // The stand-in for a payment whose own row has not come yet; the ReceiptBook's row replaces it, whatever it says.
    `WITH ${DISAGREEING}
    INSERT INTO payments (receipt, provider, amount_minor, currency, account_id, holder_kind, paid_at, generation,
      version, blocked)
    SELECT r.receipt, max(r.provider), max(r.minor), max(r.currency), max(r."accountId"), 'account',
      cc_at(min(r."occurredAt")), 0, 0, false
    -- What a posting brought the account in all, whatever its parts were for.
    FROM (SELECT r.*, abs(sum(r."amountMinor") FILTER (WHERE r.seq IS NOT NULL) OVER (PARTITION BY r."postingId")) AS minor
      FROM r) r WHERE r.account IS NOT NULL AND r.receipt IS NOT NULL AND ${AGREEING}
      AND NOT EXISTS (SELECT FROM payments p WHERE p.receipt = r.receipt)
    GROUP BY r.receipt ORDER BY r.receipt ON CONFLICT (receipt) DO NOTHING`,
    `WITH ${DISAGREEING}, made AS (
    INSERT INTO ledger_entries (entry_key, posting_id, book, kind, energy_wh, amount_minor, currency, provider,
      account_id, seq, balance_after_wh, tariff_id, rate_e4_per_kwh, receipt, actor, reason, hash, occurred_at,
      accepted_at)
    SELECT r."entryKey", ${BROUGHT} FROM r
    WHERE ${AGREEING}
    ORDER BY r."accountId", r.seq, r."entryKey"
    ON CONFLICT (entry_key) DO NOTHING
    RETURNING posting_id, kind, receipt),
    sold AS (SELECT DISTINCT made.posting_id, made.kind, p.receipt, p.paid_at FROM made JOIN payments p ON p.receipt = ${receiptOfEntry("made")}
      WHERE made.receipt IS NULL),
    -- Of what takes it back is told as of its payment, which is moved.
    told AS (INSERT INTO webhook_events (event_key, kind, type, subject, at)
      SELECT 'payment:' || s.posting_id, 'payments', 'payment.energy_sold', s.receipt, now() FROM sold s WHERE s.kind = 'payment'
        AND EXISTS (SELECT FROM webhook_endpoints e WHERE e.active AND 'payments' = ANY (e.kinds))
      ON CONFLICT (event_key) DO NOTHING)
    -- Energy sold for what nothing took of a payment is counted with that payment, on its day.
    INSERT INTO rollup_touched (what, at) SELECT DISTINCT 'money', date_trunc('hour', s.paid_at) FROM sold s`,
    `WITH ${DISAGREEING}
    SELECT json_build_object('i', r.i, 'account', min(r.account), 'receipt', min(r.receipt), 'detail',
      min(bad.detail))::text AS row
    FROM r LEFT JOIN bad USING (i) LEFT JOIN ledger_entries e ON e.entry_key = r."entryKey"
    WHERE bad.i IS NOT NULL OR e.id IS NULL GROUP BY r.i`,
    // Adds the postings up here and not at the commit, where an error is harder to tell from a lost answer.
    "SET CONSTRAINTS posting_adds_up IMMEDIATE",
  ],
};
