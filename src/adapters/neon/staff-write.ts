import { BY, refuseWhen } from "./registry-write.ts";

/** What the audit and other people see of somebody: no secret. */
export const shown = (s: string, countries: string, grants = GRANTS_OF(`${s}.id`)) => {
  const columns = { email: "email", name: "name", roles: "roles", site: "site_code", active: "active" };
  const fields = Object.entries(columns).map(([name, column]) => `'${name}', ${s}.${column}`);
  return `jsonb_build_object(${fields.join(", ")}, 'countries', ${countries}, 'grants', ${grants})`;
};
export const COUNTRIES_OF = (id: string) =>
  `(SELECT coalesce(array_agg(country ORDER BY country), '{}') FROM staff_countries WHERE staff_id = ${id})`;
/** What rows of `staff_countries` grant otherwise than at home, as JSON. */
const grantsFrom = (rows: string) =>
  `(SELECT coalesce(jsonb_agg(jsonb_build_object('country', g.country, 'roles', g.roles, 'site', g.site) ORDER BY g.country), '[]')
    FROM ${rows} AND g.roles IS NOT NULL)`;
export const GRANTS_OF = (id: string) => grantsFrom(`staff_countries g WHERE g.staff_id = ${id}`);

const MEMBER = `jsonb_to_record($1::jsonb) AS r("staffId" bigint, email text, name text, roles text[], site text,
  "hasSite" boolean, countries text[], grants jsonb, active boolean, hash text, "expiresAt" bigint, "passwordHash" text,
  "invitationHash" text, here text, keep bigint, sealed text, step bigint, "recoveryHashes" text[])`;
/** Joined to the member: who it is about. */
const OF = `${MEMBER} JOIN staff s ON s.id = r."staffId"`;

const REFUSE_NOBODY = refuseWhen(
  "unknown",
  `'staff ' || r."staffId"`,
  `FROM ${MEMBER} WHERE NOT EXISTS (SELECT FROM staff s WHERE s.id = r."staffId")`,
);

/** One act without a secret to show: who, what, and to whom. */
const ACT = (action: string) => `INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT ${BY}, '${action}', 'staff:' || id, jsonb_build_object('email', email) FROM made`;

const END_SESSIONS = (when: string) => `UPDATE sessions x SET revoked_at = by.at FROM ${MEMBER},
  (SELECT ${BY}) AS by(actor, reason, at) WHERE x.staff_id = r."staffId" AND x.revoked_at IS NULL AND ${when}`;

/** Of the member, what is granted otherwise than at home. */
const GRANTS = "jsonb_to_recordset(r.grants) AS g(country text, roles text[], site text)";

export const ADD_MEMBER: string[] = [
  refuseWhen("exists", `r.email`, `FROM ${MEMBER} JOIN staff s ON s.email = r.email`),
  refuseWhen(
    "unknown",
    `'site ' || r.site`,
    `FROM ${MEMBER} WHERE r.site IS NOT NULL AND NOT EXISTS (SELECT FROM sites WHERE code = r.site)`,
  ),
  `WITH made AS (
    INSERT INTO staff (email, name, roles, site_code, invitation_hash, invitation_expires_at, created_at)
    SELECT r.email, r.name, r.roles, r.site, r.hash, cc_at(r."expiresAt"), cc_at($4::bigint) FROM ${MEMBER} RETURNING *),
  placed AS (INSERT INTO staff_countries (staff_id, country, roles, site)
    SELECT made.id, c.country, g.roles, g.site FROM made CROSS JOIN ${MEMBER} CROSS JOIN unnest(r.countries) AS c(country)
    LEFT JOIN ${GRANTS} ON g.country = c.country)
  INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT ${BY}, 'staff.add', 'staff:' || made.id, ${shown("made", "to_jsonb(r.countries)", "r.grants")} FROM made, ${MEMBER}`,
];

