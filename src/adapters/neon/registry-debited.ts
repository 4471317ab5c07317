import { refuseWhen } from "./registry-write.ts";

/**
 * Refuses a change by which a meter would not be on an account at a time for which that account has been debited: whoever has
 * it then would be debited for the same energy. `source` names the meter (k) and the account's register of it (g); the time
 * is from `since` on, and ends before `until`, where that is not null.
 */
export const refuseWhenDebited = (source: string, since: string, until = "NULL::timestamptz") =>
  refuseWhen(
    "refused",
    `'meter ' || k.meter_number || ' has been debited to ' || h.account_number || ': it can leave from '
      || to_char((d.at + interval '1 second') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') || ' on'`,
    // The register says how far an account was debited: without it every change would read through years of entries.
    `FROM ${source} JOIN accounts h ON h.id = g.account_id
      CROSS JOIN LATERAL (SELECT max(e.occurred_at) AS at FROM ledger_entries e
        WHERE e.account_id = g.account_id AND e.entry_key LIKE 'use:' || k.meter_number || ':%'
          AND e.occurred_at >= ${since} AND (${until} IS NULL OR e.occurred_at < ${until})) AS d
    WHERE g.posted_at >= ${since} AND d.at IS NOT NULL`,
  );
