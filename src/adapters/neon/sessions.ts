import type { Attempts, CustomerSession, SessionLine, Sessions, StaffSession } from "../../ports/sessions.ts";
import type { Database, Statement } from "./database.ts";
import { BY, change, refuseWhen } from "./registry-write.ts";
import { keptFor } from "./retention.ts";
import { isOne } from "./staff.ts";
import { GRANTS_OF } from "./staff-write.ts";

/** A session counts as seen at most once in so long: reading must not write each time. */
const SEEN_EVERY = "interval '1 minute'";
/** What is over stays for whoever asks what happened, as long as is set, and is deleted so many at a time. */
const PRUNED_MAX = 50;
const LISTED_MAX = 100;

const LIVES = `x.revoked_at IS NULL AND x.expires_at > cc_at($2::bigint)
  AND x.last_seen_at + x.idle_seconds * interval '1 second' > cc_at($2::bigint)`;

/** Roles and rights as they are now: who lost one has lost it with the next request. */
const FIND = `WITH found AS (
    SELECT x.id, x.second_factor_at, x.expires_at, x.staff_id, a.account_number, l.customer_id, s.email, s.name, s.roles, s.site_code,
      s.home, s.totp_secret IS NOT NULL AS enrolled
    FROM sessions x LEFT JOIN staff s ON s.id = x.staff_id
    LEFT JOIN accounts a ON a.id = x.account_id
    LEFT JOIN customer_logins l ON l.account_id = a.id AND l.customer_id = a.customer_id
    WHERE x.token_hash = $1::text AND ${LIVES} AND (s.active OR l.account_id IS NOT NULL)
  ), seen AS (
    UPDATE sessions x SET last_seen_at = cc_at($2::bigint) FROM found
    WHERE x.id = found.id AND x.last_seen_at < cc_at($2::bigint) - ${SEEN_EVERY} AND NOT $3::boolean
  )
  SELECT CASE WHEN staff_id IS NULL
    THEN json_build_object('kind', 'customer', 'sessionId', id, 'account', account_number, 'customerId', customer_id)
    ELSE json_build_object('kind', 'staff', 'sessionId', id, 'staffId', staff_id, 'email', email, 'name', name,
      'roles', roles, 'site', site_code, 'home', home, 'secondFactorAt', cc_ms(second_factor_at), 'enrolled', enrolled,
      'expiresAt', cc_ms(expires_at),
      'grants', ${GRANTS_OF("found.staff_id")},
      'countries', (SELECT coalesce(json_agg(country ORDER BY country), '[]') FROM staff_countries c WHERE c.staff_id = found.staff_id))
    END::text AS row FROM found`;

const ENDED = `jsonb_to_record($1::jsonb) AS r("staffId" bigint, "sessionId" bigint)
  JOIN sessions x ON x.id = r."sessionId" AND x.staff_id = r."staffId" AND x.revoked_at IS NULL`;
const END_OF: string[] = [
  refuseWhen(
    "unknown",
    `'session ' || r."sessionId"`,
    `FROM jsonb_to_record($1::jsonb) AS r("staffId" bigint, "sessionId" bigint)
    WHERE NOT EXISTS (SELECT FROM sessions x WHERE x.id = r."sessionId" AND x.staff_id = r."staffId" AND x.revoked_at IS NULL)`,
  ),
  `WITH ended AS (SELECT x.id, x.staff_id FROM ${ENDED}), made AS (
    UPDATE sessions x SET revoked_at = cc_at($4::bigint) FROM ended WHERE x.id = ended.id RETURNING x.*)
  INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT ${BY}, 'staff.session-ended', 'staff:' || staff_id, jsonb_build_object('session', id) FROM made`,
];

/** What has been over for long, a few at each opening. */
export const pruneSessions = (at: number): Statement => ({
  query: `DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at < cc_at($1::bigint) - ${keptFor("sessionDays")}
    ORDER BY expires_at LIMIT ${PRUNED_MAX})`,
  params: [String(at)],
});

