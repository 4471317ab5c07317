import {
  afterWord,
  CARRIER_PAUSE_MS,
  CARRIER_SENDING_MS_MAX,
  type CarrierState,
  takeFrom,
} from "../../domain/carrier-sms.ts";
import { checkOutgoing } from "../../domain/gateway/outgoing.ts";
import { ANY_HOUR_KINDS, type CarrierSetting } from "../../domain/sms-route.ts";
import { smsSize } from "../../domain/templates.ts";
import { CARRIER_BATCH_MAX, type CarrierBook, type ClaimedSms, type LeavingSms } from "../../ports/carrier.ts";
import type { OutgoingSms } from "../../ports/mailboxes.ts";
import type { Database } from "./database.ts";
import { PUT_SETTING, seenOf, settingOfVersion } from "./registry-settings.ts";
import { change, staleOr } from "./registry-write.ts";

/** The setting's name in `country_settings`. */
export const CARRIER_SETTING = "sms_carrier";
/** As many parts as a request allows. */
const PARTS_MAX = 3;
/** One number an hour, whatever the reason: a loop somewhere must not flood a person. */
const PER_NUMBER_HOUR_MAX = 5;
/** A network's word belongs to an SMS of so many minutes, where it names none. */
const MATCH_MINUTES_MAX = 10;
/** Networks do not all write the country's code. */
const DIGITS_MATCHED = [9, 8] as const;
/** SMS that one look ends. */
const ENDED_MAX = 500;
const HOUR_MS = 3_600_000;

/** It goes out in any case; at an account it is shown only where the number is not another's here (copy-step.ts). */
const PUT = `INSERT INTO carrier_sms (id, kind, to_phone, content, parts, language, account_id, receipt, came_from, state,
    created_at, expires_at, next_at, state_at)
  SELECT r.id, r.kind, r.to_phone, r.content, r.parts, r.language, a.id, r.receipt, r.came_from, 'queued', cc_at(r.created_at),
    cc_at(r.expires_at), cc_at(r.now), cc_at(r.now)
  FROM jsonb_to_record($1::jsonb) AS r(id text, kind text, to_phone text, content text, parts int, language text, account text,
    receipt text, came_from text, created_at bigint, expires_at bigint, now bigint)
  LEFT JOIN accounts a ON a.account_number = r.account AND NOT EXISTS (SELECT FROM reconciliation_cases k
    WHERE k.case_key = 'other_account:' || a.account_number || ':' || a.id) ON CONFLICT (id) DO NOTHING RETURNING json_build_object('id', id)::text AS row`;

/** One at a time looks for what to send: two would each fill the caps. */
const ALONE = "SELECT pg_advisory_xact_lock(hashtext('carrier_sms'))";
/** A campaign's SMS to a number that wants none any more. */
const OPTED_OUT = `(s.kind = 'campaign' AND EXISTS (
        SELECT FROM sms_opt_outs o WHERE o.phone = ltrim(s.to_phone, '+') AND o.ended_at IS NULL))`;
/** Of a row that another run has just claimed or moved, that run's word stands. */
const END = `WITH due AS (
    SELECT s.id, s.state AS was, CASE WHEN s.state = 'sending' THEN 'unknown' WHEN s.expires_at <= cc_at($1::bigint) THEN 'expired' ELSE 'stopped' END AS becomes
    FROM carrier_sms s WHERE (s.state = 'sending' AND s.tried_at <= cc_at($1::bigint - ${CARRIER_SENDING_MS_MAX}))
      OR (s.state = 'queued' AND (s.expires_at <= cc_at($1::bigint) OR ${OPTED_OUT})) OR (s.state = 'moving' AND s.expires_at <= cc_at($1::bigint))
    ORDER BY s.created_at LIMIT ${ENDED_MAX})
  UPDATE carrier_sms s SET state = due.becomes, state_at = cc_at($1::bigint),
    because = CASE WHEN s.state = 'moving' THEN left('phone ' || s.moved_to || ' never said that it has it', 200)
      WHEN due.becomes = 'unknown' THEN 'the request did not end' WHEN due.becomes = 'stopped' THEN 'opted out' END, moved_to = NULL,
    fault_at = CASE due.becomes WHEN 'unknown' THEN cc_at($1::bigint) ELSE s.fault_at END
  FROM due WHERE s.id = due.id AND s.state = due.was`;

/**
 * Nothing for a while after a request that failed as a whole, then a single one. Campaigns take at most half of an hour, so
 * that a receipt never waits behind them, and everything else goes before them. What is past its time or was opted out of is
 * looked at here, too: one look does not end all of it.
 */
