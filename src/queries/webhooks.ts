import type { WebhookKind } from "../domain/webhook-terms.ts";
import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

const ENDPOINTS_MAX = 100;

export type ListedEndpoint = {
  endpointId: string;
  name: string;
  url: string;
  kinds: WebhookKind[];
  active: boolean;
  /** Secrets that sign. */
  signing: number;
  createdBy: string;
  createdAt: number;
  waiting: number;
  givenUp: number;
};

/** Who is told of what, and how much of it waits or was given up. Never a secret. */
export const webhookEndpoints = (db: Reader): Promise<ListedEndpoint[]> =>
  db.read<ListedEndpoint>(
    `SELECT e.id AS "endpointId", e.name, e.url, e.kinds, e.active, cardinality(e.sealed_secrets) AS signing, e.created_by AS "createdBy",
      ${ms("e.created_at", '"createdAt"')},
      (SELECT count(*)::int FROM webhook_deliveries d WHERE d.endpoint_id = e.id AND d.state = 'waiting') AS waiting,
      (SELECT count(*)::int FROM webhook_deliveries d WHERE d.endpoint_id = e.id AND d.state = 'given_up') AS "givenUp"
    FROM webhook_endpoints e ORDER BY e.created_at, e.id LIMIT ${ENDPOINTS_MAX}`,
  );

export type DeliveryState = "waiting" | "told" | "given_up";
export type LoggedDelivery = {
  eventId: number;
  endpointId: string;
  eventKey: string;
  type: string;
  at: number;
  state: DeliveryState;
  attempts: number;
  nextAt: number;
  triedAt: number | null;
  status: number | null;
  error: string | null;
};

/** Where a page of the log ended. */
export type LogPlace = { eventId: number; endpointId: string };

/** The log of deliveries, the newest event first, after `after` (null: from the newest); empty texts ask for any. */
export const webhookDeliveries = (
  db: Reader,
  asked: { endpoint: string; state: DeliveryState | ""; after: LogPlace | null },
  limit: number,
): Promise<LoggedDelivery[]> =>
  db.read<LoggedDelivery>(
    `SELECT d.event_id AS "eventId", d.endpoint_id AS "endpointId", e.event_key AS "eventKey", e.type, ${ms("e.at", "at")}, d.state,
      d.attempts, ${ms("d.next_at", '"nextAt"')}, ${ms("d.tried_at", '"triedAt"')}, d.status, d.error
    FROM webhook_deliveries d JOIN webhook_events e ON e.id = d.event_id
    WHERE ($1::text = '' OR d.endpoint_id = $1::text) AND ($2::text = '' OR d.state = $2::text) AND ($3::text = '' OR d.event_id < nullif($3::text, '')::bigint OR (d.event_id = nullif($3::text, '')::bigint AND d.endpoint_id > $4::text))
    ORDER BY d.event_id DESC, d.endpoint_id LIMIT $5::int`,
    [asked.endpoint, asked.state, String(asked.after?.eventId ?? ""), asked.after?.endpointId ?? "", String(limit)],
  );
