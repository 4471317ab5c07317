import { BY, refuseWhen } from "./registry-write.ts";

/**
 * A name without letter case, spaces and the width of its letters: none of them makes anybody a second person. The same as
 * plainPerson() of src/domain/person.ts. The tables' checks compare letter case and spaces.
 */
export const plain = (name: string) =>
  `lower(regexp_replace(normalize(${name}, NFKC), '[[:space:]\\u0085\\u1680\\u2028\\u2029\\ufeff]', '', 'g'))`;
const WANTED = `jsonb_to_record($1::jsonb) AS r(id text, approve boolean)`;
const DECIDED = `CASE WHEN r.approve THEN o.state IN ('approved', 'posted') ELSE o.state = 'refused' END`;

/**
 * The decision about an order that waits in `table`, once: whoever ordered it never approves it, and may take it back alone. The same
 * decision again writes nothing; another one is refused. `called`: what such an order is for people, `act`: in the audit.
 */
export const decidedBySecond = (table: string, { called, act }: { called: string; act: string }): string[] => [
  refuseWhen(
    "unknown",
    `'${called} ' || r.id`,
    `FROM ${WANTED} WHERE NOT EXISTS (SELECT FROM ${table} o WHERE o.id = r.id)`,
  ),
  `WITH locked AS (SELECT o.id FROM ${WANTED} JOIN ${table} o USING (id) FOR UPDATE OF o) SELECT NULL::text AS row FROM locked`,
  refuseWhen(
    "exists",
    "'same person'",
    `FROM ${WANTED} JOIN ${table} o USING (id) CROSS JOIN (SELECT ${BY}) AS b(actor, reason, at)
    WHERE o.state = 'waiting' AND r.approve AND ${plain("b.actor")} = ${plain("o.ordered_by")}`,
  ),
  refuseWhen(
    "exists",
    "'decided: ' || o.state",
    `FROM ${WANTED} JOIN ${table} o USING (id) WHERE o.state <> 'waiting' AND NOT (${DECIDED})`,
  ),
  `WITH was AS (SELECT o.*, r.approve FROM ${WANTED} JOIN ${table} o USING (id) WHERE o.state = 'waiting'), made AS (
    UPDATE ${table} o SET state = CASE WHEN was.approve THEN 'approved' ELSE 'refused' END,
      because = CASE WHEN was.approve THEN NULL ELSE $3::text END,
      -- Who ordered it may take it back, and is no second person for that.
      decided_by = CASE WHEN ${plain("$2::text")} = ${plain("was.ordered_by")} THEN NULL ELSE $2::text END,
      decided_at = cc_at($4::bigint)
    FROM was WHERE o.id = was.id RETURNING o.*)
  INSERT INTO mutations (actor, reason, at, action, subject, before, after)
  SELECT ${BY}, CASE WHEN was.approve THEN '${act}.approve' ELSE '${act}.refuse' END,
    'account:' || a.account_number, to_jsonb(was) - 'approve', to_jsonb(made)
  FROM made JOIN was ON was.id = made.id JOIN accounts a ON a.id = made.account_id`,
];
