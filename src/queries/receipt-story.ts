import { soldLater } from "../domain/fees/sold-later.ts";
import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

/** Rows of one kind that a story shows. */
const ROWS_MAX = 200;

export type StoryPayment = {
  receipt: string;
  provider: string | null;
  road: string | null;
  amountMinor: number;
  currency: string;
  holderKind: string;
  payerPhone: string | null;
  tillId: string | null;
  generation: number;
  blocked: boolean;
  paidAt: number;
  claimedAt: number | null;
  recordedAt: number;
};
export type StorySighting = {
  road: string;
  provider: string;
  amountMinor: number;
  account: string | null;
  verdict: string;
  seenAt: number;
};
export type StorySms = {
  phoneId: string;
  phoneName: string;
  tillId: string;
  externalId: string | null;
  contentHash: string;
  sender: string;
  content: string;
  receivedAt: number;
  /** Newest parser first. */
  results: { parserVersion: number; outcome: string; because: string | null; processedAt: number }[];
  /** Other phones that had it too. */
  alsoOn: string[];
};
export type StoryShare = {
  generation: number;
  share: number;
  holderKind: string;
  account: string | null;
  name: string | null;
  amountMinor: number;
  because: string | null;
  actor: string | null;
  reason: string | null;
  at: number;
};
export type StoryEntry = {
  entryKey: string;
  book: string;
  kind: string;
  account: string | null;
  seq: number | null;
  amountMinor: number;
  energyWh: number;
  balanceAfterWh: number | null;
  rateE4PerKwh: number | null;
  acceptedAt: number;
  recordedAt: number;
  /** Which debt it pays, by its name in the books; null: it pays none. */
  part: string | null;
  /** The agreement by which that debt is owed; null: none, it is a fee. */
  agreement: { id: string; title: string | null } | null;
};
export type StoryCredit = {
  externalId: string;
  account: string;
  vendor: string;
  amountMinor: number;
  state: string;
  because: string | null;
  vendorId: string | null;
  queuedAt: number;
  sentAt: number | null;
  confirmedAt: number | null;
};
export type StoryReply = {
  id: string;
  toPhone: string;
  content: string;
  state: string;
  reason: string | null;
  createdAt: number;
  stateAt: number;
};
export type StoryLine = {
  tillId: string;
  provider: string;
  kind: string;
  amountMinor: number;
  at: number;
  uploadId: number;
};
export type StoryCase = { caseKey: string; caseKind: string; state: string; details: unknown; openedAt: number };

/** The agreement whose debt a line pays: an advance that was repaid may be followed by another of its kind. */
const AGREEMENT = `SELECT json_build_object('id', d.id, 'title', d.title) AS agreement
  FROM debt_agreements d JOIN fee_orders o ON o.id = d.id AND o.state = 'posted'
  WHERE d.account_id = e.account_id AND d.part = f.part
  ORDER BY o.ordered_at <= e.accepted_at DESC, o.ordered_at DESC LIMIT 1`;

/**
 * The receipt's own entries, and those that sold energy for what nothing took of it, and what took them back; each found along an index. Asked for
 * with OR, the planner goes through every entry there is.
 */
const OWN_OR_APPLIED = `ARRAY(SELECT o.id FROM ledger_entries o WHERE o.receipt = $1::text
  UNION SELECT x.id FROM ${soldLater("u.receipt = $1::text")} x)`;

