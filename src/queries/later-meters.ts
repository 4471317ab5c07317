import type { Reader } from "../ports/reader.ts";
import type { LaterMeter } from "../ports/registry.ts";

type Known = { meterNumber: string; thing: string | null; ratingW: number | null; from: number; to: number | null };

/** Of these placements of one account, those after or beside which Postgres has another's, by meter; of several the latest. */
export const laterMeters = (reader: Reader, meters: readonly Known[]): Promise<LaterMeter[]> =>
  reader.read(
    `WITH own AS (
      SELECT * FROM jsonb_to_recordset($1::jsonb) AS m("meterNumber" text, thing text, "ratingW" bigint, "from" bigint, "to" bigint)
    )
    SELECT DISTINCT ON (m."meterNumber") m."meterNumber", m.thing, m."ratingW"::bigint AS "ratingW",
      json_build_object('thing', k.thing, 'ratingW', k.rated_w) AS stays, h.account_number AS account,
      EXISTS (SELECT FROM own o WHERE o."meterNumber" = m."meterNumber"
        AND tstzrange(p.valid_from, p.valid_to) && tstzrange(cc_at(o."from"), cc_at(o."to"))) AS "isInTheWay"
    FROM own m JOIN meters k ON k.meter_number = m."meterNumber" JOIN meter_placements p ON p.meter_id = k.id
      JOIN accounts h ON h.id = p.account_id
    WHERE p.valid_from > (SELECT max(cc_at(o."from")) FROM own o WHERE o."meterNumber" = m."meterNumber")
      OR EXISTS (SELECT FROM own o WHERE o."meterNumber" = m."meterNumber"
        AND tstzrange(p.valid_from, p.valid_to) && tstzrange(cc_at(o."from"), cc_at(o."to")))
    ORDER BY 1, "isInTheWay" DESC, p.valid_from DESC, m."from" DESC`,
    [JSON.stringify(meters)],
  );
