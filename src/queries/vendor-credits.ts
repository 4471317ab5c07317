import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

export const CREDITS_PAGE_MAX = 200;

export type CreditRow = {
  externalId: string;
  /** How it is spelled there; null: as it is. */
  sentAs: string | null;
  account: string;
  vendor: string;
  amountMinor: number;
  currency: string;
  state: string;
  because: string | null;
  attempts: number;
  nextAt: number | null;
  vendorId: string | null;
  error: string | null;
  queuedAt: number;
  sentAt: number | null;
  confirmedAt: number | null;
  caseOpenedAt: number | null;
};

export type CreditFilter = {
  /** Null: what the wallet does not have yet, but what the old system credits. */
  state: string | null;
  account: string | null;
  after: { queuedAt: number; externalId: string } | null;
};

/** What the wallets do not have yet, but what the old system credits. */
export const WAITS = `v.state NOT IN ('confirmed', 'withdrawn', 'taken_back') AND NOT (v.state = 'blocked' AND v.because = 'legacy_writes_site' AND v.next_at IS NULL)`;

/** Credits for the vendors' wallets, oldest first, a page after (queuedAt, externalId). */
export const listCredits = (db: Reader, { state, account, after }: CreditFilter, limit: number) =>
  db.read<CreditRow>(
    `SELECT v.external_id AS "externalId", v.sent_as AS "sentAs", a.account_number AS account, v.vendor, v.amount_minor AS "amountMinor", v.currency,
      v.state, v.because, v.attempts, ${ms("v.next_at", '"nextAt"')}, v.vendor_id AS "vendorId", v.error,
      ${ms("v.queued_at", '"queuedAt"')}, ${ms("v.sent_at", '"sentAt"')}, ${ms("v.confirmed_at", '"confirmedAt"')},
      ${ms("v.case_opened_at", '"caseOpenedAt"')}
    FROM vendor_credits v JOIN accounts a ON a.id = v.account_id
    WHERE CASE WHEN $1::text = '' THEN ${WAITS} ELSE v.state = $1::text END
      AND ($2::text = '' OR a.account_number = $2::text)
      AND (v.queued_at, v.external_id) > (cc_at($3::bigint), $4::text)
    ORDER BY v.queued_at, v.external_id LIMIT $5::int`,
    [
      state ?? "",
      account ?? "",
      String(after?.queuedAt ?? -1),
      after?.externalId ?? "",
      String(Math.min(limit, CREDITS_PAGE_MAX)),
    ],
  );

/** How many credits wait, and since when the oldest (UTC ms); null: none does. */
export const waitingCredits = async (db: Reader): Promise<{ count: number; oldestAt: number | null }> =>
  (
    await db.read<{ count: number; oldestAt: number | null }>(
      `SELECT count(*) AS count, ${ms("min(v.queued_at)", '"oldestAt"')} FROM vendor_credits v WHERE ${WAITS}`,
    )
  )[0] ?? { count: 0, oldestAt: null };

/** How many stand in each state. */
export async function creditsSummary(db: Reader): Promise<Record<string, number>> {
  const rows = await db.read<{ state: string; count: number }>(
    "SELECT state, count(*) AS count FROM vendor_credits GROUP BY state ORDER BY state",
  );
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}
