import type { Merges } from "../../ports/merges.ts";
import { shown } from "./customers-fields.ts";
import type { Database } from "./database.ts";
import { AT, BY, change, refuseWhen, VERSION } from "./registry-write.ts";

/** What a customer who is kept takes over where it is missing; phones are added to. Names and the old number stay. */
const FILLED =
  "phones phones_typed email language national_id gender customer_type site_code plot_number latitude longitude street place district note rooms".split(
    " ",
  );
const COLUMNS = FILLED.join(", ");
const columnsOf = (alias: string) => FILLED.map((name) => `${alias}.${name}`).join(", ");
const picked = (alias: string) =>
  `jsonb_build_object(${FILLED.map((name) => `'${name}', ${alias}.${name}`).join(", ")})`;
const PHONES_MAX = 10;

const PAIR = `jsonb_to_record($1::jsonb) AS r(one bigint, other bigint)`;
const DECIDED = `jsonb_to_record($1::jsonb) AS r("mergeId" bigint, keep bigint) JOIN customer_merges m ON m.id = r."mergeId"`;
const UNKNOWN = refuseWhen(
  "unknown",
  `'merge ' || r."mergeId"`,
  `FROM jsonb_to_record($1::jsonb) AS r("mergeId" bigint) WHERE NOT EXISTS (SELECT FROM customer_merges m WHERE m.id = r."mergeId")`,
);
const LOCK = `WITH locked AS (SELECT m.id FROM ${DECIDED} FOR UPDATE OF m) SELECT NULL::text AS row FROM locked`;
const GONE = "m.one_id + m.other_id - m.kept_id";
/** Kept (k) and gone (g) of the merge that this transaction accepts: the other is still there. */
const ACCEPTED = `${DECIDED} JOIN customers k ON m.state = 'accepted' AND k.id = m.kept_id
  JOIN customers g ON g.id = ${GONE} AND g.withdrawn_at IS NULL`;
/** The same of the merge that this one undoes: the other is still gone. */
const UNDONE = `${DECIDED} JOIN customers k ON m.state = 'undone' AND k.id = m.kept_id
  JOIN customers g ON g.id = ${GONE} AND g.merged_into = k.id`;

/** Phones of both, each once and with what was typed, those of the kept one first. */
const PHONES = `(SELECT jsonb_build_object('phones', jsonb_agg(p.phone ORDER BY p.nth), 'phones_typed', jsonb_agg(p.typed ORDER BY p.nth))
  FROM (SELECT * FROM (SELECT DISTINCT ON (b.phone) b.phone, b.typed, b.nth FROM (
      SELECT k.phones[n] AS phone, coalesce(k.phones_typed[n], k.phones[n]) AS typed, n AS nth FROM generate_subscripts(k.phones, 1) AS n
      UNION ALL
      SELECT g.phones[n], coalesce(g.phones_typed[n], g.phones[n]), 100 + n FROM generate_subscripts(g.phones, 1) AS n) AS b
    ORDER BY b.phone, b.nth) AS d ORDER BY d.nth LIMIT ${PHONES_MAX}) AS p HAVING count(*) > 0)`;
const NEXT = `jsonb_strip_nulls(${picked("g")}) || jsonb_strip_nulls(${picked("k")}) || coalesce(${PHONES}, '{}'::jsonb)`;

const decision = (to: string, from: string, action: string) => `WITH made AS (
    UPDATE customer_merges u SET state = '${to}', reason = coalesce(nullif($3::text, ''), u.reason), decided_by = $2::text, decided_at = ${AT}
    FROM ${DECIDED} WHERE u.id = m.id AND m.state IN (${from}) RETURNING u.*)
  INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT ${BY}, '${action}', 'merge:' || made.id, to_jsonb(made) FROM made`;

const moveAccounts = (source: string, to: string, which: string) => `WITH was AS (
    SELECT a.*, ${to} AS next FROM ${source} JOIN accounts a ON ${which}
  ), made AS (
    UPDATE accounts a SET customer_id = was.next, facts_version = ${VERSION} FROM was WHERE a.id = was.id RETURNING a.*)
  INSERT INTO mutations (actor, reason, at, action, subject, before, after)
  SELECT ${BY}, 'account.holder', 'account:' || made.account_number, to_jsonb(was) - 'next', to_jsonb(made)
  FROM made JOIN was ON was.id = made.id`;

/** The kept one's fields become those of `next`; one audit row if anything changed. */
const fill = (source: string, next: string) => `WITH was AS (
    SELECT k.id, ${shown("k")} AS before, ${next} AS next FROM ${source}
  ), made AS (
    UPDATE customers c SET (${COLUMNS}, facts_version) = ROW(${columnsOf("n")}, ${VERSION})
    FROM was, customers o CROSS JOIN LATERAL jsonb_populate_record(o, (SELECT w.next FROM was w WHERE w.id = o.id)) AS n
    WHERE c.id = was.id AND o.id = was.id RETURNING c.*)
  INSERT INTO mutations (actor, reason, at, action, subject, before, after)
  SELECT ${BY}, 'customer.change', 'customer:' || made.id, was.before, ${shown("made")}
  FROM made JOIN was ON was.id = made.id AND was.next <> '{}'::jsonb`;

