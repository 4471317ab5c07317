import { CAMPAIGN_ALONE_MAX, CAMPAIGN_LIFE_MS, CAMPAIGN_RECIPIENTS_MAX, campaignParts } from "../../domain/campaign.ts";
import type { Country } from "../../domain/country.ts";
import type { AudienceCount, Campaigns } from "../../ports/campaigns.ts";
import type { Database } from "./database.ts";
import { BY, change, refuseWhen } from "./registry-write.ts";
import { plain } from "./second-person.ts";

/** $1: the order, with its texts and their parts as a list and the country's first language. */
const ASKED = `jsonb_to_record($1::jsonb) AS r(key text, name text, audience jsonb, texts jsonb, said jsonb, first text, "partPriceMinor" int)`;

/**
 * Customers with an account that has not ended, as the audience says, each phone once: whoever shares one is told once. A number that
 * is no number is as none.
 */
const WHO = `who AS (
    SELECT DISTINCT ON (coalesce(p.phone, 'none ' || c.id)) c.id, p.phone, c.language,
      EXISTS (SELECT FROM sms_opt_outs o WHERE o.phone = p.phone AND o.ended_at IS NULL) AS opted_out
    FROM ${ASKED} CROSS JOIN customers c
    LEFT JOIN LATERAL (SELECT c.phones[1] AS phone WHERE c.phones[1] ~ '^[0-9]{8,15}$') p ON true
    WHERE c.withdrawn_at IS NULL
      AND (r.audience->>'customerType' IS NULL OR c.customer_type = r.audience->>'customerType')
      AND (r.audience->>'language' IS NULL OR coalesce(c.language, r.first) = r.audience->>'language')
      AND EXISTS (SELECT FROM accounts a WHERE a.customer_id = c.id AND a.status <> 'terminated'
        AND (jsonb_array_length(r.audience->'sites') = 0 OR r.audience->'sites' ? a.site_code))
    ORDER BY coalesce(p.phone, 'none ' || c.id), c.id
  ), said AS (
    SELECT w.id, w.phone, t.language, t.text, t.parts FROM who w CROSS JOIN ${ASKED}
    CROSS JOIN LATERAL (SELECT s.* FROM jsonb_to_recordset(r.said) AS s(language text, text text, parts int)
      WHERE s.language IN (w.language, r.first) ORDER BY s.language = w.language DESC NULLS LAST LIMIT 1) t
    WHERE w.phone IS NOT NULL AND NOT w.opted_out
  )`;

const COUNT = `WITH ${WHO} SELECT json_build_object('recipients', (SELECT count(*) FROM said),
    'parts', (SELECT coalesce(sum(parts), 0) FROM said), 'optedOut', (SELECT count(*) FROM who WHERE opted_out),
    'withoutPhone', (SELECT count(*) FROM who WHERE phone IS NULL),
    'texts', (SELECT coalesce(json_agg(t ORDER BY t.language), '[]') FROM (SELECT language, count(*) AS recipients, min(parts) AS parts
      FROM said GROUP BY language) t))::text AS row`;

const PROPOSE = [
  refuseWhen(
    "exists",
    "'campaign ' || c.id || ' has this key, and says something else'",
    `FROM ${ASKED} JOIN campaigns c ON c.campaign_key = r.key
    WHERE (c.name, c.audience, c.texts) IS DISTINCT FROM (r.name, r.audience, r.texts)`,
  ),
  refuseWhen(
    "refused",
    `'recipients: ' || n || '; expected 1 to ${CAMPAIGN_RECIPIENTS_MAX}'`,
    `FROM (WITH ${WHO} SELECT count(*) AS n FROM said) c WHERE n NOT BETWEEN 1 AND ${CAMPAIGN_RECIPIENTS_MAX}`,
  ),
  `WITH ${WHO}, made AS (
    INSERT INTO campaigns (campaign_key, name, audience, texts, state, recipients, parts, part_price_minor, created_by, created_at, expires_at)
    SELECT r.key, r.name, r.audience, r.texts, 'proposed', (SELECT count(*) FROM said), (SELECT sum(parts) FROM said), r."partPriceMinor",
      b.actor, b.at, b.at + ${CAMPAIGN_LIFE_MS} * interval '1 millisecond'
    FROM ${ASKED} CROSS JOIN (SELECT ${BY}) AS b(actor, reason, at) ON CONFLICT (campaign_key) DO NOTHING RETURNING *
  ), put AS (
    INSERT INTO carrier_sms (id, kind, to_phone, content, parts, language, campaign_id, customer_id, state, created_at, expires_at, next_at, state_at)
    SELECT 'campaign:' || made.id || ':' || said.id, 'campaign', '+' || said.phone, said.text, said.parts, said.language, made.id, said.id,
      'held', made.created_at, made.expires_at, made.created_at, made.created_at FROM made CROSS JOIN said
  )
  INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT ${BY}, 'campaign.propose', 'campaign:' || made.id, to_jsonb(made) FROM made`,
];

