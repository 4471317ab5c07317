import { knownMeter } from "./meters-known.ts";
import { refuseWhenDebited } from "./registry-debited.ts";
import { BY, refuseWhen, VERSION } from "./registry-write.ts";

const SWAP = `jsonb_to_record($1::jsonb) AS r(account text, "oldMeter" text, "newMeter" text, at bigint,
  "finalRegisterWh" bigint, "baseRegisterWh" bigint, thing text, "ratingW" bigint)`;
/** The old meter's placement that the instant falls into. */
const OLD = `${SWAP} JOIN accounts a ON a.account_number = r.account JOIN meters k ON k.meter_number = r."oldMeter"
  JOIN meter_placements p ON p.meter_id = k.id AND p.account_id = a.id AND p.valid_from < cc_at(r.at)
    AND (p.valid_to IS NULL OR p.valid_to > cc_at(r.at))`;
/** Whether this very swap is there already. */
const DONE = `EXISTS (SELECT FROM accounts a JOIN meters k ON k.meter_number = r."oldMeter"
    JOIN meters n ON n.meter_number = r."newMeter"
    JOIN meter_placements e ON e.meter_id = k.id AND e.account_id = a.id AND e.valid_to = cc_at(r.at)
    JOIN meter_placements b ON b.meter_id = n.id AND b.account_id = a.id AND b.valid_from = cc_at(r.at)
  WHERE a.account_number = r.account)`;

/** Both or neither: no instant has two billing meters, and none is without. */
export const SWAP_METER: string[] = [
  refuseWhen(
    "unknown",
    "'account ' || r.account",
    `FROM ${SWAP} WHERE NOT EXISTS (SELECT FROM accounts a WHERE a.account_number = r.account)`,
  ),
  refuseWhen(
    "unknown",
    `'meter ' || r."oldMeter" || ' is not on ' || r.account || ' at that instant'`,
    `FROM ${SWAP} WHERE NOT ${DONE} AND NOT EXISTS (SELECT FROM ${OLD})`,
  ),
  refuseWhen(
    "exists",
    `'meter ' || r."newMeter" || ' is on ' || h.account_number || ' then or later'`,
    `FROM ${SWAP} JOIN meters n ON n.meter_number = r."newMeter" JOIN meter_placements p ON p.meter_id = n.id
      AND (p.valid_to IS NULL OR p.valid_to > cc_at(r.at)) JOIN accounts h ON h.id = p.account_id
    WHERE NOT ${DONE}`,
  ),
  refuseWhen(
    "refused",
    `'meter ' || r."oldMeter" || ' showed ' || g.register_wh || ' Wh before that'`,
    `FROM ${OLD} JOIN meter_registers g ON g.meter_id = k.id AND g.account_id = a.id AND g.read_at <= cc_at(r.at)
    WHERE g.register_wh > r."finalRegisterWh"`,
  ),
  // The old meter's last reading may be of the very second of the swap.
  refuseWhenDebited(
    `${OLD} JOIN meter_registers g ON g.meter_id = k.id AND g.account_id = a.id`,
    "cc_at(r.at) + interval '1 second'",
  ),
  ...knownMeter({
    source: OLD,
    number: 'r."newMeter"',
    thing: "r.thing",
    rating: 'r."ratingW"',
  }),
  // The new one takes the old one's place whole: its role, and its end where one was set.
  `WITH was AS (
    SELECT p.*, k.meter_number, r.account, r."newMeter", cc_at(r.at) AS at, r."finalRegisterWh", r."baseRegisterWh"
    FROM ${OLD} FOR UPDATE OF p
  ), ended AS (
    UPDATE meter_placements p SET valid_to = was.at, final_register_wh = was."finalRegisterWh", facts_version = ${VERSION}
    FROM was WHERE p.id = was.id RETURNING p.*
  ), begun AS (
    INSERT INTO meter_placements (meter_id, account_id, role, valid_from, valid_to, base_register_wh, facts_version)
    SELECT n.id, was.account_id, was.role, was.at, was.valid_to, was."baseRegisterWh", ${VERSION}
    FROM was JOIN meters n ON n.meter_number = was."newMeter" RETURNING *
  ), told AS (
    UPDATE accounts a SET facts_version = ${VERSION} FROM was WHERE a.id = was.account_id)
  INSERT INTO mutations (actor, reason, at, action, subject, before, after)
  SELECT ${BY}, 'meter.swap', 'account:' || was.account,
    jsonb_build_object('meter', was.meter_number, 'from', was.valid_from, 'to', was.valid_to),
    jsonb_build_object('ended', to_jsonb(ended) || jsonb_build_object('meter', was.meter_number),
      'begun', to_jsonb(begun) || jsonb_build_object('meter', was."newMeter"))
  FROM was CROSS JOIN ended CROSS JOIN begun`,
];