const withdraw = (source: string, at: string, into: string, action: string) => `WITH was AS (
    SELECT g.id, ${shown("g")} AS before, k.id AS kept FROM ${source}
  ), made AS (
    UPDATE customers c SET withdrawn_at = ${at}, merged_into = ${into}, facts_version = ${VERSION}
    FROM was WHERE c.id = was.id RETURNING c.*)
  INSERT INTO mutations (actor, reason, at, action, subject, before, after)
  SELECT ${BY}, '${action}', 'customer:' || made.id, was.before, ${shown("made")} FROM made JOIN was ON was.id = made.id`;

const PROPOSE: string[] = [
  refuseWhen(
    "unknown",
    "'customer ' || p.id",
    `FROM ${PAIR} CROSS JOIN LATERAL unnest(ARRAY[r.one, r.other]) AS p(id)
    WHERE NOT EXISTS (SELECT FROM customers c WHERE c.id = p.id AND c.withdrawn_at IS NULL)`,
  ),
  refuseWhen(
    "exists",
    "'merge ' || m.id || ' was ' || m.state || ' by ' || coalesce(m.decided_by, '')",
    `FROM ${PAIR} JOIN customer_merges m ON (m.one_id, m.other_id) = (r.one, r.other) AND m.state IN ('dismissed', 'accepted')`,
  ),
  `WITH made AS (
    INSERT INTO customer_merges AS m (one_id, other_id, state, reason, proposed_by, proposed_at)
    SELECT r.one, r.other, 'proposed', coalesce(nullif($3::text, ''), 'likely one person'), $2::text, ${AT} FROM ${PAIR}
    ON CONFLICT (one_id, other_id) DO UPDATE SET state = 'proposed', kept_id = NULL, moved = NULL WHERE m.state = 'undone'
    RETURNING *)
  INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT ${BY}, 'merge.propose', 'merge:' || made.id, to_jsonb(made) FROM made`,
];

const DISMISS: string[] = [
  UNKNOWN,
  LOCK,
  refuseWhen("refused", "'this merge is accepted; undo it first'", `FROM ${DECIDED} WHERE m.state = 'accepted'`),
  decision("dismissed", "'proposed', 'undone'", "merge.dismiss"),
];

const ACCEPT: string[] = [
  UNKNOWN,
  LOCK,
  refuseWhen(
    "refused",
    "'keep ' || r.keep || ' is none of the two'",
    `FROM ${DECIDED} WHERE r.keep NOT IN (m.one_id, m.other_id)`,
  ),
  refuseWhen(
    "refused",
    "'this merge is ' || m.state",
    `FROM ${DECIDED} WHERE m.state <> 'proposed' AND NOT (m.state = 'accepted' AND m.kept_id = r.keep)`,
  ),
  refuseWhen(
    "refused",
    "'customer ' || c.id || ' is gone'",
    `FROM ${DECIDED} JOIN customers c ON c.id IN (m.one_id, m.other_id) AND c.withdrawn_at IS NOT NULL WHERE m.state = 'proposed'`,
  ),
  `UPDATE customer_merges u SET kept_id = r.keep, moved = jsonb_build_object('before', ${picked("k")}, 'after', ${NEXT}, 'accounts',
      (SELECT coalesce(jsonb_agg(a.account_number ORDER BY a.account_number), '[]') FROM accounts a WHERE a.customer_id = g.id))
    FROM ${DECIDED} JOIN customers k ON k.id = r.keep JOIN customers g ON g.id = m.one_id + m.other_id - r.keep
    WHERE u.id = m.id AND m.state = 'proposed'`,
  decision("accepted", "'proposed'", "merge.accept"),
  fill(ACCEPTED, `(m.moved->'after')`),
  moveAccounts(ACCEPTED, "k.id", "a.customer_id = g.id"),
  withdraw(ACCEPTED, AT, "was.kept", "customer.merge"),
];

const UNDO: string[] = [
  UNKNOWN,
  LOCK,
  refuseWhen("refused", "'this merge is ' || m.state", `FROM ${DECIDED} WHERE m.state NOT IN ('accepted', 'undone')`),
  refuseWhen(
    "refused",
    "a.account_number || ' has another holder since'",
    `FROM ${DECIDED} JOIN accounts a ON m.moved->'accounts' ? a.account_number AND a.customer_id <> m.kept_id WHERE m.state = 'accepted'`,
  ),
  decision("undone", "'accepted'", "merge.undo"),
  // What somebody has changed since is as they want it.
  fill(
    UNDONE,
    `coalesce((SELECT jsonb_object_agg(b.key, b.value) FROM jsonb_each(m.moved->'before') AS b
      WHERE b.value IS DISTINCT FROM coalesce(m.moved->'after'->b.key, 'null') AND to_jsonb(k)->b.key = m.moved->'after'->b.key), '{}'::jsonb)`,
  ),
  moveAccounts(UNDONE, "g.id", "m.moved->'accounts' ? a.account_number AND a.customer_id = k.id"),
  withdraw(UNDONE, "NULL", "NULL", "customer.unmerge"),
];

export const neonMerges = (db: Database): Merges => ({
  propose: (one, other, by) => change(db, { one: Math.min(one, other), other: Math.max(one, other) }, by, PROPOSE),
  dismiss: (mergeId, by) => change(db, { mergeId }, by, DISMISS),
  accept: (mergeId, keep, by) => change(db, { mergeId, keep }, by, ACCEPT),
  undo: (mergeId, by) => change(db, { mergeId }, by, UNDO),
});