const CLAIM = `WITH used AS (
    SELECT count(*) FILTER (WHERE tried_at > cc_at($1::bigint - ${HOUR_MS}))::int AS hour, count(*) FILTER (WHERE tried_at >= cc_at($4::bigint))::int AS day,
      coalesce(max(fault_at) > cc_at($1::bigint - ${CARRIER_PAUSE_MS}), false) AS rests,
      coalesce((array_agg(fault_at ORDER BY tried_at DESC))[1] IS NOT NULL, false) AS ailing
    FROM carrier_sms WHERE tried_at > least(cc_at($4::bigint), cc_at($1::bigint - ${HOUR_MS}))
  ), due AS (
    SELECT s.id, s.kind, s.created_at, row_number() OVER (PARTITION BY s.to_phone ORDER BY s.kind = 'campaign', s.created_at, s.id)
        + (SELECT count(*) FROM carrier_sms o WHERE o.to_phone = s.to_phone AND o.created_at > cc_at($1::bigint) - interval '3 days'
          AND o.tried_at > cc_at($1::bigint - ${HOUR_MS})) AS nth,
      row_number() OVER (ORDER BY s.kind = 'campaign', s.created_at, s.id) AS place
    FROM carrier_sms s CROSS JOIN used u
    WHERE s.state = 'queued' AND s.next_at <= cc_at($1::bigint) AND s.expires_at > cc_at($1::bigint) AND NOT ${OPTED_OUT} AND NOT u.rests AND u.hour < $2::int AND u.day < $3::int
      AND (NOT $5::boolean OR s.kind = ANY ($6::text[])) AND (s.kind <> 'campaign' OR u.hour < $2::int / 2)
  ), taken AS (
    UPDATE carrier_sms s SET state = 'sending', tries = s.tries + 1, tried_at = cc_at($1::bigint), state_at = cc_at($1::bigint), because = NULL
    FROM (SELECT d.id FROM due d CROSS JOIN used u WHERE d.nth <= ${PER_NUMBER_HOUR_MAX}
      ORDER BY d.place LIMIT (SELECT least(CASE WHEN u.ailing THEN 1 ELSE ${CARRIER_BATCH_MAX} END, $2::int - u.hour, $3::int - u.day) FROM used u)) AS n
    WHERE s.id = n.id RETURNING s.*)
  SELECT json_build_object('id', t.id, 'reference', t.reference::text, 'to', t.to_phone, 'content', t.content, 'kind', t.kind,
    'tries', t.tries)::text AS row FROM taken t ORDER BY t.reference`;

/** Only what is being sent: what a network has said meanwhile stays. */
const SETTLE = `UPDATE carrier_sms s SET state = r.state, because = r.because, next_at = cc_at(r."nextAt"), state_at = cc_at($2::bigint),
    fault_at = CASE WHEN r."isFault" THEN cc_at($2::bigint) END
  FROM jsonb_to_recordset($1::jsonb) AS r(id text, state text, because text, "nextAt" bigint, "isFault" boolean)
  WHERE s.id = r.id AND s.state = 'sending'`;

const OPEN_FOR_WORDS = "('sending', 'accepted', 'unknown', 'failed', 'delivered', 'rejected')";
const MATCH = `SELECT s.id, s.state, s.reference::text AS reference FROM carrier_sms s
  WHERE s.tries > 0 AND s.state IN ${OPEN_FOR_WORDS} AND (s.reference::text = nullif($2::text, '')
    OR (nullif($2::text, '') IS NULL AND s.tried_at > cc_at($3::bigint) - interval '${MATCH_MINUTES_MAX} minutes' AND (
      ltrim(s.to_phone, '+') = $1::text ${DIGITS_MATCHED.map((digits) => `OR right(s.to_phone, ${digits}) = right($1::text, ${digits})`).join(" ")})))
  ORDER BY (ltrim(s.to_phone, '+') = $1::text) DESC, right(s.to_phone, 9) = right($1::text, 9) DESC, s.tried_at DESC, s.reference DESC LIMIT 1`;

const SMS = `json_build_object('id', s.id, 'to', s.to_phone, 'content', s.content, 'template', s.kind, 'language', s.language,
    'account', a.account_number, 'receipt', s.receipt, 'createdAt', cc_ms(s.created_at), 'expiresAt', cc_ms(s.expires_at))`;
const LEAVING = `SELECT ${SMS} AS sms, s.moved_to AS "movedTo", s.state, s.came_from AS "cameFrom", s.tries FROM carrier_sms s LEFT JOIN accounts a ON a.id = s.account_id
  WHERE (s.state = 'moving' AND s.expires_at > cc_at($3::bigint)) OR (s.state IN ('queued', 'rejected') AND s.came_from IS NULL AND s.tries > 0 AND s.kind = ANY ($1::text[])
    AND s.expires_at > cc_at($3::bigint))
  ORDER BY s.state_at, s.state = 'moving', s.created_at, s.id LIMIT $2::int`;

const written = (query: string, ...params: string[]) => [{ query, params }];

