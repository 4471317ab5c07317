import type { Correction, Corrections } from "../../ports/corrections.ts";
import type { Database } from "./database.ts";
import { AT, BY, change, refuseWhen, VERSION } from "./registry-write.ts";
import { decidedBySecond } from "./second-person.ts";

const LIMIT = "correction_limit_minor";

const NEW = `jsonb_to_record($1::jsonb) AS r(id text, account text, "energyWh" bigint, "amountMinor" bigint, currency text,
  "worthMinor" bigint, code text, document text, "limitMinor" bigint) LEFT JOIN accounts a ON a.account_number = r.account`;

/** Orders of one account come one after the other: each is counted with those before it. */
const ORDER: string[] = [
  refuseWhen("unknown", "'account ' || r.account", `FROM ${NEW} WHERE a.id IS NULL`),
  `WITH locked AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended('correction:' || r.account, 0)) FROM ${NEW})
  SELECT NULL::text AS row FROM locked`,
  refuseWhen(
    "exists",
    "'correction ' || r.id",
    `FROM ${NEW} JOIN corrections c ON c.id = r.id WHERE (c.account_id, c.energy_wh, c.amount_minor, c.code, c.document)
      IS DISTINCT FROM (a.id, r."energyWh", r."amountMinor", r.code, r.document)`,
  ),
  `WITH today AS (
    SELECT coalesce(sum(c.worth_minor), 0) AS minor FROM ${NEW} JOIN corrections c ON c.account_id = a.id
    WHERE c.state <> 'refused' AND c.ordered_at > ${AT} - interval '24 hours'
  ), made AS (
    INSERT INTO corrections (id, account_id, energy_wh, amount_minor, currency, worth_minor, code, reason, document, state,
      ordered_by, ordered_at)
    SELECT r.id, a.id, r."energyWh", r."amountMinor", r.currency, r."worthMinor", r.code, $3::text, r.document,
      CASE WHEN r."worthMinor" IS NULL OR r."worthMinor" + today.minor > r."limitMinor" THEN 'waiting' ELSE 'approved' END,
      $2::text, cc_at($4::bigint)
    FROM ${NEW} CROSS JOIN today ON CONFLICT (id) DO NOTHING RETURNING *)
  INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT ${BY}, 'correction.order', 'account:' || a.account_number, to_jsonb(made)
  FROM made JOIN accounts a ON a.id = made.account_id`,
];

const DECIDE = decidedBySecond("corrections", { called: "correction", act: "correction" });

const ANSWERED = `UPDATE corrections SET state = $2::text, because = nullif($3::text, ''),
    posted_at = CASE WHEN $2::text = 'posted' THEN cc_at($4::bigint) END
  WHERE id = $1::text AND state = 'approved'`;

const SET_LIMIT: string[] = [
  `WITH was AS (SELECT s.* FROM country_settings s WHERE s.key = '${LIMIT}'), made AS (
    INSERT INTO country_settings AS s (key, value, facts_version, updated_at)
    SELECT '${LIMIT}', to_jsonb(r."limitMinor"), ${VERSION}, cc_at($4::bigint)
    FROM jsonb_to_record($1::jsonb) AS r("limitMinor" bigint)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, facts_version = excluded.facts_version,
      updated_at = excluded.updated_at WHERE s.value <> excluded.value RETURNING s.*)
  INSERT INTO mutations (actor, reason, at, action, subject, before, after)
  SELECT ${BY}, 'setting.put', 'setting:' || made.key, to_jsonb(was), to_jsonb(made) FROM made LEFT JOIN was ON true`,
];

const ROWS = `SELECT c.id, a.account_number AS account, c.energy_wh AS "energyWh", c.amount_minor AS "amountMinor", c.currency,
    c.worth_minor AS "worthMinor", c.code, c.reason, c.document, c.state, c.because, c.ordered_by AS "orderedBy",
    cc_ms(c.ordered_at) AS "orderedAt", c.decided_by AS "decidedBy", cc_ms(c.decided_at) AS "decidedAt",
    cc_ms(c.posted_at) AS "postedAt"
  FROM corrections c JOIN accounts a ON a.id = c.account_id`;

export const neonCorrections = (db: Database): Corrections => ({
  order: (order, by) => change(db, order, by, ORDER),
  decide: (id, approve, by) => change(db, { id, approve }, by, DECIDE),
  async answered(id, { state, because, at }) {
    await db.transaction([{ query: ANSWERED, params: [id, state, because ?? "", String(at)] }]);
  },
  find: async (id) => (await db.read<Correction>(`${ROWS} WHERE c.id = $1::text`, [id]))[0] ?? null,
  list: ({ state, account, after }, limit) =>
    db.read<Correction>(
      `${ROWS} WHERE ($1::text = '' OR c.state = $1::text) AND ($2::text = '' OR a.account_number = $2::text)
        AND ($3::text = '' OR (c.ordered_at, c.id) < (SELECT o.ordered_at, o.id FROM corrections o WHERE o.id = $3::text))
      ORDER BY c.ordered_at DESC, c.id DESC LIMIT $4::int`,
      [state ?? "", account ?? "", after, String(limit)],
    ),
  approvedBefore: (at, limit) =>
    db.read<Correction>(
      `${ROWS} WHERE c.state = 'approved' AND coalesce(c.decided_at, c.ordered_at) < cc_at($1::bigint)
      ORDER BY c.ordered_at, c.id LIMIT $2::int`,
      [String(at), String(limit)],
    ),
  limitMinor: async () =>
    (
      await db.read<{ minor: number }>(
        `SELECT (value #>> '{}')::bigint AS minor FROM country_settings WHERE key = '${LIMIT}'`,
        [],
      )
    )[0]?.minor ?? null,
  setLimit: (limitMinor, by) => change(db, { limitMinor }, by, SET_LIMIT),
});
