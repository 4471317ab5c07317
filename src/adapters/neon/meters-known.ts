import { BY } from "./registry-write.ts";

/** Where an act names a meter that it hangs: SQL for its number, gateway and rating. */
export type NamedMeter = { source: string; number: string; thing: string; rating: string };

/**
 * A meter that an act hangs: made if nobody knew it, and its gateway and rating put right where the act names others. Each
 * is in the audit beside the act. That a gateway is one account's is held by the database (0018).
 */
export const knownMeter = ({ source, number, thing, rating }: NamedMeter): string[] => [
  `WITH was AS (SELECT known.* FROM ${source} JOIN meters known ON known.meter_number = ${number}), made AS (
    INSERT INTO meters AS k (meter_number, thing, rated_w) SELECT ${number}, ${thing}, ${rating} FROM ${source}
    ON CONFLICT (meter_number) DO UPDATE SET thing = coalesce(excluded.thing, k.thing),
      rated_w = coalesce(excluded.rated_w, k.rated_w)
    WHERE (k.thing, k.rated_w) IS DISTINCT FROM (coalesce(excluded.thing, k.thing), coalesce(excluded.rated_w, k.rated_w))
    RETURNING *)
  INSERT INTO mutations (actor, reason, at, action, subject, before, after)
  SELECT ${BY}, CASE WHEN was.id IS NULL THEN 'meter.create' ELSE 'meter.change' END, 'meter:' || made.meter_number,
    CASE WHEN was.id IS NOT NULL THEN to_jsonb(was) END, to_jsonb(made)
  FROM made LEFT JOIN was ON was.id = made.id`,
];
