import type { OutgoingSms } from "../../ports/mailboxes.ts";
import type { EndedTicket, TicketNotices } from "../../ports/ticket-sms.ts";
import type { Database } from "./database.ts";

/** Whoever wrote by WhatsApp is told there, and what data opened nobody asked for. */
const ENDED = `SELECT t.id AS "ticketId", t.phone, a.account_number AS account, coalesce(own.language, h.language) AS language
  FROM tickets t LEFT JOIN accounts a ON a.id = t.account_id LEFT JOIN customers own ON own.id = a.customer_id
  LEFT JOIN LATERAL (SELECT c.language FROM customers c WHERE cc_last8(c.phones) @> ARRAY[right(t.phone, 8)] AND t.phone = ANY (c.phones)
    AND c.withdrawn_at IS NULL ORDER BY c.id LIMIT 1) h ON true
  WHERE t.state = 'resolved' AND t.source IN ('sms', 'person') AND t.phone IS NOT NULL AND t.resolved_at > cc_at($1::bigint) AND t.resolved_at <= cc_at($3::bigint)
    AND NOT EXISTS (SELECT FROM ticket_sms n WHERE n.ticket_id = t.id)
  ORDER BY t.resolved_at, t.id LIMIT $2::int`;

const BIND = `INSERT INTO ticket_sms (ticket_id, state, channel, sms_json, state_at)
  VALUES ($1::bigint, 'bound', $2::text, $3::text, cc_at($4::bigint)) ON CONFLICT DO NOTHING
  RETURNING json_build_object('id', ticket_id)::text AS row`;

export const neonTicketNotices = (db: Database): TicketNotices => ({
  ended: (since, until, limit) => db.read<EndedTicket>(ENDED, [String(since), String(limit), String(until)]),
  async bind({ ticketId, channel, sms }, now) {
    const [rows] = await db.transaction([
      { query: BIND, params: [String(ticketId), channel, JSON.stringify(sms), String(now)] },
    ]);
    return (rows ?? []).length > 0;
  },
  async bound(limit, except) {
    const rows = await db.read<{ ticketId: number; channel: string; smsJson: string }>(
      `SELECT ticket_id AS "ticketId", channel, sms_json AS "smsJson" FROM ticket_sms WHERE state = 'bound'
        AND NOT channel = ANY (ARRAY(SELECT jsonb_array_elements_text($2::jsonb)))
      ORDER BY state_at, ticket_id LIMIT $1::int`,
      [String(limit), JSON.stringify(except)],
    );
    return rows.map(({ smsJson, ...row }) => ({ ...row, sms: JSON.parse(smsJson) as OutgoingSms }));
  },
  end: async (ticketId, because, now) =>
    void (await db.transaction([
      {
        query: `UPDATE ticket_sms SET state = CASE WHEN $2::text = '' THEN 'handed' ELSE 'left' END, because = nullif($2::text, ''),
          state_at = cc_at($3::bigint) WHERE ticket_id = $1::bigint AND state = 'bound'`,
        params: [String(ticketId), because ?? "", String(now)],
      },
    ])),
});