/** SMS for the carrier, in Postgres: while it is down nothing is taken, and nothing is sent that is not written down first. */
export const neonCarrierBook = (db: Database): CarrierBook => ({
  async put(sms, from, now) {
    const refusal = refusalOf(sms);
    if (refusal !== null) return { status: "refused", because: refusal };
    const row = {
      ...{ id: sms.id, kind: sms.template ?? "other", to_phone: `+${sms.to.replace(/^\+/, "")}`, content: sms.content },
      ...{ parts: smsSize(sms.content).parts, language: sms.language, account: sms.account, receipt: sms.receipt },
      ...{ came_from: from, created_at: sms.createdAt, expires_at: sms.expiresAt, now },
    };
    const [made] = await db.transaction(written(PUT, JSON.stringify(row)));
    if ((made ?? []).length > 0) return { status: "queued" };
    const [known] = await db.read<{ state: CarrierState; cameFrom: string | null }>(
      `SELECT state, came_from AS "cameFrom" FROM carrier_sms WHERE id = $1`,
      [sms.id],
    );
    const taken = takeFrom(known ?? null, from);
    return taken === "refused" ? { status: "refused", because: "it was the carrier's before" } : { status: taken };
  },

  async claim({ perHourMax, perDayMax, dayStartAt, isQuiet }, now) {
    const params = [String(now), String(perHourMax), String(perDayMax), String(dayStartAt), String(isQuiet)];
    const rows = await db.transaction([
      { query: ALONE, params: [] },
      { query: END, params: [String(now)] },
      { query: CLAIM, params: [...params, `{${ANY_HOUR_KINDS.join(",")}}`] },
    ]);
    return (rows.at(-1) ?? []) as ClaimedSms[];
  },

  settle: async (steps, now) => void (await db.transaction(written(SETTLE, JSON.stringify(steps), String(now)))),

  async told({ phone, reference, word, detail, at }) {
    const digits = phone.replace(/\D/g, "").replace(/^00/, "");
    const [sms] = await db.read<{ id: string; state: CarrierState }>(MATCH, [digits, reference ?? "", String(at)]);
    if (sms === undefined) return null;
    const state = afterWord(sms.state, word, reference !== null);
    if (state !== null)
      await db.transaction(
        written(
          `UPDATE carrier_sms SET state = $2::text, because = nullif($3::text, ''), state_at = cc_at($4::bigint)
          WHERE id = $1::text AND state = $5::text`,
          ...[sms.id, state, state === "failed" || state === "rejected" ? detail : "", String(at), sms.state],
        ),
      );
    return { id: sms.id, state: state ?? sms.state };
  },

  async leaving(kinds, limit, now) {
    await db.transaction(written(END, String(now)));
    return db.read<LeavingSms>(LEAVING, [`{${kinds.join(",")}}`, String(limit), String(now)]);
  },

  stillMoving: async (ids, now) =>
    void (await db.transaction(
      written(
        `UPDATE carrier_sms SET state_at = cc_at($2::bigint)
        WHERE state = 'moving' AND id = ANY (ARRAY(SELECT jsonb_array_elements_text($1::jsonb)))`,
        ...[JSON.stringify(ids), String(now)],
      ),
    )),

  async bindMove(id, phoneId, now) {
    const [, rows] = await db.transaction([
      {
        query: `UPDATE carrier_sms SET state = 'moving', moved_to = $2::text, state_at = cc_at($3::bigint)
          WHERE id = $1::text AND state IN ('queued', 'rejected') AND came_from IS NULL`,
        params: [id, phoneId, String(now)],
      },
      {
        query: `SELECT json_build_object('to', moved_to)::text AS row FROM carrier_sms WHERE id = $1::text AND state = 'moving'`,
        params: [id],
      },
    ]);
    return ((rows ?? [])[0] as { to: string } | undefined)?.to ?? null;
  },

  moved: async (id, because, now) =>
    void (await db.transaction(
      written(
        `UPDATE carrier_sms SET state = CASE WHEN $2::text = '' THEN 'moved' ELSE 'failed' END, because = nullif($2::text, ''),
          moved_to = CASE WHEN $2::text = '' THEN moved_to END, state_at = cc_at($3::bigint)
        WHERE id = $1::text AND state = 'moving'`,
        ...[id, because ?? "", String(now)],
      ),
    )),

  setting: async () => (await settingOfVersion<CarrierSetting>(db, CARRIER_SETTING))?.setting ?? null,
  settingOfVersion: () => settingOfVersion<CarrierSetting>(db, CARRIER_SETTING),
  putSetting: async (setting, by, seen) =>
    staleOr(await change(db, { key: CARRIER_SETTING, value: setting, seen: seenOf(seen) }, by, PUT_SETTING)),
});

/** Why the carrier can never send it; null: it can. */
function refusalOf(sms: OutgoingSms): string | null {
  const checked = checkOutgoing(sms);
  if (!checked.ok) return checked.error.because;
  if (!/^\+?[0-9]{8,15}$/.test(sms.to)) return "to is no international number; expected 8 to 15 digits";
  const { parts } = smsSize(sms.content);
  return parts > PARTS_MAX ? `content takes ${parts} SMS parts; expected at most ${PARTS_MAX}` : null;
}