const NAMED = `jsonb_to_record($1::jsonb) AS r(id bigint)`;
const refuseUnknown = refuseWhen(
  "unknown",
  "'campaign ' || r.id",
  `FROM ${NAMED} WHERE NOT EXISTS (SELECT FROM campaigns c WHERE c.id = r.id)`,
);
/** A step of a campaign that leaves its act where it changed something. */
const step = (action: string, set: string, when: string, sms: string) => [
  `WITH was AS (SELECT c.* FROM ${NAMED} JOIN campaigns c ON c.id = r.id FOR UPDATE OF c), made AS (
    UPDATE campaigns c SET ${set} FROM was CROSS JOIN (SELECT ${BY}) AS b(actor, reason, at)
    WHERE c.id = was.id AND ${when} RETURNING c.*
  ), moved AS (${sms})
  INSERT INTO mutations (actor, reason, at, action, subject, before, after)
  SELECT ${BY}, '${action}', 'campaign:' || made.id, to_jsonb(was), to_jsonb(made) FROM made JOIN was ON was.id = made.id`,
];

const START = [
  refuseUnknown,
  refuseWhen(
    "refused",
    `'second person: more than ${CAMPAIGN_ALONE_MAX} recipients, so another person than the one who proposed it starts it'`,
    `FROM ${NAMED} JOIN campaigns c ON c.id = r.id CROSS JOIN (SELECT ${BY}) AS b(actor, reason, at)
    WHERE c.state = 'proposed' AND c.recipients > ${CAMPAIGN_ALONE_MAX} AND ${plain("c.created_by")} = ${plain("b.actor")}`,
  ),
  refuseWhen("exists", "'it is stopped'", `FROM ${NAMED} JOIN campaigns c ON c.id = r.id WHERE c.state = 'stopped'`),
  ...step(
    "campaign.start",
    "state = 'running', started_by = b.actor, started_at = b.at",
    "c.state = 'proposed'",
    `UPDATE carrier_sms s SET state = 'queued', state_at = made.started_at FROM made WHERE s.campaign_id = made.id AND s.state = 'held'`,
  ),
];
const STOP = [
  refuseUnknown,
  ...step(
    "campaign.stop",
    "state = 'stopped', stopped_by = b.actor, stopped_at = b.at",
    "c.state <> 'stopped'",
    `UPDATE carrier_sms s SET state = 'stopped', because = 'campaign stopped', state_at = made.stopped_at FROM made
    WHERE s.campaign_id = made.id AND s.state IN ('held', 'queued')`,
  ),
];

export const neonCampaigns = (db: Database, country: Country): Campaigns => {
  const first = country.languages[0];
  return {
    async count(audience, texts) {
      const asked = JSON.stringify({ audience, said: campaignParts(texts), first });
      const [rows] = await db.transaction([{ query: COUNT, params: [asked] }]);
      return (rows ?? [])[0] as AudienceCount;
    },
    propose: (order, by) => change(db, { ...order, said: campaignParts(order.texts), first }, by, PROPOSE),
    start: (id, by) => change(db, { id }, by, START),
    stop: (id, by) => change(db, { id }, by, STOP),
  };
};
