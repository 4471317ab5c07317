import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

/** SMS of one request that are told; a phone hands over fewer at a time. */
export const SMS_OF_REQUEST_MAX = 200;

/** An SMS that a request brought. Nothing of what stands in it. */
export type RequestSms = {
  /** The phone whose request it was; `firstBy` brought the SMS before it did, null: nobody. */
  phoneId: string;
  firstBy: string | null;
  contentHash: string;
  receivedAt: number;
  /** Null: it was a sighting, of which no instant is written. */
  recordedAt: number | null;
  /** What it was read as, by each parser; the newest first. */
  results: {
    parserVersion: number;
    outcome: string;
    because: string | null;
    receipt: string | null;
    processedAt: number;
  }[];
};

/** What a request brought, by the id under which the log has it, in the order in which it came. Nothing: it brought nothing new, or nobody knows. */
export const smsOfRequest = (db: Reader, requestId: string): Promise<RequestSms[]> =>
  db.read<RequestSms>(
    `SELECT b."phoneId", b."firstBy", b."contentHash", b."receivedAt", b."recordedAt",
      coalesce((SELECT json_agg(json_build_object('parserVersion', r.parser_version, 'outcome', r.outcome, 'because', r.because,
          'receipt', r.receipt, 'processedAt', cc_ms(r.processed_at)) ORDER BY r.parser_version DESC)
        FROM sms_results r WHERE r.content_hash = b."contentHash" AND r.external_id IS NOT DISTINCT FROM b."externalId"
          AND r.phone_id = b."phoneId"), '[]') AS results
    FROM (
      SELECT phone_id AS "phoneId", NULL AS "firstBy", external_id AS "externalId", content_hash AS "contentHash",
        ${ms("received_at", '"receivedAt"')}, ${ms("recorded_at", '"recordedAt"')}, id
      FROM sms_inbound WHERE request_id = $1::text
      UNION ALL
      SELECT w.phone_id, s.phone_id, w.external_id, w.content_hash, cc_ms(w.seen_at), NULL, w.id
      FROM sms_sightings w LEFT JOIN sms_inbound s ON s.external_id = w.external_id AND s.content_hash = w.content_hash
      WHERE w.request_id = $1::text
    ) AS b ORDER BY b."receivedAt", b.id LIMIT ${SMS_OF_REQUEST_MAX}`,
    [requestId],
  );