export const neonSessions = (db: Database): Sessions => ({
  async open({ whose, tokenHash, idleMs, expiresAt, secondFactorAt, userAgent, at }) {
    const isStaff = "staffId" in whose;
    await db.transaction([
      pruneSessions(at),
      {
        query: `INSERT INTO sessions (token_hash, staff_id, account_id, created_at, last_seen_at, idle_seconds, expires_at,
            second_factor_at, user_agent)
          SELECT $1::text, nullif($2::text, '')::bigint, (SELECT id FROM accounts WHERE account_number = $3::text),
            cc_at($4::bigint), cc_at($4::bigint), $5::integer, cc_at($6::bigint), cc_at(nullif($7::text, '')::bigint),
            nullif($8::text, '')`,
        params: [
          tokenHash,
          isStaff ? String(whose.staffId) : "",
          isStaff ? "" : whose.account,
          String(at),
          String(Math.round(idleMs / 1_000)),
          String(expiresAt),
          secondFactorAt === null ? "" : String(secondFactorAt),
          userAgent ?? "",
        ],
      },
    ]);
  },

  async find(tokenHash, now, watching = false) {
    const [rows] = await db.transaction([{ query: FIND, params: [tokenHash, String(now), String(watching)] }]);
    return (rows?.[0] as StaffSession | CustomerSession | undefined) ?? null;
  },

  strengthen: (sessionId, { tokenHash, idleMs, expiresAt, at }) =>
    isOne(db, {
      query: `UPDATE sessions SET token_hash = $2::text, idle_seconds = $3::integer, expires_at = cc_at($4::bigint),
          second_factor_at = cc_at($5::bigint), last_seen_at = cc_at($5::bigint)
        WHERE id = $1::bigint AND revoked_at IS NULL RETURNING '1' AS row`,
      params: [String(sessionId), tokenHash, String(Math.round(idleMs / 1_000)), String(expiresAt), String(at)],
    }),

  async end(sessionId, now) {
    await db.transaction([
      {
        query: "UPDATE sessions SET revoked_at = cc_at($2::bigint) WHERE id = $1::bigint AND revoked_at IS NULL",
        params: [String(sessionId), String(now)],
      },
    ]);
  },

  ofStaff: (staffId, now) =>
    db.read<SessionLine>(
      `SELECT x.id AS "sessionId", x.created_at AS "createdAt", x.last_seen_at AS "lastSeenAt", x.expires_at AS "expiresAt",
        x.user_agent AS "userAgent", x.second_factor_at IS NOT NULL AS "secondFactor"
      FROM sessions x WHERE x.staff_id = $1::bigint AND ${LIVES} ORDER BY x.last_seen_at DESC LIMIT ${LISTED_MAX}`,
      [String(staffId), String(now)],
    ),

  endOf: async (staffId, sessionId, by) => (await change(db, { staffId, sessionId }, by, END_OF)).ok,
});

export const neonAttempts = (db: Database): Attempts => ({
  async take(keys, now) {
    const [rows] = await db.transaction([
      {
        query: "SELECT cc_take_attempt($1::jsonb, cc_at($2::bigint))::text AS row",
        params: [JSON.stringify(keys), String(now)],
      },
    ]);
    return (rows?.[0] as number | undefined) ?? 0;
  },

  async succeeded({ forget, keep }, now) {
    await db.transaction([
      {
        query: "DELETE FROM sign_in_attempts WHERE key IN (SELECT jsonb_array_elements_text($1::jsonb))",
        params: [JSON.stringify(forget)],
      },
      {
        query: `UPDATE sign_in_attempts SET failures = greatest(failures - 1, 0), next_at = cc_at($2::bigint)
          WHERE key IN (SELECT jsonb_array_elements_text($1::jsonb))`,
        params: [JSON.stringify(keep), String(now)],
      },
    ]);
  },
});
