import type { Country, Language } from "../../domain/country.ts";
import type { Welcome, Welcomes } from "../../ports/welcomes.ts";
import type { Database } from "./database.ts";
import { PUT_SETTING } from "./registry-settings.ts";
import { AT, change } from "./registry-write.ts";

/** The country's switch: true or false; where nobody has set it, new customers are welcomed. */
export const WELCOME_SWITCH = "welcome_sms";

const IS_ON = `coalesce((SELECT s.value = 'true'::jsonb FROM country_settings s WHERE s.key = '${WELCOME_SWITCH}'), true)`;

/**
 * New customers ("c", with their account "a") are owed a welcome, once each. While the switch is off nobody comes to be owed
 * one: what was quiet is not said later.
 */
export const WELCOME = (source: string) => `INSERT INTO welcome_sms (customer_id, account_id, created_at, state_at)
  SELECT c.id, a.id, ${AT}, ${AT} FROM ${source} WHERE cardinality(c.phones) > 0 AND ${IS_ON}
  ON CONFLICT DO NOTHING`;

/** Whoever is gone by now is not welcomed, nor is anybody after so long: the number is known by then. */
const LATE_MS = 30 * 86_400_000;
const LEAVE = `UPDATE welcome_sms w SET state = 'left', state_at = cc_at($1::bigint),
    because = CASE WHEN a.status = 'terminated' THEN 'the account ended' ELSE 'too late' END
  FROM accounts a WHERE a.id = w.account_id AND w.state = 'waiting'
    AND (a.status = 'terminated' OR w.created_at < cc_at($1::bigint - ${LATE_MS}))`;

const OWED = `SELECT w.customer_id AS "customerId", w.state, a.account_number AS account, c.phones[1] AS to, c.language,
    w.phone_id AS "phoneId", w.content FROM welcome_sms w JOIN accounts a ON a.id = w.account_id
    JOIN customers c ON c.id = w.customer_id`;

export const neonWelcomes = (db: Database, country: Country): Welcomes => ({
  async next(limit, now) {
    await db.transaction([{ query: LEAVE, params: [String(now)] }]);
    const rows = await db.read<Omit<Welcome, "language"> & { language: Language | null }>(
      `${OWED} WHERE (w.state = 'bound' OR (w.state = 'waiting' AND ${IS_ON})) AND cardinality(c.phones) > 0
        ORDER BY w.state <> 'bound', w.created_at, w.customer_id LIMIT $1::int`,
      [String(limit)],
    );
    return rows.map((row) => ({ ...row, language: row.language ?? country.languages[0] }));
  },

  async bind(customerId, phoneId, content, now) {
    const [, answers] = await db.transaction([
      {
        query: `UPDATE welcome_sms SET state = 'bound', phone_id = $2::text, content = $3::text, state_at = cc_at($4::bigint)
          WHERE customer_id = $1::bigint AND state = 'waiting'`,
        params: [String(customerId), phoneId, content, String(now)],
      },
      {
        query: `SELECT json_build_object('phoneId', phone_id, 'content', content)::text AS row FROM welcome_sms
          WHERE customer_id = $1::bigint AND state = 'bound'`,
        params: [String(customerId)],
      },
    ]);
    return ((answers ?? [])[0] as { phoneId: string; content: string } | undefined) ?? null;
  },

  async end(customerId, state, because, now) {
    await db.transaction([
      {
        query: `UPDATE welcome_sms SET state = $2::text, because = nullif($3::text, ''), state_at = cc_at($4::bigint)
          WHERE customer_id = $1::bigint AND state IN ('waiting', 'bound')`,
        params: [String(customerId), state, because ?? "", String(now)],
      },
    ]);
  },

  putSwitch: (on, by) => change(db, { key: WELCOME_SWITCH, value: on }, by, PUT_SETTING),

  async state() {
    const [row] = await db.read<{ on: boolean; waiting: number; handed: number; left: number }>(
      `SELECT ${IS_ON} AS on, count(*) FILTER (WHERE state IN ('waiting', 'bound'))::int AS waiting,
        count(*) FILTER (WHERE state = 'handed')::int AS handed, count(*) FILTER (WHERE state = 'left')::int AS left
      FROM welcome_sms`,
    );
    if (row === undefined) throw new Error("no answer about welcomes");
    return row;
  },
});
