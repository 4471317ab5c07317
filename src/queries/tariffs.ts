import type { Rate, TariffScope } from "../domain/tariff.ts";
import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

/** Rows of the country and of all sites: a few a year each. */
const WIDE_ROWS_MAX = 20_000;

/** A row as it was set, with who and why. */
export type TariffRow = Rate & {
  site: string | null;
  account: string | null;
  createdAt: number;
  createdBy: string | null;
  reason: string | null;
  cancelledAt: number | null;
  cancelledBy: string | null;
  cancelReason: string | null;
};

const RATE = `t.id AS "tariffId", t.scope, (t.rate * 10000)::bigint AS "rateE4PerKwh", t.ends, ${ms("t.valid_from", '"validFrom"')}`;
const ROW = `${RATE}, t.site_code AS site, a.account_number AS account, ${ms("t.created_at", '"createdAt"')},
  t.created_by AS "createdBy", t.reason, ${ms("t.cancelled_at", '"cancelledAt"')}, t.cancelled_by AS "cancelledBy",
  t.cancel_reason AS "cancelReason"`;
const ROWS = `SELECT ${ROW} FROM tariffs t LEFT JOIN accounts a ON a.id = t.account_id`;

/** The country's rows and those of all sites that are not cancelled, in order of their start. */
export const wideRows = (reader: Reader): Promise<TariffRow[]> =>
  reader.read(
    `${ROWS} WHERE t.scope <> 'account' AND t.cancelled_at IS NULL ORDER BY t.valid_from, t.id LIMIT ${WIDE_ROWS_MAX}`,
  );

/** The rows that can decide for an account, with its site; null: no such account. */
export async function rowsOfAccount(
  reader: Reader,
  account: string,
): Promise<{ site: string; rows: TariffRow[] } | null> {
  const [found] = await reader.read<{ id: number; site: string }>(
    "SELECT id, site_code AS site FROM accounts WHERE account_number = $1::text",
    [account],
  );
  if (found === undefined) return null;
  const rows = await reader.read<TariffRow>(
    `${ROWS} WHERE t.cancelled_at IS NULL AND (t.scope = 'global' OR t.site_code = $1::text OR t.account_id = $2::bigint)
    ORDER BY t.valid_from, t.id`,
    [found.site, String(found.id)],
  );
  return { site: found.site, rows };
}

export type OwnRates = { account: string; site: string; rows: TariffRow[] };

/** Accounts that have rows of their own, in order of number. */
export async function ownRates(reader: Reader, after: string, limit: number): Promise<OwnRates[]> {
  const rows = await reader.read<TariffRow & { account: string; accountSite: string }>(
    `SELECT q.*, a.site_code AS "accountSite" FROM (${ROWS}) AS q JOIN accounts a ON a.account_number = q.account
    WHERE q."cancelledAt" IS NULL AND q.account IN (
      SELECT DISTINCT n.account_number FROM tariffs o JOIN accounts n ON n.id = o.account_id
      WHERE o.cancelled_at IS NULL AND n.account_number > $1::text ORDER BY 1 LIMIT $2::int)
    ORDER BY q.account, q."validFrom"`,
    [after, String(limit)],
  );
  const found = new Map<string, OwnRates>();
  for (const { accountSite, ...row } of rows) {
    const own = found.get(row.account) ?? { account: row.account, site: accountSite, rows: [] };
    own.rows.push(row);
    found.set(row.account, own);
  }
  return [...found.values()];
}

export const siteCodes = async (reader: Reader): Promise<{ code: string; name: string }[]> =>
  reader.read("SELECT code, name FROM sites ORDER BY code");

export type HistoryQuestion = {
  scope: TariffScope | null;
  site: string | null;
  account: string | null;
  /** The last row of the page before. */
  before: number | null;
  limit: number;
};

/** All rows ever set, cancelled ones too, the newest act first. */
export const tariffHistory = (reader: Reader, question: HistoryQuestion): Promise<TariffRow[]> =>
  reader.read(
    `${ROWS} WHERE ($1::text = '' OR t.scope = $1::text) AND ($2::text = '' OR t.site_code = $2::text)
      AND ($3::text = '' OR a.account_number = $3::text) AND ($4::text = '' OR t.id < nullif($4::text, '')::bigint)
    ORDER BY t.id DESC LIMIT $5::int`,
    [
      question.scope ?? "",
      question.site ?? "",
      question.account ?? "",
      question.before === null ? "" : String(question.before),
      String(question.limit),
    ],
  );

export const tariffOf = async (reader: Reader, tariffId: number): Promise<TariffRow | null> =>
  (await reader.read<TariffRow>(`${ROWS} WHERE t.id = $1::bigint`, [String(tariffId)]))[0] ?? null;
