import type { SuspenseCaseRow } from "../domain/outbox.ts";
import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

export const SUSPENSE_PAGE_MAX = 200;

export type SuspenseRow = {
  caseKey: string;
  receipt: string | null;
  generation: number | null;
  share: number | null;
  amountMinor: number;
  currency: string;
  because: string;
  hintAccounts: string[];
  hintNote: string;
  payerPhone: string | null;
  tillId: string | null;
  text: string | null;
  /** The operator took it back: it reaches nobody until a person has freed it. */
  blocked: boolean;
  paidAt: number | null;
  openedAt: number;
};

/** Open suspense, oldest first, a page after (openedAt, caseKey). */
export const openSuspense = (db: Reader, after: { openedAt: number; caseKey: string } | null, limit: number) =>
  db.read<SuspenseRow>(
    `SELECT c.case_key AS "caseKey", c.receipt, c.generation, c.share, c.amount_minor AS "amountMinor", c.currency, c.because,
        c.hint_accounts AS "hintAccounts", c.hint_note AS "hintNote", c.payer_phone AS "payerPhone", c.till_id AS "tillId",
        coalesce(c.text, (SELECT s.content FROM sms_results r JOIN sms_inbound s ON s.content_hash = r.content_hash
          AND s.external_id IS NOT DISTINCT FROM r.external_id WHERE r.receipt = c.receipt
            AND (r.outcome, coalesce(r.because, '')) <> ('duplicate', 'sender') ORDER BY s.id LIMIT 1)) AS text,
        coalesce(p.blocked, false) AS blocked, ${ms("p.paid_at", '"paidAt"')}, ${ms("c.opened_at", '"openedAt"')}
      FROM suspense_cases c LEFT JOIN payments p ON p.receipt = c.receipt
      WHERE c.state = 'open' AND ((extract(epoch FROM c.opened_at) * 1000)::bigint, c.case_key) > ($1::bigint, $2)
      ORDER BY (extract(epoch FROM c.opened_at) * 1000)::bigint, c.case_key LIMIT $3::int`,
    [String(after?.openedAt ?? -1), after?.caseKey ?? "", String(Math.min(limit, SUSPENSE_PAGE_MAX))],
  );

/** Sum and count of all that waits: suspense is a control figure. */
export const suspenseTotal = async (db: Reader) =>
  (
    await db.read<{ count: number; amountMinor: number }>(
      `SELECT count(*) AS count, coalesce(sum(amount_minor), 0) AS "amountMinor" FROM suspense_cases WHERE state = 'open'`,
    )
  )[0] ?? { count: 0, amountMinor: 0 };

/** One case as it is recorded, open or closed. */
export const suspenseCase = async (db: Reader, caseKey: string): Promise<SuspenseCaseRow | null> =>
  (
    await db.read<SuspenseCaseRow>(
      `SELECT case_key AS "caseKey", receipt, generation, share, till_id AS "tillId", amount_minor AS "amountMinor",
        currency, because, hint_accounts AS "hintAccounts", hint_note AS "hintNote", payer_phone AS "payerPhone", text,
        state, ${ms("opened_at", '"openedAt"')}, ${ms("closed_at", '"closedAt"')}, version
      FROM suspense_cases WHERE case_key = $1::text`,
      [caseKey],
    )
  )[0] ?? null;
