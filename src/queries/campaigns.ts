import type { Campaign } from "../ports/campaigns.ts";
import type { Reader } from "../ports/reader.ts";

/** Campaigns of a page, the newest first. */
export const CAMPAIGNS_MAX = 100;

const SELECT = `SELECT c.id AS "campaignId", c.name, c.audience, c.texts, c.state, c.recipients, c.parts, c.part_price_minor AS "partPriceMinor",
    c.created_by AS "createdBy", cc_ms(c.created_at) AS "createdAt", c.started_by AS "startedBy", cc_ms(c.started_at) AS "startedAt",
    c.stopped_by AS "stoppedBy", cc_ms(c.stopped_at) AS "stoppedAt", cc_ms(c.expires_at) AS "expiresAt",
    (SELECT coalesce(jsonb_object_agg(s.state, s.n), '{}') FROM (SELECT state, count(*)::int AS n FROM carrier_sms
      WHERE campaign_id = c.id GROUP BY state) s) AS counts,
    (SELECT coalesce(sum(parts), 0)::int FROM carrier_sms WHERE campaign_id = c.id
      AND state IN ('sending', 'accepted', 'delivered', 'failed', 'unknown')) AS "partsSent"
  FROM campaigns c`;

export const listCampaigns = (db: Reader): Promise<Campaign[]> =>
  db.read<Campaign>(`${SELECT} ORDER BY c.created_at DESC, c.id DESC LIMIT ${CAMPAIGNS_MAX}`);

/** Null: there is none. */
export async function findCampaign(db: Reader, by: { id: number } | { key: string }): Promise<Campaign | null> {
  const [row] =
    "id" in by
      ? await db.read<Campaign>(`${SELECT} WHERE c.id = $1::bigint`, [String(by.id)])
      : await db.read<Campaign>(`${SELECT} WHERE c.campaign_key = $1::text`, [by.key]);
  return row ?? null;
}
