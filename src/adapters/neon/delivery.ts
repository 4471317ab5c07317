import type { Database } from "./database.ts";

/** A delivery callback belongs to an SMS of the last ten minutes to the same number. */
const MATCH_MINUTES_MAX = 10;

export type Delivery = { phone: string; status: string; detailsJson: string; at: number };

/**
 * Stores the callback and matches it to the newest outgoing SMS to that number (last eight digits), in one statement.
 * Null: none. The old gateway asks again for a while, since its callback may come before our own row.
 */
export async function matchDelivery(db: Database, delivery: Delivery): Promise<string | null> {
  const [rows] = await db.transaction([
    {
      query: `WITH hit AS (
          SELECT id FROM sms_outbound WHERE right(to_phone, 8) = right(regexp_replace($1, '[^0-9]', '', 'g'), 8)
            AND created_at > to_timestamp($4::float8 / 1000) - interval '${MATCH_MINUTES_MAX} minutes' ORDER BY created_at DESC LIMIT 1),
        kept AS (INSERT INTO sms_deliveries (to_phone, status, details, sms_id, at)
          SELECT $1, $2, $3::jsonb, (SELECT id FROM hit), to_timestamp($4::float8 / 1000) RETURNING sms_id)
        SELECT json_build_object('id', sms_id)::text AS row FROM kept`,
      params: [delivery.phone, delivery.status, delivery.detailsJson, String(delivery.at)],
    },
  ]);
  const row = rows?.[0] as { id: string | null } | undefined;
  return row?.id ?? null;
}
