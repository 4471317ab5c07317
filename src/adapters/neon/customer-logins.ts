import { CLAIM_CODE } from "../../domain/sign-in.ts";
import type { CustomerLogins, DrawnCode } from "../../ports/customer-logins.ts";
import type { Database } from "./database.ts";
import { BY, change, refuseWhen } from "./registry-write.ts";
import { keptFor } from "./retention.ts";

const PRUNED_MAX = 50;

const ASKED = `jsonb_to_record($1::jsonb) AS r(account text, "codeHash" text, at bigint, "byHand" boolean)`;
const since = (interval: string) => `count(*) FILTER (WHERE k.created_at > cc_at(r.at) - interval '${interval}')`;

/** Under one lock, so that codes asked for at the same time are counted one after the other. */
const LOCK = "SELECT pg_advisory_xact_lock(7301003)::text AS nothing";
const DRAW = `WITH a AS (SELECT a.id, a.account_number, c.phones[1] AS phone, c.language
    FROM ${ASKED} JOIN accounts a ON a.account_number = r.account JOIN customers c ON c.id = a.customer_id
    WHERE r."byHand" OR cardinality(c.phones) > 0),
  few AS (SELECT ${since("1 hour")} < ${CLAIM_CODE.perHour} AND count(k.id) < ${CLAIM_CODE.perDay} AS yes
    FROM ${ASKED} CROSS JOIN a LEFT JOIN claim_codes k ON k.account_id = a.id AND k.created_at > cc_at(r.at) - interval '1 day'),
  quiet AS (SELECT ${since("1 hour")} < ${CLAIM_CODE.countryPerHour} AS yes
    FROM ${ASKED} LEFT JOIN claim_codes k ON k.created_at > cc_at(r.at) - interval '1 hour'),
  made AS (INSERT INTO claim_codes (account_id, code_hash, created_at, expires_at)
    SELECT a.id, r."codeHash", cc_at(r.at), cc_at(r.at + ${CLAIM_CODE.livesMs}) FROM ${ASKED}, a, few, quiet
    WHERE few.yes AND quiet.yes RETURNING id)
  SELECT json_build_object('codeId', made.id, 'account', a.account_number, 'phone', a.phone, 'language', a.language)::text
    AS row FROM made, a`;

const FILED = `${ASKED} JOIN accounts a ON a.account_number = r.account
  JOIN claim_codes k ON k.account_id = a.id AND k.code_hash = r."codeHash" AND k.created_at = cc_at(r.at)`;
/** By a person's hand, so with its audit row; never the code. */
const DRAW_BY_HAND: string[] = [
  LOCK,
  DRAW,
  refuseWhen("refused", "'no such account, or too many codes lately'", `WHERE NOT EXISTS (SELECT FROM ${FILED})`),
  `INSERT INTO mutations (actor, reason, at, action, subject)
  SELECT ${BY}, 'login.code', 'account:' || a.account_number FROM ${FILED}`,
];

const TRY = `UPDATE claim_codes k SET tries = k.tries + 1
  WHERE k.id = (SELECT n.id FROM claim_codes n JOIN accounts a ON a.id = n.account_id
      WHERE a.account_number = $1::text ORDER BY n.created_at DESC, n.id DESC LIMIT 1)
    AND k.used_at IS NULL AND k.expires_at > cc_at($2::bigint) AND k.tries < ${CLAIM_CODE.tries}
  RETURNING json_build_object('codeId', k.id, 'codeHash', k.code_hash)::text AS row`;

const CLAIMED = `jsonb_to_record($1::jsonb) AS r("codeId" bigint, account text, "passwordHash" text, keep bigint)`;
const OF_CODE = `${CLAIMED} JOIN claim_codes k ON k.id = r."codeId" JOIN accounts a ON a.id = k.account_id`;

const END_SESSIONS = (of: string, but: string) => `UPDATE sessions x SET revoked_at = by.at FROM ${of},
  (SELECT ${BY}) AS by(actor, reason, at) WHERE x.account_id = a.id AND x.revoked_at IS NULL AND ${but}`;

const CLAIM: string[] = [
  refuseWhen("refused", "'this code was used'", `FROM ${OF_CODE} WHERE k.used_at IS NOT NULL`),
  `WITH used AS (UPDATE claim_codes k SET used_at = cc_at($4::bigint) FROM ${CLAIMED} WHERE k.id = r."codeId"
    RETURNING k.account_id),
  made AS (INSERT INTO customer_logins (account_id, customer_id, password_hash, claimed_at, changed_at)
    SELECT a.id, a.customer_id, r."passwordHash", cc_at($4::bigint), cc_at($4::bigint) FROM ${OF_CODE}
    ON CONFLICT (account_id) DO UPDATE SET customer_id = excluded.customer_id, password_hash = excluded.password_hash,
      claimed_at = excluded.claimed_at, changed_at = excluded.changed_at RETURNING *)
  INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT ${BY}, 'login.claim', 'account:' || a.account_number, jsonb_build_object('customer', made.customer_id)
  FROM made JOIN accounts a ON a.id = made.account_id JOIN used ON used.account_id = a.id`,
  END_SESSIONS(OF_CODE, "true"),
];

const OF_ACCOUNT = `${CLAIMED} JOIN accounts a ON a.account_number = r.account`;
const SET_PASSWORD: string[] = [
  `WITH made AS (UPDATE customer_logins l SET password_hash = r."passwordHash", changed_at = cc_at($4::bigint)
    FROM ${OF_ACCOUNT} WHERE l.account_id = a.id RETURNING a.account_number)
  INSERT INTO mutations (actor, reason, at, action, subject)
  SELECT ${BY}, 'login.password', 'account:' || account_number FROM made`,
  END_SESSIONS(OF_ACCOUNT, "x.id <> r.keep"),
];

export const neonCustomerLogins = (db: Database): CustomerLogins => ({
  async drawCode(account, codeHash, now) {
    const [, , rows] = await db.transaction([
      {
        query: `DELETE FROM claim_codes WHERE id IN (SELECT id FROM claim_codes
          WHERE created_at < cc_at($1::bigint) - ${keptFor("claimCodeDays")} ORDER BY created_at LIMIT ${PRUNED_MAX})`,
        params: [String(now)],
      },
      { query: LOCK, params: [] },
      { query: DRAW, params: [JSON.stringify({ account, codeHash, at: now, byHand: false })] },
    ]);
    return (rows?.[0] as DrawnCode | undefined) ?? null;
  },

  drawCodeByHand: (account, codeHash, by) =>
    change(db, { account, codeHash, at: by.at, byHand: true }, by, DRAW_BY_HAND),

  async takeTry(account, now) {
    const [rows] = await db.transaction([{ query: TRY, params: [account, String(now)] }]);
    return (rows?.[0] as { codeId: number; codeHash: string } | undefined) ?? null;
  },

  claim: async (codeId, passwordHash, by) => (await change(db, { codeId, passwordHash }, by, CLAIM)).ok,

  login: async (account) =>
    (
      await db.read<{ passwordHash: string }>(
        `SELECT l.password_hash AS "passwordHash" FROM customer_logins l
        JOIN accounts a ON a.id = l.account_id AND a.customer_id = l.customer_id WHERE a.account_number = $1::text`,
        [account],
      )
    )[0] ?? null,

  async setPassword(account, passwordHash, keep, by) {
    await change(db, { account, passwordHash, keep }, by, SET_PASSWORD);
  },
});
