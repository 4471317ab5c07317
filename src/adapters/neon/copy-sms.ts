import { type CopyStep, cleaned, cleanedJson, numberedRecordset, recordset } from "./copy-step.ts";

const INBOUND = recordset(`"phoneId" text, "tillId" text, channel text, protocol text, "externalId" text,
  "contentHash" text, sender text, content text, "contentRawBase64" text, "claimedSentAt" bigint,
  "claimedReceivedAt" bigint, "receivedAt" bigint, "idConflict" boolean, quarantine text, "requestId" text`);

/** An SMS once, whichever phone brings it first; through any other phone it is a sighting. */
export const smsInboundStep: CopyStep<"sms_inbound"> = {
  rows: (row) => [cleaned(row, ["sender", "content", "quarantine"])],
  statements: [
    `INSERT INTO sms_inbound (phone_id, till_id, channel, protocol, external_id, content_hash, sender, content,
      content_raw, claimed_sent_at, claimed_received_at, received_at, id_conflict, quarantine, request_id)
    SELECT r."phoneId", r."tillId", r.channel, r.protocol, r."externalId", r."contentHash", r.sender, r.content,
      decode(r."contentRawBase64", 'base64'), cc_at(r."claimedSentAt"), cc_at(r."claimedReceivedAt"),
      cc_at(r."receivedAt"), r."idConflict", r.quarantine, r."requestId"
    FROM ${INBOUND} ORDER BY r."externalId", r."contentHash", r."phoneId" ON CONFLICT DO NOTHING`,
    `INSERT INTO sms_sightings (external_id, content_hash, phone_id, seen_at, request_id)
    SELECT r."externalId", r."contentHash", r."phoneId", cc_at(r."receivedAt"), r."requestId"
    FROM ${INBOUND} JOIN sms_inbound s ON s.external_id = r."externalId" AND s.content_hash = r."contentHash"
    WHERE s.phone_id <> r."phoneId" ORDER BY 1, 2, 3
    ON CONFLICT (external_id, content_hash, phone_id) DO NOTHING`,
  ],
};

const SIGHTING = recordset(`"externalId" text, "contentHash" text, "phoneId" text, "seenAt" bigint`);

export const smsSightingStep: CopyStep<"sms_sighting"> = {
  rows: (row) => [row],
  statements: [
    `INSERT INTO sms_sightings (external_id, content_hash, phone_id, seen_at)
    SELECT r."externalId", r."contentHash", r."phoneId", cc_at(r."seenAt") FROM ${SIGHTING} ORDER BY 1, 2, 3
    ON CONFLICT (external_id, content_hash, phone_id) DO NOTHING`,
  ],
};

/** They wait in their Mailbox: the log of an account shows nobody else's SMS. */
const strangersOf = (rows: string) =>
  `SELECT json_build_object('i', r.i, 'account', r.account, 'receipt', r.receipt, 'detail', r.stranger)::text AS row
  FROM ${rows} WHERE r.stranger IS NOT NULL`;

const RESULT =
  numberedRecordset(`"externalId" text, "contentHash" text, "phoneId" text, "parserVersion" int, outcome text,
  because text, receipt text, account text, "parsedJson" text, "processedAt" bigint, version bigint`);

export const smsResultStep: CopyStep<"sms_result"> = {
  rows: (row) => [{ ...cleaned(row, ["because", "receipt"]), parsedJson: cleanedJson(row.parsedJson) }],
  statements: [
    `INSERT INTO sms_results AS s (external_id, content_hash, phone_id, parser_version, outcome, because, receipt,
      account_id, parsed, processed_at, version)
    SELECT DISTINCT ON (r."contentHash", r."phoneId", r."externalId", r."parserVersion") r."externalId",
      r."contentHash", r."phoneId", r."parserVersion", r.outcome, r.because, r.receipt, r."holderId", r."parsedJson"::jsonb,
      cc_at(r."processedAt"), r.version
    FROM ${RESULT} WHERE r.stranger IS NULL
    ORDER BY r."contentHash", r."phoneId", r."externalId", r."parserVersion", r.version DESC
    ON CONFLICT ON CONSTRAINT sms_results_key DO UPDATE SET outcome = excluded.outcome, because = excluded.because,
      receipt = excluded.receipt, account_id = excluded.account_id, parsed = excluded.parsed,
      processed_at = excluded.processed_at, version = excluded.version
    WHERE s.version < excluded.version`,
    strangersOf(RESULT),
  ],
};

/** A code opens an account: whoever reads the SMS here afterwards, or meanwhile, must not have it. */
const withoutCode = <Row extends { template: string | null; content: string }>(row: Row): Row =>
  row.template === "claim_code"
    ? { ...row, content: row.content.replace(/\d{6,}/g, (code) => "*".repeat(code.length)) }
    : row;

const OUTBOUND = numberedRecordset(`id text, "phoneId" text, origin text, "toPhone" text, content text, template text,
  account text, receipt text, state text, reason text, "createdAt" bigint, "offeredAt" bigint, "stateAt" bigint,
  "expiresAt" bigint, version bigint`);

export const smsOutboundStep: CopyStep<"sms_outbound"> = {
  rows: (row) => [cleaned(withoutCode(row), ["toPhone", "content", "reason"])],
  statements: [
    `INSERT INTO sms_outbound AS s (id, phone_id, origin, to_phone, content, template, account_id, receipt, state,
      reason, created_at, offered_at, state_at, expires_at, version)
    SELECT DISTINCT ON (r.id, r."phoneId") r.id, r."phoneId", r.origin, r."toPhone", r.content, r.template,
      r."holderId",
      r.receipt, r.state, r.reason, cc_at(r."createdAt"), cc_at(r."offeredAt"), cc_at(r."stateAt"),
      cc_at(r."expiresAt"), r.version
    FROM ${OUTBOUND} WHERE r.stranger IS NULL
    ORDER BY r.id, r."phoneId", r.version DESC
    ON CONFLICT (id, phone_id) DO UPDATE SET state = excluded.state, reason = excluded.reason,
      offered_at = excluded.offered_at, state_at = excluded.state_at, expires_at = excluded.expires_at,
      version = excluded.version
    WHERE s.version < excluded.version`,
    strangersOf(OUTBOUND),
  ],
};
