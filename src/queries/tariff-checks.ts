import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

/** How far a change has come that accounts have to be told. */
export type TellingRun = {
  change: string;
  state: "running" | "done";
  accounts: number;
  seen: number;
  late: string[];
  startedAt: number;
  endedAt: number | null;
};

/** The newest runs: those still going on first. */
export const tellingRuns = (reader: Reader, limit: number): Promise<TellingRun[]> =>
  reader.read(
    `SELECT unit AS change, state, (counts ->> 'accounts')::int AS accounts, (counts ->> 'seen')::int AS seen,
      watermark -> 'late' AS late, ${ms("started_at", '"startedAt"')}, ${ms("ended_at", '"endedAt"')}
    FROM job_runs WHERE job = 'refresh-accounts' ORDER BY state = 'done', id DESC LIMIT $1::int`,
    [String(limit)],
  );

/** What accounts should know: the version of the newest facts of each, in order of number. */
export const wantedVersions = (
  reader: Reader,
  after: string,
  limit: number,
): Promise<{ account: string; version: number }[]> =>
  reader.read(
    `SELECT a.account_number AS account, greatest(a.facts_version, (SELECT max(t.facts_version) FROM tariffs t
        WHERE t.scope = 'global' OR t.site_code = a.site_code OR t.account_id = a.id),
      (SELECT max(s.facts_version) FROM country_settings s WHERE s.key IN ('cutover_at', 'restored_to')),
      (SELECT v.facts_version FROM vendor_sites v WHERE v.site_code = a.site_code)) AS version
    FROM accounts a WHERE a.account_number > $1::text ORDER BY 1 LIMIT $2::int`,
    [after, String(limit)],
  );

/** The last version of facts that Postgres gave. None has a higher one, unless Postgres was set back and did not jump ahead. */
export async function lastVersionGiven(reader: Reader): Promise<number> {
  const [row] = await reader.read<{ given: number }>(
    `SELECT coalesce(last_value, 0)::bigint AS given FROM pg_sequences
    WHERE schemaname = 'public' AND sequencename = 'facts_version_seq'`,
    [],
  );
  if (row === undefined) throw new Error("the sequence of versions is always there");
  return row.given;
}

/** Those of these tariffs that Postgres does not have: it was set back since they were set. */
export const unknownTariffs = async (reader: Reader, tariffIds: readonly number[]): Promise<number[]> =>
  (
    await reader.read<{ id: number }>(
      `SELECT asked.id::bigint AS id FROM jsonb_array_elements_text($1::jsonb) AS asked(id)
      WHERE NOT EXISTS (SELECT FROM tariffs t WHERE t.id = asked.id::bigint) ORDER BY 1`,
      [JSON.stringify(tariffIds)],
    )
  ).map(({ id }) => id);

/** A payment that was priced by another row than the one that decides at its instant. */
export type OtherwisePriced = {
  entryKey: string;
  account: string;
  occurredAt: number;
  acceptedAt: number;
  tariffId: number | null;
  decides: number | null;
};

/** There is none, unless an account was paid before it was told of a change. They are put right by a correction, never anew. */
export const otherwisePriced = (reader: Reader, since: number, limit: number): Promise<OtherwisePriced[]> =>
  reader.read(
    `SELECT e.entry_key AS "entryKey", a.account_number AS account, ${ms("e.occurred_at", '"occurredAt"')},
      ${ms("e.accepted_at", '"acceptedAt"')}, e.tariff_id AS "tariffId", d.id AS decides
    FROM ledger_entries e JOIN accounts a ON a.id = e.account_id
      CROSS JOIN LATERAL (SELECT cc_tariff_at(e.account_id, e.occurred_at) AS id) AS d
    WHERE e.book = 'customer_energy' AND e.kind = 'payment' AND e.occurred_at >= cc_at($1::bigint)
      AND e.tariff_id IS DISTINCT FROM d.id ORDER BY e.occurred_at, e.id LIMIT $2::int`,
    [String(since), String(limit)],
  );
