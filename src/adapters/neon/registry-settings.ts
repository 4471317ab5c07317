import type { SeenVersion } from "../../ports/registry.ts";
import type { Database } from "./database.ts";
import { beginRun } from "./refresh-runs.ts";
import { BY, refuseWhen, VERSION } from "./registry-write.ts";

const SITE = `jsonb_to_recordset($1::jsonb) AS r(code text, name text, district text)`;

export const UPSERT_SITES: string[] = [
  `WITH was AS (SELECT s.* FROM ${SITE} JOIN sites s ON s.code = r.code), made AS (
    INSERT INTO sites AS s (code, name, district, facts_version, created_at)
    SELECT DISTINCT ON (r.code) r.code, r.name, r.district, ${VERSION}, cc_at($4::bigint) FROM ${SITE} ORDER BY 1
    ON CONFLICT (code) DO UPDATE SET name = excluded.name, district = excluded.district,
      facts_version = excluded.facts_version
    WHERE (s.name, s.district) IS DISTINCT FROM (excluded.name, excluded.district) RETURNING *)
  INSERT INTO mutations (actor, reason, at, action, subject, before, after)
  SELECT ${BY}, 'site.put', 'site:' || made.code, to_jsonb(was), to_jsonb(made)
  FROM made LEFT JOIN was ON was.code = made.code`,
];

/** As the statements have it: 0 where there was none to read, absent where nobody says. */
export const seenOf = (seen: SeenVersion): number | undefined => (seen === null ? 0 : seen);

/** `seen`: the version that was read, 0 where there was none; absent where nobody says what was read. */
const TEMPLATE = `jsonb_to_record($1::jsonb) AS r(kind text, language text, text text, seen bigint)`;

/** The wording in use before is the audit's before; the same wording again is no change. */
export const PUT_TEMPLATE: string[] = [
  refuseWhen(
    "exists",
    `'version ' || coalesce(w.facts_version, 0)`,
    `FROM ${TEMPLATE} LEFT JOIN LATERAL (SELECT s.text, s.facts_version FROM sms_templates s
        WHERE s.kind = r.kind AND s.language = r.language ORDER BY s.facts_version DESC LIMIT 1) w ON true
      WHERE r.seen <> coalesce(w.facts_version, 0) AND w.text IS DISTINCT FROM r.text`,
  ),
  `WITH was AS (
    SELECT DISTINCT ON (s.kind, s.language) s.* FROM ${TEMPLATE} JOIN sms_templates s USING (kind, language)
    ORDER BY s.kind, s.language, s.facts_version DESC
  ), made AS (
    INSERT INTO sms_templates (kind, language, text, facts_version, created_at)
    SELECT r.kind, r.language, r.text, ${VERSION}, cc_at($4::bigint) FROM ${TEMPLATE}
    WHERE NOT EXISTS (SELECT FROM was WHERE was.text = r.text) RETURNING *)
  INSERT INTO mutations (actor, reason, at, action, subject, before, after)
  SELECT ${BY}, 'template.put', 'template:' || made.kind || ':' || made.language, to_jsonb(was), to_jsonb(made)
  FROM made LEFT JOIN was ON true`,
];

/** `seen` as of a wording. */
const SETTING = `jsonb_to_record($1::jsonb) AS r(key text, value jsonb, seen bigint)`;

/** A setting as it is kept, with its version, which names what was read. Null: nobody has set it. */
export async function settingOfVersion<Value>(
  db: Database,
  key: string,
): Promise<{ setting: Value; version: number } | null> {
  const [row] = await db.read<{ setting: Value; version: number }>(
    "SELECT value AS setting, facts_version AS version FROM country_settings WHERE key = $1",
    [key],
  );
  return row ?? null;
}

/** One setting of the country; the same value again is no change. */
export const PUT_SETTING: string[] = [
  // The same value sent again is no other one, whatever version it names.
  refuseWhen(
    "exists",
    `'version ' || coalesce(s.facts_version, 0)`,
    `FROM ${SETTING} LEFT JOIN country_settings s ON s.key = r.key
      WHERE r.seen <> coalesce(s.facts_version, 0) AND s.value IS DISTINCT FROM r.value`,
  ),
  `WITH was AS (SELECT s.value FROM country_settings s JOIN ${SETTING} ON r.key = s.key), made AS (
    INSERT INTO country_settings AS s (key, value, facts_version, updated_at)
    SELECT r.key, r.value, ${VERSION}, cc_at($4::bigint) FROM ${SETTING}
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, facts_version = excluded.facts_version,
      updated_at = excluded.updated_at
    WHERE s.value <> excluded.value RETURNING *)
  INSERT INTO mutations (actor, reason, at, action, subject, before, after)
  SELECT ${BY}, 'setting.put', 'setting:' || made.key, was.value, made.value FROM made LEFT JOIN was ON true`,
];

/** From the cut-over on meters debit: each account has to know the instant itself. */
export const TELL_CUTOVER =
  beginRun(`SELECT 'cutover:' || s.facts_version AS unit, NULL::text AS site, NULL::text AS account
  FROM ${SETTING} JOIN country_settings s ON s.key = r.key WHERE s.facts_version = ${VERSION}`);
