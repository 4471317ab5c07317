import { BY, refuseWhen, VERSION } from "./registry-write.ts";

const TILL = `jsonb_to_record($1::jsonb) AS r("tillId" text, name text, providers text[], senders text[], currency text,
  caps jsonb, change jsonb)`;
const TILL_CAPS = `(r.caps->>'paymentMinorMax')::bigint, (r.caps->>'accountDayMinorMax')::bigint,
  (r.caps->>'tillDayMinorMax')::bigint, (r.caps->>'chainBreakMinorMax')::bigint`;

const changedCap = (name: string, column: string) => `coalesce((r.change->'caps'->>'${name}')::bigint, t.${column})`;
/** A till as it is to be: what is not named stays. */
const NEXT = `ARRAY(SELECT jsonb_array_elements_text(r.change->'senders')), r.providers,
  ${changedCap("paymentMinorMax", "payment_minor_max")}, ${changedCap("accountDayMinorMax", "account_day_minor_max")},
  ${changedCap("tillDayMinorMax", "till_day_minor_max")}, ${changedCap("chainBreakMinorMax", "chain_break_minor_max")}`;
/** What was read before; whoever says nothing of it changes whatever is there. */
const READ_VERSION = `coalesce((r.change->>'version')::bigint, t.facts_version)`;
const IS_CHANGED = `(t.senders, t.providers, t.payment_minor_max, t.account_day_minor_max, t.till_day_minor_max,
        t.chain_break_minor_max) IS DISTINCT FROM (${NEXT})`;
const CHANGEABLE = `senders, providers, payment_minor_max, account_day_minor_max, till_day_minor_max, chain_break_minor_max`;

export const PUT_TILL: string[] = [
  refuseWhen(
    "exists",
    `'till ' || t.id`,
    `FROM ${TILL} JOIN tills t ON t.id = r."tillId" WHERE (t.name, t.currency) <> (r.name, r.currency)`,
  ),
  // The same change sent again is no other one, whatever version it names.
  refuseWhen(
    "exists",
    `'version ' || t.facts_version`,
    `FROM ${TILL} JOIN tills t ON t.id = r."tillId" WHERE t.facts_version <> ${READ_VERSION} AND ${IS_CHANGED}`,
  ),
  `WITH was AS (SELECT t.* FROM ${TILL} JOIN tills t ON t.id = r."tillId" FOR UPDATE OF t), made AS (
    UPDATE tills t SET (${CHANGEABLE}, facts_version) = ROW(${NEXT}, ${VERSION}) FROM was, ${TILL}
    WHERE t.id = was.id AND t.facts_version = ${READ_VERSION} AND ${IS_CHANGED}
    RETURNING t.*)
  INSERT INTO mutations (actor, reason, at, action, subject, before, after)
  SELECT ${BY}, 'till.change', 'till:' || made.id, to_jsonb(was), to_jsonb(made) FROM made JOIN was ON was.id = made.id`,
  `WITH made AS (
    INSERT INTO tills (id, name, providers, senders, currency, payment_minor_max, account_day_minor_max,
      till_day_minor_max, chain_break_minor_max, facts_version, created_at)
    SELECT r."tillId", r.name, r.providers, r.senders, r.currency, ${TILL_CAPS}, ${VERSION}, cc_at($4::bigint) FROM ${TILL}
    ON CONFLICT (id) DO NOTHING RETURNING *)
  INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT ${BY}, 'till.create', 'till:' || id, to_jsonb(made) FROM made`,
];

const PHONE = `jsonb_to_record($1::jsonb) AS r("phoneId" text, name text, "tillId" text, channel text, "tokenHash" text,
  "smssyncSecretHash" text, "keepsSecret" boolean, at bigint)`;
/** Never a hash in the audit, which more people read than may know them. */
const SHOWN = "'token_hashes' - 'smssync_secret_hash'";

export const CREATE_PHONE: string[] = [
  refuseWhen(
    "exists",
    `'phone ' || p.id`,
    `FROM ${PHONE} JOIN gateway_phones p ON p.id = r."phoneId" WHERE p.revoked_at IS NOT NULL
      OR NOT r."tokenHash" = ANY(p.token_hashes) OR (p.name, p.till_id, p.channel) <> (r.name, r."tillId", r.channel)`,
  ),
  `WITH made AS (
    INSERT INTO gateway_phones (id, name, till_id, channel, token_hashes, smssync_secret_hash, created_at, facts_version)
    SELECT r."phoneId", r.name, r."tillId", r.channel, ARRAY[r."tokenHash"], r."smssyncSecretHash", cc_at($4::bigint),
      ${VERSION} FROM ${PHONE}
    ON CONFLICT (id) DO NOTHING RETURNING *)
  INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT ${BY}, 'phone.create', 'phone:' || id,
    to_jsonb(made) - ${SHOWN} FROM made`,
];

const UNKNOWN_PHONE = refuseWhen(
  "unknown",
  `'phone ' || r."phoneId"`,
  `FROM ${PHONE} WHERE NOT EXISTS (SELECT FROM gateway_phones p WHERE p.id = r."phoneId")`,
);

const audited = (action: string, update: string) => `WITH was AS (
    SELECT p.* FROM ${PHONE} JOIN gateway_phones p ON p.id = r."phoneId" FOR UPDATE OF p
  ), made AS (${update} RETURNING p.*)
  INSERT INTO mutations (actor, reason, at, action, subject, before, after)
  SELECT ${BY}, '${action}', 'phone:' || made.id,
    to_jsonb(was) - ${SHOWN}, to_jsonb(made) - ${SHOWN} FROM made JOIN was ON was.id = made.id`;

export const REVOKE_PHONE: string[] = [
  UNKNOWN_PHONE,
  audited(
    "phone.revoke",
    `UPDATE gateway_phones p SET revoked_at = cc_at($4::bigint), facts_version = ${VERSION}
    FROM was WHERE p.id = was.id AND p.revoked_at IS NULL`,
  ),
];

/** The newest old token stays valid beside the new one; the one before it ends. */
export const ROTATE_PHONE: string[] = [
  UNKNOWN_PHONE,
  audited(
    "phone.rotate",
    `UPDATE gateway_phones p SET token_hashes = p.token_hashes[cardinality(p.token_hashes):] || r."tokenHash",
      smssync_secret_hash = CASE WHEN r."keepsSecret" THEN p.smssync_secret_hash ELSE r."smssyncSecretHash" END,
      rotated_at = cc_at($4::bigint), facts_version = ${VERSION}
    FROM was, ${PHONE} WHERE p.id = was.id AND NOT r."tokenHash" = ANY(p.token_hashes)`,
  ),
];
