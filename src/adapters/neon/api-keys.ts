import type { ApiKeys, TakenKey } from "../../ports/api-keys.ts";
import type { Database } from "./database.ts";
import { BY, change, refuseWhen } from "./registry-write.ts";

const PROGRAMME = `jsonb_to_record($1::jsonb) AS r(code text, name text, funder text, sites text[], active boolean)`;

/** The same again is no change and no act. */
const PUT_PROGRAMME = [
  refuseWhen(
    "unknown",
    "'site ' || s.code",
    `FROM ${PROGRAMME} CROSS JOIN unnest(r.sites) AS s(code) WHERE NOT EXISTS (SELECT FROM sites k WHERE k.code = s.code) LIMIT 1`,
  ),
  `WITH was AS (SELECT p.* FROM ${PROGRAMME} JOIN programmes p ON p.code = r.code), made AS (
    INSERT INTO programmes AS p (code, name, funder, site_codes, active, created_at)
    SELECT r.code, r.name, r.funder, r.sites, r.active, cc_at($4::bigint) FROM ${PROGRAMME}
    ON CONFLICT (code) DO UPDATE SET name = excluded.name, funder = excluded.funder, site_codes = excluded.site_codes,
      active = excluded.active
    WHERE (p.name, p.funder, p.site_codes, p.active)
      IS DISTINCT FROM (excluded.name, excluded.funder, excluded.site_codes, excluded.active) RETURNING *)
  INSERT INTO mutations (actor, reason, at, action, subject, before, after)
  SELECT ${BY}, CASE WHEN was.code IS NULL THEN 'programme.create' ELSE 'programme.change' END, 'programme:' || made.code,
    CASE WHEN was.code IS NOT NULL THEN to_jsonb(was) END, to_jsonb(made)
  FROM made LEFT JOIN was ON was.code = made.code`,
];

const KEY = `jsonb_to_record($1::jsonb) AS r("keyHash" text, "shownAs" text, name text, scopes text[], programme text, "expiresAt" bigint)`;
/** What the audit and people see of a key: never its hash. */
const SHOWN = `jsonb_build_object('name', made.name, 'shown_as', made.shown_as, 'scopes', made.scopes,
  'programme', made.programme_code, 'expires_at', made.expires_at, 'revoked_at', made.revoked_at)`;

const ISSUE = [
  refuseWhen(
    "unknown",
    "'programme ' || r.programme",
    `FROM ${KEY} WHERE r.programme IS NOT NULL AND NOT EXISTS (SELECT FROM programmes p WHERE p.code = r.programme)`,
  ),
  `WITH made AS (
    INSERT INTO api_keys (key_hash, shown_as, name, scopes, programme_code, issued_by, issued_at, expires_at)
    SELECT r."keyHash", r."shownAs", r.name, r.scopes, r.programme, b.actor, b.at, cc_at(r."expiresAt")
    FROM ${KEY} CROSS JOIN (SELECT ${BY}) AS b(actor, reason, at) RETURNING *)
  INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT ${BY}, 'api_key.issue', 'api_key:' || made.id, ${SHOWN} FROM made`,
];

const WHICH = `jsonb_to_record($1::jsonb) AS r("keyId" bigint)`;
const REVOKE = [
  refuseWhen(
    "unknown",
    `'key ' || r."keyId"`,
    `FROM ${WHICH} WHERE NOT EXISTS (SELECT FROM api_keys k WHERE k.id = r."keyId")`,
  ),
  `WITH made AS (
    UPDATE api_keys k SET revoked_at = greatest(k.issued_at, cc_at($4::bigint)) FROM ${WHICH}
    WHERE k.id = r."keyId" AND k.revoked_at IS NULL RETURNING k.*)
  INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT ${BY}, 'api_key.revoke', 'api_key:' || made.id, ${SHOWN} FROM made`,
];

/** One statement: the count is taken before anything is looked up, so that many at once are counted too. */
const TAKE = `UPDATE api_keys k SET last_used_at = cc_at($2::bigint), used_minute = m.minute,
    used_in_minute = CASE WHEN k.used_minute = m.minute THEN least(k.used_in_minute + 1, 1000000) ELSE 1 END
  FROM (SELECT date_trunc('minute', cc_at($2::bigint), 'UTC') AS minute) AS m
  WHERE k.key_hash = $1::text AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > cc_at($2::bigint))
  RETURNING json_build_object('keyId', k.id, 'name', k.name, 'scopes', k.scopes, 'usedInMinute', k.used_in_minute,
    'programme', (SELECT json_build_object('code', p.code, 'name', p.name, 'funder', p.funder, 'sites', p.site_codes, 'active', p.active)
      FROM programmes p WHERE p.code = k.programme_code))::text AS row`;

export const neonApiKeys = (db: Database): ApiKeys => ({
  putProgramme: (programme, by) => change(db, programme, by, PUT_PROGRAMME),
  issue: (key, by) => change(db, key, by, ISSUE),
  revoke: (keyId, by) => change(db, { keyId }, by, REVOKE),
  async take(keyHash, at) {
    const [rows] = await db.transaction([{ query: TAKE, params: [keyHash, String(at)] }]);
    return ((rows ?? [])[0] as TakenKey | undefined) ?? null;
  },
});
