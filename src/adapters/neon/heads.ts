import type { AccountHead, ClaimExtent, Digest, Heads, MeterHead } from "../../ports/heads.ts";
import { CREDITS_HEAD } from "../../ports/heads.ts";
import type { Database } from "./database.ts";

/** Accounts asked for at once. */
export const HEADS_MAX = 500;
/** Sites that are stopped: more than a country has. */
const BREAKERS_MAX = 1_000;

const HEADS = `SELECT a.account_number AS account, h.seq, h.balance_after_wh AS "balanceWh", h.hash, s."sumWh", s.entries
  FROM accounts a
    CROSS JOIN LATERAL (SELECT seq, balance_after_wh, hash FROM ledger_entries e
      WHERE e.account_id = a.id ORDER BY seq DESC LIMIT 1) AS h
    CROSS JOIN LATERAL (SELECT sum(energy_wh)::bigint AS "sumWh", count(*)::int AS entries FROM ledger_entries e
      WHERE e.account_id = a.id) AS s
  WHERE a.account_number IN (SELECT jsonb_array_elements_text($1::jsonb)) ORDER BY 1`;

/** Meter by meter along the key of the readings; then of vendor meters the known hours of whole days, and their energy; then credits. */
const METER_HEADS = `SELECT account, "meterNumber", readings, "sumWh" FROM (
    SELECT a.account_number AS account, 1 AS kind, m.meter_number COLLATE "C" AS "meterNumber", s.readings, s."sumWh"
    FROM accounts a JOIN meter_registers g ON g.account_id = a.id JOIN meters m ON m.id = g.meter_id
      CROSS JOIN LATERAL (SELECT count(*)::int AS readings, sum(r.register_wh)::bigint AS "sumWh" FROM meter_readings r
        WHERE r.meter_id = g.meter_id AND r.account_id = g.account_id AND r.read_at >= cc_at($2::bigint)) AS s
    WHERE a.account_number IN (SELECT jsonb_array_elements_text($1::jsonb)) AND s.readings > 0
    UNION ALL
    SELECT a.account_number, 2, m.meter_number, sum(d.hours)::int, sum(d.sum_wh)::bigint
    FROM accounts a JOIN vendor_days d ON d.account_id = a.id JOIN meters m ON m.id = d.meter_id
    WHERE a.account_number IN (SELECT jsonb_array_elements_text($1::jsonb))
      AND d.day >= (to_timestamp(ceil($2::numeric / 86400000) * 86400) AT TIME ZONE 'UTC')::date
    GROUP BY 1, 3 HAVING sum(d.hours) > 0
    UNION ALL
    SELECT a.account_number, 3, '${CREDITS_HEAD}', count(*)::int, sum(v.version)::bigint
    FROM accounts a JOIN vendor_credits v ON v.account_id = a.id
    WHERE a.account_number IN (SELECT jsonb_array_elements_text($1::jsonb)) GROUP BY 1) AS h
  ORDER BY account, kind, "meterNumber"`;

