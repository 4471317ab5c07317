import type { Country } from "../../domain/country.ts";
import type { RestoredBreak, RestoredText, RestoredVerdict, TillRestores } from "../../ports/till-restores.ts";
import type { TillFacts } from "../../ports/tills.ts";
import { type Database, orDown } from "./database.ts";

export const neonTillRestores = (db: Database, country: Country): TillRestores => ({
  tillFacts: (tillId) => orDown("restore till", () => tillFacts(db, country, tillId)),
  tillVerdicts: (tillId, after, limit) =>
    orDown("restore verdicts", () =>
      db.read<RestoredVerdict>(VERDICTS, [tillId, String(after.claimedAt), after.receipt, String(limit)]),
    ),
  tillTexts: (tillId, since, afterId, limit) =>
    orDown("restore texts", () =>
      db.read<RestoredText>(TEXTS, [tillId, String(since), String(afterId), String(limit)]),
    ),
  chainBreaks: (tillId, limit) =>
    orDown("restore breaks", () => db.read<RestoredBreak>(BREAKS, [tillId, String(limit)])),
});

/**
 * The instant is that of the SMS or request itself, by which the till counts its days. A phone's till has decided of SMS
 * alone; what else is claimed at it a person typed. The till of a road has decided of all that came by it.
 */
const VERDICTS = `SELECT p.receipt, p.amount_minor AS "amountMinor", a.account_number AS account, l.because,
    coalesce((SELECT cc_ms(g.seen_at) FROM payment_sightings g WHERE g.receipt = p.receipt AND g.verdict = 'first'
      ORDER BY g.id LIMIT 1), cc_ms(p.claimed_at)) AS "receivedAt", cc_ms(p.claimed_at) AS "claimedAt"
  FROM payments p JOIN payment_allocations l ON l.receipt = p.receipt AND l.generation = 1 AND l.share = 1
    LEFT JOIN accounts a ON a.id = l.account_id
  WHERE p.till_id = $1::text AND (p.road IN ('sms', 'contract_sms') OR p.till_id LIKE 'road-%') AND p.generation > 0
    AND (p.claimed_at, p.receipt COLLATE "C") > (cc_at($2::bigint), $3::text)
  ORDER BY p.claimed_at, p.receipt COLLATE "C" LIMIT $4::int`;

const TEXTS = `SELECT i.id, i.sender, i.content_hash AS "contentHash", cc_ms(i.received_at) AS "receivedAt", r.parsed
  FROM sms_inbound i CROSS JOIN LATERAL (SELECT parsed FROM sms_results r WHERE r.content_hash = i.content_hash
      AND r.phone_id = i.phone_id AND r.external_id IS NOT DISTINCT FROM i.external_id
      ORDER BY r.parser_version DESC LIMIT 1) AS r
  WHERE i.till_id = $1::text AND i.received_at >= cc_at($2::bigint) AND i.id > $3::bigint
    AND r.parsed->>'newBalanceMinor' IS NOT NULL AND r.parsed->>'amountMinor' IS NOT NULL
  ORDER BY i.id LIMIT $4::int`;

const BREAKS = `SELECT substring(case_key from '[0-9]+$')::int AS "gapId", details->>'provider' AS provider,
    (details->>'startMinor')::bigint AS "startMinor", (details->>'endMinor')::bigint AS "endMinor",
    state = 'open' AS open, cc_ms(opened_at) AS "openedAt", version
  FROM reconciliation_cases WHERE case_kind = 'chain_break' AND subject = $1::text AND case_key ~ ':[0-9]{1,9}$'
  ORDER BY opened_at DESC LIMIT $2::int`;

async function tillFacts(db: Database, country: Country, tillId: string): Promise<TillFacts | null> {
  const [row] = await db.read<Omit<TillFacts, "utcOffsetMinutes">>(
    `SELECT id AS "tillId", name, currency, senders, facts_version AS version, json_build_object(
      'paymentMinorMax', payment_minor_max, 'accountDayMinorMax', account_day_minor_max,
      'tillDayMinorMax', till_day_minor_max, 'chainBreakMinorMax', chain_break_minor_max) AS caps
    FROM tills WHERE id = $1::text`,
    [tillId],
  );
  return row === undefined ? null : { ...row, utcOffsetMinutes: country.utcOffsetMinutes };
}