/** Who works only in other countries, and signs in here, manages nobody here. */
const IS_HERE = (id: string) =>
  `(r.here IS NULL OR EXISTS (SELECT FROM staff_countries c WHERE c.staff_id = ${id} AND c.country = r.here))`;

/** Of the countries only what differs is touched; what is not named stays. Nobody is left without a superadmin of the own. */
export const CHANGE_MEMBER: string[] = [
  REFUSE_NOBODY,
  refuseWhen(
    "refused",
    `'staff ' || s.id || ' is at home elsewhere: change this there'`,
    `FROM ${OF} WHERE s.home IS NOT NULL AND (r."hasSite" OR num_nonnulls(r.name, r.roles, r.countries, r.grants) > 0)`,
  ),
  refuseWhen(
    "unknown",
    `'site ' || r.site`,
    `FROM ${MEMBER} WHERE r.site IS NOT NULL AND NOT EXISTS (SELECT FROM sites WHERE code = r.site)`,
  ),
  refuseWhen(
    "refused",
    `'the last superadmin stays one: make another first'`,
    `FROM ${OF} WHERE s.home IS NULL AND s.active AND 'superadmin' = ANY (s.roles) AND ${IS_HERE("s.id")}
      AND NOT (coalesce(r.active, true) AND 'superadmin' = ANY (coalesce(r.roles, s.roles))
        AND coalesce(r.here = ANY (r.countries), true))
      AND NOT EXISTS (SELECT FROM staff o WHERE o.id <> s.id AND o.active AND 'superadmin' = ANY (o.roles) AND ${IS_HERE("o.id")})`,
  ),
  `WITH was AS (SELECT s.id, ${shown("s", COUNTRIES_OF("s.id"))} AS shown FROM ${OF}), made AS (
    UPDATE staff s SET name = coalesce(r.name, s.name), roles = coalesce(r.roles, s.roles),
      site_code = CASE WHEN r."hasSite" THEN r.site ELSE s.site_code END, active = coalesce(r.active, s.active)
    FROM ${MEMBER} WHERE s.id = r."staffId" RETURNING s.*),
  gone AS (DELETE FROM staff_countries c USING ${MEMBER}
    WHERE c.staff_id = r."staffId" AND r.countries IS NOT NULL AND c.country <> ALL (r.countries)),
  places AS (SELECT r."staffId" AS staff_id, c.country,
      CASE WHEN r.grants IS NULL THEN k.roles ELSE g.roles END AS roles, CASE WHEN r.grants IS NULL THEN k.site ELSE g.site END AS site
    FROM ${MEMBER} CROSS JOIN unnest(coalesce(r.countries, ${COUNTRIES_OF('r."staffId"')})) AS c(country)
    LEFT JOIN staff_countries k ON k.staff_id = r."staffId" AND k.country = c.country
    LEFT JOIN ${GRANTS} ON g.country = c.country),
  come AS (INSERT INTO staff_countries AS k (staff_id, country, roles, site) SELECT * FROM places
    ON CONFLICT (staff_id, country) DO UPDATE SET roles = excluded.roles, site = excluded.site
    WHERE (k.roles, k.site) IS DISTINCT FROM (excluded.roles, excluded.site)),
  now AS (SELECT made.id, ${shown(
    "made",
    "to_jsonb((SELECT coalesce(array_agg(p.country ORDER BY p.country), '{}') FROM places p))",
    grantsFrom("places g WHERE true"),
  )} AS shown FROM made)
  INSERT INTO mutations (actor, reason, at, action, subject, before, after)
  SELECT ${BY}, CASE WHEN (was.shown ->> 'active') = (now.shown ->> 'active') THEN 'staff.change'
    WHEN (now.shown ->> 'active')::boolean THEN 'staff.activate' ELSE 'staff.deactivate' END,
    'staff:' || now.id, was.shown, now.shown FROM was JOIN now USING (id) WHERE was.shown <> now.shown`,
  END_SESSIONS("r.active = false"),
];

