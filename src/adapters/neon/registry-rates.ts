import { BY, refuseWhen } from "./registry-write.ts";

const RATES = `jsonb_to_recordset($1::jsonb) AS r(currency text, "validFrom" date, "usdPerUnit" numeric, source text, seen bigint)`;
/** The act by which a rate is what it is, by its place in the audit: a revert is one, too. */
const RATE_VERSION = (rate: string) =>
  `(SELECT max(m.seq) FROM mutations m WHERE m.subject = 'fx_rate:' || ${rate}.currency || '~' || ${rate}.valid_from)`;

/** Rates of a currency in dollars; the same again is no change. An audit row each. */
export const PUT_USD_RATES: string[] = [
  // `seen`: the version that was read of that day, 0 where there was none; absent where nobody says what was read.
  refuseWhen(
    "exists",
    `'version ' || n.version`,
    `FROM ${RATES} LEFT JOIN fx_rates f ON f.currency = r.currency AND f.valid_from = r."validFrom"
      CROSS JOIN LATERAL (SELECT CASE WHEN f.id IS NULL THEN 0 ELSE coalesce(${RATE_VERSION("f")}, 0) END AS version) n
      WHERE r.seen <> n.version AND (f.usd_per_unit, f.source) IS DISTINCT FROM (r."usdPerUnit", r.source) ORDER BY r."validFrom" LIMIT 1`,
  ),
  `WITH was AS (SELECT f.* FROM ${RATES} JOIN fx_rates f ON f.currency = r.currency AND f.valid_from = r."validFrom"), made AS (
    INSERT INTO fx_rates AS f (currency, valid_from, usd_per_unit, source, created_at)
    SELECT r.currency, r."validFrom", r."usdPerUnit", r.source, cc_at($4::bigint) FROM ${RATES} ORDER BY r."validFrom"
    ON CONFLICT (currency, valid_from) DO UPDATE SET usd_per_unit = excluded.usd_per_unit, source = excluded.source
    WHERE (f.usd_per_unit, f.source) IS DISTINCT FROM (excluded.usd_per_unit, excluded.source) RETURNING *)
  INSERT INTO mutations (actor, reason, at, action, subject, before, after)
  SELECT ${BY}, CASE WHEN was.id IS NULL THEN 'fx_rate.create' ELSE 'fx_rate.change' END,
    'fx_rate:' || made.currency || '~' || made.valid_from, CASE WHEN was.id IS NOT NULL THEN to_jsonb(was) END, to_jsonb(made)
  FROM made LEFT JOIN was ON was.id = made.id ORDER BY made.valid_from`,
];
