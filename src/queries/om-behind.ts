import { OM_HAND } from "../domain/om-ticket.ts";
import { SEEN_DAYS } from "../ports/om.ts";
import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

/** A ticket of which the O&M system lacks something, or with which it is not at one. */
export type OmBehind = {
  ticketId: number;
  /** Its number over there; null: it is not there yet. */
  omId: string | null;
  /** Since when something of it is not over there, UTC ms; null: all is, and both sides are not at one on its state. */
  since: number | null;
  /** Since when both sides are not at one on its state, or they do not say it, UTC ms; null: they are, or nobody asks any more. */
  differsSince: number | null;
  /** It was resolved here before it was there: it goes over last, and nobody waits for it. */
  isHistory: boolean;
  /** Tries in a row that failed; 0 with an error: they refused it, or have another state than ours. */
  attempts: number;
  /** When it is tried again, UTC ms; null: not as it is. */
  nextAt: number | null;
  error: string | null;
};

/**
 * Those the longest behind first, history last. A comment alone counts once a try to send it has failed, so that a look reads no ticket's history
 * without need.
 */
export const omBehind = (db: Reader, limit: number, now: number): Promise<OmBehind[]> =>
  db.read<OmBehind>(BEHIND, [String(limit), String(now)]);

/** While they are asked what became of it. */
const DIFFERS = `m.differs_since IS NOT NULL
    AND (t.state <> 'resolved' OR t.resolved_at > cc_at($2::bigint) - interval '${SEEN_DAYS} days')`;

const BEHIND = `SELECT w.id AS "ticketId", w.om_id AS "omId", ${ms("w.since", "since")}, ${ms("w.differs_since", '"differsSince"')},
    w.is_history AS "isHistory", w.attempts,
    CASE WHEN w.attempts > 0 THEN cc_ms(w.next_at) END AS "nextAt", w.error
  FROM (
    SELECT t.id, m.om_id, coalesce(m.attempts, 0) AS attempts, m.next_at, m.error, t.state = 'resolved' AND m.om_id IS NULL AS is_history,
    CASE WHEN ${DIFFERS} THEN m.differs_since END AS differs_since, CASE
      WHEN m.om_id IS NULL THEN t.opened_at
      WHEN m.sent_version <> t.version
        THEN coalesce((SELECT e.at FROM ticket_events e WHERE e.ticket_id = t.id AND e.event_key = 'v' || (m.sent_version + 1)), t.opened_at)
      WHEN m.attempts > 0 AND m.error IS NOT NULL
        THEN (SELECT min(e.at) FROM ticket_events e WHERE e.ticket_id = t.id AND e.kind = 'comment'
          AND e.actor <> '${OM_HAND}' AND e.id > m.sent_event)
      END AS since
    FROM tickets t LEFT JOIN om_mirrors m ON m.ticket_id = t.id
    WHERE m.ticket_id IS NULL OR m.sent_version <> t.version OR m.error IS NOT NULL OR (${DIFFERS})) AS w
  ORDER BY w.is_history, coalesce(w.since, w.differs_since) NULLS LAST, w.id LIMIT $1::int`;
