import { BY, refuseWhen } from "./registry-write.ts";

const CONTRACTS = `jsonb_to_record($1::jsonb) AS q(contracts jsonb) CROSS JOIN LATERAL jsonb_to_recordset(q.contracts)
  AS r(account text, version integer, language text, "actKey" text, "requestSha256" text, "commissionedSeq" integer,
    "servicePhase" text, "ampacityA" integer, "tariffId" bigint, "rateE4PerKwh" bigint, terms jsonb, "objectKey" text,
    sha256 text, bytes integer, pages integer) JOIN accounts a ON a.account_number = r.account`;

/** The contracts' rows; the PDFs are in R2 before. A version that is taken, or an act that was done, is met by whoever comes second. */
export const ADD_CONTRACTS: string[] = [
  refuseWhen(
    "exists",
    "'another contract of ' || r.account || ' meanwhile'",
    `FROM ${CONTRACTS} JOIN contracts o ON (o.account_id = a.id AND o.version = r.version AND o.language = r.language)
      OR (o.act_key = r."actKey" AND o.language = r.language)`,
  ),
  `WITH made AS (
    INSERT INTO contracts (account_id, version, language, act_key, request_sha256, commissioned_seq, service_phase,
      ampacity_a, tariff_id, rate, terms, object_key, sha256, bytes, pages, actor, created_at)
    SELECT a.id, r.version, r.language, r."actKey", r."requestSha256", r."commissionedSeq", r."servicePhase",
      r."ampacityA", r."tariffId", r."rateE4PerKwh" / 10000.0, r.terms, r."objectKey", r.sha256, r.bytes, r.pages,
      b.actor, b.at
    FROM ${CONTRACTS} CROSS JOIN (SELECT ${BY}) AS b(actor, reason, at) ORDER BY a.id, r.version, r.language
    RETURNING *)
  INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT ${BY}, 'contract.make', 'account:' || a.account_number, to_jsonb(made) - 'terms'
  FROM made JOIN accounts a ON a.id = made.account_id ORDER BY made.id`,
];