/** Everything that the database knows of one receipt: how it came, who held it, what it posted, what went out for it. */
export async function receiptStory(db: Reader, receipt: string) {
  const all = <T>(query: string) => db.read<T>(`${query} LIMIT ${ROWS_MAX}`, [receipt]);
  const [payments, sightings, sms, shares, entries, credits, replies, lines, cases] = await Promise.all([
    all<StoryPayment>(
      `SELECT p.receipt, p.provider, p.road, p.amount_minor AS "amountMinor", p.currency, p.holder_kind AS "holderKind",
        p.payer_phone AS "payerPhone", p.till_id AS "tillId", p.generation, p.blocked, ${ms("p.paid_at", '"paidAt"')},
        ${ms("p.claimed_at", '"claimedAt"')}, ${ms("p.recorded_at", '"recordedAt"')} FROM payments p WHERE p.receipt = $1::text`,
    ),
    all<StorySighting>(
      `SELECT road, provider, amount_minor AS "amountMinor", account_number AS account, verdict, ${ms("seen_at", '"seenAt"')}
      FROM payment_sightings WHERE receipt = $1::text ORDER BY seen_at, id`,
    ),
    all<StorySms>(
      `SELECT s.phone_id AS "phoneId", g.name AS "phoneName", s.till_id AS "tillId", s.external_id AS "externalId",
        s.content_hash AS "contentHash", s.sender, s.content, ${ms("s.received_at", '"receivedAt"')},
        json_agg(json_build_object('parserVersion', r.parser_version, 'outcome', r.outcome, 'because', r.because,
          'processedAt', cc_ms(r.processed_at)) ORDER BY r.parser_version DESC) AS results,
        ARRAY(SELECT w.phone_id FROM sms_sightings w WHERE w.external_id = s.external_id AND w.content_hash = s.content_hash
          AND w.phone_id <> s.phone_id ORDER BY 1) AS "alsoOn"
      FROM sms_results r JOIN sms_inbound s ON s.content_hash = r.content_hash AND s.external_id IS NOT DISTINCT FROM r.external_id
          AND (s.external_id IS NOT NULL OR s.phone_id = r.phone_id)
        JOIN gateway_phones g ON g.id = s.phone_id
      WHERE r.receipt = $1::text GROUP BY s.id, g.name ORDER BY s.received_at`,
    ),
    all<StoryShare>(
      `SELECT l.generation, l.share, l.holder_kind AS "holderKind", a.account_number AS account, c.name,
        l.amount_minor AS "amountMinor", l.because, l.actor, l.reason, ${ms("l.at", "at")}
      FROM payment_allocations l LEFT JOIN accounts a ON a.id = l.account_id LEFT JOIN customers c ON c.id = a.customer_id
      WHERE l.receipt = $1::text ORDER BY l.generation, l.share`,
    ),
    all<StoryEntry>(
      `SELECT e.entry_key AS "entryKey", e.book, e.kind, a.account_number AS account, e.seq, e.amount_minor AS "amountMinor",
        e.energy_wh AS "energyWh", e.balance_after_wh AS "balanceAfterWh", e.rate_e4_per_kwh::bigint AS "rateE4PerKwh",
        ${ms("e.accepted_at", '"acceptedAt"')}, ${ms("e.recorded_at", '"recordedAt"')}, f.part, g.agreement
      FROM ledger_entries e LEFT JOIN accounts a ON a.id = e.account_id
        CROSS JOIN LATERAL (SELECT CASE WHEN e.book = 'customer_fees'
          THEN regexp_replace(substring(e.entry_key FROM '/fee[.](.+)$'), ':reversal$', '') END AS part) f
        LEFT JOIN LATERAL (${AGREEMENT}) g ON true
      WHERE e.id = ANY (${OWN_OR_APPLIED}) ORDER BY e.accepted_at, e.id`,
    ),
    all<StoryCredit>(
      `SELECT v.external_id AS "externalId", a.account_number AS account, v.vendor, v.amount_minor AS "amountMinor", v.state,
        v.because, v.vendor_id AS "vendorId", ${ms("v.queued_at", '"queuedAt"')}, ${ms("v.sent_at", '"sentAt"')},
        ${ms("v.confirmed_at", '"confirmedAt"')}
      FROM vendor_credits v JOIN accounts a ON a.id = v.account_id
      WHERE v.external_id IN (SELECT e.entry_key FROM ledger_entries e WHERE e.id = ANY (${OWN_OR_APPLIED})) ORDER BY v.queued_at`,
    ),
    all<StoryReply>(
      `SELECT o.id, o.to_phone AS "toPhone", o.content, o.state, o.reason, ${ms("o.created_at", '"createdAt"')}, ${ms("o.state_at", '"stateAt"')}
      FROM sms_outbound o WHERE o.account_id IN (SELECT l.account_id FROM payment_allocations l WHERE l.receipt = $1::text)
        AND o.created_at >= (SELECT min(l.at) - interval '1 hour' FROM payment_allocations l WHERE l.receipt = $1::text)
        AND o.receipt = $1::text ORDER BY o.created_at`,
    ),
    all<StoryLine>(
      `SELECT l.till_id AS "tillId", l.provider, l.kind, l.amount_minor AS "amountMinor", ${ms("l.at", "at")}, l.upload_id AS "uploadId"
      FROM statement_lines l WHERE l.till_id IN (SELECT id FROM tills) AND l.provider IN ('mpesa', 'ecocash', 'momo')
        AND l.receipt = $1::text ORDER BY l.at`,
    ),
    all<StoryCase>(
      `SELECT case_key AS "caseKey", case_kind AS "caseKind", state, details, ${ms("opened_at", '"openedAt"')}
      FROM reconciliation_cases WHERE subject = $1::text ORDER BY opened_at`,
    ),
  ]);
  return { payment: payments[0] ?? null, sightings, sms, shares, entries, credits, replies, lines, cases };
}
export type ReceiptStory = Awaited<ReturnType<typeof receiptStory>>;
