import { BY, refuseWhen } from "./registry-write.ts";

/** Where an act names a meter that it hangs: SQL for its number, gateway, rating and instant, and the account `a` it goes to. */
export type NamedMeter = { source: string; number: string; thing: string; rating: string; from: string };

/**
 * A meter that an act hangs: made if nobody knew it, and its gateway and rating put right where the act names others. Each
 * is in the audit beside the act. A gateway takes the commands of one account's meters: another account that names it would
 * switch that one's light.
 */
export const knownMeter = ({ source, number, thing, rating, from }: NamedMeter): string[] => [
  refuseWhen(
    "exists",
    `'gateway ' || other.thing || ' is that of meter ' || other.meter_number || ' on ' || holder.account_number`,
    `FROM ${source} JOIN meters other ON other.meter_number <> ${number}
        AND other.thing = coalesce(${thing}, (SELECT own.thing FROM meters own WHERE own.meter_number = ${number}))
      JOIN meter_placements hung ON hung.meter_id = other.id AND hung.account_id <> a.id
        AND (hung.valid_to IS NULL OR hung.valid_to > ${from})
      JOIN accounts holder ON holder.id = hung.account_id
    WHERE NOT EXISTS (SELECT FROM meters own JOIN meter_placements there ON there.meter_id = own.id AND there.account_id = a.id
        AND there.valid_to IS NULL WHERE own.meter_number = ${number} AND own.thing IS NOT DISTINCT FROM coalesce(${thing}, own.thing))`,
  ),
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
