import { BY, refuseWhen, VERSION } from "./registry-write.ts";

const NEW = `jsonb_to_record($1::jsonb) AS q(events jsonb) CROSS JOIN LATERAL jsonb_to_recordset(q.events) AS r(account text,
  seq integer, step text, kind text, at bigint, "refersTo" integer, reason text, status text)
  JOIN accounts a ON a.account_number = r.account`;

/** Appends events and lets the accounts follow. Whoever comes second finds the next number taken, and reads again. */
export const APPEND_EVENTS: string[] = [
  refuseWhen(
    "exists",
    "'another event of ' || r.account || ' meanwhile'",
    `FROM ${NEW} JOIN commissioning_events e ON e.account_id = a.id AND e.seq = r.seq`,
  ),
  `INSERT INTO commissioning_events (account_id, seq, step, kind, at, refers_to, was_status, actor, reason, recorded_at)
  SELECT a.id, r.seq, r.step, r.kind, cc_at(r.at), r."refersTo",
    CASE WHEN r.step = 'terminated' AND r.kind = 'done' THEN nullif(a.status, 'terminated') END,
    b.actor, coalesce(r.reason, b.reason), b.at
  FROM ${NEW} CROSS JOIN (SELECT ${BY}) AS b(actor, reason, at) ORDER BY a.id, r.seq`,
  // Written after the events: the trigger on accounts finds them there and adds none of its own. Of several the last decides.
  `WITH last AS (
    SELECT DISTINCT ON (a.id) a.id, r.status, cc_event_at(a.id, cc_termination(a.id)) AS ended
    FROM ${NEW} WHERE r.status IS NOT NULL ORDER BY a.id, r.seq DESC
  ), was AS (
    SELECT a.*, last.status AS next, last.ended FROM last JOIN accounts a ON a.id = last.id
    WHERE (a.status, a.terminated_at) IS DISTINCT FROM (last.status, last.ended) FOR UPDATE OF a
  ), made AS (
    UPDATE accounts a SET status = was.next, terminated_at = was.ended, facts_version = ${VERSION}
    FROM was WHERE a.id = was.id RETURNING a.*)
  INSERT INTO mutations (actor, reason, at, action, subject, before, after)
  SELECT ${BY}, CASE WHEN made.status = was.status THEN 'account.change' WHEN made.status = 'terminated' THEN 'account.terminate'
      ELSE 'account.restore' END,
    'account:' || made.account_number, to_jsonb(was) - 'next' - 'ended', to_jsonb(made)
  FROM made JOIN was ON was.id = made.id ORDER BY made.account_number`,
  // Whether the customer is connected is among the facts that the account works by.
  `UPDATE accounts a SET facts_version = ${VERSION}
  WHERE a.id IN (SELECT a.id FROM ${NEW} WHERE r.step IN ('commissioned', 'terminated') AND r.status IS NULL)`,
  `INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT b.actor, coalesce(r.reason, b.reason), b.at, 'commissioning.' || r.kind, 'account:' || r.account,
    jsonb_build_object('seq', r.seq, 'step', r.step, 'at', cc_at(r.at), 'refersTo', r."refersTo")
  FROM ${NEW} CROSS JOIN (SELECT ${BY}) AS b(actor, reason, at) ORDER BY r.account, r.seq`,
];
