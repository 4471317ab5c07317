import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

export const WALLETS_PAGE_MAX = 200;
export const WALLET_DAYS_MAX = 400;

export type WalletView = {
  account: string;
  vendor: string;
  /** When the platform was asked: its figure is as of then. */
  readAt: number;
  walletMinor: number | null;
  currency: string;
  rateE4PerKwh: number | null;
  theirRateE4PerKwh: number | null;
  oursWh: number;
  theirsWh: number | null;
  /** Theirs less ours. */
  deltaWh: number | null;
  verdict: "agree" | "waits" | "differ" | "unknown";
  causes: { cause: string; explainsWh?: number; exact?: boolean; names?: string[] }[];
  /** The open case of this account, if there is one, and since when. */
  caseKey: string | null;
  openedAt: number | null;
};

const COLUMNS = `a.account_number AS account, w.vendor, ${ms("w.read_at", '"readAt"')}, w.wallet_minor AS "walletMinor", w.currency,
  w.rate_e4_per_kwh AS "rateE4PerKwh", w.their_rate_e4_per_kwh AS "theirRateE4PerKwh", w.ours_wh AS "oursWh",
  w.theirs_wh AS "theirsWh", w.theirs_wh - w.ours_wh AS "deltaWh", w.verdict, w.causes`;

/** Each account's newest look, those that differ most first within the verdict asked for. */
export const walletsNow = (
  reader: Reader,
  { verdict, site, offset, limit }: { verdict: string | null; site: string | null; offset: number; limit: number },
): Promise<WalletView[]> =>
  reader.read(
    `SELECT ${COLUMNS}, k.case_key AS "caseKey", ${ms("k.opened_at", '"openedAt"')}
    FROM (SELECT DISTINCT ON (account_id) * FROM wallet_checks ORDER BY account_id, day DESC) w
      JOIN accounts a ON a.id = w.account_id
      LEFT JOIN reconciliation_cases k ON k.case_kind = 'wallet_drift' AND k.subject = a.account_number AND k.state = 'open'
    WHERE ($1::text IS NULL OR w.verdict = $1::text) AND ($2::text IS NULL OR a.site_code = $2::text)
    ORDER BY abs(w.theirs_wh - w.ours_wh) DESC NULLS LAST, a.account_number OFFSET $3::int LIMIT $4::int`,
    [verdict, site, String(offset), String(limit)] as string[],
  );

/** An account's looks, newest first. */
export const walletDays = (reader: Reader, account: string, limit: number): Promise<WalletView[]> =>
  reader.read(
    `SELECT ${COLUMNS}, NULL AS "caseKey", NULL AS "openedAt" FROM wallet_checks w JOIN accounts a ON a.id = w.account_id
    WHERE a.account_number = $1::text ORDER BY w.day DESC LIMIT $2::int`,
    [account, String(limit)],
  );
