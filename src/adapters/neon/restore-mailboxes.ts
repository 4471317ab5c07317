import type { SmsInboundRow } from "../../domain/outbox.ts";
import type { MailboxRestores, RestoredOutgoing, SeenSms } from "../../ports/mailbox-restores.ts";
import type { PhoneFacts } from "../../ports/mailboxes.ts";
import { type Database, orDown } from "./database.ts";

export const neonMailboxRestores = (db: Database): MailboxRestores => ({
  phoneFacts: (phoneId) => orDown("restore phone", () => phoneFacts(db, phoneId)),
  mailboxHashes: (phoneId, after, limit) =>
    orDown("restore hashes", () =>
      db.read<SeenSms>(HASHES, [phoneId, after?.externalId ?? "", after?.contentHash ?? "", String(limit)]),
    ),
  unprocessedSms: (phoneId, since, limit) =>
    orDown("restore sms", () => db.read<SmsInboundRow>(UNPROCESSED, [phoneId, String(since), String(limit)])),
  smsNamed: (keys) =>
    orDown("restore named sms", () => db.read<SmsInboundRow>(NAMED, [JSON.stringify(keys.slice(0, NAMED_MAX))])),
  outgoingSms: (phoneId, afterId, limit) =>
    orDown("restore outgoing", () => db.read<RestoredOutgoing>(OUTGOING, [phoneId, afterId, String(limit)])),
});

async function phoneFacts(db: Database, phoneId: string): Promise<PhoneFacts | null> {
  const [row] = await db.read<PhoneFacts>(
    `SELECT id AS "phoneId", name, till_id AS "tillId", channel, token_hashes AS "tokenHashes",
      smssync_secret_hash AS "smssyncSecretHash", revoked_at IS NOT NULL AS revoked, facts_version AS version
    FROM gateway_phones WHERE id = $1::text`,
    [phoneId],
  );
  return row ?? null;
}

/** SMS named in one question. */
const NAMED_MAX = 500;

const SMS = `SELECT phone_id AS "phoneId", till_id AS "tillId", channel, protocol, external_id AS "externalId",
    content_hash AS "contentHash", sender, content, translate(encode(content_raw, 'base64'), chr(10), '') AS "contentRawBase64",
    cc_ms(claimed_sent_at) AS "claimedSentAt", cc_ms(claimed_received_at) AS "claimedReceivedAt",
    cc_ms(received_at) AS "receivedAt", id_conflict AS "idConflict", quarantine, request_id AS "requestId"
  FROM sms_inbound s`;

const UNPROCESSED = `${SMS}
  WHERE phone_id = $1::text AND received_at >= cc_at($2::bigint) AND quarantine IS NULL
    AND NOT EXISTS (SELECT FROM sms_results r WHERE r.content_hash = s.content_hash AND r.phone_id = s.phone_id
      AND r.external_id IS NOT DISTINCT FROM s.external_id)
  ORDER BY received_at, id LIMIT $3::int`;

const NAMED = `${SMS}
  WHERE quarantine IS NULL AND EXISTS (SELECT FROM jsonb_to_recordset($1::jsonb) AS k("externalId" text, "contentHash" text)
    WHERE k."contentHash" = s.content_hash AND k."externalId" IS NOT DISTINCT FROM s.external_id)
  ORDER BY received_at, id`;

const OUTGOING = `SELECT o.id, o.origin, o.to_phone AS "toPhone", o.content, o.template, a.account_number AS account,
    o.receipt, o.state, o.reason, cc_ms(o.created_at) AS "createdAt", cc_ms(o.offered_at) AS "offeredAt",
    cc_ms(o.state_at) AS "stateAt", cc_ms(o.expires_at) AS "expiresAt", o.version
  FROM sms_outbound o LEFT JOIN accounts a ON a.id = o.account_id
  WHERE o.phone_id = $1::text AND o.id COLLATE "C" > $2::text ORDER BY o.id COLLATE "C" LIMIT $3::int`;

/** The phone's own, and those that another phone brought first. By bytes, so that the order is the same everywhere. */
const HASHES = `SELECT external_id AS "externalId", content_hash AS "contentHash" FROM (
    SELECT external_id, content_hash FROM sms_inbound WHERE phone_id = $1::text
    UNION SELECT external_id, content_hash FROM sms_sightings WHERE phone_id = $1::text
  ) AS seen
  WHERE (coalesce(external_id, '') COLLATE "C", content_hash COLLATE "C") > ($2::text, $3::text)
  ORDER BY coalesce(external_id, '') COLLATE "C", content_hash COLLATE "C" LIMIT $4::int`;
