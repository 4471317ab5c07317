import type { DarkFacts } from "../domain/light-again.ts";
import type { Reader } from "../ports/reader.ts";
import { leftOf } from "./status-energy.ts";

/** Tickets of one look, the newest first. */
const TICKETS_MAX = 1_000;
/** Messages of a ticket that are looked at, the newest. */
const SAID_MAX = 20;

const DARK = `SELECT t.id AS "ticketId", cc_ms(greatest(t.opened_at, e.at)) AS since, m.said, l.left_wh AS "leftWh", g.connected,
    cc_ms(g.seen_at) AS "heardAt", q.command
  FROM tickets t JOIN accounts a ON a.id = t.account_id AND a.status <> 'terminated'
    JOIN LATERAL (SELECT w.meter_id FROM meter_placements w WHERE w.account_id = t.account_id AND w.role = 'primary'
      AND w.valid_to IS NULL LIMIT 1) p ON true
    JOIN meter_registers g ON g.meter_id = p.meter_id AND g.account_id = t.account_id
    JOIN LATERAL ${leftOf("t.account_id")} l ON true
    LEFT JOIN LATERAL (SELECT json_build_object('action', c.action, 'state', c.state, 'endedAt', cc_ms(c.ended_at)) AS command
      FROM relay_commands c WHERE c.account_id = t.account_id AND c.meter_id = p.meter_id ORDER BY c.seq DESC LIMIT 1) q ON true
    LEFT JOIN LATERAL (SELECT coalesce(json_agg(json_build_object('at', cc_ms(x.received_at), 'text', x.text)), '[]') AS said
      FROM (SELECT c.received_at, c.text FROM care_messages c WHERE c.ticket_id = t.id AND c.way = 'in'
        ORDER BY c.received_at DESC, c.id DESC LIMIT ${SAID_MAX}) AS x) m ON true
    LEFT JOIN LATERAL (SELECT max(x.at) AS at FROM ticket_events x WHERE x.ticket_id = t.id AND x.kind = 'reopened') e ON true
  WHERE t.state <> 'resolved' AND t.rule IS NULL AND t.source IN ('whatsapp', 'sms') AND t.category = 'no-power'
  ORDER BY t.id DESC LIMIT ${TICKETS_MAX}`;

/** Customers' tickets of no power that are open and name an account, with how it stands there. */
export const darkTickets = (db: Reader): Promise<DarkFacts[]> => db.read<DarkFacts>(DARK);
