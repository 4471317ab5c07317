import type { Reader } from "../ports/reader.ts";

export type BoundMeter = { meterNumber: string; account: string };

/** More than this many meters behind one gateway's name are one too many already. */
const BOUND_MAX = 2;

/** The meters that are placed now behind a gateway's name: a command needs exactly one. */
export const metersOfThing = (reader: Reader, thing: string, at: number): Promise<BoundMeter[]> =>
  reader.read<BoundMeter>(
    `SELECT m.meter_number AS "meterNumber", a.account_number AS account
    FROM meters m JOIN meter_placements p ON p.meter_id = m.id AND p.valid_from <= cc_at($2::bigint)
      AND (p.valid_to IS NULL OR p.valid_to > cc_at($2::bigint))
      JOIN accounts a ON a.id = p.account_id
    WHERE m.thing = $1::text ORDER BY m.meter_number LIMIT ${BOUND_MAX}`,
    [thing, String(at)],
  );
