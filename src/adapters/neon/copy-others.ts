import { type CopyStep, cleaned, cleanedJson, ownRecordset, recordset, STRANGERS } from "./copy-step.ts";

const CASE = recordset(`"caseKey" text, "caseKind" text, subject text, "detailsJson" text, state text,
  "openedAt" bigint, "closedAt" bigint, version bigint`);

export const caseStep: CopyStep<"case"> = {
  rows: (row) => [{ ...cleaned(row, ["subject"]), detailsJson: cleanedJson(row.detailsJson) }],
  statements: [
    `INSERT INTO reconciliation_cases AS c (case_key, case_kind, subject, details, state, opened_at, closed_at, version)
    SELECT DISTINCT ON (r."caseKey") r."caseKey", r."caseKind", r.subject, r."detailsJson"::jsonb, r.state,
      cc_at(r."openedAt"), cc_at(r."closedAt"), r.version
    FROM ${CASE} ORDER BY r."caseKey", r.version DESC
    ON CONFLICT (case_key) DO UPDATE SET case_kind = excluded.case_kind, subject = excluded.subject,
      details = excluded.details, state = excluded.state, closed_at = excluded.closed_at, version = excluded.version
    WHERE c.version < excluded.version`,
  ],
};

const COMMAND = ownRecordset(`id text, "accountId" bigint, "meterNumber" text, seq bigint, action text, state text,
  because text, "requestedAt" bigint, "publishedAt" bigint, "endedAt" bigint, "expiresAt" bigint, error text,
  actor text, reason text, skipped text[], version bigint`);

/** A meter that Postgres does not know makes the row refused (a command always has its meter). */
export const relayCommandStep: CopyStep<"relay_command"> = {
  rows: (row) => [cleaned(row, ["because", "error", "reason"])],
  statements: [
    STRANGERS,
    `INSERT INTO relay_commands AS c (id, account_id, meter_id, seq, action, state, because, requested_at,
      published_at, ended_at, expires_at, error, actor, reason, skipped, version)
    SELECT DISTINCT ON (r.id) r.id, r."accountId", m.id, r.seq, r.action, r.state, r.because, cc_at(r."requestedAt"),
      cc_at(r."publishedAt"), cc_at(r."endedAt"), cc_at(r."expiresAt"), r.error, r.actor, r.reason,
      coalesce(r.skipped, '{}'), r.version
    FROM ${COMMAND} LEFT JOIN meters m ON m.meter_number = r."meterNumber"
    ORDER BY r.id, r.version DESC
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, because = excluded.because,
      published_at = excluded.published_at, ended_at = excluded.ended_at, expires_at = excluded.expires_at,
      error = excluded.error, version = excluded.version
    WHERE c.version < excluded.version`,
  ],
};

const OVERRIDE = ownRecordset(`id text, "accountId" bigint, "meterNumber" text, state text, actor text, reason text,
  at bigint, "expiresAt" bigint`);

/** A person's word, once and for ever. */
export const relayOverrideStep: CopyStep<"relay_override"> = {
  rows: (row) => [cleaned(row, ["reason"])],
  statements: [
    STRANGERS,
    `INSERT INTO relay_overrides (id, account_id, meter_id, state, actor, reason, at, expires_at)
    SELECT r.id, r."accountId", m.id, r.state, r.actor, r.reason, cc_at(r.at), cc_at(r."expiresAt")
    FROM ${OVERRIDE} LEFT JOIN meters m ON m.meter_number = r."meterNumber"
    ORDER BY r.id ON CONFLICT (id) DO NOTHING`,
  ],
};

const ACT = recordset(
  `action text, subject text, "afterJson" text, actor text, reason text, "requestId" text, at bigint`,
);

/** Last of all, so that the audit's lock is held no longer than the commit takes. */
export const actStep: CopyStep<"act"> = {
  rows: (row) => [
    {
      ...cleaned(row, ["reason", "actor", "subject"]),
      afterJson: row.afterJson === null ? null : cleanedJson(row.afterJson),
    },
  ],
  statements: [
    `INSERT INTO mutations (actor, reason, at, action, subject, after, request_id)
    SELECT r.actor, r.reason, cc_at(r.at), r.action, r.subject, r."afterJson"::jsonb, r."requestId" FROM ${ACT}
    WHERE NOT EXISTS (SELECT FROM mutations m
      WHERE (m.request_id, m.action, m.subject) = (r."requestId", r.action, r.subject)) ORDER BY r.i`,
  ],
};
