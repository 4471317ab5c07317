import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

/** Rows of one kind that one page of entries asks for. */
const ROWS_MAX = 400;

/** An SMS that brought a receipt, and what the parser of that version made of it. */
export type StoryText = {
  receipt: string;
  sender: string;
  content: string;
  phoneId: string;
  phoneName: string;
  /** Together with the phone they name it there. */
  externalId: string | null;
  contentHash: string;
  receivedAt: number;
  parserVersion: number;
  outcome: string;
  because: string | null;
};
/** A receipt as it was claimed. What only the receipt's own row knows is null until that has come. */
export type StoryPayment = {
  receipt: string;
  provider: string | null;
  road: string | null;
  amountMinor: number;
  paidAt: number;
  claimedAt: number | null;
  payerPhone: string | null;
  tillId: string | null;
  generation: number;
  blocked: boolean;
};
/** Who held which share of a receipt in which generation: the claim, then each move. */
export type StoryMove = {
  receipt: string;
  generation: number;
  share: number;
  holder: string;
  account: string | null;
  amountMinor: number;
  because: string | null;
  actor: string | null;
  reason: string | null;
  at: number;
};
export type StoryTariff = {
  tariffId: number;
  scope: string;
  site: string | null;
  rateE4PerKwh: number | null;
  validFrom: number;
  createdBy: string | null;
  reason: string | null;
};
export type StoryCorrection = {
  id: string;
  code: string;
  reason: string;
  document: string;
  orderedBy: string;
  orderedAt: number;
  decidedBy: string | null;
  decidedAt: number | null;
};
export type StoryCredit = {
  entryKey: string;
  vendor: string;
  state: string;
  because: string | null;
  amountMinor: number;
  vendorId: string | null;
  queuedAt: number;
  sentAt: number | null;
  confirmedAt: number | null;
};
/** Where the counting of an entry's meter stood before it: when that register was read. Null: counting began with it. */
export type StoryReading = { seq: number; fromAt: number | null };

export type EntryStories = {
  texts: StoryText[];
  payments: StoryPayment[];
  moves: StoryMove[];
  tariffs: StoryTariff[];
  corrections: StoryCorrection[];
  credits: StoryCredit[];
  readings: StoryReading[];
  /** Up to where the database has this account's entries. */
  recorded: { seq: number; balanceWh: number; asOf: number } | null;
};

export type StoryQuestion = {
  account: string;
  receipts: string[];
  tariffIds: number[];
  corrections: string[];
  entryKeys: string[];
  uses: { seq: number; meterNumber: string }[];
};

/** All that the database knows behind some entries of an account: each list is asked for once, whatever the page holds. */
export async function entryStories(reader: Reader, question: StoryQuestion): Promise<EntryStories> {
  const receipts = JSON.stringify(question.receipts);
  const among = (column: string) => `${column} IN (SELECT jsonb_array_elements_text($1::jsonb))`;
  const [texts, payments, moves, tariffs, corrections, credits, readings, recorded] = await Promise.all([
    reader.read<StoryText>(
      `SELECT r.receipt, s.sender, s.content, s.phone_id AS "phoneId", p.name AS "phoneName",
        s.external_id AS "externalId", s.content_hash AS "contentHash", ${ms("s.received_at", '"receivedAt"')},
        r.parser_version AS "parserVersion", r.outcome, r.because
      FROM sms_results r JOIN sms_inbound s ON s.content_hash = r.content_hash
          AND s.external_id IS NOT DISTINCT FROM r.external_id AND (r.external_id IS NOT NULL OR s.phone_id = r.phone_id)
        JOIN gateway_phones p ON p.id = r.phone_id
      WHERE ${among("r.receipt")} ORDER BY s.received_at, r.id LIMIT ${ROWS_MAX}`,
      [receipts],
    ),
    reader.read<StoryPayment>(
      `SELECT receipt, provider, road, amount_minor AS "amountMinor", ${ms("paid_at", '"paidAt"')}, ${ms("claimed_at", '"claimedAt"')},
        payer_phone AS "payerPhone", till_id AS "tillId", generation, blocked
      FROM payments WHERE ${among("receipt")}`,
      [receipts],
    ),
    reader.read<StoryMove>(
      `SELECT l.receipt, l.generation, l.share, l.holder_kind AS holder, a.account_number AS account,
        l.amount_minor AS "amountMinor", l.because, l.actor, l.reason, ${ms("l.at", "at")}
      FROM payment_allocations l LEFT JOIN accounts a ON a.id = l.account_id
      WHERE ${among("l.receipt")} ORDER BY l.receipt, l.generation, l.share LIMIT ${ROWS_MAX}`,
      [receipts],
    ),
    reader.read<StoryTariff>(
      `SELECT id AS "tariffId", scope, site_code AS site, (rate * 10000)::bigint AS "rateE4PerKwh",
        ${ms("valid_from", '"validFrom"')}, created_by AS "createdBy", reason
      FROM tariffs WHERE id IN (SELECT jsonb_array_elements_text($1::jsonb)::bigint)`,
      [JSON.stringify(question.tariffIds)],
    ),
    reader.read<StoryCorrection>(
      `SELECT id, code, reason, document, ordered_by AS "orderedBy", ${ms("ordered_at", '"orderedAt"')},
        decided_by AS "decidedBy", ${ms("decided_at", '"decidedAt"')}
      FROM corrections WHERE ${among("id")}`,
      [JSON.stringify(question.corrections)],
    ),
    reader.read<StoryCredit>(
      `SELECT external_id AS "entryKey", vendor, state, because, amount_minor AS "amountMinor", vendor_id AS "vendorId",
        ${ms("queued_at", '"queuedAt"')}, ${ms("sent_at", '"sentAt"')}, ${ms("confirmed_at", '"confirmedAt"')}
      FROM vendor_credits WHERE ${among("external_id")}`,
      [JSON.stringify(question.entryKeys)],
    ),
    reader.read<StoryReading>(
      `SELECT u.seq, ${ms("p.occurred_at", '"fromAt"')}
      FROM accounts a CROSS JOIN jsonb_to_recordset($2::jsonb) AS u(seq bigint, meter text)
        LEFT JOIN LATERAL (SELECT e.occurred_at FROM ledger_entries e
          WHERE e.account_id = a.id AND e.seq < u.seq AND starts_with(e.entry_key, 'use:' || u.meter || ':')
          ORDER BY e.seq DESC LIMIT 1) AS p ON true
      WHERE a.account_number = $1::text`,
      [question.account, JSON.stringify(question.uses.map(({ seq, meterNumber }) => ({ seq, meter: meterNumber })))],
    ),
    reader.read<NonNullable<EntryStories["recorded"]>>(
      `SELECT b.seq, b.balance_wh AS "balanceWh", ${ms("b.as_of", '"asOf"')}
      FROM account_balances b JOIN accounts a ON a.id = b.account_id WHERE a.account_number = $1::text`,
      [question.account],
    ),
  ]);
  return {
    ...{ texts, payments, moves, tariffs, corrections, credits, readings },
    recorded: recorded[0] ?? null,
  };
}