const REFUSE_ELSEWHERE = refuseWhen(
  "refused",
  `'staff ' || s.id || ' signs in at home, elsewhere'`,
  `FROM ${OF} WHERE s.home IS NOT NULL`,
);

export const INVITE_MEMBER: string[] = [
  REFUSE_NOBODY,
  REFUSE_ELSEWHERE,
  refuseWhen("refused", `'staff ' || s.id || ' is not active'`, `FROM ${OF} WHERE NOT s.active`),
  `WITH made AS (UPDATE staff s SET invitation_hash = r.hash, invitation_expires_at = cc_at(r."expiresAt") FROM ${MEMBER}
    WHERE s.id = r."staffId" RETURNING s.*) ${ACT("staff.invite")}`,
];

export const SET_PASSWORD: string[] = [
  refuseWhen(
    "refused",
    `'the invitation is gone'`,
    `FROM ${OF} WHERE r."invitationHash" IS NOT NULL AND (s.invitation_hash IS DISTINCT FROM r."invitationHash" OR NOT s.active)`,
  ),
  `WITH made AS (UPDATE staff s SET password_hash = r."passwordHash", invitation_hash = NULL, invitation_expires_at = NULL
    FROM ${MEMBER} WHERE s.id = r."staffId" RETURNING s.*) ${ACT("staff.password")}`,
  END_SESSIONS("x.id IS DISTINCT FROM r.keep"),
];

export const CONFIRM_TOTP: string[] = [
  refuseWhen("refused", `'another secret was offered'`, `FROM ${OF} WHERE s.totp_pending IS DISTINCT FROM r.sealed`),
  `WITH made AS (UPDATE staff s SET totp_secret = r.sealed, totp_pending = NULL, totp_step = r.step,
      recovery_hashes = r."recoveryHashes"
    FROM ${MEMBER} WHERE s.id = r."staffId" RETURNING s.*) ${ACT("staff.second-factor")}`,
];

export const USE_RECOVERY_CODE: string[] = [
  refuseWhen("refused", `'no such code'`, `FROM ${OF} WHERE r.hash <> ALL (s.recovery_hashes)`),
  `WITH made AS (UPDATE staff s SET recovery_hashes = array_remove(s.recovery_hashes, r.hash) FROM ${MEMBER}
    WHERE s.id = r."staffId" RETURNING s.*) ${ACT("staff.recovery-code")}`,
];

export const RESET_TOTP: string[] = [
  REFUSE_NOBODY,
  REFUSE_ELSEWHERE,
  `WITH made AS (UPDATE staff s SET totp_secret = NULL, totp_pending = NULL, totp_step = NULL, recovery_hashes = '{}'
    FROM ${MEMBER} WHERE s.id = r."staffId" RETURNING s.*) ${ACT("staff.reset-totp")}`,
  END_SESSIONS("true"),
];

/** The address is free for whoever has it at home; the row stays, inactive, since the audit names it. */
export const FREE_ADDRESS: string[] = [
  REFUSE_NOBODY,
  REFUSE_ELSEWHERE,
  `WITH was AS (SELECT s.id, ${shown("s", COUNTRIES_OF("s.id"))} AS shown FROM ${OF} WHERE s.email NOT LIKE 'was.' || s.id || '.%'),
  made AS (UPDATE staff s SET email = 'was.' || s.id || '.' || s.email, active = false, invitation_hash = NULL,
      invitation_expires_at = NULL FROM was WHERE s.id = was.id RETURNING s.*)
  INSERT INTO mutations (actor, reason, at, action, subject, before, after)
  SELECT ${BY}, 'staff.free-address', 'staff:' || made.id, was.shown, ${shown("made", COUNTRIES_OF("made.id"))}
  FROM made JOIN was USING (id)`,
  END_SESSIONS("true"),
];
