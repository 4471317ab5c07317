import { err, ok } from "../../domain/result.ts";
import type { HomeStaff, TakeRefusal } from "../../ports/identity.ts";
import type { Database, Statement } from "./database.ts";
import { AT, BY, highestParam, nameRequest, refuseWhen, told } from "./registry-write.ts";
import { pruneSessions } from "./sessions.ts";
import { COUNTRIES_OF, shown } from "./staff-write.ts";

const TAKEN = `jsonb_to_record($1::jsonb) AS r(home text, subject text, email text, name text, roles text[], site text,
  countries text[], "secondFactorAt" bigint, "toldAt" bigint, "expiresAt" bigint, jti text, "tokenHash" text,
  "ownHash" text, "userAgent" text)`;
const OF = `${TAKEN} JOIN staff s ON s.home = r.home AND s.home_subject = r.subject`;

const PRUNED_MAX = 50;
/** A token that is over is refused for being over; it is kept a little longer, should this country's clock be set back. */
const KEPT = "interval '1 hour'";

/** Nobody is found by an address that this country gave to somebody itself: whoever they are, a person decides. */
const REFUSE: string[] = [
  refuseWhen("refused", `'deactivated'`, `FROM ${OF} WHERE NOT s.active`),
  refuseWhen(
    "refused",
    `'local_person'`,
    `FROM ${TAKEN} JOIN staff s ON s.email = r.email WHERE (s.home, s.home_subject) IS DISTINCT FROM (r.home, r.subject)`,
  ),
  refuseWhen(
    "refused",
    `'unknown_site'`,
    `FROM ${TAKEN} WHERE r.site IS NOT NULL AND NOT EXISTS (SELECT FROM sites WHERE code = r.site)`,
  ),
];

/**
 * What the home says of the person, if it is newer than what stands here. It leaves an audit row where something changes.
 * Two tokens of one person wait for each other at this row, so that the statements after it see what the other did.
 */
const KEEP = `WITH was AS (SELECT s.id, ${shown("s", COUNTRIES_OF("s.id"))} AS shown FROM ${OF}), made AS (
    INSERT INTO staff AS s (email, name, roles, site_code, home, home_subject, told_at, created_at)
    SELECT r.email, r.name, r.roles, r.site, r.home, r.subject, cc_at(r."toldAt"), cc_at($4::bigint) FROM ${TAKEN}
    ON CONFLICT (home, home_subject) DO UPDATE SET email = excluded.email, name = excluded.name, roles = excluded.roles,
      site_code = excluded.site_code, told_at = excluded.told_at WHERE s.told_at < excluded.told_at
    RETURNING s.*),
  gone AS (DELETE FROM staff_countries c USING made, ${TAKEN} WHERE c.staff_id = made.id AND c.country <> ALL (r.countries)),
  come AS (INSERT INTO staff_countries (staff_id, country) SELECT made.id, unnest(r.countries) FROM made, ${TAKEN}
    ON CONFLICT DO NOTHING),
  now AS (SELECT made.id, ${shown("made", "to_jsonb((SELECT array_agg(c ORDER BY c) FROM unnest(r.countries) AS c))")} AS shown
    FROM made, ${TAKEN})
  INSERT INTO mutations (actor, reason, at, action, subject, before, after)
  SELECT ${BY}, 'staff.told', 'staff:' || now.id, was.shown, now.shown FROM now LEFT JOIN was USING (id)
  WHERE was.shown IS DISTINCT FROM now.shown`;

/**
 * Its session was signed out of; or this person signed out here after the home had said it: a word that was fetched before, and not
 * brought, brings back nobody. Whoever is signed in at home all the same fetches another.
 */
const REFUSE_USED = refuseWhen(
  "refused",
  `'used'`,
  `FROM ${OF} WHERE EXISTS (SELECT FROM identity_tokens i JOIN sessions x ON x.id = i.session_id
      WHERE i.jti = r.jti AND x.revoked_at IS NOT NULL)
    OR EXISTS (SELECT FROM sessions x WHERE x.staff_id = s.id AND x.revoked_at >= cc_at(r."toldAt"))`,
);

/** The browser's own session of this person goes on; else the one that this token opened is handed over; else a new one. */
const OPEN = `WITH who AS (SELECT s.id FROM ${OF}), own AS (
    SELECT x.id FROM ${TAKEN}, sessions x, who WHERE x.token_hash = r."ownHash" AND x.staff_id = who.id
      AND x.revoked_at IS NULL AND x.expires_at > ${AT}),
  first AS (SELECT i.session_id AS id FROM ${TAKEN} JOIN identity_tokens i ON i.jti = r.jti),
  kept AS (
    UPDATE sessions x SET expires_at = greatest(x.expires_at, cc_at(r."expiresAt")), last_seen_at = ${AT},
      second_factor_at = cc_at(r."secondFactorAt"),
      token_hash = CASE WHEN k.own THEN x.token_hash ELSE r."tokenHash" END
    FROM ${TAKEN}, (SELECT id, true AS own FROM own
      UNION ALL SELECT id, false FROM first WHERE NOT EXISTS (SELECT FROM own)) AS k
    WHERE x.id = k.id RETURNING x.id, x.expires_at, k.own),
  opened AS (
    INSERT INTO sessions (token_hash, staff_id, created_at, last_seen_at, idle_seconds, expires_at, second_factor_at, user_agent)
    SELECT r."tokenHash", who.id, ${AT}, ${AT}, ${10 * 60}, cc_at(r."expiresAt"),
      cc_at(r."secondFactorAt"), r."userAgent"
    FROM ${TAKEN}, who WHERE NOT EXISTS (SELECT FROM kept) RETURNING id, expires_at, false AS own),
  now AS (SELECT * FROM kept UNION ALL SELECT * FROM opened),
  noted AS (INSERT INTO identity_tokens (jti, session_id, expires_at)
    SELECT r.jti, now.id, cc_at(r."expiresAt") FROM ${TAKEN}, now ON CONFLICT (jti) DO NOTHING)
  SELECT json_build_object('staffId', who.id, 'own', now.own, 'expiresAt', cc_ms(now.expires_at))::text AS row FROM who, now`;

const REFUSALS: readonly TakeRefusal[] = ["used", "deactivated", "local_person", "unknown_site"];

export const neonHomeStaff = (db: Database): HomeStaff => ({
  async take({ country, ...claims }, session, by) {
    const params = [JSON.stringify({ ...claims, ...session }), by.actor, by.reason ?? "", String(by.at)];
    const statements: Statement[] = [...REFUSE, KEEP, REFUSE_USED, OPEN].map((query) => ({
      query,
      params: params.slice(0, highestParam(query)),
    }));
    const prune: Statement = {
      query: `DELETE FROM identity_tokens WHERE jti IN (SELECT jti FROM identity_tokens
        WHERE expires_at < cc_at($1::bigint) - ${KEPT} ORDER BY expires_at LIMIT ${PRUNED_MAX})`,
      params: [String(by.at)],
    };
    const answer = await told<Row, Row>(
      () => db.transaction([nameRequest(by), prune, pruneSessions(by.at), ...statements]),
      (row) => row,
    );
    if (answer.ok) return ok(answer.value);
    // Two who came at once, of whom one took the other's address.
    if (answer.error.detail.includes("staff_email")) return err("local_person");
    const refusal = REFUSALS.find((each) => each === answer.error.detail);
    if (refusal === undefined)
      throw new Error(`the word of the home was refused: ${answer.error.kind} ${answer.error.detail}`);
    return err(refusal);
  },
});

type Row = { staffId: number; own: boolean; expiresAt: number };
