import type { MailboxRestores, SeenSms } from "../../ports/mailbox-restores.ts";
import type { PhoneFacts } from "../../ports/mailboxes.ts";
import { type Database, orDown } from "./database.ts";

export const neonMailboxRestores = (db: Database): MailboxRestores => ({
  phoneFacts: (phoneId) => orDown("restore phone", () => phoneFacts(db, phoneId)),
  mailboxHashes: (phoneId, after, limit) =>
    orDown("restore hashes", () =>
      db.read<SeenSms>(HASHES, [phoneId, after?.externalId ?? "", after?.contentHash ?? "", String(limit)]),
    ),
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

/** The phone's own, and those that another phone brought first. By bytes, so that the order is the same everywhere. */
const HASHES = `SELECT external_id AS "externalId", content_hash AS "contentHash" FROM (
    SELECT external_id, content_hash FROM sms_inbound WHERE phone_id = $1::text
    UNION SELECT external_id, content_hash FROM sms_sightings WHERE phone_id = $1::text
  ) AS seen
  WHERE (coalesce(external_id, '') COLLATE "C", content_hash COLLATE "C") > ($2::text, $3::text)
  ORDER BY coalesce(external_id, '') COLLATE "C", content_hash COLLATE "C" LIMIT $4::int`;
