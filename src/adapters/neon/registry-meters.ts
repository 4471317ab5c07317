import type { MeterRole } from "../../domain/reading.ts";
import type { Database } from "./database.ts";
import { BY, refuseWhen, VERSION } from "./registry-write.ts";

const ROLE = `jsonb_to_record($1::jsonb) AS r("meterNumber" text, role text, at bigint)`;
const present = (placement: string, at: string) =>
  `${placement}.valid_from <= ${at} AND (${placement}.valid_to IS NULL OR ${placement}.valid_to > ${at})`;

/** The placement of the meter now. */
const TARGET = `${ROLE} JOIN meters k ON k.meter_number = r."meterNumber"
  JOIN meter_placements p ON p.meter_id = k.id AND ${present("p", "cc_at(r.at)")}`;

/** One primary an account: whoever becomes it makes the other a check meter. One audit row for each meter that changed. */
export const PUT_METER_ROLE: string[] = [
  refuseWhen("unknown", `'meter ' || r."meterNumber"`, `FROM ${ROLE} WHERE NOT EXISTS (SELECT FROM ${TARGET})`),
  `WITH target AS (SELECT p.id, p.account_id, r.role, cc_at(r.at) AS at FROM ${TARGET}
  ), wanted AS (
    SELECT id, role FROM target
    UNION ALL
    SELECT o.id, 'check' FROM target t JOIN meter_placements o ON o.account_id = t.account_id AND o.id <> t.id
      AND o.role = 'primary' AND ${present("o", "t.at")}
    WHERE t.role = 'primary'
  ), was AS (
    SELECT p.*, w.role AS next FROM wanted w JOIN meter_placements p ON p.id = w.id WHERE p.role <> w.role FOR UPDATE OF p
  ), made AS (
    UPDATE meter_placements p SET role = was.next, facts_version = ${VERSION} FROM was WHERE p.id = was.id RETURNING p.*
  ), told AS (
    UPDATE accounts a SET facts_version = ${VERSION} FROM target WHERE a.id = target.account_id
      AND EXISTS (SELECT FROM made)
  )
  INSERT INTO mutations (actor, reason, at, action, subject, before, after)
  SELECT ${BY}, 'meter.role', 'meter:' || k.meter_number, to_jsonb(was) - 'next', to_jsonb(made)
  FROM made JOIN was ON was.id = made.id JOIN meters k ON k.id = made.meter_id ORDER BY k.meter_number`,
];

/** The account that this meter serves at an instant, with all its meters of that instant. */
export const rolesBeside = (db: Database, meterNumber: string, at: number) =>
  db.read<{ account: string; meterNumber: string; role: MeterRole }>(
    `SELECT a.account_number AS account, n.meter_number AS "meterNumber", o.role
    FROM meters k JOIN meter_placements p ON p.meter_id = k.id AND ${present("p", "cc_at($2::bigint)")}
      JOIN accounts a ON a.id = p.account_id
      JOIN meter_placements o ON o.account_id = a.id AND ${present("o", "cc_at($2::bigint)")}
      JOIN meters n ON n.id = o.meter_id
    WHERE k.meter_number = $1::text ORDER BY n.meter_number`,
    [meterNumber, String(at)],
  );
