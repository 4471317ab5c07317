import { knownMeter } from "./meters-known.ts";
import { refuseWhenDebited } from "./registry-debited.ts";
import { BY, refuseWhen, VERSION } from "./registry-write.ts";

const PLACE = `jsonb_to_record($1::jsonb) AS q(place jsonb) CROSS JOIN LATERAL jsonb_to_record(q.place) AS r(account text,
  "meterNumber" text, thing text, "ratingW" bigint, role text, "from" bigint, "baseRegisterWh" bigint)
  JOIN accounts a ON a.account_number = r.account`;
const PLACED = `${PLACE} JOIN meters k ON k.meter_number = r."meterNumber"`;
const ON_IT = `EXISTS (SELECT FROM meter_placements p WHERE p.meter_id = k.id AND p.account_id = a.id
  AND p.valid_from <= cc_at(r."from") AND (p.valid_to IS NULL OR p.valid_to > cc_at(r."from")))`;

/** Puts a meter on an account that has none of its role there. One that stands there already stays as it is. */
export const PLACE_METER: string[] = [
  refuseWhen(
    "exists",
    `'meter ' || r."meterNumber" || ' is on ' || h.account_number || ' then or later'`,
    `FROM ${PLACED} JOIN meter_placements p ON p.meter_id = k.id AND (p.valid_to IS NULL OR p.valid_to > cc_at(r."from"))
      JOIN accounts h ON h.id = p.account_id WHERE NOT ${ON_IT}`,
  ),
  refuseWhen(
    "exists",
    `'account ' || r.account || ' has primary meter ' || o.meter_number || ' then or later: swap it'`,
    `FROM ${PLACE} JOIN meter_placements p ON p.account_id = a.id AND p.role = 'primary'
      AND (p.valid_to IS NULL OR p.valid_to > cc_at(r."from")) JOIN meters o ON o.id = p.meter_id
    WHERE r.role = 'primary' AND o.meter_number <> r."meterNumber"`,
  ),
  refuseWhenDebited(`${PLACED} JOIN meter_registers g ON g.meter_id = k.id AND NOT ${ON_IT}`, 'cc_at(r."from")'),
  ...knownMeter({
    source: PLACE,
    number: 'r."meterNumber"',
    thing: "r.thing",
    rating: 'r."ratingW"',
  }),
  `WITH begun AS (
    INSERT INTO meter_placements (meter_id, account_id, role, valid_from, base_register_wh, facts_version)
    SELECT k.id, a.id, r.role, cc_at(r."from"), r."baseRegisterWh", ${VERSION} FROM ${PLACED} WHERE NOT ${ON_IT}
    RETURNING *
  ), told AS (
    UPDATE accounts a SET facts_version = ${VERSION} FROM begun WHERE a.id = begun.account_id)
  INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT ${BY}, 'meter.place', 'account:' || a.account_number,
    to_jsonb(begun) || jsonb_build_object('meter', k.meter_number)
  FROM begun JOIN accounts a ON a.id = begun.account_id JOIN meters k ON k.id = begun.meter_id`,
];

const WANTED = `jsonb_to_record($1::jsonb) AS q(place jsonb) CROSS JOIN LATERAL jsonb_to_record(q.place) AS r(account text)
  LEFT JOIN accounts a ON a.account_number = r.account`;

/** Where a person names the account: it has to be there, and to be served. */
export const PLACEABLE: string[] = [
  refuseWhen("unknown", "'account ' || r.account", `FROM ${WANTED} WHERE a.id IS NULL`),
  refuseWhen("refused", "'account ' || r.account || ' has ended'", `FROM ${WANTED} WHERE a.status = 'terminated'`),
];