export const neonHeads = (db: Database): Heads => ({
  async heads(accounts) {
    const found: AccountHead[] = [];
    for (let from = 0; from < accounts.length; from += HEADS_MAX)
      found.push(...(await db.read<AccountHead>(HEADS, [JSON.stringify(accounts.slice(from, from + HEADS_MAX))])));
    return found;
  },

  meterHeads: (accounts, since) =>
    db.read<MeterHead & { account: string }>(METER_HEADS, [
      JSON.stringify(accounts.slice(0, HEADS_MAX)),
      String(since),
    ]),

  async accountsAfter(account, limit) {
    const rows = await db.read<{ account: string }>(
      "SELECT account_number AS account FROM accounts WHERE account_number > $1::text ORDER BY 1 LIMIT $2::int",
      [account, String(Math.min(limit, HEADS_MAX))],
    );
    return rows.map((row) => row.account);
  },

  async unregistered(accounts) {
    const rows = await db.read<{ account: string }>(
      `SELECT asked.account FROM jsonb_array_elements_text($1::jsonb) AS asked(account)
      WHERE NOT EXISTS (SELECT FROM accounts a WHERE a.account_number = asked.account) ORDER BY 1`,
      [JSON.stringify(accounts.slice(0, HEADS_MAX))],
    );
    return rows.map((row) => row.account);
  },

  shardDigest: (shard, day) =>
    digest(
      db,
      `SELECT receipt || '#' || generation || '/' || shares || '/' || postings AS line
      FROM (SELECT ${EXTENT} ${CLAIMS_OF_DAY}) AS c`,
      [String(shard), day],
    ),

  shardReceiptsOf: (shard, day) =>
    db.read<{ receipt: string } & ClaimExtent>(`SELECT ${EXTENT} ${CLAIMS_OF_DAY} ORDER BY 1`, [String(shard), day]),

  versionsOf: (receipts) =>
    db.read<{ receipt: string; version: number } & ClaimExtent>(
      `SELECT ${EXTENT}, version FROM payments p
      WHERE generation > 0 AND receipt IN (SELECT jsonb_array_elements_text($1::jsonb)) ORDER BY 1`,
      [JSON.stringify(receipts)],
    ),

  mailboxDigest: (phoneId, day, from) =>
    digest(
      db,
      `SELECT coalesce(external_id, '') || '|' || content_hash AS line FROM (
        SELECT external_id, content_hash FROM sms_inbound WHERE phone_id = $1::text AND ${within("received_at")}
          AND received_at >= cc_at($3::bigint)
        UNION SELECT external_id, content_hash FROM sms_sightings WHERE phone_id = $1::text AND ${within("seen_at")}
          AND seen_at >= cc_at($3::bigint)
      ) AS seen`,
      [phoneId, day, String(from)],
    ),

  smsWithoutResult: (phoneId, day, settledBefore, limit) =>
    db.read(WITHOUT_RESULT, [phoneId, day, String(settledBefore), String(limit)]),

  textsWithoutReceipt: (limit) =>
    db.read(
      `SELECT case_key AS key, hint_accounts AS accounts,
        CASE WHEN payer_phone IS NULL THEN '{}' ELSE ARRAY[payer_phone] END AS phones, cc_ms(opened_at) AS since,
        state = 'closed' AS closed
      FROM suspense_cases WHERE receipt IS NULL OR because = 'no_receipt' ORDER BY opened_at DESC LIMIT $1::int`,
      [String(limit)],
    ),

  async gateSettings() {
    const [[setting], sites, breakers] = await Promise.all([
      db.read<{ on: boolean }>(
        "SELECT value = 'true'::jsonb AS on FROM country_settings WHERE key = 'disconnects'",
        [],
      ),
      db.read<{ site: string; accounts: number }>(
        `SELECT a.site_code AS site, count(DISTINCT a.id)::int AS accounts FROM accounts a
          JOIN meter_placements p ON p.account_id = a.id AND p.valid_to IS NULL
          JOIN meters m ON m.id = p.meter_id AND m.thing IS NOT NULL
        WHERE a.status = 'live' GROUP BY 1 ORDER BY 1`,
        [],
      ),
      db.read<{ site: string; trippedAt: number; because: "burst" | "share" }>(
        `SELECT subject AS site, cc_ms(opened_at) AS "trippedAt", details ->> 'because' AS because
        FROM reconciliation_cases WHERE state = 'open' AND case_kind = 'disconnect_breaker'
        ORDER BY opened_at DESC, subject LIMIT $1::int`,
        [String(BREAKERS_MAX)],
      ),
    ]);
    return { disconnectsOn: setting?.on ?? false, sites, breakers };
  },

  async tills(limit) {
    const rows = await db.read<{ id: string }>("SELECT id FROM tills ORDER BY id LIMIT $1::int", [String(limit)]);
    return rows.map(({ id }) => id);
  },

  async phones(limit) {
    const rows = await db.read<{ id: string }>("SELECT id FROM gateway_phones ORDER BY id LIMIT $1::int", [
      String(limit),
    ]);
    return rows.map(({ id }) => id);
  },
});

/** A range of the column, so that its index serves. */
const within = (column: string) =>
  `${column} >= ($2::date)::timestamp AT TIME ZONE 'UTC' AND ${column} < ($2::date + 1)::timestamp AT TIME ZONE 'UTC'`;

const WITHOUT_RESULT = `SELECT seen.external_id AS "externalId", seen.content_hash AS "contentHash" FROM (
    SELECT external_id, content_hash FROM sms_inbound
      WHERE phone_id = $1::text AND quarantine IS NULL AND ${within("received_at")}
    UNION SELECT s.external_id, s.content_hash FROM sms_sightings s
      WHERE s.phone_id = $1::text AND ${within("s.seen_at")} AND NOT EXISTS (SELECT FROM sms_inbound i
        WHERE i.external_id = s.external_id AND i.content_hash = s.content_hash AND i.quarantine IS NOT NULL)
  ) AS seen
  WHERE NOT EXISTS (SELECT FROM sms_results r WHERE r.content_hash = seen.content_hash AND r.phone_id = $1::text
    AND r.external_id IS NOT DISTINCT FROM seen.external_id
    AND (r.outcome NOT IN ('credited', 'held', 'duplicate', 'conflict') OR r.processed_at > cc_at($3::bigint)
      OR EXISTS (SELECT FROM payments p WHERE p.receipt = r.receipt AND p.generation > 0)))
  ORDER BY 1, 2 LIMIT $4::int`;

const EXTENT = `p.receipt, p.generation,
  (SELECT count(*)::int FROM payment_allocations l WHERE l.receipt = p.receipt AND l.generation = p.generation) AS shares,
  (SELECT count(DISTINCT e.posting_id)::int FROM ledger_entries e WHERE e.receipt = p.receipt) AS postings`;

const CLAIMS_OF_DAY = `FROM payments p WHERE shard = $1::int AND generation > 0 AND ${within("claimed_at")}`;

async function digest(db: Database, lines: string, params: string[]): Promise<Digest> {
  const [row] = await db.read<Digest>(
    `SELECT count(*)::int AS count, encode(sha256(convert_to(
      coalesce(string_agg(line || chr(10), '' ORDER BY line COLLATE "C"), ''), 'UTF8')), 'hex') AS sha256
    FROM (${lines}) AS l`,
    params,
  );
  if (row === undefined) throw new Error("an aggregate always answers one row");
  return row;
}
