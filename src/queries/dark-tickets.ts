import { CARE_HAND } from "../domain/care-texts.ts";
import { type DarkFacts, SAID_MAX } from "../domain/light-again.ts";
import type { Reader } from "../ports/reader.ts";
import { leftOf } from "./status-energy.ts";

/** Tickets of one look, the newest first. */
const TICKETS_MAX = 1_000;

/**
 * Each with all that its customer has said since: on its own thread or another, from any phone about its account, and by asking to be
 * called. Whoever names the account from a stranger's phone is found by one pass over the messages.
 */
const DARK = `WITH dark AS (
    SELECT t.id, t.version, t.summary, t.account_id, t.opened_at FROM tickets t
    WHERE t.state <> 'resolved' AND t.rule IS NULL AND t.source IN ('whatsapp', 'sms') AND t.category = 'no-power' AND t.account_id IS NOT NULL
    ORDER BY t.id DESC LIMIT ${TICKETS_MAX}),
  heard AS (
    SELECT d.id, c.received_at AS at, c.text, c.id AS nth, 'message' AS way FROM dark d
      JOIN care_messages c ON c.ticket_id = d.id AND c.way = 'in'
    UNION SELECT d.id, c.received_at, c.text, c.id, 'message' FROM dark d
      JOIN care_messages c ON c.account_id = d.account_id AND c.way = 'in' AND c.received_at >= d.opened_at
    UNION SELECT d.id, c.received_at, c.text, c.id, 'message' FROM dark d
      JOIN care_messages o ON o.ticket_id = d.id AND o.way = 'in' JOIN care_messages c ON c.sender = o.sender AND c.way = 'in' AND c.received_at >= d.opened_at
    UNION SELECT d.id, x.at, x.details->>'text', x.id, 'call' FROM dark d
      JOIN ticket_events x ON x.ticket_id = d.id AND x.event_key LIKE 'call:%'
    UNION SELECT d.id, o.opened_at, o.summary, o.id, 'ticket' FROM dark d
      JOIN tickets o ON o.account_id = d.account_id AND o.source = 'sms' AND o.id <> d.id AND o.opened_at >= d.opened_at)
  SELECT t.id AS "ticketId", t.version, t.summary, cc_ms(greatest(t.opened_at, e.at)) AS since, m.said, l.left_wh AS "leftWh", g.connected,
    cc_ms(g.seen_at) AS "heardAt", q.command, (SELECT coalesce(max(c.id), 0) FROM care_messages c) AS "messageId",
    EXISTS (SELECT FROM ticket_events x WHERE x.ticket_id = t.id AND x.kind = 'changed' AND x.actor = '${CARE_HAND}') AS "wasRaised"
  FROM dark t JOIN accounts a ON a.id = t.account_id AND a.status <> 'terminated'
    JOIN LATERAL (SELECT w.meter_id FROM meter_placements w WHERE w.account_id = t.account_id AND w.role = 'primary'
      AND w.valid_to IS NULL LIMIT 1) p ON true
    JOIN meter_registers g ON g.meter_id = p.meter_id AND g.account_id = t.account_id
    JOIN LATERAL ${leftOf("t.account_id")} l ON true
    LEFT JOIN LATERAL (SELECT json_build_object('action', c.action, 'state', c.state, 'endedAt', cc_ms(c.ended_at)) AS command
      FROM relay_commands c WHERE c.account_id = t.account_id AND c.meter_id = p.meter_id ORDER BY c.seq DESC LIMIT 1) q ON true
    LEFT JOIN LATERAL (SELECT coalesce(json_agg(json_build_object('at', cc_ms(x.at), 'text', x.text)), '[]') AS said
      FROM (SELECT h.at, h.text FROM heard h WHERE h.id = t.id ORDER BY h.at DESC, h.nth DESC LIMIT ${SAID_MAX}) AS x) m ON true
    LEFT JOIN LATERAL (SELECT max(x.at) AS at FROM ticket_events x WHERE x.ticket_id = t.id AND x.kind = 'reopened') e ON true
  ORDER BY t.id DESC`;

/** Customers' tickets of no power that are open and name an account, with how it stands there. */
export const darkTickets = (db: Reader): Promise<DarkFacts[]> => db.read<DarkFacts>(DARK);
